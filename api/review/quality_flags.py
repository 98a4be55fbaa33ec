"""Quality flags of reports, for those alone who decide on reports.

They are calculated from the reports themselves and stored nowhere: a flag changes no figure,
deletes nothing, and a correction takes it away by itself.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from analytics.observation.ids import ids_of
from analytics.quality.flags import Flag
from analytics.quality.screening import Form, screen
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.reports_behind import ReportStation, stations_of_reports
from api.places.stations import EFFECTIVE, Differing, Polling, differing
from schemas.checklist import Definition

MISSIONS = 16
NEWEST = 10_000
"""So many reports are screened together; what came before was screened on its day."""
KEPT_SECONDS = 60.0
FORMS = """
SELECT r.id, r.checklist, r.place_id, r.contest_id, r.arrived_at, r.finalised_at, r.observer_id,
  v.answers, v.envelope -> 'position' AS position,
  coalesce((SELECT array_agg(encode(a.sha256, 'hex')) FROM attachment a
    WHERE a.mission_id = r.mission_id AND a.report_id = r.id AND a.sha256 IS NOT NULL),
    '{}') AS photos
FROM report r
JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
WHERE r.mission_id = :m AND r.status IN ('received', 'flagged', 'verified')
  AND NOT EXISTS (SELECT FROM incident_event e WHERE e.mission_id = r.mission_id
    AND e.report_id = r.id AND e.kind = 'visibility')"""
"""Incidents that were restricted are not screened: flags are for all who decide on reports."""
ONLY_NEWEST = " ORDER BY r.sequence DESC LIMIT :newest"
OF_ONE_REPORT = """ AND r.id IN (
  SELECT CAST(:report AS uuid) UNION
  (SELECT s.id FROM report t JOIN report s ON s.mission_id = t.mission_id
    AND s.observer_id = t.observer_id AND s.checklist = t.checklist
  WHERE t.mission_id = :m AND t.id = :report ORDER BY s.sequence DESC LIMIT 100) UNION
  (SELECT s.id FROM report t JOIN report s ON s.mission_id = t.mission_id
    AND s.checklist = t.checklist
  WHERE t.mission_id = :m AND t.id = :report ORDER BY s.sequence DESC LIMIT 300) UNION
  SELECT a.report_id FROM attachment b JOIN attachment a
    ON a.mission_id = b.mission_id AND a.sha256 = b.sha256
  WHERE b.mission_id = :m AND b.report_id = :report) ORDER BY r.sequence DESC"""
"""The report itself, its observer's newest on the checklist, everybody's newest on it, which say
what is usual, and what shows the same photographs: each by an index of its own."""
PSEUDONYMS = "SELECT id, pseudonym FROM observer WHERE mission_id = :m AND id = ANY(:ids)"
POSITIONS = """
SELECT id, latitude, longitude FROM place
WHERE mission_id = :m AND id = ANY(:ids) AND latitude IS NOT NULL AND longitude IS NOT NULL"""


@dataclass(frozen=True)
class ByObserver:
    """An observer's flags by code, of so many reports. For data managers: never public."""

    observer: str
    reports: int
    codes: Mapping[str, int]

    @property
    def flagged(self) -> int:
        """Flags in all."""
        return sum(self.codes.values())


@dataclass(frozen=True)
class ScreeningResult:
    """What was screened, when, and every flag; ``observers`` names each report's observer."""

    at: datetime
    reports: int
    flags: tuple[Flag, ...]
    observers: Mapping[str, str]

    @property
    def by_report(self) -> dict[str, tuple[Flag, ...]]:
        """Each report that has flags, once, with all of them; those with most kinds first."""
        found: defaultdict[str, list[Flag]] = defaultdict(list)
        for flag in self.flags:
            found[flag.report].append(flag)
        kinds = {report: len({each.code for each in flags}) for report, flags in found.items()}
        return {each: tuple(found[each]) for each in sorted(found, key=lambda one: -kinds[one])}

    @property
    def by_observer(self) -> list[ByObserver]:
        """Observers with flags, those with most flags a report first."""
        sent = Counter(self.observers.values())
        codes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for flag in self.flags:
            codes[self.observers[flag.report]][flag.code] += 1
        found = [ByObserver(name, sent[name], counted) for name, counted in codes.items()]
        return sorted(found, key=lambda each: (-each.flagged / each.reports, each.observer))


_kept: dict[tuple[UUID, UUID], tuple[float, ScreeningResult]] = {}
"""What was screened last, by mission and round, and until when it is shown."""


@dataclass(frozen=True)
class FlaggedReport:
    """A report with all its flags, who sent it and where it is from."""

    report: str
    flags: tuple[Flag, ...]
    observer: str
    station: str
    place: str


@dataclass(frozen=True)
class FlagList:
    """Flags of the newest ``reports``, screened ``at``: how many reports have some, how many have
    each code, those that stand first, how many more there are, and the observers with most."""

    at: datetime
    reports: int
    flagged: int
    codes: Mapping[str, int]
    rows: tuple[FlaggedReport, ...]
    more: int
    observers: tuple[ByObserver, ...]


