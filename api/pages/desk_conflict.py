"""Panel of the desk for two teams that contradict each other: answers side by side, one decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from analytics.observation.contradictions import CONTESTANT, ROW_VOTES
from api.pages.desk_panels import OpenItem, Panel, Values, Write, reason_of
from api.pages.desk_typing import contestants_of
from api.pages.forms import Form
from api.pages.page import PageRequest
from api.problems import INVALID, NOT_FOUND, Problem
from api.review.conflict_detail import conflict_out
from api.review.conflicts import BOTH, Conflict, conflict_named
from api.review.queues import desk_of
from api.review.resolve import ResolutionIn, resolution
from schemas.checklist import VOTES
from schemas.words import N_

CHIPS = (
    N_("Confirmed by phone."),
    N_("Was there at the time."),
    N_("First hand, not reported."),
    N_("A slip in typing."),
)
"""Reasons that are often given; the words are a person's to change."""
CHOOSE = N_("Choose an answer for each question.")
KNOWN_AS = {"saw": N_("I saw it"), "told": N_("I was told")}
ANSWER, WHY, NUMBER = "answer.", "reason.", "number."
"""What the names of the form's fields begin with: of a question, of a question, of a report."""
STEPS = tuple(timedelta(minutes=each) for each in (5, 10, 15, 30, 60, 120, 180, 360, 720))
MOST_MARKS = 6
LABEL, WIDE, HIGH = 130, 620, 26
"""Of the picture of the stays: where time begins, how wide it is, how high a team's row is."""


async def _values(page: PageRequest, open_item: OpenItem) -> Values:
    async with desk_of(page.request, page.who) as desk:
        try:
            found = await conflict_named(desk.session, page.who, open_item.item.id)
        except LookupError:
            raise Problem(NOT_FOUND) from None
        shown = await conflict_out(desk.session, page.who, found)
    names = contestants_of(page, found.contest)
    rows = [_row(page, names, each) for each in shown["questions"]]
    return {
        "teams": [_team(page, at, each) for at, each in enumerate(shown["reports"], 1)],
        "open": sorted(
            (each for each in rows if each["state"] == "open"),
            key=lambda each: -int(each["severity"]),
        ),
        "folded": [
            (page.say(words), [each for each in rows if each["state"] == state])
            for state, words in FOLDED.items()
        ],
        "asked": len(rows),
        "chips": [page.say(each) for each in (*CHIPS, *_with_photo(shown))],
        "both": BOTH,
        "both_digit": len(shown["reports"]) + 1,
        "stays": _stays(page, found),
        "decided": [
            {"at": page.clock(each["at"]), "by": each["by"], "reasons": each["reasons"]}
            for each in shown["resolutions"]
        ],
    }


FOLDED = {
    "both": N_("Both stand, by decision"),
    "one_sided": N_("Answered or observed by one team alone"),
    "same": N_("The same"),
}
"""What is not to be decided, and lies folded beneath."""


def _team(page: PageRequest, at: int, report: Mapping[str, Any]) -> dict[str, Any]:
    left = report["departed_at"] or report["finalised_at"]
    said = [f"{page.clock(report['arrived_at'])}–{page.clock(left)}"]
    said.append(page.say(N_("sent {at}")).format(at=page.clock(report["received_at"])))
    if report["distance_m"] is not None:
        said.append(page.say(N_("{n} m away")).format(n=page.style.whole(report["distance_m"])))
    return {
        "digit": at,
        "id": str(report["id"]),
        "number": report["number"],
        "name": page.listed(list(report["team"])) or "–",
        "organisation": report["organisation"],
        "when": page.listed(said),
        "verified": report["status"] == "verified",
        "photos": [each for each in report["photos"] if each["sha256"]],
        "awaited": sum(1 for each in report["photos"] if not each["sha256"]),
    }


def _row(
    page: PageRequest, names: Mapping[str, str], question: Mapping[str, Any]
) -> dict[str, Any]:
    votes = question["question"] == VOTES
    lines = _vote_lines(names, question["answers"]) if votes else [[] for _ in question["answers"]]
    return {
        "name": question["question"],
        "label": page.title(question["label"]) or question["question"],
        "state": question["state"],
        "severity": question["severity"],
        "answers": [
            _answer(page, each, own) for each, own in zip(question["answers"], lines, strict=True)
        ],
    }


def _answer(
    page: PageRequest, given: Mapping[str, Any], lines: Sequence[tuple[str, str, bool]]
) -> dict[str, Any]:
    known = KNOWN_AS.get(given["known"] or "")
    return {
        "report": str(given["report"]),
        "words": "" if lines else _in_words(page, given),
        "lines": lines,
        "known": page.say(known) if known else "",
    }


