"""What the counted reports say: every number with its kind, unit, domain, n, of and missing.

One station, one voice: over its counted reports irregular (seen), else fine, told, not observed,
unanswered, not applicable, not asked. A refused station answers the indicators of access, a closed
one is out of the frame; neither is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tests.truth.drawing import drawn
from tests.truth.estimating import Drawn, Interval, proportion
from tests.truth.forms import (
    CASES,
    FINE,
    NOT_APPLICABLE,
    NOT_ASKED,
    NOT_OBSERVED,
    SEEN,
    TOLD,
    UNANSWERED,
    Form,
    form,
)
from tests.truth.mission import Plan, Sample
from tests.truth.settling import Kept, Settlement

VOICES = (SEEN, FINE, TOLD, NOT_OBSERVED, UNANSWERED, NOT_APPLICABLE, NOT_ASKED)
"""In a station's voice what was seen comes first, and fine stands before what was told."""
BESIDE = {
    TOLD: "told",
    NOT_OBSERVED: "not_observed",
    UNANSWERED: "unanswered",
    NOT_APPLICABLE: "not_applicable",
}
ACCESS = frozenset({"AC-OBS"})
"""The indicators that a refused entry answers."""
REFUSED = frozenset({"denied"})
SAMPLE, VISITS = "sample", "visits"
Key = tuple[str, str, str, str, str | None]
"""Checklist, indicator, kind of observers, part, area (none for the nation)."""


@dataclass(frozen=True)
class Number:
    """A number as it must be said; an interval makes it an estimate."""

    unit: str
    n: int
    of: int
    missing: int
    seen: int
    """Where it was seen, of ``answered``: those where it was seen or seen to be fine."""
    answered: int
    other: tuple[str, int, int] = ("", 0, 0)
    """The same in the other unit: that unit, seen, answered."""
    interval: Interval | None = None
    domain: tuple[str, int] | None = None
    """Its text in English, and of how many it is asked."""
    beside: Mapping[str, int] = field(default_factory=dict)


def voice(statuses: Iterable[int]) -> int:
    """What a station says, of all its counted reports."""
    return min(statuses, key=VOICES.index)


