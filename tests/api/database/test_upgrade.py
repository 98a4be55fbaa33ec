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


CONTEST = f"""
SET session_replication_role = replica;
INSERT INTO mission_slug VALUES ('old', '{MISSION}');
INSERT INTO mission (mission_id, slug, title, country, kind, scope, languages, zone,
  response_threshold, demonstration, created_at, state)
VALUES ('{MISSION}', 'old', 'Old', 'XX', 'domestic', 'full', '["en"]', 'UTC', 0.8, false, now(),
  'active');
INSERT INTO area (mission_id, id, code, name, level)
VALUES ('{MISSION}', '{UUID(int=3)}', 'D', 'D', 'district');
INSERT INTO contest (mission_id, id, round_id, area_id, code, name, denominator,
  choices_per_ballot, thresholds)
VALUES ('{MISSION}', '{UUID(int=1)}', '{UUID(int=2)}', '{UUID(int=3)}', 'C', 'C', 'valid', 1, '[]')
"""  # noqa: S608  our own names alone


def test_the_one_constituency_of_an_earlier_contest_is_the_first_of_its_list(server: str) -> None:
    with older_database(server, "0021") as url:
        with psycopg.connect(url) as connection:
            connection.execute(CONTEST)
        upgrade(url)
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT contest_id, area_id FROM contest_area")
            assert found.fetchall() == [(UUID(int=1), UUID(int=3))]


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
