"""Loading the deployment plan as columns: every expected report, and who was sent where."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from analytics.observation.code_matrix import KIND_INDEX, NOWHERE
from analytics.observation.expected_reports import ExpectedReports
from analytics.observation.ids import ID, KEY, IdNames, Ids, ids_of, micro
from analytics.observation.station_contests import Contests, StationContests
from api.figures.columns import id_column, names_of, number_column, read_once, stream
from api.figures.reference import ObserverPostings
from api.figures.reference_data import Places, Polling, PublishedRules
from api.places.stations import Differing, differing_hours
from api.places.stations import Polling as Hours
from schemas.checklist import Definition
from schemas.deployment import DeploymentState
from schemas.mission import Kind
from schemas.place import Area

AFTER_CLOSING = timedelta(hours=3)
"""A count is looked for this long after the polls close."""


class Planned(NamedTuple):
    """What a plan says of its reports: of what kind it is, and how many of each checklist."""

    kind: str
    expected: dict[str, Any]


Due = tuple[str, str, datetime]
"""A report that a plan asks for: its checklist, its stage, when it is due."""


def newest_of(rules: Mapping[UUID, PublishedRules]) -> dict[str, Definition]:
    """What the newest rules of each checklist say; ``rules`` are given oldest first."""
    return {each.definition.name: each.definition for each in rules.values()}


def reports_of(
    plan: Planned, polling: Polling, other: Differing | None, checklists: dict[str, Definition]
) -> Iterator[Due]:
    """Each report that a plan asks for."""
    for name, count in (plan.expected or _usual(plan, checklists)).items():
        known = checklists.get(name)
        stage = known.stage if known else "voting"
        daily = known is not None and known.policy.expected_per == "day"
        days = [date.fromisoformat(each) for each in polling.days]
        for day in days if daily else days[:1]:
            opens, closes = _hours(polling, other, day)
            closes = closes if daily else _hours(polling, other, days[-1])[1]
            for number in range(int(count)):
                yield name, stage, _due(opens, closes, stage, number, int(count))


def _usual(plan: Planned, checklists: dict[str, Definition]) -> dict[str, int]:
    """What the checklists themselves expect of a plan that names none: those of tabulation at a
    centre, the others elsewhere."""
    return {
        name: each.policy.expected
        for name, each in checklists.items()
        if each.policy.expected and (each.stage == "tabulation") == (plan.kind == "centre")
    }


def _hours(polling: Polling, other: Differing | None, day: date) -> tuple[datetime, datetime]:
    """When the polls open and close at a place on a day: as in the round, or as it has them."""
    zone = ZoneInfo(polling.zone)
    opens, closes = (each.astimezone(zone).time() for each in (polling.opens, polling.closes))
    usual = Hours(opens, closes, polling.zone)
    own = usual if other is None else other.over(usual)
    return own.at(day, own.opens), own.at(day, own.closes)


def _due(opens: datetime, closes: datetime, stage: str, number: int, count: int) -> datetime:
    """When a report is looked for: spread over the hours of voting, the count after them."""
    if stage in ("counting", "tabulation"):
        return closes + AFTER_CLOSING
    if stage == "opening":
        return opens + timedelta(hours=1)
    return opens + (closes - opens) * ((number + 1) / (count + 1))


STATES = (DeploymentState.WITHDRAWN_SECURITY.value, DeploymentState.CANCELLED.value)
"""How a plan ended early, in the order of
:data:`analytics.observation.expected_reports.ENDED` after the first."""
PLANS = {
    "id": id_column("id"),
    "organisation": id_column("organisation_id"),
    "place": id_column("place_id"),
    "area": id_column("area_id"),
    "ended": number_column("coalesce(array_position(%(states)s::text[], state::text), 0)"),
    "said": number_column("said"),
}
FROM = """
FROM (SELECT *, dense_rank() OVER (ORDER BY kind, expected) - 1 AS said FROM deployment
  WHERE mission_id = %(m)s AND round_id = %(round)s ORDER BY id) d"""
SAID = """
SELECT DISTINCT d.kind, d.expected::text AS asked, d.expected FROM deployment d
WHERE d.mission_id = %(m)s AND d.round_id = %(round)s ORDER BY d.kind, d.expected"""
TEAMS = {"deployment": id_column("deployment_id"), "observer": id_column("observer_id")}
FROM_TEAMS = """
FROM (SELECT o.deployment_id, o.observer_id FROM deployed_observer o
  JOIN deployment d ON d.mission_id = o.mission_id AND d.id = o.deployment_id
  WHERE o.mission_id = %(m)s AND d.round_id = %(round)s ORDER BY o.observer_id) t"""
HAS_HOURS = """
SELECT EXISTS (SELECT FROM hours WHERE mission_id = %(m)s AND round_id = %(round)s)
  OR EXISTS (SELECT FROM area WHERE mission_id = %(m)s
    AND coalesce(zone, opens::text, closes::text) IS NOT NULL)"""
Columns = dict[str, NDArray[Any]]


def load_plan(
    session: Session,
    polling: Polling,
    places: Places,
    areas: Sequence[Area],
    organisations: Mapping[UUID, tuple[str, Kind]],
    checklists: Mapping[str, Definition],
    mission_id: UUID,
) -> tuple[ExpectedReports, ObserverPostings]:
    """The reports expected, and who was sent where. A team is named by its first observer, else by
    its deployment, and counts in the area that it was sent to."""
    given = {"m": mission_id, "round": polling.round_id, "states": [*STATES]}
    plans = read_once(session, PLANS, FROM, given)
    sent = read_once(session, TEAMS, FROM_TEAMS, given)
    deployments = Ids.of(plans["id"])
    place = places.ids.find(plans["place"])
    names, team, posted = _teams(deployments, plans["id"], place, sent)
    said = [(kind, expected) for kind, expected, *_ in stream(session, SAID, given)]
    elsewhere = _elsewhere(session, polling, places, given)
    due = _Due(said, polling, dict(checklists))
    area = _area(plans, place, places, areas)
    voted = _voted(polling, places)
    # Plans that are alike in all of this ask for the same reports.
    of_its_own = np.isin(place, np.array([*elsewhere, *voted.named], dtype=np.int64))
    station = np.append(places.station, True)[place].astype(np.int64)
    kinds, kind = _alike(plans["said"], area, station, np.where(of_its_own, place, NOWHERE))
    lists = [
        due.of(
            said,
            elsewhere.get(at),
            voted.at(at, around, station=bool(here)) if polling.contests else (),
        )
        for said, around, here, at in kinds
    ]
    row, columns = due.spread(np.array(lists, dtype=np.int64)[kind])
    columns |= {
        "place": place[row],
        "area": area[row],
        "kind": _kind(plans["organisation"], organisations)[row],
        "team": team[row],
        "deployment": row,
        "ended": plans["ended"][row],
    }
    expected = ExpectedReports.from_columns(
        columns, tuple(due.checklists), tuple(due.stages), names, IdNames(plans["id"])
    )
    return expected, posted


def _voted(polling: Polling, places: Places) -> StationContests:
    """The contests that are voted on, by the position of places; none in a round without."""
    found = {places.find(each): contests for each, contests in polling.voted.named.items()}
    return replace(polling.voted, named={at: each for at, each in found.items() if at >= 0})


def _alike(*columns: NDArray[Any]) -> tuple[list[list[int]], NDArray[np.int64]]:
    """The different rows of columns of whole numbers, of which −1 is the least, and which of them
    each row is."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 2) + column + 1
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    return np.stack([each[first] for each in columns], axis=1).tolist(), of.reshape(-1)


