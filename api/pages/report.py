"""The page of one report: its answers, codes, flags and decisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from analytics.quality.flags import Flag
from api.database.sessions import mission_session
from api.figures.reports import one_report, read_reports
from api.figures.reports_behind import names_of_places
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.rows import phrase_of
from api.problems import CONFLICT, INVALID, NOT_FOUND, Problem
from api.review.decide import UNDECIDABLE, DecisionIn, decide_on, decisions_on
from api.review.quality_flags import FlaggedReport, FlagList, flag_list, screen_one
from api.review.superseding import beside, report_named
from schemas.checklist import Definition
from schemas.report import Report, ReportStatus
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
FLAGS_SHOWN = 50
OBSERVERS = 30
WORDS = {
    "near-identical": N_("Near-duplicate of another form of this observer"),
    "too-fast": N_("Filled in faster than anybody reads"),
    "straight-line": N_("Straight-lining: one value through a whole scale"),
    "far-away": N_("Far from the station"),
    "before-opening": N_("Finished before the station was to open"),
    "same-photo": N_("The same photograph in another report"),
    "arithmetic": N_("Figures of the protocol that do not reconcile"),
}
SHORT_NAMES = {
    "near-identical": N_("Alike"),
    "too-fast": N_("Too fast"),
    "straight-line": N_("One value"),
    "far-away": N_("Far away"),
    "before-opening": N_("Before opening"),
    "same-photo": N_("Same photo"),
    "arithmetic": N_("Sums"),
}


@serve_page(router, "/flags", right=Right.DECIDE_REPORTS)
async def flags(page: PageRequest) -> Response:
    """Reports to ask about, by what raised them; observers with most of them, for data managers."""
    code = page.request.query_params.get("code", "")
    if code and code not in WORDS:
        raise Problem(INVALID, "There is no such flag.", "code")
    found = await page.ask(flag_list, code, FLAGS_SHOWN, OBSERVERS)
    return page.show(
        "flags.html",
        "flags",
        code=code,
        reports=found.reports,
        at=page.clock(found.at),
        flagged=found.flagged,
        codes=[(name, page.say(words), found.codes.get(name, 0)) for name, words in WORDS.items()],
        rows=[_row(page, each) for each in found.rows],
        more=found.more,
        observers=_observers(found),
        heads=[page.say(SHORT_NAMES[name]) for name in WORDS],
    )


async def quality_of(page: PageRequest, report: UUID) -> list[dict[str, Any]]:
    """One report's flags, for whoever decides on reports; to others there are none."""
    if not page.who.may(Right.DECIDE_REPORTS):
        return []
    found = await page.ask(screen_one, report)
    return [{"words": page.say(WORDS[each.code]), "why": why(page, each)} for each in found]


def _row(page: PageRequest, each: FlaggedReport) -> dict[str, Any]:
    return {
        "report": each.report,
        "reasons": [(page.say(WORDS[one.code]), why(page, one)) for one in each.flags],
        "observer": each.observer or "–",
        "station": each.station or "–",
        "place": each.place,
    }


def _observers(found: FlagList) -> list[dict[str, Any]]:
    return [
        {
            "observer": each.observer or "–",
            "reports": each.reports,
            "counts": [each.codes.get(code, 0) for code in WORDS],
        }
        for each in found.observers
    ]


def why(page: PageRequest, flag: Flag) -> list[tuple[str, str, str]]:
    """What raised a flag: words, figures, and the report that it is like, if any."""
    said: Mapping[str, Any] = flag.inputs
    style = page.style
    if flag.code == "near-identical":
        share = f"{100 * said['share']:.0f}{style.percent}"
        rests = [(page.say("Equal answers"), f"{share} / {said['answers']}", said["like"])]
        if "by_chance" in said:
            chance = f"{100 * said['by_chance']:.0f}{style.percent}"
            rests.append((page.say("Expected by chance"), chance, ""))
        return rests
    if flag.code == "same-photo":
        return [(page.say("Also in"), "", each) for each in said["also"]]
    names = {
        "seconds": N_("Seconds"),
        "answers": N_("Answers"),
        "metres": N_("Metres"),
        "accuracy_m": N_("Error of the position, metres"),
        "items": N_("Questions"),
        "finished": N_("Finished"),
        "opens": N_("Opens"),
        "rule": N_("Rule"),
        "left": N_("Left side"),
        "right": N_("Right side"),
    }
    return [(page.say(words), str(said[name]), "") for name, words in names.items() if name in said]


@serve_page(router, "/reports/{id}", right=Right.SEE_REPORTS)
async def report(page: PageRequest) -> Response:
    """One report: where, when, what it says, why it is held, what was decided, its receipt."""
    return await _shown(page)


