"""A mission read as columns is what it is, read row by row."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from analytics.observation import coverage, received
from analytics.observation.code_matrix import KINDS
from analytics.observation.matching import match
from analytics.observation.moments import moment_of
from analytics.observation.plan_coverage import cover
from analytics.observation.plan_dispositions import dispose
from analytics.observation.record import STATUSES, Record
from api.figures.follower import Follower
from api.figures.load_record import load_record
from api.figures.load_reference import load_reference
from api.figures.mission_reader import MissionReader
from api.figures.reference import Reference
from api.figures.watch import Watch
from schemas.columns import now
from schemas.mission import Kind
from tests.api.figures.conftest import SmallCountry

CLOCK = text("SELECT seq FROM mission_clock")


@pytest.fixture
def reader(country: SmallCountry) -> Iterator[MissionReader]:
    made = MissionReader(country.database.app_url)
    yield made
    made.close()


def read(reader: MissionReader, mission_id: UUID) -> tuple[Reference, Record]:
    with reader.mission(mission_id) as session:
        reference = load_reference(session, mission_id, 0)
        clock = session.execute(CLOCK).scalar_one()
        batch = load_record(session, reference, 0, clock)
    return reference, reference.empty_record().with_rows(batch)


@pytest.fixture
async def watch(country: SmallCountry, engine: AsyncEngine) -> Watch:
    return await Follower(engine, country.database.app_url).of(country.mission_id)


def test_places_and_the_plan_are_those_of_the_frame(
    country: SmallCountry, reader: MissionReader, watch: Watch
) -> None:
    reference, _ = read(reader, country.mission_id)
    frame = watch.frame
    assert list(reference.places) == list(frame.places)
    due = reference.expected
    assert Counter(
        (
            None if due.place[at] < 0 else int(due.place[at]),
            int(due.area[at]),
            due.checklists[due.checklist[at]],
            moment_of(int(due.due[at])),
            KINDS[due.kind[at]],
            due.teams[due.team[at]],
            due.stages[due.stage[at]],
            due.deployments[due.deployment[at]],
        )
        for at in range(len(due))
    ) == Counter(
        (
            each.place,
            each.area,
            each.checklist,
            each.due_at,
            each.kind,
            each.observer,
            each.stage,
            each.deployment,
        )
        for each in frame.expected
    )
    who = np.array([np.void(UUID(one).bytes) for one, _ in frame.posted], dtype="V16")
    place = np.array([place for _, place in frame.posted], dtype=np.int32)
    team, sent = reference.posted.teams_of(who, place)
    assert [due.teams[each] for each in team] == list(frame.posted.values())
    assert sent.tolist() == (place >= -1).tolist()
    assert reference.planned.tolist() == sorted(frame.planned)
    assert reference.planned_by_area == frame.planned_by_area
    assert reference.closed == frame.closed
    assert [each.stratum for each in reference.samples] == [each.stratum for each in frame.samples]
    assert [each.kind for each in reference.samples] == [each.kind for each in frame.samples]
    assert reference.areas_drawn == frame.areas_drawn
    assert reference.polling == frame.polling
    assert reference.rounds == frame.rounds
    assert reference.rules == frame.rules
    assert reference.calls == frame.calls


def test_reports_are_those_of_the_rows(
    country: SmallCountry, reader: MissionReader, watch: Watch
) -> None:
    _, record = read(reader, country.mission_id)
    assert record.clock == watch.sequence
    held = watch.received
    assert len(record) == len(held)
    for row in record.rows:
        came = held.get(UUID(bytes=row["id"].tobytes()))
        assert came is not None
        assert came.place == (None if row["place"] < 0 else row["place"])
        assert (came.area, came.checklist) == (row["area"], record.checklists[row["checklist"]])
        assert (came.received_at, came.kind) == (moment_of(int(row["came"])), KINDS[row["kind"]])
        assert (came.observer, came.status) == (record.teams[row["team"]], STATUSES[row["status"]])
        assert came.rules == (None if row["rules"] < 0 else record.rules[row["rules"]])
    assert received.statuses(record) == +held.statuses
    assert received.judged(record) == +held.judged
    assert received.last(record) == held.last
    for name in record.checklists:
        assert received.counted(record, name) == held.counted(name)
        assert received.came_on(record, name) == held.came_on(name)
        for kind in Kind:
            assert received.aside(record, name, kind) == held.aside(name, kind)
    for kind in Kind:
        assert received.places(record, kind) == held.places(kind)
    newest = [UUID(bytes=record["id"][at].tobytes()) for at in received.newest(record, 7)]
    assert newest == [report for report, _ in held.newest(7)]


def test_codes_are_those_of_the_readings(
    country: SmallCountry, reader: MissionReader, watch: Watch
) -> None:
    _, record = read(reader, country.mission_id)
    assert record.matrices.keys() == watch.readings.keys()
    for name, readings in watch.readings.items():
        matrix = record.matrices[name]
        into = [matrix.indicators.index(each) for each in readings.indicators]
        at = {each: row for row, each in enumerate(readings.reports)}
        ids = matrix.ids(np.arange(len(matrix)))
        order = [at[UUID(bytes=each.tobytes())] for each in ids]
        assert (matrix.codes[:, into] == readings.codes[order]).all()
        assert (matrix.counted == readings.counted[order]).all()
        assert (matrix.assigned == readings.assigned[order]).all()
        for column in ("sequence", "place", "area", "kind", "received", "arrived"):
            assert (matrix[column] == readings[column][order]).all()
        visits = [readings.visits[each] for each in order]
        assert len(set(zip(visits, matrix.visits.tolist(), strict=True))) == len(set(visits))
    assert record.protocols.snapshot() == watch.protocols.columns.snapshot()


def test_what_comes_of_it_is_the_same(
    country: SmallCountry, reader: MissionReader, watch: Watch
) -> None:
    reference, record = read(reader, country.mission_id)
    held, as_of = match(reference.expected, record, reference.stages), now()
    for by in ("nation", "area", "stage", "checklist", "kind", "observer", "hour"):
        whole = coverage.cover(
            watch.frame.expected,
            watch.received.values(),
            by=by,  # type: ignore[arg-type]
            as_of=as_of,
        )
        assert Counter(cover(held, by, as_of=as_of)) == Counter(whole)  # type: ignore[arg-type]
    found = dispose(held, as_of=as_of)
    assert found.tally("stage") == watch.disposed().tally("stage", as_of=as_of)
    assert found.to_call(12, reference.sampled) == watch.disposed().to_call(12, as_of=as_of)
