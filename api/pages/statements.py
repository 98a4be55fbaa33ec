"""The pages of statements: the list, and one statement with its numbers."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import MovedNumber
from analytics.statements.blocks import Heading, Sentences, plain
from analytics.wording import NOUNS
from api.auth.members import handles_of
from api.database.sessions import mission_session
from api.figures.ask import Figures, ask
from api.figures.reports_behind import ReportStation, stations_of_reports
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statement_turn import turn_said
from api.problems import NOT_FOUND, Problem
from api.registers.reading import standards_named
from api.statements.correcting import corrections_of
from api.statements.documents import DocumentFormat
from api.statements.draft import draft_statement, numbers_moved
from api.statements.listing import finding_of, list_statements, read_statement, rules_since, written
from api.statements.turns import people_of
from schemas.rights import Right
from schemas.statement import Snapshot, Statement, StatementState
from schemas.words import LANGUAGES, N_, RIGHT_TO_LEFT

router = APIRouter()


@serve_page(router, "/statements", right=Right.SEE_DRAFTS, press=True)
async def statements(page: PageRequest) -> Response:
    """All statements, and the way to a new draft."""
    async with session_of(page) as session:
        found = await list_statements(session, page.who)
        names = await handles_of(
            session, page.who.mission_id, people_of(each.statement for each in found)
        )
    wanted = page.facts.mission.languages
    offered = [code for code in wanted if Sentences(code).language == code]
    return page.show(
        "statements.html",
        "statements",
        statements=[_row(page, each.statement, each.sha256, names) for each in found],
        at_work=page.who.may(Right.SEE_DRAFTS),
        statement_languages=offered or ["en"],
        may_draft=page.who.may(Right.WRITE_STATEMENTS),
    )


@serve_page(router, "/statements", "POST", right=Right.WRITE_STATEMENTS)
async def draft(page: PageRequest) -> Response:
    """Draft a preliminary statement from what is counted now."""
    language = (await typed_in(page.request)).get("language", "")
    language = language if language in LANGUAGES else "en"
    figures: Figures = page.request.app.state.figures
    async with session_of(page) as session:
        made = await draft_statement(session, figures, page.who, language, page.round_code)
    return RedirectResponse(f"{page.base}/statements/{made.id}", 303)


@serve_page(router, "/statements/{id}", right=Right.SEE_DRAFTS, press=True)
async def statement(page: PageRequest) -> Response:
    """A statement as a document; each number is a link to its own page."""
    async with session_of(page) as session:
        row, snapshot = await statement_asked(session, page)
        corrections = await corrections_of(session, row, page.who)
        later = await rules_since(session, page.who.mission_id, row.drafted_at)
        stands = await written(session, page.facts, row, snapshot)
        names = await handles_of(session, page.who.mission_id, (row.drafted_by, row.approved_by))
    changed = await _changed(page, row, snapshot)
    return page.show(
        "statement.html",
        "statements",
        statement=row,
        blocks=stands.blocks,
        snapshot=snapshot,
        pictures=stands.pictures,
        contents=[
            (each.id or f"b{place}", plain(each.text))
            for place, each in enumerate(stands.blocks, 1)
            if isinstance(each, Heading) and each.level == 2
        ],
        turn=turn_said(page, row, names) if page.who.may(Right.SEE_DRAFTS) else "",
        base_of_numbers=f"{page.base}/statements/{row.id}/numbers/",
        moved=changed,
        later=later,
        corrections=corrections,
        may_edit=page.who.may(Right.SEE_DRAFTS),
        frozen_at=page.when(snapshot.frozen_at, "%H:%M %Z"),
        right_to_left=row.language in RIGHT_TO_LEFT,
        document=f"/api/v1/missions/{page.who.slug}/statements/{row.id}/document",
        formats=[each.value for each in DocumentFormat],
        written_in=row.written_in,
    )


def session_of(page: PageRequest) -> AbstractAsyncContextManager[AsyncSession]:
    """A session of the visitor's mission."""
    return mission_session(page.request.app.state.engine, page.who.mission_id)


