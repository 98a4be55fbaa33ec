"""A mission read as columns is what its rows say one by one."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from analytics.observation import received
from analytics.observation.code_matrix import KINDS
from analytics.observation.expected_reports import ENDED
from analytics.observation.ids import moment_of
from analytics.observation.record import STATUSES, Record
from api.figures.follower import MissionReader
from api.figures.load_record import load_record
from api.figures.load_reference import load_reference
from api.figures.reference import Reference
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


RECEIVED = """
SELECT r.id, r.place_id, r.checklist, r.status, r.rules_id, r.sequence, r.changed, r.version,
  coalesce(r.finalised_at, r.received_at) AS came, r.arrived_at, r.observer_id, o.kind, j.codes,
  v.answers ? 'contestant_votes' AS has_votes
FROM report r JOIN report_version v ON v.report_id = r.id AND v.number = r.version
LEFT JOIN organisation o ON o.id = r.organisation_id
LEFT JOIN judgement j ON j.report_id = r.id AND j.number = r.version AND j.rules_id = r.rules_id
ORDER BY r.sequence"""


def test_reports_are_those_of_the_rows(country: SmallCountry, reader: MissionReader) -> None:
    reference, record = read(reader, country.mission_id)
    rows = country.execute(RECEIVED)
    assert len(rows) == len(record) > 200
    votes = set()
    for at, (
        report,
        place,
        checklist,
        status,
        rules,
        *numbers,
        came,
        arrived,
        observer,
        kind,
        codes,
        has_votes,
    ) in enumerate(rows):
        row = record.rows[at]
        assert row["id"].tobytes() == report.bytes
        assert row["place"] == (-1 if place is None else reference.place_at(place))
        assert row["area"] == (-1 if place is None else reference.places.area[row["place"]])
        assert record.checklists[row["checklist"]] == checklist
        assert STATUSES[row["status"]] == status
        assert (record.rules[row["rules"]] if row["rules"] >= 0 else None) == rules
        assert [row[name] for name in ("received", "changed", "version")] == numbers
        assert moment_of(int(row["came"])) == came
        assert row["arrived"] == (-1 if arrived is None else int(arrived.timestamp()))
        assert KINDS[row["kind"]] == (kind or reference.mission.kind)
        assert (record.teams[row["team"]] == "") == (observer is None)
        _check_codes(reference, record, at, codes)
        votes |= {report.bytes} if has_votes else set()
    assert set(record.protocols["id"].tolist()) == votes


def _check_codes(reference: Reference, record: Record, at: int, codes: bytes | None) -> None:
    row = record.rows[at]
    matrix = record.matrices.get(record.checklists[row["checklist"]])
    where = [] if matrix is None else np.flatnonzero(matrix.row == at).tolist()
    if codes is None or matrix is None:
        assert not where
        return
    rules = reference.rules[record.rules[row["rules"]]]
    told = dict(zip(matrix.indicators, matrix.codes[where[0]].tolist(), strict=True))
    assert [told[each.code] for each in rules.definition.indicators] == list(codes)


DUE = """
SELECT d.id::text, d.place_id, d.state, coalesce((SELECT min(observer_id::text)
  FROM deployed_observer t WHERE t.deployment_id = d.id), d.id::text) FROM deployment d"""


def test_the_plan_is_that_of_the_deployments(country: SmallCountry, reader: MissionReader) -> None:
    reference, _ = read(reader, country.mission_id)
    due = reference.expected
    plans = {plan: (place, state, team) for plan, place, state, team in country.execute(DUE)}
    assert len(due)
    for at in range(len(due)):
        place, state, team = plans[due.deployments[due.deployment[at]]]
        assert due.place[at] == (-1 if place is None else reference.place_at(place))
        assert due.teams[due.team[at]] == team
        assert (ENDED[due.ended[at]] == "withdrawn") == (state == "withdrawn_security")
    assert set(due.deployments) == plans.keys()
    planned = {reference.place_at(place) for place, *_ in plans.values() if place is not None}
    assert set(reference.planned.tolist()) <= planned
    assert sum(reference.planned_by_area.values()) == len(reference.planned)
    codes = [code for (code,) in country.execute("SELECT code FROM place ORDER BY code")]
    assert [each.code for each in reference.places] == codes
    assert reference.places[0].name == reference.places.names[0]


def test_what_was_received_is_counted(country: SmallCountry, reader: MissionReader) -> None:
    _, record = read(reader, country.mission_id)
    rows = country.execute("SELECT status, count(*) FROM report GROUP BY status")
    assert received.statuses(record) == Counter(dict(rows))
    rows = country.execute(
        "SELECT rules_id, count(*) FROM report WHERE rules_id IS NOT NULL GROUP BY rules_id"
    )
    assert received.judged(record) == Counter(dict(rows))
    for name in record.checklists:
        told = country.execute(
            "SELECT count(*) FROM report WHERE checklist = %s"
            " AND status IN ('received', 'flagged', 'verified') AND finalised_at <= now()",
            name,
        )
        assert received.counted(record, name).total() == told[0][0]
        assert received.came_on(record, name)
        for kind in Kind:
            assert received.aside(record, name, kind) <= received.places(record, kind)
    end = moment_of(int(record["came"].max()))
    assert received.last(record, end) == end


def test_codes_of_another_length_are_refused(country: SmallCountry, reader: MissionReader) -> None:
    (report, codes) = country.execute(
        "SELECT j.report_id, j.codes FROM judgement j JOIN report r ON r.id = j.report_id"
        " AND r.version = j.number AND r.rules_id = j.rules_id LIMIT 1"
    )[0]
    country.execute("UPDATE judgement SET codes = %s WHERE report_id = %s", codes[1:], report)
    try:
        with pytest.raises(ValueError, match="codes of"):
            read(reader, country.mission_id)
    finally:
        country.execute("UPDATE judgement SET codes = %s WHERE report_id = %s", codes, report)