class Count:
    """The numbers of one round."""

    def __init__(self, settlement: Settlement, round_code: str) -> None:
        self.mission, self.round = settlement.mission, round_code
        self.settlement = settlement
        self.reports = self.settlement.counted(round_code=round_code)
        self.codes = {each.id: form(each.checklist).judge(each.report) for each in self.reports}
        self.area = {each.code: each.area for each in self.mission.stations}
        self._designs = {kind: self._design(kind) for kind in ("domestic", "international")}

    def sample(self, kind: str) -> Sample | None:
        """The draw for a kind of observers."""
        found = (each for each in self.mission.samples if each.round == self.round)
        return next((each for each in found if each.kind == kind), None)

    def design(self, kind: str) -> list[Drawn]:
        """The stations drawn for a kind of observers, with their strata."""
        return self._designs[kind]

    def _design(self, kind: str) -> list[Drawn]:
        sample = self.sample(kind)
        if sample is None:
            return []
        codes = drawn(self.mission.stations, sample)
        sizes = {
            area: sum(each.area == area for each in self.mission.stations)
            for area in set(self.area.values())
        }
        given = {area: sum(self.area[code] == area for code in codes) for area in sizes}
        return [
            Drawn(code, self.area[code], sizes[self.area[code]], given[self.area[code]])
            for code in codes
        ]

    def kind_of(self, kept: Kept) -> str:
        """The kind of observers that a report is of."""
        return self.mission.kind_of(kept.report["observer"])

    def assigned(self, kept: Kept, kind: str) -> bool:
        """Whether it is of the visit that the sample asked for."""
        codes = {each.code for each in self.design(kind)}
        return kept.report["station"] in codes and self.settlement.plan_of(kept) is not None

    def refused(self, kind: str) -> set[str]:
        """Stations that let nobody in, and at which nobody of the same kind observed later."""
        return {
            each.report["station"]
            for each in self._refusals(kind)
            if not any(self._observed_after(each, other) for other in self.reports)
        }

    def _refusals(self, kind: str) -> list[Kept]:
        return [
            each
            for each in self.reports
            if each.checklist == "access_denied"
            and each.report["answers"].get("access") in REFUSED
            and self.kind_of(each) == kind
        ]

    def _observed_after(self, refusal: Kept, other: Kept) -> bool:
        return (
            other.checklist not in CASES
            and other.report["station"] == refusal.report["station"]
            and self.kind_of(other) == self.kind_of(refusal)
            and other.arrived is not None
            and refusal.arrived is not None
            and other.arrived > refusal.arrived
        )

    def refused_at(self, checklist: str, kind: str) -> set[str]:
        """Stations that let nobody in when this checklist was due, and of which none came."""
        closes = next(each for each in self.mission.rounds if each.code == self.round).opens
        closes += timedelta(hours=11)
        counting = form(checklist).stage == "counting"
        there = {
            each.report["station"]
            for each in self.reports
            if each.checklist == checklist and self.kind_of(each) == kind
        }
        return {
            each.report["station"]
            for each in self._refusals(kind)
            if each.arrived is not None and (each.arrived >= closes) == counting
        } - there

    def irregularities(self) -> dict[Key, Number]:
        """Every share and count of every checklist that is no case."""
        found: dict[Key, Number] = {}
        for checklist in {each.checklist for each in self.reports} - CASES:
            for kind in ("domestic", "international"):
                here = [
                    each
                    for each in self.reports
                    if each.checklist == checklist and self.kind_of(each) == kind
                ]
                planned = [each for each in here if self.assigned(each, kind)]
                rest = [each for each in here if each not in planned]
                for area in (None, *sorted(set(self.area.values()))):
                    for code in form(checklist).indicators:
                        key = (checklist, code, kind)
                        if planned:
                            found[*key, SAMPLE, area] = self._sampled(code, planned, kind, area)
                        if self._within(rest, area):
                            found[*key, VISITS, area] = self._visited(code, rest, kind, area)
        return found

    def _within(self, reports: list[Kept], area: str | None) -> list[Kept]:
        return [each for each in reports if area in (None, self.area[each.report["station"]])]

    def _voices(self, code: str, reports: list[Kept]) -> dict[str, int]:
        said: dict[str, list[int]] = {}
        for each in reports:
            said.setdefault(each.report["station"], []).append(self.codes[each.id][code])
        return {station: voice(statuses) for station, statuses in said.items()}

    def _sampled(self, code: str, planned: list[Kept], kind: str, area: str | None) -> Number:
        design = self.design(kind)
        checklist = planned[0].checklist
        here = {each.code for each in design if area in (None, each.stratum)}
        said = {
            station: each
            for station, each in self._voices(code, planned).items()
            if station in here
        }
        answers = self.refused_at(checklist, kind)
        refused = (self.refused(kind) | answers) & here - set(said)
        silent = self._silent(kind) - {each.report["station"] for each in planned}
        gone = silent & here - refused
        missing = len(here) - len(said) - len(refused) - len(gone)
        if code in ACCESS:
            said |= dict.fromkeys(refused & answers, SEEN)
        entered = {station: each == SEEN for station, each in said.items() if each in (SEEN, FINE)}
        speaks = self.enough(design, {each.report["station"] for each in planned}, silent)
        other = self._other(code, self._within(planned, area))
        if not entered or not speaks:
            number = self._number(code, checklist, "station", said.values(), missing)
            return replace(number, other=other)
        return Number(
            unit="station",
            n=len(entered),
            of=len(here),
            missing=missing,
            seen=sum(entered.values()),
            answered=len(entered),
            other=other,
            interval=proportion(design, entered),
            domain=_domain(form(checklist), code, said.values()),
            beside=_beside(said.values()),
        )

    def _visited(self, code: str, rest: list[Kept], kind: str, area: str | None) -> Number:
        checklist = rest[0].checklist
        here = self._within(rest, area)
        other = self._other(code, here)
        if form(checklist).per == "observation":
            statuses = [self.codes[each.id][code] for each in here]
            return self._number(code, checklist, "observation", statuses, 0)
        said = self._voices(code, here)
        if code in ACCESS:
            beside = self.refused_at(checklist, kind) - {each.code for each in self.design(kind)}
            said |= {each: SEEN for each in beside - set(said) if area in (None, self.area[each])}
        return replace(self._number(code, checklist, "station", said.values(), 0), other=other)

    def _other(self, code: str, reports: list[Kept]) -> tuple[str, int, int]:
        """Observations in which it was seen, and those that could say."""
        said = [self.codes[each.id][code] for each in reports]
        return "observation", said.count(SEEN), said.count(SEEN) + said.count(FINE)

    def _number(
        self, code: str, checklist: str, unit: str, statuses: Iterable[int], missing: int
    ) -> Number:
        said = list(statuses)
        answered = said.count(SEEN) + said.count(FINE)
        return Number(
            unit=unit,
            n=said.count(SEEN),
            of=answered,
            missing=missing,
            seen=said.count(SEEN),
            answered=answered,
            domain=_domain(form(checklist), code, said),
            beside=_beside(said),
        )

    def begun(self) -> bool:
        """Whether the round's polls have opened."""
        opens = next(each.opens for each in self.mission.rounds if each.code == self.round)
        return opens <= self.mission.now

    def stations_observed(self, kind: str) -> int:
        """Distinct stations of which a checklist of election day came that counts."""
        return len(
            {
                each.report["station"]
                for each in self.reports
                if each.checklist not in CASES and self.kind_of(each) == kind
            }
        )

    def unobserved(self) -> tuple[int, int, int]:
        """Stations of the plan that nobody could observe: refused, closed, or unsafe."""
        planned = {each.station for each in self.mission.plans if each.round == self.round}
        seen = {each.report["station"] for each in self.reports if each.checklist not in CASES}
        refused = (self.refused("domestic") | self.refused("international")) - seen
        return len(refused), len(planned & set(self.mission.closed)), 0

    def refusals(self) -> int:
        """Reports that access was denied or restricted."""
        return sum(each.checklist == "access_denied" for each in self.reports)

    def of_checklist(self, checklist: str) -> tuple[int, int, int]:
        """Expected, received and missing of one checklist."""
        return self._coverage(None, {checklist})

    def coverage(self) -> dict[str | None, tuple[int, int, int]]:
        """Expected, received and missing of the nation (none) and of each area."""
        areas = (None, *sorted(set(self.area.values())))
        return {area: self._coverage(area, None) for area in areas}

    def _coverage(self, area: str | None, checklists: set[str] | None) -> tuple[int, int, int]:
        expected = received = missing = 0
        for plan in self.mission.plans:
            due = plan.round == self.round and not self._impossible(plan)
            if not due or area not in (None, self.area[plan.station]):
                continue
            for checklist, quota in self._due(plan).items():
                if checklists is None or checklist in checklists:
                    came = min(quota, self._came(plan, checklist))
                    expected += quota
                    received += came
                    if not self._excused(plan, came):
                        missing += quota - came
        return expected, received, missing

    def _due(self, plan: Plan) -> dict[str, int]:
        contests = len(self.mission.contests_at(plan.round, plan.station))
        return {
            checklist: quota * (contests if form(checklist).per == "contest" else 1)
            for checklist, quota in plan.expects.items()
            if quota
        }

    def _came(self, plan: Plan, checklist: str) -> int:
        """What came of a plan, though it be held or quarantined; not what was superseded, nor
        what speaks of a time that has not come."""
        return sum(
            self.settlement.plan_of(each) is plan
            and each.checklist == checklist
            and each.status != "superseded"
            and not each.ahead(self.mission.now)
            for each in self.settlement.kept
        )

    def _impossible(self, plan: Plan) -> bool:
        """Whether nobody could go: such a plan is neither expected nor missing."""
        return plan.unsafe or plan.station in self.mission.closed

    def _excused(self, plan: Plan, came: int) -> bool:
        return not came and plan.station in self.refused(self.mission.kind_of(plan.team[0]))

    def _silent(self, kind: str) -> set[str]:
        """Stations that nobody could report from: closed, or not safe to go to."""
        unsafe = {
            each.station
            for each in self.mission.plans
            if each.unsafe
            and each.round == self.round
            and self.mission.kind_of(each.team[0]) == kind
        }
        return unsafe | set(self.mission.closed)

    def enough(self, design: list[Drawn], came: set[str], gone: set[str]) -> bool:
        """Whether the response reaches the threshold, in all and in each stratum, of those
        stations that are not ``gone``."""
        for stratum in (None, *{each.stratum for each in design}):
            here = {each.code for each in design if stratum in (None, each.stratum)}
            open_ones = here - gone
            if len(came & open_ones) < self.mission.threshold * len(open_ones):
                return False
        return True


def _domain(of: Form, code: str, statuses: Iterable[int]) -> tuple[str, int] | None:
    if not of.conditional(code) or of.indicators[code].among == "all":
        return None
    asked = sum(each != NOT_ASKED for each in statuses)
    return (of.indicators[code].among or "where it was asked", asked)


def _beside(statuses: Iterable[int]) -> dict[str, int]:
    said = list(statuses)
    return {name: said.count(status) for status, name in BESIDE.items()} | {
        "not_asked": said.count(NOT_ASKED)
    }