async def statement_asked(session: AsyncSession, page: PageRequest) -> tuple[Statement, Snapshot]:
    """The statement of the address with its snapshot. Problem: 404."""
    try:
        identity = UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    found = await read_statement(session, page.facts, page.who, identity)
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def _row(
    page: PageRequest, each: Statement, sha256: str, names: Mapping[UUID, str]
) -> dict[str, Any]:
    return {
        "languages": page.listed([LANGUAGES.get(code, code) for code in each.written_in]),
        "turn": turn_said(page, each, names),
        "id": each.id,
        "title": each.title,
        "language": each.language,
        "kind": page.say(each.kind),
        "state": page.say(each.state),
        "drafted_at": page.moment(each.drafted_at),
        "snapshot": sha256[:12],
    }


async def _changed(page: PageRequest, row: Statement, snapshot: Snapshot) -> list[MovedNumber]:
    """The numbers that changed since a draft was frozen, in the draft's round."""
    if row.state != StatementState.DRAFT or not page.who.may(Right.SEE_DRAFTS):
        return []
    codes = {each.id: each.code for each in page.facts.rounds}
    return await ask(
        page.request.app.state.figures,
        page.who.mission_id,
        numbers_moved,
        row.language,
        snapshot.counted_at,
        snapshot.numbers,
        round_code=codes.get(row.round_id),
    )


NAMES = {
    "value": N_("Value"), "low": N_("Lower end of the range"), "high": N_("Upper end of the range"),
    "level": N_("Confidence"), "se": N_("Standard error"), "df": N_("Degrees of freedom"),
    "n": N_("Stations that answered"), "of": N_("Out of"), "seen": N_("Seen at"),
    "drawn": N_("Stations drawn"), "unit": N_("Unit"), "domain": N_("Where it was asked"),
    "asked": N_("Were asked"), "missing": N_("No report came"), "not_asked": N_("Not asked"),
    "stations": N_("Stations"), "seen_stations": N_("Stations where it was seen"),
    "population": N_("Stations it speaks of"), "design": N_("Design"), "method": N_("Interval by"),
    "checklist": N_("Checklist"), "version": N_("Version"), "rules": N_("Revision of the rules"),
    "indicator": N_("Irregularity"), "kind": N_("Observers"), "part": N_("Part of the reports"),
    "area": N_("Region"), "measure": N_("Measure"), "polarity": N_("Said as"),
    "response": N_("Response of the sample"), "observations": N_("Observations"),
    "irregular": N_("Irregular"), "told": N_("Reported to the observer, not seen"),
    "not_observed": N_("Not observed"),
    "unanswered": N_("Not answered"), "not_applicable": N_("Does not apply"),
    "why_count": N_("Why a count"), "finding": N_("Finding"), "contest": N_("Contest"),
    "contestant": N_("Contestant"), "as_of_sequence": N_("Event number"),
}  # fmt: skip
"""The members of a frozen number and of its query, in the order they are shown."""
WORDS = {
    "irregular / (fine + irregular)": N_("irregular, of all that were fine or irregular"),
    "Σw·votes / Σw·denominator": N_("weighted votes, of the weighted votes they are a share of"),
    "reports received of expected": N_("reports received, of those expected"),
    "reports received": N_("reports received"),
    "counted otherwise": N_("counted in the other unit"),
    "reports": N_("reports"),
    "level of the intervals": N_("the confidence of the ranges"),
    "sampled stations whose results entered": N_("sampled stations whose results entered"),
    "sampled stations that reported": N_("sampled stations that reported"),
    "sampled stations that were observed": N_("sampled stations that were observed"),
    "places observed": N_("places observed"),
    "observers": N_("observers"),
    "share of all": N_("share of all"),
    "set by the mission": N_("set by the mission"),
    "set by law": N_("set by law"),
    "official figure": N_("official figure"),
    "accreditations": N_("accreditations"),
    "access denied": N_("access denied"),
    "scale": N_("a word of the scale"),
    "plans withdrawn for security": N_("plans withdrawn for security"),
    "women among observers": N_("women among observers"),
    "the draw": N_("the draw"),
    "citizenships of observers": N_("citizenships of observers"),
    "verified incidents": N_("verified incidents"),
    "beta": N_("Clopper and Pearson's, for the effective size"),
    "t": N_("Student's t"),
    "count": N_("none: it is a count"),
    "not_a_sample": N_("stations were not drawn by lot"),
    "nobody_answered": N_("nobody answered"),
    "simple random sample": N_("simple random sample"),
    "cluster sample": N_("cluster sample"),
    "stratified sample": N_("stratified sample"),
    "strata": N_("strata: {count}"),
    "units": N_("units drawn: {count}"),
    "clusters": N_("clusters drawn: {count}"),
    "two stages": N_("two stages"),
    "weighted": N_("weighted"),
    "finite population": N_("from a finite number of stations"),
    "post-stratified": N_("post-stratified"),
}
"""What a query and a design say, in words that every language has."""
SHARES = frozenset({"value", "low", "high", "level", "se", "response"})
LEFT_OUT = frozenset({"query", "text", "measure", "speaks", "type"})


