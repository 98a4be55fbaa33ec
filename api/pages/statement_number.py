"""The page of one number of a statement: as it was frozen, how it was counted, what is beneath."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.wording import NOUNS
from api.figures.reports_behind import ReportStation, stations_of_reports
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of, statement_asked
from api.problems import NOT_FOUND, Problem
from api.registers.reading import standards_named
from api.statements.listing import finding_of, written
from schemas.rights import Right
from schemas.statement import Finding
from schemas.words import N_

router = APIRouter()

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
MEMBERS = "members"
"""The findings that are said in one number, by code."""
LEFT_OUT = frozenset({"query", "text", "measure", "speaks", "type", MEMBERS})


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
        parts = [
            await finding_of(session, page.who, snapshot.id, each) for each in members_of(frozen)
        ]
    plain = _members(page, frozen)
    query = frozen.get("query", {})
    asked = {k: v for k, v in query.items() if k not in plain and k != MEMBERS}
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
        parts=[_part(page, each, snapshot.numbers) for each in parts if each],
        is_finding=bool(body),
        is_positive=body.get("polarity") == "positive",
        phrase=page.title(body.get("phrase") or {}),
        wording=[(name, page.title(texts)) for name, texts in body.get("wording", {}).items()],
        reports=[_beneath(page, each, beneath.get(each)) for each in reports],
        standards=standards,
    )


def members_of(frozen: Mapping[str, Any]) -> list[str]:
    """The codes of the findings that a number says together; none where it is of one thing."""
    return list(frozen.get(MEMBERS) or ())


def _part(page: PageRequest, finding: Finding, numbers: Mapping[str, Any]) -> dict[str, str]:
    """One of several findings that are said in one number: what it says, and its own number."""
    phrase = page.title(finding.body.get("phrase") or {})
    text = numbers[finding.code]["text"] if finding.code in numbers else ""
    return {"code": finding.code, "phrase": phrase[:1].upper() + phrase[1:], "text": text}


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
