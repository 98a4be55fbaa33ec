"""Results protocols in counting reports, and which of them enter the quick count, and why.

One result a station: two teams with the same figures enter once; with different figures neither
enters, until somebody has asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import numpy as np

from analytics.quick_count import ProtocolResults, SampledStratum
from schemas.election import Denominator
from schemas.report import COUNTED, ReportStatus

WhyNot = Literal["held", "set_aside", "not_sampled", "incomplete", "conflict", "same"]


@dataclass(frozen=True)
class Protocol:
    """The figures of one report. ``votes`` maps what the observer wrote to a count."""

    report: UUID
    place: int
    status: ReportStatus
    came_at: datetime
    observer: str
    votes: dict[str, int]
    figures: dict[str, int]

    @property
    def said(self) -> tuple[object, ...]:
        """What two teams must agree on."""
        return (tuple(sorted(self.votes.items())), self.figures.get("valid"),
                self.figures.get("invalid"))  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """Whether one report entered the quick count, and if not, why."""

    report: UUID
    place: int
    entered: bool
    why_not: WhyNot | None


@dataclass(frozen=True)
class Included:
    """The results that enter, in order of arrival, and what became of each report."""

    results: ProtocolResults
    arrivals: tuple[datetime, ...]
    entries: tuple[Entry, ...]


FIGURES = ("registered", "supplementary", "signatures", "in_box", "valid", "invalid")


def read_protocol(
    report: UUID, place: int, status: ReportStatus, came_at: datetime,
    answers: dict[str, Any], observer: str,
) -> Protocol:  # fmt: skip
    """The protocol in a counting report's answers; what is missing is left out, not 0."""
    votes = {
        str(row["contestant"]).strip(): int(row["votes"])
        for row in answers.get("contestant_votes") or []
        if isinstance(row, dict) and row.get("contestant") and isinstance(row.get("votes"), int)
    }
    figures = {name: answers[name] for name in FIGURES if isinstance(answers.get(name), int)}
    return Protocol(report, place, status, came_at, observer, votes, figures)


def include(
    protocols: Iterable[Protocol],
    contestants: Sequence[tuple[str, str]],
    denominator: str,
    strata: Sequence[SampledStratum],
    stratum: dict[int, int],
) -> Included:
    """Sort out which protocols enter. ``stratum`` maps a sampled place to its stratum."""
    entries: list[Entry] = []
    at_place: dict[int, list[Protocol]] = {}
    for each in sorted(protocols, key=lambda one: one.came_at):
        why = _why_not(each, contestants, denominator, stratum)
        if why is None:
            at_place.setdefault(each.place, []).append(each)
        else:
            entries.append(Entry(each.report, each.place, entered=False, why_not=why))
    entering = []
    for here in at_place.values():
        first, agree = here[0], len({each.said for each in here}) == 1
        if agree:
            entering.append(first)
        entries.append(Entry(first.report, first.place, agree, None if agree else "conflict"))
        rest: WhyNot = "same" if agree else "conflict"
        entries += [
            Entry(each.report, each.place, entered=False, why_not=rest) for each in here[1:]
        ]
    entering.sort(key=lambda each: each.came_at)
    waiting = {each.place for each in entries if each.why_not not in (None, "not_sampled", "same")}
    aside = len(waiting - {each.place for each in entering})
    results = ProtocolResults(
        contestants=tuple(code for code, _ in contestants),
        strata=tuple(strata),
        stratum=np.array([stratum[each.place] for each in entering], dtype=np.int64),
        votes=np.array([_votes(each, contestants) for each in entering], dtype=np.float64).reshape(
            len(entering), len(contestants)
        ),
        below=np.array([_below(each, denominator) for each in entering], dtype=np.float64),
        set_aside=aside,
    )
    return Included(results, tuple(each.came_at for each in entering), tuple(entries))


def _why_not(
    each: Protocol, contestants: Sequence[tuple[str, str]], denominator: str,
    stratum: dict[int, int],
) -> WhyNot | None:  # fmt: skip
    if each.status == ReportStatus.HELD:
        return "held"
    if each.status not in COUNTED:
        return "set_aside"
    if each.place not in stratum:
        return "not_sampled"
    known = any(code in each.votes or name in each.votes for code, name in contestants)
    return None if known and _below(each, denominator) else "incomplete"


def _votes(each: Protocol, contestants: Sequence[tuple[str, str]]) -> list[int]:
    return [each.votes.get(code, each.votes.get(name, 0)) for code, name in contestants]


def _below(each: Protocol, denominator: str) -> int:
    """What a share is out of; 0 where the protocol does not say."""
    figures = each.figures
    if denominator == Denominator.REGISTERED:
        return figures.get("registered", 0) + figures.get("supplementary", 0)
    if denominator == Denominator.CAST:
        return figures.get("in_box", figures.get("valid", 0) + figures.get("invalid", 0))
    return figures.get("valid", 0)
