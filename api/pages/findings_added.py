"""Findings that people add, on the findings page: as rows, and the form that adds one."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import act_on
from api.pages.findings_shown import SIGNIFICANCES, named_standards, worded
from api.pages.forms import read_form
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import CONFLICT, INVALID, NOT_FOUND, Problem
from api.registers.catalogue import register_named
from api.registers.reading import known_standards
from api.registers.writing import rows_of
from api.statements.added_findings import AddedIn, VerifiedCases, add_finding
from api.statements.finding_list import ListedAddition, list_findings, round_findings
from schemas.choice import AddedFrom, Significance
from schemas.rights import Right
from schemas.words import LANGUAGES, N_, in_language

router = APIRouter()
ORIGINS = {
    AddedFrom.NOTE: N_("from notes of long-term observers"),
    AddedFrom.REGISTER: N_("from a register"),
    AddedFrom.INCIDENT: N_("verified incidents, counted"),
    AddedFrom.SOURCE: N_("bound to a source"),
    AddedFrom.PERSON: N_("by a person, from nothing on record"),
}
BASES: dict[str, str] = {
    AddedFrom.NOTE: "note",
    AddedFrom.REGISTER: "basis",
    AddedFrom.INCIDENT: "nature",
}
"""The field of the form in which each origin names what the finding rests on."""
SECTIONS = (
    ("legal_framework", N_("Legal framework")),
    ("administration", N_("Election administration")),
    ("registration", N_("Voter registration")),
    ("candidates", N_("Candidates")),
    ("campaign", N_("Campaign")),
    ("finance", N_("Campaign finance")),
    ("media", N_("Media")),
    ("inclusion", N_("Women, minorities and persons with disabilities")),
    ("technology", N_("Technology")),
    ("complaints", N_("Complaints and appeals")),
    ("observers", N_("Citizen and international observers")),
    ("pre_election", N_("Before election day")),
    ("opening", N_("Opening")),
    ("voting", N_("Voting")),
    ("counting", N_("Closing and counting")),
    ("tabulation", N_("Tabulation")),
)
"""The sections of a statement that a finding may be said in."""


@serve_page(router, "/findings/add", right=Right.WRITE_STATEMENTS)
async def new(page: PageRequest) -> Response:
    """The form that adds a finding."""
    return await _form(page, {}, None)


@serve_page(router, "/findings/add", "POST", right=Right.WRITE_STATEMENTS)
async def add(page: PageRequest) -> Response:
    """Add a finding; what is refused is shown with what was typed."""
    async with read_form(page.request) as form:
        given = form.given() | {"note": " ".join(form.texts("note"))}
    found = await page.ask(round_findings)
    async with session_of(page) as session:
        every = await list_findings(session, page.who, found)
        standards = await known_standards(session, page.who.mission_id)
    try:
        wanted = _typed(given)
        await act_on(
            page.request,
            page.who,
            lambda work: add_finding(
                work,
                every.round_id,
                wanted,
                cases=every.cases,
                standards=standards,
                references=every.references,
            ),
        )
    except Problem as problem:
        if problem.kind not in (INVALID, CONFLICT, NOT_FOUND):
            raise
        return await _form(page, given, problem)
    return RedirectResponse(f"{page.base}/findings#added", 303)


def _typed(given: Mapping[str, str]) -> AddedIn:
    words = {each: given[f"words-{each}"] for each in LANGUAGES if given.get(f"words-{each}")}
    origin = given.get("origin", "")
    basis = given.get(BASES.get(origin, ""), "")
    try:
        return AddedIn.model_validate(
            {
                "stage": given.get("stage", ""),
                "origin": origin,
                "basis": basis.replace(",", " ").split(),
                "severity": given.get("severity") or 0,
                "standards": given.get("standards", "").replace(",", " ").split(),
                "words": words,
            }
        )
    except ValueError as error:
        errors: Any = getattr(error, "errors", list)()
        field = str(errors[0]["loc"][0]) if errors else "words"
        raise Problem(INVALID, "This cannot be read.", field) from None


async def _form(page: PageRequest, given: Mapping[str, str], problem: Problem | None) -> Response:
    found = await page.ask(round_findings)
    async with session_of(page) as session:
        notes = await rows_of(session, page.who, register_named("notes"))
    languages = page.facts.mission.languages or ["en"]
    first = page.language if page.language in languages else languages[0]
    response = page.show(
        "findings/add.html",
        "findings",
        given=given,
        problem=problem,
        sections=[(key, page.say(text)) for key, text in SECTIONS],
        origins=origins(page, found.cases),
        notes=[(str(each["id"]), each["section"], each["subject"]) for each in notes],
        noted=given.get("note", "").split(),
        natures=[(nature, page.style.whole(each["cases"])) for nature, each in found.cases.items()],
        text_languages=[(each, LANGUAGES.get(each, each)) for each in (first, *languages) if each],
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def origins(page: PageRequest, cases: VerifiedCases) -> list[tuple[str, str]]:
    """Where an added finding may come from; from incidents only where one is verified."""
    return [
        (str(key), page.say(text))
        for key, text in ORIGINS.items()
        if key != AddedFrom.INCIDENT or cases
    ]


def addition_rows(
    page: PageRequest, added: Sequence[ListedAddition], printed: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Added findings as rows, by code."""
    return {each.finding.code: _row(page, each, printed) for each in added}


def _row(page: PageRequest, each: ListedAddition, printed: Mapping[str, str]) -> dict[str, Any]:
    finding, choice = each.finding, each.choice
    words = dict(finding.words) | (dict(choice.words) if choice else {})
    said = in_language(words, page.language)
    significance = choice.significance if choice else None
    sections = {key: page.say(text) for key, text in SECTIONS}
    parts = worded(said, printed)
    return {
        "code": finding.code,
        "short": finding.code,
        "phrase": "".join(text for _, text in parts),
        "parts": parts,
        "severity": finding.severity,
        "section": sections.get(finding.stage, finding.stage),
        "origin": page.say(ORIGINS[AddedFrom(finding.origin)]),
        "basis": page.style.whole(len(finding.basis)),
        "standards": named_standards(page, finding.standards),
        "by": each.added_by,
        "merged": list(choice.merged) if choice else [],
        "chosen": each.stands == "chosen",
        "shown_with": each.stands,
        "significance": page.say(SIGNIFICANCES[Significance(significance)]) if significance else "",
        "significance_key": significance or "",
        "reason": choice.reason if choice else "",
        "words": said,
        "version": choice.version if choice else 0,
        "is_estimate": False,
    }