@serve_page(router, "/statements/{id}/numbers/{number:path}", right=Right.SEE_DRAFTS, press=True)
async def number(page: PageRequest) -> Response:
    """A number as it was frozen, its query and wording, its standards, its reports."""
    code = page.request.path_params["number"]
    async with session_of(page) as session:
        statement, snapshot = await statement_asked(session, page)
        frozen = snapshot.numbers.get(code)
        if frozen is None:
            raise Problem(NOT_FOUND)
        marks = (await written(session, page.facts, statement, snapshot)).marks
        finding = await finding_of(session, page.who, snapshot.id, code)
        body: dict[str, Any] = finding.body if finding else {}
        standards = await standards_named(
            session, page.who.mission_id, body.get("standards", []), page.language
        )
    plain = _members(page, frozen)
    asked = {k: v for k, v in frozen.get("query", {}).items() if k not in plain}
    reports = [UUID(each) for each in body.get("reports", [])]
    beneath = await page.ask(stations_of_reports, reports)
    return page.show(
        "number.html",
        "statements",
        statement=statement,
        code=code,
        text=frozen["text"],
        mark=marks.get(code, ""),
        facts=told(page, plain),
        query=told(page, asked),
        is_finding=bool(body),
        is_positive=body.get("polarity") == "positive",
        phrase=page.title(body.get("phrase") or {}),
        wording=[(name, page.title(texts)) for name, texts in body.get("wording", {}).items()],
        reports=[_beneath(page, each, beneath.get(each)) for each in reports],
        standards=standards,
    )


def _members(page: PageRequest, frozen: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a frozen number as its page shows them."""
    plain = {name: value for name, value in frozen.items() if name not in LEFT_OUT}
    if frozen.get("type") == "count":
        plain.pop("n", None)
    elif frozen.get("type") == "estimate":
        plain["drawn"] = plain.pop("of", None)
    if plain.get("unit") in NOUNS:
        plain["unit"] = NOUNS[plain["unit"]][1]
    domain = plain.pop("domain", None)
    if domain:
        plain |= {"domain": page.title(domain["text"]), "asked": domain["n"]}
    return plain


def told(page: PageRequest, members: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Members by their names in words, known ones first; shares are percentages."""
    order = {name: at for at, name in enumerate(NAMES)}
    return [
        (page.say(NAMES[name]) if name in NAMES else name, _say(page, name, members[name]))
        for name in sorted(members, key=lambda name: order.get(name, len(order)))
        if members[name] not in (None, "")
    ]


def _say(page: PageRequest, name: str, value: Any) -> str:
    style = page.style
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _design(page, str(value)) if name == "design" else _word(page, str(value))
    if name in SHARES and 0 <= value <= 1:
        return style.decimals(100 * value, 0 if value in (0, 0.95, 1) else 2) + style.percent
    return style.whole(int(value)) if float(value).is_integer() else style.decimals(value, 4)


def _word(page: PageRequest, value: str) -> str:
    """A value of the ledger as words, where it has some; a code stays a code."""
    return page.say(WORDS.get(value) or NAMES.get(value) or value)


def _design(page: PageRequest, design: str) -> str:
    """A sample's design, part by part: ``12 strata`` is translated without its number."""
    said = []
    for part in design.split(", "):
        count, _, counted = part.partition(" ")
        if count.isdigit() and counted in WORDS:
            said.append(page.say(WORDS[counted]).format(count=page.style.whole(int(count))))
        else:
            said.append(_word(page, part))
    return ", ".join(said)


def _beneath(page: PageRequest, report: UUID, here: ReportStation | None) -> dict[str, str]:
    """A report as a link: its station and when it came."""
    return {
        "id": str(report),
        "station": (here.code if here else "") or str(report)[-6:],
        "place": here.name if here else "",
        "at": page.clock(here.received_at) if here else "",
    }
