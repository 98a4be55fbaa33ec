"""A mission of a million reports in a real database: a small one, really played, many times over.

The demonstration's day is sent through intake, and incidents and refusals of access with it; each
row is then copied by INSERT … SELECT, under an id and a code of its own. Copies go to other teams
than the first, so that an observer's reports are not one report again and again.
"""

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import psycopg

from api.audit.sealed_work import CommandContext
from api.commands.demo import make_or_find
from api.database.blocking import work_engine
from api.database.embedded import Embedded
from api.database.opening import OpenDatabase, migrate
from api.database.roles import app_url
from api.demonstration.mission import CONTEST, ROUND, SLUG
from api.intake.from_files import arrivals_of, importing, principal_of
from api.missions.create import issue_secret
from api.settings import Settings
from schemas.credential import Purpose, Role
from schemas.mission import Member

SECRET = "a secret of the benchmark"
STATIONS, REPORTS, CREWS = 1000, 4000, 5
"""Of the mission that is played; its observers stand only so many times."""
INCIDENTS, REFUSALS = 40, 20
STRIDE = 7919
"""A prime: copy after copy, each team's place is taken by one so much further on."""
EMPTY = frozenset({"seal", "sealed_row", "unsealed_write"})

OWN = "(lpad(to_hex(k), 8, '0') || substr({}::text, 9))::uuid"
"""The id of copy k."""
LATER = "{} + k * {clock}::bigint"
COPIED: Mapping[str, Mapping[str, str]] = {
    "place": {"id": OWN, "code": "lpad(k::text, 3, '0') || {}"},
    "round_place": {"place_id": OWN},
    "sampled_station": {"place_id": OWN},
    "deployment": {"id": OWN, "place_id": OWN},
    "deployed_observer": {"deployment_id": OWN, "observer_id": "stand_in({}, k)"},
    "visit": {"id": OWN, "place_id": OWN, "deployment_id": OWN},
    "report": {
        "id": OWN,
        "place_id": OWN,
        "visit_id": OWN,
        "observer_id": "stand_in({}, k)",
        "sequence": LATER,
        "changed": LATER,
        "received_at": "{} + k * interval '1 minute'",
    },
    "submission": {
        "report_id": OWN,
        "sequence": LATER,
        "received_at": "{} + k * interval '1 minute'",
    },
    "report_version": {"report_id": OWN, "sequence": LATER},
    "judgement": {"report_id": OWN},
    "edit": {"instance_id": OWN, "report_id": OWN},
}
"""What becomes of each column in copy k; columns that are not named are as they were."""
PEOPLE: Mapping[str, Mapping[str, str]] = {
    "observer": {"id": OWN, "pseudonym": "{} || '-' || k"},
    "pledge": {"id": OWN, "observer_id": OWN},
    "interest_declaration": {"id": OWN, "observer_id": OWN},
}

STAND_IN = """
CREATE TABLE crew AS SELECT o.id, (row_number() OVER (ORDER BY o.id) - 1)::int AS at FROM observer o
"""
FUNCTION = """
CREATE FUNCTION stand_in(who uuid, k int) RETURNS uuid STABLE LANGUAGE sql AS $$
SELECT other.id FROM crew one JOIN crew other
  ON other.at = (one.at + k * {stride}) % {crew} WHERE one.id = who $$"""
