"""A mission that an earlier version founded goes on under this one."""

from uuid import UUID, uuid4

import psycopg

from api.database.opening import upgrade
from tests.older import older_database

MISSION = UUID(int=7)
FOUNDED = f"""
SET session_replication_role = replica;
INSERT INTO mission_slug VALUES ('old', '{MISSION}');
INSERT INTO organisation (mission_id, id, code, name, kind)
VALUES ('{MISSION}', '{uuid4()}', 'C', 'Citizens', 'domestic'),
  ('{MISSION}', '{uuid4()}', 'V', 'Visitors', 'international')"""  # noqa: S608  our own names alone


def test_each_organisation_of_the_first_version_is_bound_to_the_code_of_its_kind(
    server: str,
) -> None:
    with older_database(server, "0001") as url:
        with psycopg.connect(url) as connection:
            connection.execute(FOUNDED)
        upgrade(url)
        with psycopg.connect(url) as connection:
            bound = connection.execute("SELECT name, instrument FROM organisation ORDER BY name")
            assert bound.fetchall() == [("Citizens", "gndem"), ("Visitors", "coc")]
