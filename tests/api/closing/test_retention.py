"""Names go on their dates, not before; the dates are the mission's."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from api.closing.retention import retire
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


def name(database: Database, mission: SmallMission, persona: str, delete_on: str | None) -> None:
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(
            """INSERT INTO identity (mission_id, holder_id, name, telephone, email, document,
              emergency_contact, recorded_at, delete_on)
            VALUES (%s, %s, %s, '', '', '', '', now(), %s)""",
            (mission.mission_id, mission.holders[persona], persona, delete_on),
        )


def test_each_name_goes_on_its_own_date_and_the_deletion_is_logged(
    database: Database, mission: SmallMission, rows: Rows
) -> None:
    name(database, mission, "observer", "2027-02-01")
    name(database, mission, "lead", "2027-02-02")
    name(database, mission, "partner", None)
    assert retire(database.app_url, datetime(2027, 1, 31, 23, 59, tzinfo=UTC)) == 0
    assert rows("SELECT seq FROM mission_clock") == [(0,)]
    assert retire(database.app_url, datetime(2027, 2, 1, tzinfo=UTC)) == 1
    assert rows("SELECT name FROM identity ORDER BY name") == [("lead",), ("partner",)]
    logged = rows("SELECT act, subject, note FROM audit_entry")
    assert logged == [("identity.delete", "retention", "1 deleted on their date.")]


def test_two_do_not_delete_at_once(database: Database, mission: SmallMission) -> None:
    name(database, mission, "observer", "2020-01-01")
    with psycopg.connect(database.app_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(7305226397)")
        assert retire(database.app_url) == 0
    assert retire(database.app_url) == 1