@figure
def flag_list(edition: Edition, code: str, most: int, observers: int) -> FlagList:
    """At most so many reports with a flag of one code (of any, where it is empty), and so many
    observers."""
    found = screen_newest(edition)
    flagged = found.by_report
    chosen = [
        report
        for report, flags in flagged.items()
        if not code or any(each.code == code for each in flags)
    ]
    shown = chosen[:most]
    stations = stations_of_reports(edition, [UUID(each) for each in shown])
    return FlagList(
        at=found.at,
        reports=found.reports,
        flagged=len(flagged),
        codes=Counter(code for flags in flagged.values() for code in {each.code for each in flags}),
        rows=tuple(_flagged(each, flagged[each], found, stations) for each in shown),
        more=len(chosen) - len(shown),
        observers=tuple(found.by_observer[:observers]),
    )


def _flagged(
    report: str,
    flags: tuple[Flag, ...],
    found: ScreeningResult,
    stations: Mapping[UUID, ReportStation],
) -> FlaggedReport:
    here = stations.get(UUID(report))
    observer = found.observers[report]
    return FlaggedReport(
        report, flags, observer, here.code if here else "", here.name if here else ""
    )


@figure
def screen_newest(edition: Edition) -> ScreeningResult:
    """The newest reports of a mission, screened together; kept for a minute."""
    key = edition.reference.mission.mission_id, edition.reference.polling.round_id
    until, found = _kept.get(key, (0.0, None))
    if found is None or time.monotonic() > until:
        found = _screened(edition)
        _kept.pop(key, None)
        _kept[key] = time.monotonic() + KEPT_SECONDS, found
        for oldest in list(_kept)[:-MISSIONS]:
            del _kept[oldest]
    return found


@figure
def flags_of(edition: Edition, report: UUID) -> list[Flag] | None:
    """One report's flags; None where it did not come in the round."""
    came = edition.record.find(ids_of([report]))[0] >= 0
    return screen_one(edition, report) if came else None


@figure
def screen_one(edition: Edition, report: UUID) -> list[Flag]:
    """One report's flags: alone, beside its observer's others, beside the same photographs."""
    forms = _forms(edition, FORMS + OF_ONE_REPORT, {"report": report})
    return sorted(screen(forms, _known(edition), str(report)), key=_order)


def _screened(edition: Edition) -> ScreeningResult:
    forms = _forms(edition, FORMS + ONLY_NEWEST, {"newest": NEWEST})
    flags = tuple(sorted(screen(forms, _known(edition)), key=_order))
    observers = {each.report: each.observer for each in forms}
    return ScreeningResult(edition.as_of, len(forms), flags, observers)


def _known(edition: Edition) -> dict[str, Definition]:
    """The newest rules of each checklist."""
    rules = {name: edition.reference.newest(name) for name in edition.reference.checklists}
    return {name: each.definition for name, each in rules.items() if each}


def _order(flag: Flag) -> tuple[str, float, str]:
    """By code; those that are most alike first."""
    share = flag.inputs.get("share")
    return flag.code, -share if isinstance(share, float) else 0.0, flag.report


def _forms(edition: Edition, query: str, values: dict[str, Any]) -> list[Form]:
    mission, polling = edition.reference.mission.mission_id, edition.reference.polling
    rows = edition.rows_of(text(query), {"m": mission} | values)[::-1]
    places = list({row.place_id for row in rows if row.place_id})
    of = {"mission": mission, "round": polling.round_id, "places": places}
    elsewhere = differing(edition.rows_of(EFFECTIVE, of))
    # Not joined: of tables just filled the database has no statistics, and goes through all places
    # for each report.
    observers = list({row.observer_id for row in rows if row.observer_id})
    pseudonyms = dict(
        map(tuple, edition.rows_of(text(PSEUDONYMS), {"m": mission, "ids": observers}))
    )
    positions = {
        place: (latitude, longitude)
        for place, latitude, longitude in edition.rows_of(
            text(POSITIONS), {"m": mission, "ids": places}
        )
    }
    return [
        Form(
            report=str(row.id),
            observer=pseudonyms.get(row.observer_id, ""),
            checklist=row.checklist,
            place=str(row.place_id or ""),
            contest=str(row.contest_id or ""),
            answers=row.answers,
            began=row.arrived_at,
            finished=row.finalised_at,
            position=_position(row.position),
            station=positions.get(row.place_id),
            opens=None if row.place_id is None else _opens(edition, elsewhere.get(row.place_id)),
            photos=tuple(row.photos),
        )
        for row in rows
    ]


def _position(given: Any) -> tuple[float, float, float] | None:
    if not isinstance(given, dict):
        return None
    known = [given.get(name) for name in ("lat", "lon", "accuracy_m")]
    if not all(isinstance(each, int | float) for each in known[:2]):
        return None
    lat, lon, accuracy = known
    return float(lat or 0), float(lon or 0), float(accuracy or 0)


def _opens(edition: Edition, hours: Differing | None) -> datetime:
    """When the station was to open on the first polling day."""
    polling = edition.reference.polling
    if hours is None:
        return polling.opens
    usual = Polling(
        polling.opens.timetz().replace(tzinfo=None),
        polling.closes.timetz().replace(tzinfo=None),
        polling.zone,
    )
    own = hours.over(usual)
    return own.at(polling.opens.date(), own.opens)


def flagged_out(found: ScreeningResult) -> list[dict[str, Any]]:
    """Each report that has flags, once, with its reasons, as the JSON shows it."""
    return [
        {
            "report": report,
            "reasons": [{"code": each.code, "inputs": dict(each.inputs)} for each in flags],
        }
        for report, flags in found.by_report.items()
    ]


def flag_out(flag: Flag) -> dict[str, Any]:
    """A flag as the JSON shows it: the report, never who sent it."""
    return {"code": flag.code, "report": flag.report, "inputs": dict(flag.inputs)}
