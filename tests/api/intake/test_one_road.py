"""Intake without a server, and a batch of which one report cannot be stored."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from api.audit.signing import Signer
from api.auth.principal import Principal
from api.database.sessions import make_pool
from api.intake.accept import Arrival, Intake
from api.intake.group_commit import GroupCommit
from api.intake.reference_cache import Registers
from api.settings import Settings
from mobile_forms.judgement import Judge
from schemas.columns import new_id
from schemas.credential import Purpose, Role
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@asynccontextmanager
async def open_intake(settings: Settings) -> AsyncIterator[Intake]:
    url = settings.database_url or ""
    committer = GroupCommit(url, lambda mission_id, sha256: None)
    async with make_pool(url) as pool:
        await committer.start()
        yield Intake(Registers(pool, Judge), committer, Signer.from_secret(settings.secret))
        await committer.stop()


def arrival(report: dict[str, Any]) -> Arrival:
    return Arrival(json.dumps(report).encode(), report, "file", "application/json")


def importer(mission: SmallMission) -> Principal:
    holder = mission.holders["data_manager"]
    return Principal(mission.mission_id, mission.slug, Role.IMPORT, holder, None, Purpose.BEARER)


async def test_a_command_takes_reports_the_same_road(
    serving: Settings, mission: SmallMission, rows: Rows
) -> None:
    reports = [mission.report(observer=name) for name in ("O-1", "O-2", "nobody")]
    async with open_intake(serving) as intake:
        answers = await intake.accept_reports(importer(mission), [*map(arrival, reports)])
    assert [answer.status for answer in answers] == [201, 201, 202]
    assert rows("SELECT DISTINCT channel FROM submission") == [("file",)]


async def test_one_report_that_cannot_be_stored_is_kept_bare_and_loses_no_neighbour(
    serving: Settings, mission: SmallMission, rows: Rows
) -> None:
    async with open_intake(serving) as intake:
        who = importer(mission)
        fine = [await intake.judge(who, arrival(mission.report())) for _ in range(3)]
        poisoned = replace(await intake.judge(who, arrival(mission.report())), place_id=new_id())
        futures = intake.committer.queue([fine[0], poisoned, *fine[1:]])
        statuses = [(await future).status for future in futures]
    assert statuses == ["received", "held", "received", "received"]
    held = rows(
        "SELECT s.raw FROM report r JOIN submission s ON s.report_id = r.id WHERE status = 'held'"
    )
    assert held == [(poisoned.raw,)]
