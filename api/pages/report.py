"""The page of one report: what was seen, where and when, versions, decisions; and of flags."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from analytics.quality.flags import Flag
from api.checklists.listing import xform_of
from api.database.sessions import mission_session
from api.figures.reports import one_report, read_reports
from api.figures.reports_behind import names_of_places
from api.pages.desk_registry import panels_of
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.report_view import ReportView
from api.pages.report_words import WORDS, checks_of
from api.problems import CONFLICT, INVALID, NOT_FOUND, Problem
from api.review.decide import UNDECIDABLE, DecisionIn, decision_word, decisions_on
from api.review.decide_answers import decide_on
from api.review.quality_flags import FlaggedReport, FlagList, flag_list, screen_one
from api.review.queues import queue_of
from api.review.report_contents import contents_of
from api.review.report_surroundings import surroundings_of
from api.review.superseding import beside, report_named
from mobile_forms.section_labels import section_labels
from schemas.report import Report, ReportStatus
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
MOMENTS = ("finished", "opens")
"""Inputs of flags that are moments."""
FLAGS_SHOWN = 50
OBSERVERS = 30
IN_THE_BOX, SIGNATURES, VOTERS = N_("In the box"), N_("Signatures"), N_("Voters on the roll")
SIDES = {
    "votes = valid": (N_("Votes of all contestants"), N_("Valid votes")),
    "valid + invalid = in box": (N_("Valid and invalid"), IN_THE_BOX),
    "issued + unused + spoiled = received": (N_("Issued, unused and spoiled"), N_("Received")),
    "in box ≤ issued": (IN_THE_BOX, N_("Issued")),
    "in box ≤ signatures": (IN_THE_BOX, SIGNATURES),
    "signatures ≤ registered": (SIGNATURES, VOTERS),
    "in box ≤ registered": (IN_THE_BOX, VOTERS),
}
"""The two figures that do not reconcile, by name."""
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
    return [
        {"code": each.code, "words": page.say(WORDS[each.code]), "why": why(page, each)}
        for each in found
    ]


def _row(page: PageRequest, each: FlaggedReport) -> dict[str, Any]:
    return {
        "report": each.report,
        "reasons": [
            (page.say(WORDS[code]), [why(page, one) for one in each.flags if one.code == code])
            for code in dict.fromkeys(one.code for one in each.flags)
        ],
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
    if flag.code == "arithmetic":
        sides = zip(SIDES[said["rule"]], (said["left"], said["right"]), strict=True)
        return [(page.say(words), style.whole(value), "") for words, value in sides]
    names = {
        "seconds": N_("Seconds"),
        "answers": N_("Answers"),
        "metres": N_("Metres"),
        "accuracy_m": N_("Error of the position, metres"),
        "items": N_("Questions"),
        "finished": N_("Finished"),
        "opens": N_("Opens"),
    }
    return [
        (page.say(words), _raised_by(page, name, said[name]), "")
        for name, words in names.items()
        if name in said
    ]


def _raised_by(page: PageRequest, name: str, figure: Any) -> str:
    """A figure that raised a flag; moments as every page writes them."""
    return page.when(datetime.fromisoformat(figure)) if name in MOMENTS else str(figure)


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
        around = await surroundings_of(session, page.who, row, shown.get("position"))
        named = (row.checklist, str(shown.get("version")))
        form = await xform_of(session, page.who, *named) if row.rules_id else None
    rules = page.facts.rules.get(row.rules_id) if row.rules_id else None
    definition = rules.definition if rules else None
    contents = None
    if definition:
        said = shown["answers"], shown["codes"]
        contents = await asyncio.to_thread(contents_of, definition, *said)
    labels = await asyncio.to_thread(section_labels, form) if form else {}
    view = ReportView(page, row, shown, definition, contents, around, labels)
    checks = checks_of(page, shown, definition)
    quality = await quality_of(page, identity)
    if any(each.holds is False for each in checks):  # they say it by the figures' names
        quality = [each for each in quality if each["code"] != "arithmetic"]
    answered = page.show(
        "report.html",
        "reports",
        report=view.view(),
        checks=checks,
        others=_others(page, view, others),
        quality=quality,
        refused=refused,
        choices=_choices(page, row),
        acts=_acts(page, row),
        may_decide=page.who.may(Right.DECIDE_REPORTS),
        decisions=[_decision(page, view, each) for each in decisions],
    )
    answered.status_code = CONFLICT.status if refused else answered.status_code
    return answered


def _others(page: PageRequest, view: ReportView, others: dict[str, Any]) -> dict[str, Any]:
    """The report that counts instead of this one, or those that it superseded, with the answers
    that differ."""
    by = others["superseded_by"]
    return {
        "instead": bool(by),
        "reports": [
            {
                "id": each["id"],
                "short": str(each["id"])[-6:],
                "status": each["status"],
                "word": page.say(each["status"]),
                "differs": view.compared(each["differs"]),
            }
            for each in ([by] if by else others["supersedes"])
        ],
    }


DECISIONS = {
    "verified": N_("Verify"),
    "quarantined": N_("Exclude"),
    "received": N_("Back to received"),
}


def _choices(page: PageRequest, report: Report) -> list[tuple[str, str]]:
    """What whoever decides on reports may make of this one."""
    if not page.who.may(Right.DECIDE_REPORTS) or report.status in UNDECIDABLE:
        return []
    now = report.status if report.status != ReportStatus.FLAGGED else ReportStatus.RECEIVED
    return [(to, page.say(words)) for to, words in DECISIONS.items() if to != now]


DONE_BY = {"verified": "verify", "quarantined": "exclude"}
"""The act of the desk that would change nothing of a report that stands so."""


def _acts(page: PageRequest, report: Report) -> list[dict[str, str]]:
    """The acts of the desk for whoever decides on reports, each with the address that opens it."""
    queue = queue_of(report)
    if not queue or not page.who.may(Right.DECIDE_REPORTS):
        return []
    return [
        {
            "title": each.title,
            "says": each.says,
            "key": each.key,
            "at": f"{page.base}/desk/{queue}/{report.id}?act={each.name}",
        }
        for each in panels_of(queue)
        if each.name != DONE_BY.get(report.status)
    ]


def _decision(page: PageRequest, view: ReportView, each: dict[str, Any]) -> dict[str, Any]:
    return each | {
        "word": page.say(decision_word(each)),
        "at": view.moment(each["at"]),
        "by": each["by"] or "–",
    }


async def names_of(page: PageRequest, reports: Sequence[Report]) -> Mapping[UUID, str]:
    """The names of the places that reports are from."""
    return await page.ask(names_of_places, [each.place_id for each in reports if each.place_id])


def place_of(report: Report, places: Mapping[UUID, str]) -> str:
    """The name of the place that a report is from; empty where it is not known."""
    return places.get(report.place_id, "") if report.place_id else ""
