"""Writes of many rows at once: noted by the statement, sealed in bounded seals, erased by name."""

from collections.abc import Callable

import psycopg
import pytest

from api.audit import sealer
from tests.api.audit.conftest import Insider, Verify, Written
from tests.api.small import SmallMission
from tests.conftest import Database

PLACES = """
INSERT INTO place (mission_id, id, kind, code, name, address, attributes, setting, sort)
SELECT mission_id, gen_random_uuid(), 'station', 'P' || n, 'School', '', '{}', '', 'ordinary'
FROM mission CROSS JOIN generate_series(1, 2500) n"""
NOTES = "SELECT source, cardinality(row_keys) FROM unsealed_write WHERE source = 'place' ORDER BY 2"


@pytest.fixture
def many(mission: SmallMission, written: Written, seal: Callable[[], int]) -> None:
    """The mission is sealed; then 2,500 places are written by one statement."""
    seal()
    written(PLACES)


def test_a_statement_is_noted_a_thousand_rows_at_a_time(many: None, written: Written) -> None:
    assert written(NOTES) == [("place", 501), ("place", 999), ("place", 1000)]


def test_many_rows_are_sealed_in_seals_of_bounded_length(
    many: None, seal: Callable[[], int], verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verify()[1] == []
    monkeypatch.setattr(sealer, "NOTED", 1000)
    assert seal() == 2500
    heads, amiss = verify()
    assert max(head.rows for head in heads[1:]) < 2000
    assert amiss == []


def test_the_first_seals_of_a_mission_are_bounded_too(
    mission: SmallMission,
    written: Written,
    seal: Callable[[], int],
    verify: Verify,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written(PLACES)
    monkeypatch.setattr(sealer, "NOTED", 1000)
    assert seal() > 2500
    heads, amiss = verify()
    assert max(head.rows for head in heads) < 2000
    assert amiss == []


def test_a_statement_that_touches_no_row_notes_none(many: None, written: Written) -> None:
    written("DELETE FROM unsealed_write")
    written("UPDATE place SET name = 'x' WHERE code = 'no such'")
    assert written(NOTES) == []


def test_each_of_many_rows_is_named_when_it_is_altered_or_taken(
    many: None, seal: Callable[[], int], verify: Verify, insider: Insider
) -> None:
    seal()
    insider("UPDATE place SET registered_voters = 1 WHERE code = 'P7'")
    insider("DELETE FROM place WHERE code = 'P8'")
    assert sorted(each.split(": ")[1] for each in verify()[1]) == ["altered", "missing"]


def test_what_the_application_changes_and_takes_away_is_sealed_anew(
    many: None, seal: Callable[[], int], verify: Verify, written: Written
) -> None:
    seal()
    written("UPDATE place SET name = 'Hall' WHERE code = 'P7'")
    written("DELETE FROM place WHERE code = 'P8'")
    assert seal() == 2
    assert verify()[1] == []


def test_of_many_rows_written_with_another_login_twenty_are_alarmed_by_name(
    many: None, seal: Callable[[], int], database: Database
) -> None:
    seal()
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE place SET name = 'Hall' WHERE code LIKE 'P%'")
    seal()
    with psycopg.connect(database.admin_url) as connection:
        told = connection.execute("SELECT detail FROM alarm ORDER BY raised_at").fetchall()
        (login,) = connection.execute("SELECT session_user").fetchone() or ("",)
    assert [each for (each,) in told] == [
        *[f"Written by {login}."] * 20,
        f"2480 more written by {login}.",
    ]