class _Due:
    """What plans ask for. Those that say the same at the same hours, where the same contests are
    voted on, share one list. Of a checklist that counts per contest each is due once for each."""

    def __init__(
        self, said: Sequence[tuple[str, str]], polling: Polling, checklists: dict[str, Definition]
    ) -> None:
        self._said, self._polling, self._definitions = said, polling, checklists
        self.checklists: dict[str, int] = {name: at for at, name in enumerate(checklists)}
        self.stages: dict[str, int] = {}
        self._numbers: dict[tuple[int, Differing | None, Contests], int] = {}
        self._lists: list[list[tuple[int, int, int, int]]] = []

    def of(self, said: int, other: Differing | None, voted: Contests) -> int:
        """The number of the list of a plan that says this, at a place with other hours, where
        these contests are voted on."""
        number = self._numbers.get((said, other, voted))
        if number is None:
            kind, expected = self._said[said]
            plan = Planned(kind, json.loads(expected))
            number = self._numbers[said, other, voted] = len(self._lists)
            self._lists.append(
                [
                    (
                        self.checklists.setdefault(checklist, len(self.checklists)),
                        self.stages.setdefault(stage, len(self.stages)),
                        micro(due_at),
                        contest,
                    )
                    for checklist, stage, due_at in reports_of(
                        plan, self._polling, other, self._definitions
                    )
                    for contest in self._contests_of(checklist, voted)
                ]
            )
        return number

    def _contests_of(self, checklist: str, voted: Contests) -> Contests:
        known = self._definitions.get(checklist)
        per_contest = known is not None and known.policy.per == "contest"
        return voted if per_contest and self._polling.contests else (NOWHERE,)

    def spread(self, lists: NDArray[np.int64]) -> tuple[NDArray[np.int64], Columns]:
        """Of plans with these lists which plan each report is of, and its columns."""
        many = np.array([len(each) for each in self._lists], dtype=np.int64)
        starts = np.cumsum(many) - many
        all_ = np.array([each for one in self._lists for each in one], dtype=np.int64)
        all_ = all_.reshape(-1, 4)
        own = many[lists] if len(lists) else lists
        row = np.repeat(np.arange(len(lists)), own)
        within = np.arange(len(row)) - np.repeat(np.cumsum(own) - own, own)
        at = (starts[lists][row] if len(lists) else row) + within
        names = ("checklist", "stage", "due", "contest")
        return row, {name: all_[at, column] for column, name in enumerate(names)}


