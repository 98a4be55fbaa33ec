"""Names go on their dates, not before; the dates are the mission's."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.closing.retention import DeletedCounts, retire
from api.intake.photo_store import PhotoStore
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


@pytest.fixture
def photos(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


def test_each_name_goes_on_its_own_date_and_the_deletion_is_logged(
    database: Database, mission: SmallMission, photos: PhotoStore, rows: Rows
) -> None:
    name(database, mission, "observer", "2027-02-01")
    name(database, mission, "lead", "2027-02-02")
    name(database, mission, "partner", None)
    assert not retire(
        database.app_url, photos, datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
    ).identities
    assert rows("SELECT seq FROM mission_clock") == [(0,)]
    assert retire(database.app_url, photos, datetime(2027, 2, 1, tzinfo=UTC)) == DeletedCounts(1, 0)
    assert rows("SELECT name FROM identity ORDER BY name") == [("lead",), ("partner",)]
    logged = rows("SELECT act, subject, note FROM audit_entry")
    assert logged == [("identity.delete", "retention", "1 deleted on their date.")]


def test_two_do_not_delete_at_once(
    database: Database, mission: SmallMission, photos: PhotoStore
) -> None:
    name(database, mission, "observer", "2020-01-01")
    with psycopg.connect(database.app_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(7305226397)")
        assert retire(database.app_url, photos) == DeletedCounts()
    assert retire(database.app_url, photos) == DeletedCounts(1, 0)


def test_photos_go_so_many_days_after_the_closing_and_only_this_mission_s(
    database: Database, mission: SmallMission, photos: PhotoStore, rows: Rows
) -> None:
    rows(
        "UPDATE mission SET state = 'closed', closed_at = '2027-01-01',"
        " retention_days = '{\"photos\": 30}' RETURNING 1"
    )
    other = uuid4()
    for of in (mission.mission_id, other):
        photos.receiving(of).write_bytes(b"a photo")
    assert retire(database.app_url, photos, datetime(2027, 1, 30, tzinfo=UTC)) == DeletedCounts()
    assert retire(database.app_url, photos, datetime(2027, 1, 31, tzinfo=UTC)) == DeletedCounts(
        0, 1
    )
    assert retire(database.app_url, photos, datetime(2027, 2, 1, tzinfo=UTC)) == DeletedCounts()
    assert [each.name for each in photos.root.iterdir()] == [str(other)]
    assert rows("SELECT act FROM audit_entry") == [("photos.delete",)]


def test_photos_that_a_broken_off_round_left_go_in_the_next_and_every_one_is_in_the_log(
    database: Database,
    mission: SmallMission,
    photos: PhotoStore,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows(
        "UPDATE mission SET state = 'closed', closed_at = '2027-01-01',"
        " retention_days = '{\"photos\": 30}' RETURNING 1"
    )
    photos.receiving(mission.mission_id).write_bytes(b"a photo")

    def broken(_: PhotoStore, of: UUID) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(PhotoStore, "forget", broken)
    at = datetime(2027, 2, 1, tzinfo=UTC)
    with pytest.raises(OSError, match="disk"):
        retire(database.app_url, photos, at)
    assert rows("SELECT act FROM audit_entry") == [("photos.delete",)]
    monkeypatch.undo()
    assert retire(database.app_url, photos, at) == DeletedCounts(0, 1)
    assert photos.count(mission.mission_id) == 0


def test_nothing_of_a_mission_is_deleted_while_its_closing_can_be_undone(
    database: Database, mission: SmallMission, photos: PhotoStore, rows: Rows
) -> None:
    name(database, mission, "observer", "2026-01-01")
    name(database, mission, "lead", None)
    name(database, mission, "partner", "2029-01-01")
    rows(
        "UPDATE mission SET state = 'closed', closed_at = '2027-01-01T12:00Z',"
        ' retention_days = \'{"photos": 0, "identities": 30}\' RETURNING 1'
    )
    photos.receiving(mission.mission_id).write_bytes(b"a photo")
    dates = "SELECT delete_on::text FROM identity ORDER BY name"
    before = rows(dates)
    assert (
        retire(database.app_url, photos, datetime(2027, 1, 2, 11, 59, tzinfo=UTC))
        == DeletedCounts()
    )
    assert rows(dates) == before
    assert retire(database.app_url, photos, datetime(2027, 1, 2, 12, tzinfo=UTC)) == DeletedCounts(
        1, 1
    )
    assert rows(dates) == [("2027-01-31",), ("2027-01-31",)]
    assert retire(database.app_url, photos, datetime(2027, 1, 31, tzinfo=UTC)) == DeletedCounts(
        2, 0
    )