@serve_page(router, "/reports/{id}/decision", "POST")
async def decided(page: PageRequest) -> Response:
    """Decide; what prevents it is said on the report's page."""
    given = await typed_in(page.request)
    try:
        await decide_on(page.request, page.who, _identity(page), _asked(given))
    except Problem as problem:
        if problem.kind is not CONFLICT:
            raise
        return await _shown(page, page.say(problem.detail))
    return RedirectResponse(f"{page.base}/reports/{_identity(page)}", 303)


def _asked(given: dict[str, str]) -> DecisionIn:
    try:
        return DecisionIn.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise Problem(INVALID, first["msg"], ".".join(map(str, first["loc"]))) from None


def _identity(page: PageRequest) -> UUID:
    try:
        return UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None


async def _shown(page: PageRequest, refused: str = "") -> Response:
    identity, state = _identity(page), page.request.app.state
    async with mission_session(state.engine, page.who.mission_id) as session:
        identity = await report_named(session, page.who, identity)
        query = one_report(page.who, identity)
        found = await read_reports(session, page.who, state.intake.signer, query)
        if not found:
            raise Problem(NOT_FOUND)
        row, shown = found[0]
        decisions = await decisions_on(session, page.who, identity)
        others = await beside(session, page.who, row)
    rules = page.facts.rules.get(row.rules_id) if row.rules_id else None
    quality = await quality_of(page, identity)
    places = await names_of(page, [row])
    answered = page.show(
        "report.html",
        "reports",
        report=_view(page, row, shown, rules.definition if rules else None)
        | {"place": place_of(row, places)},
        others=_others(page, others, rules.definition if rules else None),
        quality=quality,
        refused=refused,
        choices=_choices(page, row),
        decisions=[_decision(page, each) for each in decisions],
    )
    answered.status_code = CONFLICT.status if refused else answered.status_code
    return answered


def _others(
    page: PageRequest, others: dict[str, Any], definition: Definition | None
) -> list[dict[str, Any]]:
    """The report that counts instead of this one, or those that it superseded, with the answers
    that differ."""
    by = others["superseded_by"]
    return [
        {
            "id": each["id"],
            "short": str(each["id"])[-6:],
            "status": each["status"],
            "word": page.say(each["status"]),
            "differs": _compared(page, each["differs"], definition),
        }
        for each in ([by] if by else others["supersedes"])
    ]


def _compared(
    page: PageRequest, differs: list[dict[str, Any]], definition: Definition | None
) -> list[tuple[str, str, str]]:
    sides = [
        {row["name"]: row for row in plain_answers(page, found, definition)}
        for found in (
            {each["question"]: each[side] for each in differs} for side in ("here", "there")
        )
    ]
    return [
        (row["label"], _dash(row["value"]), _dash(sides[1][name]["value"]))
        for name, row in sides[0].items()
    ]


def _dash(value: str) -> str:
    return "–" if value in ("", "None") else value


DECISIONS = {
    "verified": N_("Verify"),
    "quarantined": N_("Quarantine"),
    "received": N_("Back to received"),
}


def _choices(page: PageRequest, report: Report) -> list[tuple[str, str]]:
    """What whoever decides on reports may make of this one."""
    if not page.who.may(Right.DECIDE_REPORTS) or report.status in UNDECIDABLE:
        return []
    now = report.status if report.status != ReportStatus.FLAGGED else ReportStatus.RECEIVED
    return [(to, page.say(words)) for to, words in DECISIONS.items() if to != now]


def _decision(page: PageRequest, each: dict[str, Any]) -> dict[str, Any]:
    said = N_("released after review") if each["decision"] == "released" else each["decision"]
    at = page.clock(each["at"], "%Y-%m-%d %H:%M")
    return each | {"word": page.say(said), "at": at, "by": each["by"] or "–"}


def _view(
    page: PageRequest, report: Report, shown: dict[str, Any], definition: Definition | None
) -> dict[str, Any]:
    station = shown.get("station") or "–"
    title = page.title(definition.title) if definition else report.checklist
    organisation = page.facts.organisations.get(report.organisation_id or UUID(int=0))
    return {
        "id": report.id,
        "short": str(report.id)[-6:],
        "number": report.version,
        "title": title,
        "station": station,
        "status": report.status,
        "counts_from": shown["counts_from"] and page.clock(shown["counts_from"], "%Y-%m-%d %H:%M"),
        "word": page.say(report.status),
        "observer": shown.get("observer") or "–",
        "organisation": organisation[0] if organisation else "–",
        "reasons": report.reasons,
        "facts": _facts(page, report, shown),
        "receipt": [(key, str(value)) for key, value in shown["receipt"].items()],
        "flags": [_flag(page, flag, definition) for flag in shown["flags"]],
        "codes": _codes(page, shown["codes"], definition),
        "answers": plain_answers(page, shown["answers"], definition),
    }