def _teams(
    deployments: Ids, ids: NDArray[np.void], place: NDArray[np.int64], sent: Columns
) -> tuple[tuple[str, ...], NDArray[np.int64], ObserverPostings]:
    """The names of teams, the team of each deployment, and who was sent where."""
    of = deployments.find(sent["deployment"])
    name = ids.copy()
    seen, first = np.unique(of, return_index=True)
    name[seen] = sent["observer"][first]
    keys, team = np.unique(name.view(KEY), return_inverse=True)
    observers, observer = np.unique(sent["observer"].view(KEY), return_inverse=True)
    posted = ObserverPostings(Ids.of(observers.view(ID)), observer, place[of], team[of])
    return names_of(keys.view(ID)), team, posted


def _area(
    plans: Columns, place: NDArray[np.int64], places: Places, areas: Sequence[Area]
) -> NDArray[np.int64]:
    named = index_of([each.id for each in areas]).find(plans["area"])
    if not len(places):
        return named
    return np.where(place >= 0, places.area[place], named)


def _kind(
    organisation: NDArray[np.void], organisations: Mapping[UUID, tuple[str, Kind]]
) -> NDArray[np.int64]:
    kinds = np.array([KIND_INDEX[kind] for _, kind in organisations.values()] or [0])
    found: NDArray[np.int64] = kinds[index_of([*organisations]).find(organisation)]
    return found


def _elsewhere(
    session: Session, polling: Polling, places: Places, given: Mapping[str, Any]
) -> dict[int, Differing]:
    """The places that have other hours than the round, by their position."""
    ((any_,),) = [tuple(each) for each in stream(session, HAS_HOURS, given)]
    if not any_:
        return {}
    found = differing_hours(session, given["m"], polling.round_id)
    return {places.find(place): other for place, other in found.items()}


def index_of(ids: Sequence[UUID]) -> Ids:
    """The position of each of a few ids."""
    return Ids.of(ids_of(ids))
