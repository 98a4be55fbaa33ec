"""A mission just filled over HTTP has no statistics: the plans of its pages still read few rows."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import psycopg

from api.app import create_app
from api.server.cursors import cursor
from api.settings import Settings
from tests.api.conftest import awake
from tests.api.small import POLLING_DAY, SmallMission
from tests.conftest import Database

STATIONS, REPORTS, OUTBOX = 300, 1200, 100
FILLED = ("report", "report_version", "judgement", "visit")
READS_PER_REPORT = 50
"""Rows of all tables, for all addresses together. A plan that goes through all reports, or all
stations, for each report reads hundreds at one address."""
Rows = Callable[..., list[tuple[Any, ...]]]
MORE_STATIONS = """
INSERT INTO place SELECT (jsonb_populate_record(p, jsonb_build_object(
  'id', gen_random_uuid(), 'code', 'S' || n))).*
FROM place p, generate_series(1, %s) n WHERE p.code = '001'"""
READS = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
UNANALYSED = "ALTER TABLE {} SET (autovacuum_enabled = off)"
"""A slow machine fills for longer than autovacuum sleeps, and then there would be statistics."""
ANALYSED = """
SELECT relname FROM pg_stat_user_tables
WHERE relname = ANY (%s)
  AND coalesce(last_analyze, last_autoanalyze) IS NOT NULL"""
PAGES = (
    "/coverage",
    "/irregularities",
    "/breakdowns",
    "/reports",
    f"/reports?status=received&after={cursor(600)}",
    "/reports?indicator=box-not-sealed",
    "/flags",
    "/incidents",
    "/people",
    "/deployments",
    "/tables?of=stations",
    "/samples",
)
JSON = (
    "/reports?limit=1000",
    "/coverage",
    "/irregularities?by=area",
    "/changes",
    "/stations",
    "/observers",
)


@asynccontextmanager
async def worker(serving: Settings, headers: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A worker for a while; what its connections read is counted when they are closed."""
    app: Any = create_app(serving)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://indelible", headers=headers
        ) as client:
            yield client


def a_report(mission: SmallMission, n: int) -> bytes:
    """A line of an outbox: one report each half minute from eight o'clock on."""
    second = n * 30
    at = f"{POLLING_DAY}T{8 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    answers = {"queue": n % 7, "sealed": "no" if n % 5 == 0 else "yes"}
    return orjson.dumps(
        mission.report(
            station=f"S{n % STATIONS + 1}", arrived_at=at, departed_at=..., answers=answers
        )
    )


async def test_no_page_of_a_fresh_mission_goes_through_all_reports_for_each_of_them(
    serving: Settings, mission: SmallMission, database: Database, rows: Rows
) -> None:
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(MORE_STATIONS, (STATIONS,))
        for table in FILLED:
            connection.execute(UNANALYSED.format(table))
    made = [a_report(mission, n) for n in range(REPORTS)]
    sender = mission.bearer("data_manager") | {"Content-Type": "application/x-ndjson"}
    async with worker(serving, sender) as phones:
        for at in range(0, REPORTS, OUTBOX):
            said = await phones.post(mission.reports, content=b"\n".join(made[at : at + OUTBOX]))
            assert said.status_code == 201, said.text
    ((filled,),) = rows(READS)
    async with worker(serving, mission.bearer("lead")) as lead:
        for address in (
            *(f"/missions/{mission.slug}{each}" for each in PAGES),
            *(f"/api/v1/missions/{mission.slug}{each}" for each in JSON),
        ):
            assert (await lead.get(address)).status_code == 200, address
    ((looked,),) = rows(READS)
    assert rows(ANALYSED, [*FILLED]) == []
    assert looked - filled <= READS_PER_REPORT * REPORTS