def _facts(page: PageRequest, report: Report, shown: dict[str, Any]) -> list[tuple[str, str]]:
    position = shown.get("position")
    facts = [
        (page.say("Arrival"), _moment(page, report.arrived_at)),
        (page.say("Departure"), _moment(page, report.departed_at)),
        (page.say("Finished"), _moment(page, report.finalised_at)),
        (page.say("Received"), _moment(page, report.received_at)),
        (page.say("Version"), f"{report.checklist} {shown.get('version', '')}, {report.version}"),
        (page.say("Photos to come"), str(shown["photos_outstanding"])),
    ]
    if shown.get("contest"):
        facts.append((page.say("Contest"), shown["contest"]))
    if position:
        facts.append((page.say("Position"), _where(position)))
    return facts


def _where(position: Any) -> str:
    """A position in words; one of another shape, for which the report is held, as it came."""
    if not isinstance(position, dict):
        return _plain(position, {})
    return f"{position.get('lat')}, {position.get('lon')} (±{position.get('accuracy_m')} m)"


def _moment(page: PageRequest, at: datetime | None) -> str:
    return page.clock(at, "%Y-%m-%d %H:%M:%S %Z")


def _flag(page: PageRequest, flag: dict[str, Any], definition: Definition | None) -> dict[str, Any]:
    checks = {each.name: each for each in definition.checks} if definition else {}
    words = page.title(checks[flag["name"]].explanation) if flag["name"] in checks else ""
    inputs = flag["inputs"]
    difference = flag.get("difference")
    return {
        "words": f"{flag['name']}. {words}",
        "formula": flag["formula"],
        "inputs": list(inputs.items()) if isinstance(inputs, dict) else [(n, "") for n in inputs],
        "difference": f"{difference:+g}" if difference is not None else "–",
    }


STATUS_WORDS = {
    "not_relevant": N_("Not asked"),
    "fine": N_("In order"),
    "irregular": N_("Irregular, seen"),
    "irregular_told": N_("Irregular, reported to the observer"),
    "not_observed": N_("Not observed"),
    "unanswered": N_("Not answered"),
    "not_applicable": N_("Does not apply"),
}


def _codes(
    page: PageRequest, codes: list[dict[str, Any]], definition: Definition | None
) -> list[dict[str, Any]]:
    phrases = {each.code: each for each in definition.indicators} if definition else {}
    rows = [
        {
            "code": each["indicator"],
            "severity": each["severity"],
            "irregular": each["status"].startswith("irregular"),
            "word": page.say(STATUS_WORDS[each["status"]]),
            "phrase": phrase_of(phrases[each["indicator"]], page.language)
            if each["indicator"] in phrases
            else each["indicator"],
        }
        for each in codes
    ]
    return sorted(rows, key=lambda row: (not row["irregular"], -row["severity"]))


def plain_answers(
    page: PageRequest, answers: dict[str, Any], definition: Definition | None
) -> list[dict[str, str]]:
    """The answers in the form's order, each with its question's label and in words."""
    questions = {each.name: each for each in definition.questions} if definition else {}
    order = {name: place for place, name in enumerate(questions)}
    rows = []
    for name in sorted(answers, key=lambda each: order.get(each, len(order))):
        question = questions.get(name)
        label = page.title(question.label) if question else ""
        labels = (
            {each.name: page.title(each.label) for each in question.choices} if question else {}
        )
        rows.append({"name": name, "label": label or name, "value": _plain(answers[name], labels)})
    return rows


def _plain(value: Any, labels: dict[str, str]) -> str:
    """An answer as words: options by their labels, the rows of a repeat one after another."""
    if isinstance(value, list):
        return "; ".join(_plain(each, labels) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {value[key]}" for key in sorted(value))
    return labels.get(value, value) if isinstance(value, str) else str(value)


async def names_of(page: PageRequest, reports: Sequence[Report]) -> Mapping[UUID, str]:
    """The names of the places that reports are from."""
    return await page.ask(names_of_places, [each.place_id for each in reports if each.place_id])


def place_of(report: Report, places: Mapping[UUID, str]) -> str:
    """The name of the place that a report is from; empty where it is not known."""
    return places.get(report.place_id, "") if report.place_id else ""
