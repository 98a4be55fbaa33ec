"""Results protocols in counting reports, and which of them enter the quick count, and why.

One result a station: two teams with the same figures enter once; with different figures neither
enters, until somebody has asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeGuard
from uuid import UUID

from analytics.observation.code_matrix import NOWHERE
from analytics.results.sampled_results import ProtocolResults
from analytics.survey.design import Ints
from schemas.election import Denominator
from schemas.report import COUNTED, LARGEST_COUNT, ReportStatus

WhyNot = Literal["held", "set_aside", "not_sampled", "incomplete", "conflict", "same"]
WAITING = frozenset({"held", "set_aside", "incomplete", "conflict"})
"""Why a sampled station's result came and still does not count."""
BESIDE = frozenset({"not_sampled", "same"})
"""Why a result did not enter of which nothing more was needed."""


@dataclass(frozen=True)
class Protocol:
    """The figures of one report. ``votes`` maps what the observer wrote to a count.

    ``complete`` is false where a line has no name or no count, or a name stands twice.
    """

    report: UUID
    place: int
    status: ReportStatus
    came_at: datetime
    observer: str
    votes: dict[str, int]
    figures: dict[str, int]
    complete: bool = True


@dataclass(frozen=True)
class Entry:
    """Whether one report entered the quick count, and if not, why."""

    report: UUID
    place: int
    entered: bool
    why_not: WhyNot | None


@dataclass(frozen=True)
class Included:
    """The results that enter, in order of arrival, and what became of the others.

    ``arrivals`` are when each came, in microseconds since 1970
    (:func:`analytics.observation.plan.moment_of`);
    ``left_out`` are those that somebody should look at; ``beside`` counts those from stations
    that were not drawn, and those that said the same again.
    """

    results: ProtocolResults
    arrivals: Ints
    left_out: tuple[Entry, ...]
    beside: tuple[int, int]
    since: Callable[[int], Iterator[Entry]] = field(compare=False)
    """What became of each report, station by station from one on; to be asked while nothing is
    folded."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What became of every report."""
        return tuple(self.since(NOWHERE))


FIGURES = ("registered", "supplementary", "signatures", "in_box", "valid", "invalid")


def read_protocol(
    report: UUID,
    place: int,
    status: ReportStatus,
    came_at: datetime,
    answers: dict[str, Any],
    observer: str,
) -> Protocol:
    """The protocol in a counting report's answers; what is missing is left out, not 0."""
    listed = answers.get("contestant_votes")
    rows = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    votes: dict[str, int] = {}
    complete = True
    for row in rows:
        name, count = str(row.get("contestant") or "").strip(), row.get("votes")
        if not name or name in votes or not _is_count(count):
            complete = False
        else:
            votes[name] = count
    figures = {
        name: answers[name] for name in FIGURES if _is_count(answers.get(name), -LARGEST_COUNT)
    }
    return Protocol(report, place, status, came_at, observer, votes, figures, complete)


def _is_count(value: Any, least: int = 0) -> TypeGuard[int]:
    """Whether it is a whole number that an answer may be."""
    return isinstance(value, int) and least <= value <= LARGEST_COUNT


@dataclass(frozen=True)
class Inclusion:
    """The rules by which protocols enter a contest's quick count.

    ``stratum`` maps a sampled place to its stratum.
    """

    contestants: Sequence[tuple[str, str]]
    denominator: str
    stratum: Mapping[int, int]

    def sort_out(self, here: Iterable[Protocol]) -> tuple[list[Entry], Protocol | None]:
        """What became of one station's protocols, and the one that enters, if any: the first,
        where all say the same."""
        entries: list[Entry] = []
        fit: list[Protocol] = []
        for each in sorted(here, key=lambda one: (one.came_at, one.report)):
            why = _why_not(each, self.contestants, self.denominator, self.stratum)
            if why is None:
                fit.append(each)
            else:
                entries.append(Entry(each.report, each.place, entered=False, why_not=why))
        agree = len({_said(each, self.contestants) for each in fit}) == 1
        rest: WhyNot = "same" if agree else "conflict"
        for each in fit:
            enters = agree and each is fit[0]
            entries.append(Entry(each.report, each.place, enters, None if enters else rest))
        return entries, fit[0] if agree else None

    def figures(self, protocol: Protocol) -> tuple[float, ...]:
        """The votes of each contestant, and what they are out of."""
        below = _below(protocol, self.denominator)
        assert below is not None
        return (*_votes(protocol, self.contestants), below)


def _said(each: Protocol, contestants: Sequence[tuple[str, str]]) -> tuple[object, ...]:
    """What two teams must agree on, whether they wrote codes or names."""
    valid, invalid = each.figures.get("valid"), each.figures.get("invalid")
    return (*_votes(each, contestants), valid, invalid)


def _why_not(
    each: Protocol,
    contestants: Sequence[tuple[str, str]],
    denominator: str,
    stratum: Mapping[int, int],
) -> WhyNot | None:
    if each.status == ReportStatus.HELD:
        return "held"
    if each.status not in COUNTED:
        return "set_aside"
    if each.place not in stratum:
        return "not_sampled"
    whole = (
        each.complete and _names_all(each, contestants) and _below(each, denominator) is not None
    )
    return None if whole else "incomplete"


def _names_all(each: Protocol, contestants: Sequence[tuple[str, str]]) -> bool:
    """Whether every contestant's votes are known: written down, or none because the others'
    already make up the valid votes. A blank is never taken for a zero otherwise."""
    named = [code in each.votes or name in each.votes for code, name in contestants]
    given = sum(_votes(each, contestants))
    return all(named) or (any(named) and given == each.figures.get("valid"))


def _votes(each: Protocol, contestants: Sequence[tuple[str, str]]) -> list[int]:
    return [each.votes.get(code, each.votes.get(name, 0)) for code, name in contestants]


def _below(each: Protocol, denominator: str) -> int | None:
    """What a share is out of; None where the protocol does not say, which is not 0."""
    figures = each.figures
    if denominator == Denominator.REGISTERED:
        listed = figures.get("registered")
        return None if listed is None else listed + figures.get("supplementary", 0)
    if denominator == Denominator.CAST:
        if "valid" in figures and "invalid" in figures:
            return figures.get("in_box", figures["valid"] + figures["invalid"])
        return figures.get("in_box")
    return figures.get("valid")
