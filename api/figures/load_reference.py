"""Loading the reference data of a mission."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlmodel import Session, col, select

from analytics.observation.code_matrix import KIND_INDEX, KINDS
from analytics.observation.expected_reports import ExpectedReports
from analytics.observation.station_contests import StationContests
from analytics.survey.draw import DrawnStratum
from api.deployments.calls import ORDER, CallState, call_state
from api.figures.columns import id_column, number_column, read_once, read_texts, stream
from api.figures.load_plan import index_of, load_plan, newest_of
from api.figures.reference import Reference
from api.figures.reference_data import (
    ContestFacts,
    Places,
    Polling,
    PublishedRules,
    RoundFacts,
    SampleOfRound,
)
from api.places.contests import CONTESTS, NAMED, read_contests
from api.places.voting import CONTEST_ORDER
from schemas.checklist import Definition
from schemas.deployment import Call
from schemas.election import Contest, Contestant, Round
from schemas.mission import Kind, Mission, Organisation
from schemas.place import Area
from schemas.published import ChecklistVersion, Rules, RulesState
from schemas.sample import Sample, Stratum

PLACES = """
FROM (SELECT *, coalesce(closed_on <= %(last)s, false) AS closed, area_id IN (
    WITH RECURSIVE shut AS (
      SELECT n.area_id FROM no_go_area n WHERE n.mission_id = %(m)s
        AND n.begins_on <= %(last)s AND coalesce(n.ends_on >= %(first)s, true)
      UNION
      SELECT a.id FROM area a JOIN shut s ON s.area_id = a.parent_id WHERE a.mission_id = %(m)s)
    SELECT area_id FROM shut) AS no_go
  FROM place WHERE mission_id = %(m)s ORDER BY code) p"""
SORTS = "SELECT DISTINCT setting, sort FROM place WHERE mission_id = %(m)s"
DRAWN = {
    "place": id_column("s.place_id"),
    "stratum": number_column("array_position(%(strata)s::uuid[], s.stratum_id) - 1"),
}
FROM_DRAWN = """
FROM sampled_station s WHERE s.mission_id = %(m)s AND s.sample_id = %(sample)s AND s.drawn"""
STATIONS = """
SELECT encode(sha256(convert_to(string_agg(p.code || E'\\t\\n', '' ORDER BY p.code COLLATE "C"),
  'UTF8')), 'hex')