BESIDES = """
CREATE INDEX ON crew (id);
CREATE INDEX ON crew (at);
ANALYZE crew;
"""
AFTERWARDS = (
    "UPDATE mission_clock SET seq = seq * {copies}",
    "UPDATE stratum SET population = population * {copies}, drawn = drawn * {copies}",
    "UPDATE sample SET size = size * {copies}, frame_size = frame_size * {copies}",
    # A correction of one report in 500: the same answers, under a reason, judged again.
    """INSERT INTO report_version SELECT v.mission_id, v.report_id, 2, v.sequence, v.envelope,
  v.answers, v.author_id, 'the team called again' FROM report_version v
  JOIN report r ON r.mission_id = v.mission_id AND r.id = v.report_id
  WHERE r.sequence % 500 = 1 AND r.status = 'received' AND r.version = 1""",
    """INSERT INTO judgement SELECT j.mission_id, j.report_id, 2, j.rules_id, j.codes, j.flags
  FROM judgement j JOIN report_version v ON v.mission_id = j.mission_id
    AND v.report_id = j.report_id AND v.number = 2 AND v.reason = 'the team called again'
  WHERE j.number = 1""",
    """UPDATE report r SET version = 2 FROM report_version v WHERE v.mission_id = r.mission_id
  AND v.report_id = r.id AND v.number = 2""",
    """INSERT INTO edit SELECT mission_id, gen_random_uuid(), report_id, 2,
  sha256(convert_to(answers::text, 'UTF8'))
  FROM report_version WHERE number = 2 AND reason = 'the team called again'
    AND sequence % 1000 = 1""",
    """UPDATE report SET
  status = CASE WHEN sequence % 300 = 7 THEN 'quarantined' ELSE 'verified' END
  WHERE status = 'received' AND (sequence % 300 = 7 OR sequence % 50 = 3)""",
    """INSERT INTO audit_entry SELECT mission_id, gen_random_uuid(), changed, received_at, NULL,
  'report.' || CASE status WHEN 'verified' THEN 'verify' ELSE 'quarantine' END, id::text,
  uuid_send(gen_random_uuid()), sha256(id::text::bytea), '' FROM report
  WHERE status IN ('verified', 'quarantined')""",
    """INSERT INTO attachment SELECT mission_id, id, 'photo.jpg', sha256(id::text::bytea), 200000,
  CASE WHEN sequence % 3 > 0 THEN received_at END FROM report
  WHERE checklist = 'incident' OR sequence % 25 = 0
  ON CONFLICT (mission_id, report_id, name) DO UPDATE SET arrived_at = excluded.arrived_at,
  sha256 = excluded.sha256, size = excluded.size""",
    """INSERT INTO submission SELECT s.mission_id, s.report_id, sha256(s.sha256), s.sequence,
  s.received_at, s.channel, s.media_type, s.holder_id, true, NULL, NULL, s.raw
  FROM submission s WHERE s.sequence % 5000 = 9""",
    """INSERT INTO call SELECT d.mission_id, gen_random_uuid(), d.id, 'no_answer', '', m.id,
  now() FROM (SELECT *, row_number() OVER () AS n FROM deployment) d,
  (SELECT id FROM member WHERE role = 'lead' LIMIT 1) m WHERE d.n % 50 = 0""",
    """INSERT INTO accreditation SELECT mission_id, gen_random_uuid(), id, 'issued', pseudonym,
  'the commission', NULL, NULL, '' FROM observer""",
    """INSERT INTO briefing SELECT mission_id, gen_random_uuid(), id,
  unnest(ARRAY['law', 'security', 'method']), now(), NULL FROM observer""",
    """INSERT INTO phone SELECT mission_id, gen_random_uuid(), id, sha256(id::text::bytea), 'link',
  now(), now(), NULL FROM observer""",
    """INSERT INTO complaint SELECT mission_id, gen_random_uuid(), 'C-' || n, 'An invented matter',
  'An invented party', 'A court', NULL, '[]', current_date, NULL, NULL, 'pending', NULL, m.id,
  now() FROM (SELECT mission_id, id FROM member WHERE role = 'lead' LIMIT 1) m,
  generate_series(1, 2000) n""",
    # Three more hands that copied each station's result: one figure in so many differs.
    """WITH observed AS (
  SELECT DISTINCT ON (r.place_id) r.place_id, v.answers FROM report r
  JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
    AND v.number = r.version
  JOIN contest c ON c.mission_id = r.mission_id AND c.id = r.contest_id AND c.code = '{contest}'
  WHERE r.place_id IS NOT NULL ORDER BY r.place_id, r.finalised_at),
copied AS (
  SELECT p.mission_id, p.id, row_number() OVER () AS n, p.registered_voters AS listed, o.answers,
    (SELECT jsonb_object_agg(e ->> 'contestant', (e -> 'votes')::int)
     FROM jsonb_array_elements(o.answers -> 'contestant_votes') e) AS votes
  FROM place p LEFT JOIN observed o ON o.place_id = p.id),
result AS (
  SELECT mission_id, id, n, listed, coalesce(votes, (SELECT jsonb_object_agg(t.code,
      (listed * 0.15)::int + n % (20 + t.position)) FROM contestant t)) AS votes,
    coalesce((answers ->> 'invalid')::int, 5) AS invalid FROM copied)
INSERT INTO official_result
SELECT t.mission_id, c.id, t.id, s.source,
  jsonb_build_object('registered', t.listed, 'cast', total.valid + t.invalid,
    'valid', total.valid, 'invalid', t.invalid + (t.n % s.wrong = 0)::int), t.votes, now()
FROM result t
CROSS JOIN (VALUES ('posted', 211), ('entered', 97), ('published', 89)) s (source, wrong)
CROSS JOIN LATERAL (SELECT sum(e.value::int)::int AS valid FROM jsonb_each_text(t.votes) e) total
JOIN contest c ON c.code = '{contest}'""",
    # A seal over nothing, so that the server has not all this to seal while it is measured.
    """INSERT INTO seal SELECT mission_id, 1, seq, 0, sha256(''), sha256(''), '', now()
  FROM mission_clock""",
    "DROP FUNCTION stand_in",
    "DROP TABLE crew",
)


