"""What stood before more tables were sealed is sealed as the upgrade finds it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from api.audit.sealer import seal_everything
from api.audit.signing import GENESIS, Head, chained, signed
from api.audit.verify import verify_mission
from api.database.opening import upgrade
from api.database.roles import app_url
from tests.api.audit.conftest import SIGNER
from tests.conftest import SECRET
from tests.older import older_database

MISSION, PLACE = UUID(int=7), UUID(int=8)
AT = datetime(2026, 11, 1, tzinfo=UTC)
STOOD = f"""
SET session_replication_role = replica;
INSERT INTO mission_slug VALUES ('old', '{MISSION}');
INSERT INTO mission_clock (mission_id, seq) VALUES ('{MISSION}', 0);
INSERT INTO mission (mission_id, slug, title, country, kind, scope, state, languages, zone,
  response_threshold, demonstration, created_at)
VALUES ('{MISSION}', 'old', 'M', 'C', 'domestic', 'full', 'active', '[]', 'UTC', 0.8, false, now());
INSERT INTO area (mission_id, id, code, name, level)
VALUES ('{MISSION}', '{uuid4()}', 'N', 'North', 'region');
INSERT INTO place (mission_id, id, kind, code, name, address, attributes, setting, sort)
VALUES ('{MISSION}', '{PLACE}', 'station', '001', 'School', '', '{{}}', '', 'ordinary');
INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at, label)
VALUES (sha256('a'), '{MISSION}', 'partner', 'bearer', '{uuid4()}', now(), '');
INSERT INTO unsealed_write (mission_id, id, source, row_key, login)
VALUES ('{MISSION}', '{uuid4()}', 'mission', '{MISSION}', 'indelible_app')"""  # noqa: S608
SEAL = """
INSERT INTO seal (mission_id, number, upto, rows, previous, head, signature, sealed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""
Amiss = Callable[[], list[str]]


@pytest.fixture
def older(server: str) -> Iterator[str]:
    """A mission that has a seal, as the version before left it; the superuser's address."""
    with older_database(server, "0012") as url:
        head = Head("old", 1, 0, 0, GENESIS, chained(GENESIS, []), "", AT)
        values = (MISSION, 1, 0, 0, GENESIS, head.head, signed(SIGNER, head), AT)
        with psycopg.connect(url) as connection:
            connection.execute(STOOD)
            connection.execute(SEAL, values)
        yield url


@pytest.fixture
def amiss(older: str) -> Amiss:
    """What the doctor would say of the mission once it is upgraded."""
    upgrade(older)

    def verified() -> list[str]:
        with psycopg.connect(older, autocommit=True) as connection:
            return [*map(str, verify_mission(connection, MISSION, "old", SIGNER.public_key)[1])]

    return verified


def test_what_stood_is_sealed_at_the_upgrade(older: str, amiss: Amiss) -> None:
    assert amiss() == []
    assert seal_everything(app_url(older, SECRET), SIGNER) == 4
    assert amiss() == []


def test_what_stood_and_is_altered_after_the_upgrade_is_named(older: str, amiss: Amiss) -> None:
    seal_everything(app_url(older, SECRET), SIGNER)
    with psycopg.connect(older) as connection:
        connection.execute("UPDATE place SET name = 'Another'")
    seal_everything(app_url(older, SECRET), SIGNER)
    assert amiss() == [f"place {PLACE}: altered"]
