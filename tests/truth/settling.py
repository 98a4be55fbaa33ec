"""Which reports count, from what came and was done, in the order in which it came.

The rules on contests, on who counts and on corrections, in the plainest way: what came is gone
through from the first to the last, and of each group the newest that is not stale counts.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.truth.forms import form
from tests.truth.mission import Correction, Decision, Mission, Plan, Post

PLACED = "station"
Reason = tuple[str, str]


@dataclass
class Kept:
    """A report as it stands: its newest version, and what became of it."""

    report: dict[str, Any]
    order: int
    """Of its receipt: the newest of a group is the one with the highest."""
    ids: list[str]
    """Every id that leads to it, the newest last."""
    round: str = ""
    contest: str | None = None
    decided: str = "received"
    """What a person decided: received (nothing), verified or quarantined."""
    reasons: list[Reason] = field(default_factory=list)
    """Why it is held; empty where it is not."""
    stale: bool = False
    superseded: bool = False

    @property
    def id(self) -> str:
        """The id that it first came under."""
        return self.ids[0]

    @property
    def checklist(self) -> str:
        """Its checklist."""
        return str(self.report["checklist"])

    @property
    def team(self) -> tuple[str, ...]:
        """Everybody who was there."""
        return tuple(sorted({self.report["observer"], *self.report.get("with", ())}))

    @property
    def arrived(self) -> datetime | None:
        """When they came to the place."""
        said = self.report.get("arrived_at")
        return datetime.fromisoformat(said) if said else None

    @property
    def finished(self) -> datetime | None:
        """When it was finished."""
        said = self.report.get("finalised_at")
        return datetime.fromisoformat(said) if said else None

    def ahead(self, now: datetime) -> bool:
        """Whether it speaks of a time that has not come."""
        return any(each > now for each in (self.arrived, self.finished) if each)

    def counts(self, now: datetime) -> bool:
        """Whether it enters figures."""
        return not (
            self.reasons
            or self.decided == "quarantined"
            or self.stale
            or self.superseded
            or self.ahead(now)
        )

    @property
    def status(self) -> str:
        """Held, quarantined, superseded, verified, or received (flagged is not told apart)."""
        if self.reasons:
            return "held"
        if self.decided == "quarantined":
            return "quarantined"
        if self.stale or self.superseded:
            return "superseded"
        return self.decided


class Settlement:
    """The reports of a mission after everything that came and was done."""

    def __init__(self, mission: Mission) -> None:
        self.mission = mission
        self.kept: list[Kept] = []
        self.refused: dict[str, int] = {}
        """Answers other than 200, 201 and 202, by the id that was refused."""
        self._clock = 0
        self._plans: dict[str, Plan | None] = {}
        for step in mission.steps:
            if isinstance(step, Post):
                for report in _after_what_they_name(step.reports):
                    self._receive(report)
            elif isinstance(step, Decision):
                self._decide(step)
            else:
                self._correct(step)
        self._settle()

    def counted(self, checklist: str | None = None, round_code: str | None = None) -> list[Kept]:
        """What enters figures."""
        return [
            each
            for each in self.kept
            if each.counts(self.mission.now)
            and checklist in (None, each.checklist)
            and round_code in (None, each.round)
        ]

    def plan_of(self, kept: Kept) -> Plan | None:
        """The deployment by which the team was there."""
        if kept.id not in self._plans:
            self._plans[kept.id] = self._plan_of(kept)
        return self._plans[kept.id]

    def _plan_of(self, kept: Kept) -> Plan | None:
        return next(
            (
                each
                for each in self.mission.plans
                if each.station == kept.report.get("station")
                and each.round == kept.round
                and set(each.team) & set(kept.team)
            ),
            None,
        )

    def by_id(self, report_id: str) -> Kept | None:
        """The report that an id leads to."""
        return next((each for each in self.kept if report_id in each.ids), None)

    def _receive(self, report: dict[str, Any]) -> None:
        known = self.by_id(report["id"])
        if known is not None:
            return  # the same bytes: already kept
        self._clock += 1
        replaced = report.get("replaces")
        if replaced is not None and self._joins(report, replaced):
            return
        new = Kept(report, self._clock, [report["id"]])
        if replaced is not None:
            before = self.by_id(replaced)
            new.reasons.append(("replaces", "decided" if before else "unknown"))
        self._place(new)
        self.kept.append(new)
        self._wait_no_longer(new)

    def _joins(self, report: dict[str, Any], replaced: str) -> bool:
        """Whether a correction was taken as a version of what it names, or refused."""
        before = self.by_id(replaced)
        if before is None or before.decided != "received":
            return False
        if before.ids[-1] != replaced:
            self.refused[report["id"]] = 409
            return True
        before.ids.append(report["id"])
        before.report = report
        before.reasons.clear()
        self._place(before)
        return True

    def _wait_no_longer(self, new: Kept) -> None:
        """What was waiting for this report joins it."""
        for each in list(self.kept):
            if ("replaces", "unknown") in each.reasons and each.report["replaces"] == new.id:
                self.kept.remove(each)
                self._joins(each.report, new.id)

    def _place(self, kept: Kept) -> None:
        """The round and the contest, and what holds it."""
        mission, report = self.mission, kept.report
        kept.round = report.get("round") or _round_at(mission, kept.arrived)
        if not kept.round:
            kept.reasons.append(("round", "unknown"))
        if mission.station(report.get("station")) is None:
            kept.reasons.append((PLACED, "unknown"))
        observer = next(
            (each for each in mission.observers if each.pseudonym == report["observer"]), None
        )
        if observer is None or not observer.pledged:
            kept.reasons.append(("observer", "gate"))
        if form(kept.checklist).per == "contest" and not kept.reasons:
            kept.contest = self._contest_of(kept)

    def _contest_of(self, kept: Kept) -> str | None:
        mission, report = self.mission, kept.report
        here = mission.contests_at(kept.round, report["station"])
        named = report.get("contest")
        if named is not None:
            if named not in here:
                kept.reasons.append(("contest", "contradicts"))
                return None
            return str(named)
        if len(here) == 1:
            return here[0]
        lines = {each["contestant"] for each in report["answers"].get("contestant_votes", ())}
        covering = [
            each.code
            for each in mission.contests
            if each.round == kept.round and lines and lines <= set(each.contestants)
        ]
        if len(covering) == 1:
            return covering[0]
        kept.reasons.append(("contest", "absent"))
        return None

    def _decide(self, decision: Decision) -> None:
        kept = self.by_id(decision.report)
        assert kept is not None
        kept.decided = decision.status

    def _correct(self, correction: Correction) -> None:
        kept = self.by_id(correction.report)
        assert kept is not None
        changed = kept.report["answers"] | correction.answers
        answers = {name: value for name, value in changed.items() if value is not None}
        kept.report = kept.report | {"answers": answers}

    def _settle(self) -> None:
        """Of each group the newest that is not stale counts."""
        for group in self._groups():
            for each in group:
                each.stale = any(_overtaken(each, other) for other in group)
            fresh = [each for each in group if not each.stale and each.decided != "quarantined"]
            verified = [each for each in fresh if each.decided == "verified"]
            for each in fresh:
                each.reasons = [one for one in each.reasons if one != ("visit", "decided")]
                if verified and each.order > verified[-1].order:
                    each.reasons.append(("visit", "decided"))
            free = [each for each in fresh if not each.reasons]
            newest = max(free, key=lambda each: each.order, default=None)
            for each in group:
                each.superseded = each in free and each is not newest

    def _groups(self) -> list[list[Kept]]:
        groups: dict[Any, list[Kept]] = {}
        for each in self.kept:
            if not [one for one in each.reasons if one != ("visit", "decided")]:
                groups.setdefault(self._group_of(each), []).append(each)
        return _with_copies(list(groups.values()), self)

    def _group_of(self, kept: Kept) -> Any:
        report = kept.report
        visit: Any = report.get("visit")
        if visit is None:
            arrived = kept.arrived
            visit = (kept.round, report["station"], arrived, kept.team) if arrived else kept.id
        group = (visit, kept.checklist, kept.contest)
        return (*group, kept.finished) if self.per_observation(kept) else group

    def per_observation(self, kept: Kept) -> bool:
        """Whether several of one visit count: the checklist's, or the plan's at this station."""
        plan = self.plan_of(kept)
        more = plan is not None and plan.expects.get(kept.checklist, 0) > 1
        return form(kept.checklist).per == "observation" or (
            more and form(kept.checklist).per == "visit"
        )


def _with_copies(groups: list[list[Kept]], settlement: Settlement) -> list[list[Kept]]:
    """Observations of one visit by one device with equal answers are one."""
    joined: list[list[Kept]] = []
    for group in groups:
        same = next((each for each in joined if _is_copy(each[0], group[0], settlement)), None)
        if same is None:
            joined.append(group)
        else:
            same.extend(group)
    return joined


def _is_copy(one: Kept, other: Kept, settlement: Settlement) -> bool:
    if not (settlement.per_observation(one) and settlement.per_observation(other)):
        return False
    devices = [each.report.get("device") for each in (one, other)]
    alike = ("visit", "checklist", "answers")
    return (
        None not in devices
        and devices[0]["id"] == devices[1]["id"]
        and one.report.get("visit") is not None
        and all(one.report.get(each) == other.report.get(each) for each in alike)
    )


def _after_what_they_name(reports: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """Of one body, what names another of its lines comes after it."""
    ids = {each["id"] for each in reports}
    left, taken, done = list(reports), [], set[str]()
    while left:
        for each in left:
            named = each.get("replaces")
            if named not in ids or named in done:
                taken.append(each)
                done.add(each["id"])
                left.remove(each)
                break
        else:
            return taken + left
    return taken


def _overtaken(kept: Kept, other: Kept) -> bool:
    """Whether the same device had sent the other later, and it arrived earlier.

    A quarantined one overtakes nothing: in whatever order the two arrive, the other counts.
    """
    if other.decided == "quarantined":
        return False
    mine, its = kept.report.get("device"), other.report.get("device")
    if not mine or not its or mine["id"] != its["id"] or kept is other:
        return False
    return bool(its["sequence"] > mine["sequence"] and other.order < kept.order)


def _round_at(mission: Mission, arrived: datetime | None) -> str:
    if arrived is None or len(mission.rounds) == 1:
        return mission.rounds[0].code
    day = arrived.date()
    days = {each.code: date.fromisoformat(each.day) for each in mission.rounds}
    on_the_day = [code for code, held in days.items() if held == day]
    open_then = on_the_day or [code for code, held in days.items() if 0 < (day - held).days <= 3]
    return open_then[0] if len(open_then) == 1 else ""
