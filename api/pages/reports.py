"""Reports: what was seen?"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Select
from sqlmodel import col, select

from analytics.irregularities import Rate, reports_behind
from api.database.sessions import mission_session
from api.pages.page import Visit, page
from api.problems import INVALID, NOT_FOUND, Problem
from api.reading.figures import rates, rates_by_area
from api.reading.reports import read_reports
from api.reading.visible import visible_reports
from api.reading.watch import Watch
from api.routes.paging import cursor, read_cursor
from schemas.checklist import Definition
from schemas.place import Place
from schemas.report import Report, ReportStatus

router = APIRouter()
PER_PAGE = 50
FILTERS = ("checklist", "indicator", "kind", "part", "area")


@page(router, "/reports")
async def reports(visit: Visit) -> Response:
    """What came in, newest first, by any filter; also what lies beneath a number."""
    asked = {name: value for name, value in visit.request.query_params.items() if value}
    query = visible_reports(visit.who).order_by(col(Report.sequence).desc())
    query = _filtered(query, asked)
    if "indicator" in asked:
        behind = await visit.compute(lambda watch: _behind(watch, asked))
        query = query.where(col(Report.id).in_(behind))
    standing = read_cursor(asked.get("after"), int)
    if standing is not None:
        query = query.where(col(Report.sequence) < standing[0])
    state = visit.request.app.state
    async with mission_session(state.engine, visit.who.mission_id) as session:
        found = await read_reports(
            session, visit.who, state.intake.signer, query.limit(PER_PAGE + 1)
        )
    rows = [_row(visit, report, shown) for report, shown in found[:PER_PAGE]]
    following = {name: value for name, value in asked.items() if name != "after"}
    more = len(found) > PER_PAGE
    if more:
        following["after"] = cursor(found[PER_PAGE - 1][0].sequence)
    return visit.show(
        "reports.html", "reports", reports=rows, heading=_heading(visit, asked),
        checklists=visit.watch.frame.checklists, statuses=[each.value for each in ReportStatus],
        chosen={name: asked.get(name, "") for name in ("station", "checklist", "status")},
        kept={name: asked[name] for name in ("indicator", "kind", "part", "area") if name in asked},
        next=urlencode(following) if more else "",
    )  # fmt: skip


def _filtered(query: Select[Any], asked: dict[str, str]) -> Select[Any]:
    if "status" in asked:
        query = query.where(col(Report.status) == asked["status"])
    if "checklist" in asked:
        query = query.where(col(Report.checklist) == asked["checklist"])
    if "station" in asked:
        at = select(Place.id).where(Place.code == asked["station"])
        query = query.where(col(Report.place_id).in_(at))
    return query


def _behind(watch: Watch, asked: dict[str, str]) -> list[UUID]:
    """The reports in which an irregularity was seen, of one kind and part, in one area or all."""
    area = asked.get("area")
    if area is not None and not area.isdigit():
        raise Problem(INVALID, "An area is named by its number.", "area")
    found: list[UUID] = []
    for name in watch.frame.checklists:
        readings = watch.readings.get(name)
        if readings is None or asked.get("checklist", name) != name:
            continue
        if asked["indicator"] not in readings.indicators:
            continue
        for rate in _asked_rates(watch, name, area):
            if _fits(rate, asked):
                found += reports_behind(readings, rate, sample=watch.frame.drawn_sample())
    if area is None:
        return found
    index = watch.frame.areas[int(area)].id if int(area) < len(watch.frame.areas) else None
    places = (
        {place.id for place in watch.frame.places if place.area == int(area)} if index else set()
    )
    here = {i for i, place in enumerate(watch.frame.places) if place.id in places}
    return [each for each in found if watch.received[each].place in here]


def _asked_rates(watch: Watch, checklist: str, area: str | None) -> tuple[Rate, ...]:
    return rates(watch, checklist) or (rates_by_area(watch, checklist) if area else ())


def _fits(rate: Rate, asked: dict[str, str]) -> bool:
    return (
        rate.indicator == asked["indicator"]
        and asked.get("kind") in (None, rate.kind)
        and asked.get("part") in (None, rate.part)
    )


def _heading(visit: Visit, asked: dict[str, str]) -> str:
    code = asked.get("indicator")
    for name in visit.watch.frame.checklists if code else ():
        rules = visit.watch.frame.newest(name)
        for indicator in rules.definition.indicators if rules else ():
            if indicator.code == code:
                words = indicator.phrase.get(visit.language) or indicator.phrase["en"]
                return visit.say("Reports in which {phrase}").format(phrase=words)
    return visit.say("Reports")


def _row(visit: Visit, report: Report, shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": report.id,
        "received_at": f"{report.received_at:%d.%m. %H:%M:%S}",
        "checklist": report.checklist,
        "station": shown.get("station") or "–",
        "place": _place(visit, report),
        "observer": shown.get("observer") or "–",
        "status": report.status,
        "word": visit.say(report.status),
        "irregular": [
            each["indicator"] for each in shown["codes"] if each["status"].startswith("irregular")
        ],
    }


def _place(visit: Visit, report: Report) -> str:
    index = visit.watch.frame.place_index.get(report.place_id) if report.place_id else None
    return visit.watch.frame.places[index].name if index is not None else ""


@page(router, "/reports/{id}")
async def report(visit: Visit) -> Response:
    """One report: where, when, what it says, why it is held, its receipt."""
    try:
        identity = UUID(visit.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    state = visit.request.app.state
    query = visible_reports(visit.who).where(col(Report.id) == identity)
    async with mission_session(state.engine, visit.who.mission_id) as session:
        found = await read_reports(session, visit.who, state.intake.signer, query)
    if not found:
        raise Problem(NOT_FOUND)
    row, shown = found[0]
    rules = visit.watch.frame.rules.get(row.rules_id) if row.rules_id else None
    return visit.show("report.html", "reports", report=_view(
        visit, row, shown, rules.definition if rules else None
    ))  # fmt: skip


def _view(
    visit: Visit, report: Report, shown: dict[str, Any], definition: Definition | None
) -> dict[str, Any]:
    station = shown.get("station") or "–"
    title = definition.title.get(visit.language) or definition.title.get("en") if definition else ""
    organisation = visit.watch.frame.organisations.get(report.organisation_id or UUID(int=0))
    return {
        "short": str(report.id)[-6:],
        "title": f"{title or report.checklist}, {station} {_place(visit, report)}",
        "status": report.status, "word": visit.say(report.status),
        "observer": shown.get("observer") or "–",
        "organisation": organisation[0] if organisation else "–",
        "reasons": report.reasons,
        "facts": _facts(visit, report, shown),
        "receipt": [(key, str(value)) for key, value in shown["receipt"].items()],
        "flags": [_flag(visit, flag, definition) for flag in shown["flags"]],
        "codes": _codes(visit, shown["codes"], definition),
        "answers": _answers(visit, shown["answers"], definition),
    }  # fmt: skip


def _facts(visit: Visit, report: Report, shown: dict[str, Any]) -> list[tuple[str, str]]:
    position = shown.get("position") or {}
    facts = [
        (visit.say("Arrival"), _moment(report.arrived_at)),
        (visit.say("Departure"), _moment(report.departed_at)),
        (visit.say("Finished"), _moment(report.finalised_at)),
        (visit.say("Received"), _moment(report.received_at)),
        (visit.say("Version"), f"{report.checklist} {shown.get('version', '')}, {report.version}"),
        (visit.say("Photos to come"), str(shown["photos_outstanding"])),
    ]
    if position:
        where = f"{position.get('lat')}, {position.get('lon')} (±{position.get('accuracy_m')} m)"
        facts.append((visit.say("Position"), where))
    return facts


def _moment(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "–"


def _flag(visit: Visit, flag: dict[str, Any], definition: Definition | None) -> dict[str, Any]:
    checks = {each.name: each for each in definition.checks} if definition else {}
    words = checks[flag["name"]].explanation if flag["name"] in checks else {}
    inputs = flag["inputs"]
    difference = flag.get("difference")
    return {
        "words": f"{flag['name']}. {words.get(visit.language) or words.get('en', '')}",
        "formula": flag["formula"],
        "inputs": list(inputs.items()) if isinstance(inputs, dict) else [(n, "") for n in inputs],
        "difference": f"{difference:+g}" if difference is not None else "–",
    }


SAID = {
    "not_relevant": "Not asked", "fine": "In order", "irregular": "Irregular, seen",
    "irregular_told": "Irregular, told to the observer", "not_observed": "Not observed",
    "unanswered": "Not answered", "not_applicable": "Does not apply",
}  # fmt: skip


def _codes(
    visit: Visit, codes: list[dict[str, Any]], definition: Definition | None
) -> list[dict[str, Any]]:
    phrases = {each.code: each for each in definition.indicators} if definition else {}
    rows = [
        {
            "code": each["indicator"], "severity": each["severity"],
            "irregular": each["status"].startswith("irregular"),
            "word": visit.say(SAID[each["status"]]),
            "phrase": _phrase(visit, phrases.get(each["indicator"])) or each["indicator"],
        }
        for each in codes
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (not row["irregular"], -row["severity"]))


def _phrase(visit: Visit, indicator: Any) -> str:
    texts = indicator.phrase if indicator else {}
    return str(texts.get(visit.language) or texts.get("en", ""))


def _answers(
    visit: Visit, answers: dict[str, Any], definition: Definition | None
) -> list[dict[str, str]]:
    questions = {each.name: each for each in definition.questions} if definition else {}
    order = {name: place for place, name in enumerate(questions)}
    rows = []
    for name in sorted(answers, key=lambda each: order.get(each, len(order))):
        question = questions.get(name)
        label = _in(visit, question.label) if question else ""
        labels = (
            {each.name: _in(visit, each.label) for each in question.choices} if question else {}
        )
        rows.append({"name": name, "label": label or name, "value": _plain(answers[name], labels)})
    return rows


def _in(visit: Visit, texts: dict[str, str]) -> str:
    return texts.get(visit.language) or texts.get("en", "")


def _plain(value: Any, labels: dict[str, str]) -> str:
    """An answer as words: options by their labels, the rows of a repeat one after another."""
    if isinstance(value, list):
        return "; ".join(_plain(each, labels) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {value[key]}" for key in sorted(value))
    return labels.get(value, value) if isinstance(value, str) else str(value)