def fill(home: Path, copies: int) -> None:
    """Play the small mission in a fresh home, then multiply it."""
    home.mkdir(mode=0o711)
    with Embedded(home, fsync=False).running() as url:
        migrate(url, SECRET)
        settings, login = _settings(home), app_url(url, SECRET)
        with work_engine(login) as engine:
            office = CommandContext(settings, OpenDatabase(url, login), engine)
            make_or_find(office, STATIONS, REPORTS)
            asyncio.run(_send_cases(office))
        with psycopg.connect(url) as connection:
            multiply(connection, copies)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
    (home / "filled").touch()


def multiply(connection: psycopg.Connection[Any], copies: int) -> None:
    """Every row so many times in all. Nothing is checked meanwhile, and no trigger fires."""
    connection.execute("SET session_replication_role = replica")
    row = connection.execute("SELECT seq FROM mission_clock").fetchone()
    assert row is not None
    for table, columns in PEOPLE.items():
        _copy(connection, table, columns, CREWS, row[0])
    connection.execute(STAND_IN)
    connection.execute(BESIDES)
    crew = connection.execute("SELECT count(*) FROM crew").fetchone()
    assert crew is not None
    connection.execute(FUNCTION.format(stride=STRIDE, crew=crew[0]))
    for table, columns in COPIED.items():
        _copy(connection, table, columns, copies, row[0])
    for statement in AFTERWARDS:
        connection.execute(statement.format(copies=copies, contest=CONTEST))


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    columns: Mapping[str, str],
    copies: int,
    clock: int,
) -> None:
    names = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
            "AND table_schema = 'public' ORDER BY ordinal_position",
            (table,),
        )
    ]
    said = [columns.get(name, "{}").format("t." + name, clock=clock) for name in names]
    began = time.perf_counter()
    done = connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(said)} "  # noqa: S608
        f"FROM generate_series(1, {copies - 1}) k CROSS JOIN {table} t"
    )
    print(f"  {table}: {done.rowcount:,} in {time.perf_counter() - began:.0f} s", flush=True)


async def _send_cases(office: CommandContext) -> None:
    """Incidents and refusals of access, as observers would send them."""
    mission_id = office.mission(SLUG)
    with psycopg.connect(office.database.admin_url) as connection:
        posted = connection.execute(
            "SELECT p.code, o.pseudonym FROM deployment d "
            "JOIN place p ON p.id = d.place_id "
            "JOIN deployed_observer w ON w.deployment_id = d.id "
            "JOIN observer o ON o.id = w.observer_id ORDER BY p.code, o.pseudonym LIMIT %s",
            (INCIDENTS + REFUSALS,),
        ).fetchall()
    lines = [orjson.dumps(each) for each in _cases(posted)]
    async with importing(office) as intake:
        await intake.accept_reports(principal_of(office, SLUG), arrivals_of(lines))
    assert mission_id


def _cases(posted: list[Any]) -> Iterator[dict[str, Any]]:
    natures = ("procedural", "secrecy", "presence", "campaigning", "control", "conflict", "fraud")
    for number, (station, observer) in enumerate(posted):
        incident = number < INCIDENTS
        saw = {
            "nature": natures[number % 7],
            "violence": "yes" if number % 5 == 0 else "no",
            "vote_buying": "yes" if number % 3 == 0 else "no",
            "source": "observed",
            "photo": "photo.jpg",
        }
        refused = {"access": "denied", "access__known": "saw", "refused_by": "chair"}
        yield {
            "id": str(uuid4()),
            "checklist": "incident" if incident else "access_denied",
            "round": ROUND,
            "station": station,
            "observer": observer,
            "finalised_at": "2026-01-01T12:00:00Z",
            "arrived_at": "2026-01-01T11:00:00Z",
            "answers": saw if incident else refused,
        }


def _settings(home: Path) -> Settings:
    return Settings(home=home, secret=SECRET)


@contextmanager
def opened(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The filled home's database: its superuser's URL, and the environment of who serves it."""
    with Embedded(home).running() as url:
        migrate(url, SECRET)
        yield (
            url,
            os.environ
            | {
                "DATABASE_URL": app_url(url, SECRET),
                "INDELIBLE_SECRET": SECRET,
                "INDELIBLE_HOME": str(home),
            },
        )


def secret_of(home: Path, url: str, role: Role, **bounds: Any) -> str:
    """What a new member signs in with: a data manager a bearer token, others a session."""
    login = app_url(url, SECRET)
    purpose = Purpose.BEARER if role == Role.DATA_MANAGER else Purpose.SESSION
    with work_engine(login) as engine:
        office = CommandContext(_settings(home), OpenDatabase(url, login), engine)
        with office.work(office.mission(SLUG)) as work:
            member = Member(
                mission_id=work.mission_id, handle=f"{role}-{uuid4().hex[:6]}", role=role, **bounds
            )
            work.session.add(member)
            work.session.flush()
            return issue_secret(work.session, work.mission_id, role, purpose, member.id)