FROM sampled_station s JOIN place p ON p.mission_id = s.mission_id AND p.id = s.place_id
WHERE s.mission_id = %(m)s AND s.sample_id = %(sample)s"""
"""The hash that a frame would have of which nothing but the codes is known: that of a simple
draw (:func:`analytics.survey.draw.frame_hash`)."""


def load_reference(
    session: Session, mission_id: UUID, setting: int, round_code: str | None = None
) -> Reference:
    """The reference data of a mission, in the round nearest to now or in the one asked for.

    Raises StopIteration where the mission has no such round.
    """
    mission = session.get_one(Mission, mission_id)
    rows = session.exec(select(Organisation).where(Organisation.mission_id == mission_id)).all()
    organisations = {each.id: (each.name, Kind(each.kind)) for each in rows}
    areas = tuple(
        session.exec(select(Area).where(Area.mission_id == mission_id).order_by(col(Area.code)))
    )
    rounds = sorted(session.exec(select(Round).where(Round.mission_id == mission_id)), key=_opens)
    polling = _polling(session, _chosen(rounds, round_code), areas)
    days = [date.fromisoformat(each) for each in polling.days]
    places = _places(session, mission_id, areas, days[0], days[-1])
    rules = _rules(session, mission_id)
    expected, posted = load_plan(
        session, polling, places, areas, organisations, newest_of(rules), mission_id
    )
    return Reference(
        setting=setting,
        mission=mission,
        organisations=organisations,
        organisation_names={each.id: each.names for each in rows},
        areas=areas,
        places=places,
        rules=rules,
        expected=expected,
        posted=posted,
        samples=_samples(session, mission_id, polling, places, expected, Kind(mission.kind)),
        polling=polling,
        calls=load_calls(session, mission_id),
        rounds=tuple(RoundFacts(each.id, each.code, each.name, _opens(each)) for each in rounds),
        asked=round_code is not None,
    )


def load_calls(
    session: Session, mission_id: UUID, only: Sequence[UUID] | None = None
) -> dict[str, CallState]:
    """How calling each deployment stands that was called, or each of these only."""
    query = select(Call).where(Call.mission_id == mission_id)
    if only is not None:
        query = query.where(col(Call.deployment_id).in_(only))
    calls = session.exec(query.order_by(col(Call.deployment_id), *ORDER))
    each_team = groupby(calls, key=lambda call: call.deployment_id)
    return {str(deployment): call_state([*of]) for deployment, of in each_team}


def _places(
    session: Session, mission_id: UUID, areas: Sequence[Area], first: date, last: date
) -> Places:
    columns = {
        "id": id_column("id"),
        "area": id_column("area_id"),
        "closed": number_column("closed::int"),
        "no_go": number_column("no_go::int"),
        "station": number_column("(kind = 'station')::int"),
        "setting": number_column("array_position(%(settings)s::text[], setting::text) - 1", 2),
        "sort": number_column("array_position(%(sorts)s::text[], sort::text) - 1", 2),
    }
    given: dict[str, Any] = {"m": mission_id, "first": first, "last": last}
    alike = [*stream(session, SORTS, given)]
    settings, sorts = (tuple(sorted({each[at] for each in alike})) for at in range(2))
    given |= {"settings": [*settings], "sorts": [*sorts]}
    found = read_once(session, columns, PLACES, given)
    codes, names = read_texts(session, ("code", "name"), PLACES, given)
    return Places(
        found["id"],
        index_of([each.id for each in areas]).find(found["area"]).astype(np.int32),
        found["setting"].astype(np.int8),
        found["sort"].astype(np.int8),
        found["closed"] > 0,
        found["no_go"] > 0,
        found["station"] > 0,
        codes,
        names,
        settings,
        sorts,
    )


def _polling(session: Session, round_: Round, areas: Sequence[Area]) -> Polling:
    contests = []
    own = select(Contest).where(
        Contest.mission_id == round_.mission_id, Contest.round_id == round_.id
    )
    for contest in session.exec(own.order_by(*CONTEST_ORDER)).all():
        people = session.exec(
            select(Contestant)
            .where(Contestant.mission_id == round_.mission_id, Contestant.contest_id == contest.id)
            .order_by(col(Contestant.position))
        ).all()
        contests.append(
            ContestFacts(
                contest.id,
                contest.code,
                contest.name,
                contest.denominator,
                tuple((each["name"], float(each["share"])) for each in contest.thresholds),
                tuple((each.code, each.name) for each in people),
                contest.names,
                {each["name"]: each.get("names", {}) for each in contest.thresholds},
                {each.code: each.names for each in people},
            )
        )
    return Polling(
        round_.id,
        round_.code,
        round_.name,
        tuple(round_.polling_days),
        _opens(round_),
        _moment(round_, round_.closes, last=True),
        round_.zone,
        tuple(contests),
        _voted(session, round_, areas),
    )


def _voted(session: Session, round_: Round, areas: Sequence[Area]) -> StationContests:
    """Which contests are voted on at which place of the round; areas as they are given."""
    given = {"m": round_.mission_id}
    around = [(each.id, each.parent_id) for each in areas]
    contests, named = (
        [tuple(row) for row in stream(session, each, given)] for each in (CONTESTS, NAMED)
    )
    return read_contests(around, contests, named).of(round_.id).voted


def _rules(session: Session, mission_id: UUID) -> dict[UUID, PublishedRules]:
    """Every revision of rules, oldest first."""
    query = (
        select(Rules, ChecklistVersion)
        .join(
            ChecklistVersion,
            (col(ChecklistVersion.mission_id) == col(Rules.mission_id))
            & (col(ChecklistVersion.id) == col(Rules.version_id)),
        )
        .where(Rules.mission_id == mission_id, Rules.state == RulesState.PUBLISHED)
        .order_by(col(ChecklistVersion.published_at), col(Rules.revision))
    )
    return {
        rules.id: PublishedRules(
            rules.id,
            Definition.model_validate(rules.definition),
            rules.revision,
            version.xform_sha256,
        )
        for rules, version in session.exec(query)
    }


def _samples(
    session: Session,
    mission_id: UUID,
    polling: Polling,
    places: Places,
    expected: ExpectedReports,
    usual: Kind,
) -> tuple[SampleOfRound, ...]:
    """The first sample of each kind of observers: a later draw never replaces it unseen.

    A sample that does not say whose it is, is of those who are mostly sent to its stations;
    ``usual`` where nobody is.
    """
    query = select(Sample).where(
        Sample.mission_id == mission_id, Sample.round_id == polling.round_id
    )
    found: dict[Kind, SampleOfRound] = {}
    for sample in session.exec(query.order_by(col(Sample.drawn_at), col(Sample.id))).all():
        if sample.kind and sample.kind in found:
            continue
        drawn = _drawn(session, sample, places, expected, usual)
        found.setdefault(drawn.kind, drawn)
    if len(found) < 2:
        return tuple(found.values())
    return tuple(
        [replace(each, stations=_stations(session, each.sample)) for each in found.values()]
    )


def _stations(session: Session, sample: Sample) -> str:
    given = {"m": sample.mission_id, "sample": sample.id}
    ((said,),) = [tuple(each) for each in stream(session, STATIONS, given)]
    return str(said)


def _drawn(
    session: Session, sample: Sample, places: Places, expected: ExpectedReports, usual: Kind
) -> SampleOfRound:
    of: Any = sample.mission_id
    strata = session.exec(
        select(Stratum)
        .where(Stratum.mission_id == of, Stratum.sample_id == sample.id)
        .order_by(col(Stratum.code))
    ).all()
    given = {"m": of, "sample": sample.id, "strata": [each.id for each in strata]}
    rows = read_once(session, DRAWN, FROM_DRAWN, given)
    at = places.ids.find(rows["place"]).tolist()
    stratum = dict(zip(at, rows["stratum"].tolist(), strict=True))
    return SampleOfRound(
        sample,
        tuple(DrawnStratum(each.code, each.population, each.drawn) for each in strata),
        stratum,
        Kind(sample.kind) if sample.kind else _sent_to(stratum, expected, usual),
    )


def _sent_to(stratum: Mapping[int, int], expected: ExpectedReports, usual: Kind) -> Kind:
    here = np.isin(expected.place, np.array([*stratum], dtype=np.int64))
    many = np.bincount(expected.kind[here], minlength=len(KINDS))
    return max(Kind, key=lambda kind: int(many[KIND_INDEX[kind]])) if many.any() else usual


def _chosen(rounds: Sequence[Round], code: str | None) -> Round:
    """The round of this code; without one, that whose polling is nearest to now."""
    if code is not None:
        return next(each for each in rounds if each.code == code)
    now = datetime.now(UTC)
    return min(rounds, key=lambda each: abs(_opens(each) - now))


def _opens(round_: Round) -> datetime:
    """When a round's first polling day opens."""
    return _moment(round_, round_.opens)


def _moment(round_: Round, at: time, *, last: bool = False) -> datetime:
    """An hour of a round's first day of polling, or of its last."""
    day = datetime.fromisoformat(round_.polling_days[-1 if last else 0]).date()
    return datetime.combine(day, at, ZoneInfo(round_.zone))