def _in_words(page: PageRequest, given: Mapping[str, Any]) -> str:
    value = given["answer"]
    if value in (None, "", []):
        return page.say(N_("not answered"))
    if given["labels"]:
        return page.listed([page.title(each) for each in given["labels"]])
    if isinstance(value, int) and not isinstance(value, bool):
        return page.style.whole(value)
    return page.listed([str(each) for each in value]) if isinstance(value, list) else str(value)


def _vote_lines(
    names: Mapping[str, str], answers: Sequence[Mapping[str, Any]]
) -> list[list[tuple[str, str, bool]]]:
    """Of each report its votes line by line: the contestant, the votes, and whether another report
    has other votes."""
    tables = [
        {str(row.get(CONTESTANT)): row.get(ROW_VOTES) for row in each["answer"]}
        if isinstance(each["answer"], list)
        else {}
        for each in answers
    ]

    def differ(code: str) -> bool:
        return len({str(each[code]) for each in tables if code in each}) > 1

    return [
        [
            (names.get(code, code), "–" if votes is None else str(votes), differ(code))
            for code, votes in table.items()
        ]
        for table in tables
    ]


def _with_photo(shown: dict[str, Any]) -> tuple[str, ...]:
    """What may be a reason where a photograph is here."""
    here = any(photo["sha256"] for each in shown["reports"] for photo in each["photos"])
    return (N_("A photo shows it."),) if here else ()


def _stays(page: PageRequest, found: Conflict) -> dict[str, Any] | None:
    """A picture of when each team was there; none where nobody says."""
    spans = [(each.arrived_at, each.departed_at or each.finalised_at) for each in found.reports]
    known = [each for span in spans for each in span if each is not None]
    if not known or max(known) == min(known):
        return None
    first, last = min(known), max(known)
    step = next((each for each in STEPS if (last - first) / each < MOST_MARKS), STEPS[-1])
    begin = first - (first - first.replace(hour=0, minute=0, second=0, microsecond=0)) % step

    def across(at: datetime) -> int:
        return LABEL + round((WIDE - LABEL) * (at - begin) / (last - begin))

    bars = [
        {
            "name": each.name,
            "y": 22 + HIGH * row,
            "x": across(span[0]),
            "wide": max(across(span[1]) - across(span[0]), 3),
            "filled": row % 2 == 0,
        }
        for row, (each, span) in enumerate(zip(found.reports, spans, strict=True))
        if span[0] is not None and span[1] is not None
    ]
    marks, at = [], begin
    while at <= last:
        marks.append({"x": across(at), "words": page.clock(at)})
        at += step
    return {
        "bars": bars,
        "marks": marks,
        "high": 26 + HIGH * len(found.reports),
        "together": _together(page, spans),
        "said": [
            page.say(N_("{team} was there {times}")).format(
                team=each.name, times=f"{page.clock(span[0])}–{page.clock(span[1])}"
            )
            for each, span in zip(found.reports, spans, strict=True)
        ],
    }


def _together(page: PageRequest, spans: Sequence[tuple[datetime | None, datetime | None]]) -> str:
    """How long two teams were there at once."""
    known = sorted((a, b) for a, b in spans if a is not None and b is not None)
    minutes = [
        int((min(one[1], other[1]) - other[0]).total_seconds() // 60)
        for one, other in pairwise(known)
    ]
    if not minutes or max(minutes) <= 0:
        return page.say(N_("not there at the same time"))
    return page.say(N_("together {n} min")).format(n=max(minutes))


async def _write(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    given = form.given()

    def named(begin: str) -> dict[str, str]:
        found = {name.removeprefix(begin): each for name, each in given.items()
                 if name.startswith(begin)}  # fmt: skip
        return {name: each.strip() for name, each in found.items() if each.strip()}

    try:
        asked = ResolutionIn(
            answers=named(ANSWER),
            reason=reason_of(given),
            reasons={name: each for name, each in named(WHY).items() if name in named(ANSWER)},
            numbers={UUID(name): int(each) for name, each in named(NUMBER).items()} or None,
        )
    except (ValidationError, ValueError):
        raise Problem(
            INVALID, page.say(N_("Choose an answer for each question.")), "answers"
        ) from None
    return await resolution(page.request, page.who, open_item.item.id, asked, None)


CONFLICT_PANEL = Panel(
    name="conflict",
    title=N_("Resolve"),
    says=N_("say which answer stays, and why"),
    key="V",
    values=_values,
    write=_write,
)
