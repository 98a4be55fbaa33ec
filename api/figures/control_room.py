"""The control room's figures: coverage now and an hour ago, what came, what was notable in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import KIND_INDEX
from analytics.observation.coverage import HALF, Coverage
from analytics.observation.ids import ids_of, micro, moment_of
from analytics.observation.received import newest
from analytics.observation.record import STATUS_INDEX, STATUSES
from analytics.survey.design import Ints, Truths
from api.auth.principal import Principal
from api.figures.ask import figure
from api.figures.coverage import AreaCoverage, CoverageNow, coverage_at, coverage_now, matched
from api.figures.edition import Edition
from api.figures.incidents import CHECKLIST as INCIDENT
from api.figures.incidents import Incident, incidents
from api.figures.irregularities import GRAVEST, Irregularity, irregularities
from api.figures.rates import indicators_of, level
from api.figures.reference_data import Polling
from schemas.checklist import CASES, Texts
from schemas.codes import Status, severity_of, status_of
from schemas.mission import Kind
from schemas.report import ReportStatus

HOUR = timedelta(hours=1)
MARKS = (HALF, 0.75, 1.0)
"""The shares of the plan at which an area is said to have passed one."""
ROWS, STAGES_SHOWN = 6, 2
"""So many irregularities at most, of so many stages."""
BEFORE = {
    "opening": ("pre_election",),
    "voting": ("opening", "pre_election"),
    "counting": ("voting", "closing", "opening", "pre_election"),
}
"""The stages before the one of the hour: voting, on which most is seen, then the nearest."""
LATER = ("closing", "counting", "tabulation", "all")


@dataclass(frozen=True)
class CameReport:
    """A report that came, with what was gravest in it: its words, how grave, and how many others.

    ``judged`` says whether it was asked about irregularities at all. Without a place ``code`` is
    None and ``name`` empty. ``contest`` is a contest's code, empty where it is of none.
    """

    id: UUID
    received_at: datetime
    status: ReportStatus
    checklist: str
    contest: str
    code: str | None
    name: str
    judged: bool
    severity: int
    notable: Texts
    others: int


@dataclass(frozen=True)
class CameIncident:
    """An incident that came: its nature is an option of the checklist; without the right to see it
    ``known`` is None and nothing but the area is told."""

    id: UUID
    received_at: datetime
    code: str | None
    area: str
    known: Incident | None


@dataclass(frozen=True)
class PassedMark:
    """An area of which one of :data:`MARKS` of the plan has now come, and when that was."""

    at: datetime
    area: str
    share: float


@dataclass(frozen=True)
class LastHour:
    """What changed since ``since``: reports and incidents that came, the newest of these first, and
    areas that passed a mark."""

    since: datetime
    reports: int
    incidents: int
    cases: tuple[CameIncident, ...]
    grave: tuple[CameReport, ...]
    passed: tuple[PassedMark, ...]


@dataclass(frozen=True)
class RoomNow:
    """What the control room shows of the record: coverage now, coverage of the nation an hour ago,
    the last hour, the latest reports, and how many incidents are open, and of them came in the last
    hour."""

    now: CoverageNow
    before: Coverage
    hour: LastHour
    latest: tuple[CameReport, ...]
    open_incidents: int
    new_incidents: int
    sampled: Kind | None
    """The kind of observers of the main sample, on which quick counts rest."""


@figure
def room_now(edition: Edition, who: Principal, kind: Kind | None, most: int) -> RoomNow:
    """The control room of one kind of observers or of both, with at most so many lines a list."""
    since = edition.as_of - HOUR
    before, areas_before = coverage_at(edition, since, kind)
    now = coverage_now(edition, kind)
    here = _of_kind(edition, kind)
    cases, hidden = _cases(edition, who, here), _hidden(edition, who)
    record = edition.record
    recent = here & (record["came"] > micro(since)) & (record["came"] <= micro(edition.as_of))
    recent &= record["status"] != STATUS_INDEX[ReportStatus.SUPERSEDED]
    rows = np.flatnonzero(recent)
    are_cases = np.isin(rows, record.of(INCIDENT))
    last = newest(record, most, edition.as_of, here & ~hidden)
    came = [_came(edition, at) for at in last.tolist()]
    open_now = [each for each in cases.values() if each.open]
    linked = {one: each for each in cases.values() for one in each.linked}
    by_report = linked | cases
    hour = LastHour(
        since,
        int((~are_cases).sum()),
        int(are_cases.sum()),
        _incidents(edition, rows[are_cases], by_report)[:most],
        _grave(edition, rows[~are_cases], most),
        _passed(edition, kind, now.areas, areas_before),
    )
    return RoomNow(
        now,
        before,
        hour,
        tuple(came),
        len(open_now),
        len({each.report for each in open_now} & _ids(edition, rows[are_cases])),
        edition.reference.drawn.kind if edition.reference.drawn else None,
    )


def _of_kind(edition: Edition, kind: Kind | None) -> Truths:
    column = edition.record["kind"]
    if kind is None:
        return np.ones(len(column), dtype=np.bool_)
    found: Truths = column == KIND_INDEX[kind]
    return found


def _cases(edition: Edition, who: Principal, here: Truths) -> dict[UUID, Incident]:
    """The incidents that somebody may see, of these reports, by report; none are read where none
    came."""
    record = edition.record
    if not len(record.of(INCIDENT)):
        return {}
    found = incidents(edition, who).listed(len(record))
    at = record.find(ids_of([each.report for each in found])).tolist()
    return {
        each.report: each for each, row in zip(found, at, strict=True) if row >= 0 and here[row]
    }


def _hidden(edition: Edition, who: Principal) -> Truths:
    """The reports of incidents that are restricted to others."""
    found = np.zeros(len(edition.record), dtype=np.bool_)
    if len(edition.record.of(INCIDENT)):
        hidden = [one for each in incidents(edition, who).hidden for one in each.reports]
        at = edition.record.find(ids_of(hidden))
        found[at[at >= 0]] = True
    return found


def _ids(edition: Edition, rows: Iterable[int]) -> set[UUID]:
    return {UUID(bytes=edition.record.rows[at]["id"].tobytes()) for at in rows}


def _incidents(
    edition: Edition, rows: Ints, cases: dict[UUID, Incident]
) -> tuple[CameIncident, ...]:
    """The incidents of these reports: first where somebody is in danger, then the newest."""
    found = [_incident(edition, at, cases) for at in rows[::-1].tolist()]
    return tuple(sorted(found, key=lambda each: not (each.known and each.known.in_danger)))


def _came(edition: Edition, at: int) -> CameReport:
    """A report of the record, with what is gravest in it."""
    record, row = edition.record, edition.record.rows[at]
    name = record.checklists[row["checklist"]]
    place = edition.reference.places[row["place"]] if row["place"] >= 0 else None
    contests = edition.reference.polling.contests
    seen, judged = _seen(edition, name, at)
    severity, texts = max(seen, key=lambda each: each[0], default=(0, {}))
    return CameReport(
        UUID(bytes=row["id"].tobytes()),
        moment_of(int(row["came"])),
        STATUSES[row["status"]],
        name,
        contests[row["contest"]].code if 0 <= row["contest"] < len(contests) else "",
        place.code if place else None,
        place.name if place else "",
        judged,
        severity,
        texts,
        max(len(seen) - 1, 0),
    )


def _seen(edition: Edition, checklist: str, at: int) -> tuple[list[tuple[int, Texts]], bool]:
    """The irregularities in a report, each with how grave it is, and whether it was judged."""
    matrix = edition.record.matrices.get(checklist)
    if matrix is None or not matrix.indicators:
        return [], False
    position = int(np.searchsorted(matrix.row, at))
    if position == len(matrix.row) or matrix.row[position] != at:
        return [], False
    words = {each.code: each.phrase for each in indicators_of(edition, checklist)}
    irregular = {Status.IRREGULAR, Status.IRREGULAR_TOLD}
    said = zip(matrix.indicators, matrix.codes[position].tolist(), strict=True)
    return [
        (int(severity_of(code)), words.get(indicator, {"en": indicator}))
        for indicator, code in said
        if status_of(code) in irregular
    ], True


def _grave(edition: Edition, rows: Ints, most: int) -> tuple[CameReport, ...]:
    """Of these reports the last so many in which something of the highest severity was seen."""
    record, found = edition.record, []
    wanted = np.zeros(len(record), dtype=np.bool_)
    wanted[rows] = True
    for name, matrix in record.matrices.items():
        if name in CASES:
            continue
        at = np.flatnonzero(wanted[matrix.row])
        codes = matrix.codes[at]
        grave = ((codes >> 4) >= GRAVEST) & (
            ((codes & 15) == Status.IRREGULAR) | ((codes & 15) == Status.IRREGULAR_TOLD)
        )
        found += matrix.row[at[grave.any(axis=1)]].tolist()
    return tuple(_came(edition, at) for at in sorted(found)[::-1][:most])


def _incident(edition: Edition, at: int, cases: dict[UUID, Incident]) -> CameIncident:
    reference, row = edition.reference, edition.record.rows[at]
    place = reference.places[row["place"]] if row["place"] >= 0 else None
    area = int(row["area"])
    report = UUID(bytes=row["id"].tobytes())
    return CameIncident(
        report,
        moment_of(int(row["came"])),
        place.code if place else None,
        reference.areas[area].name if area >= 0 else "",
        cases.get(report),
    )


def _passed(
    edition: Edition,
    kind: Kind | None,
    now: Sequence[AreaCoverage],
    before: Sequence[AreaCoverage],
) -> tuple[PassedMark, ...]:
    """The areas that passed a mark, the last first; of several marks the highest."""
    was = {each.area.id: each.row for each in before if each.area}
    found = []
    for each in now:
        if each.area is None or not each.row.expected:
            continue
        old = was[each.area.id].received if each.area.id in was else 0
        passed = [mark for mark in MARKS if old < mark * each.row.expected <= each.row.received]
        if passed:
            found.append(
                PassedMark(_moment(edition, kind, each, passed[-1]), each.area.name, passed[-1])
            )
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _moment(edition: Edition, kind: Kind | None, area: AreaCoverage, share: float) -> datetime:
    """When the report came with which an area passed a mark."""
    found, groups = matched(edition), level(edition.reference.areas)
    into = next(
        n for n, each in enumerate(edition.reference.areas) if area.area and each.id == area.area.id
    )
    own = found.expected.area[found.came]
    here = np.array([*groups, -1])[own] == into
    if kind is not None:
        here &= found.expected.kind[found.came] == KIND_INDEX[kind]
    came = np.sort(edition.record["came"][found.met[found.came[here]]])
    return moment_of(int(came[int(np.ceil(share * area.row.expected)) - 1]))


def stages_at(polling: Polling, moment: datetime) -> tuple[str, ...]:
    """The stages in the order of the hour: the one that it is, those before it, those to come."""
    now = "opening" if moment < polling.opens else "voting"
    now = "counting" if moment >= polling.closes else now
    first = (now, *BEFORE[now])
    return (*first, *(each for each in LATER if each not in first))


@dataclass(frozen=True)
class IrregularitiesOfHour:
    """The irregularities that the control room shows, the stage of the hour first, of so many."""

    shown: tuple[Irregularity, ...]
    of: int


@figure
def irregularities_of_hour(edition: Edition, kind: Kind | None) -> IrregularitiesOfHour:
    """Of the stage of the hour and of the nearest other that was reported on, some of each: the
    gravest, which keeps its place where none was seen, and the most frequent."""
    found = irregularities(edition, kind)
    stages = [
        each
        for each in stages_at(edition.reference.polling, edition.as_of)
        if any(one.stage == each for one in found)
    ]
    by_stage = [_foremost(found, each) for each in stages[:STAGES_SHOWN]]
    half = ROWS // STAGES_SHOWN
    room = [
        max(half, ROWS - sum(min(len(other), half) for other in by_stage if other is not own))
        for own in by_stage
    ]
    shown = [
        one
        for own, many in zip(by_stage, room, strict=True)
        for one in sorted(own[:many], key=lambda each: (-each.indicator.severity, -each.share))
    ]
    return IrregularitiesOfHour(tuple(shown), len(found))


def _foremost(found: Iterable[Irregularity], stage: str) -> list[Irregularity]:
    """Those of a stage: the most frequent of the gravest, then the most frequent of all."""
    own = [each for each in found if each.stage == stage]
    grave = [each for each in own if each.indicator.severity >= GRAVEST]
    first = max(grave, key=lambda each: each.share, default=None)
    rest = sorted((each for each in own if each is not first), key=lambda each: -each.share)
    return [each for each in (first, *rest) if each is not None]
