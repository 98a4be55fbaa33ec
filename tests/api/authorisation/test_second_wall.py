"""Behind the queries that start from the principal stands row-level security."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from api.app import create_app
from api.auth.principal import Principal
from api.auth.visible import (
    own_areas,
    visible_checklists,
    visible_deployments,
    visible_findings,
    visible_observers,
    visible_reports,
    visible_statements,
    visible_stations,
)
from api.database.policies import RESTRICTED
from api.database.sessions import mission_session
from api.settings import Settings
from schemas.credential import Purpose, Role
from schemas.tables import GLOBAL_TABLES, metadata
from tests.api.conftest import awake
from tests.api.small import SmallMission, sow
from tests.conftest import Database

Query = Callable[[Principal], Any]
VISIBLE = (
    own_areas,
    visible_checklists,
    visible_deployments,
    visible_findings,
    visible_observers,
    visible_reports,
    visible_statements,
    visible_stations,
)
OPEN = [
    each.name
    for each in metadata.sorted_tables
    if each.name not in GLOBAL_TABLES and each.name not in RESTRICTED
]


@pytest.mark.parametrize("visible", VISIBLE, ids=lambda each: each.__name__)
async def test_a_query_that_names_another_mission_finds_nothing(
    database: Database, serving: Settings, mission: SmallMission, visible: Query
) -> None:
    other = sow(database.admin_url, "elsewhere-2026")
    app: Any = create_app(serving)
    stranger = Principal(
        other.mission_id, other.slug, Role.LEAD, other.holders["lead"], None, Purpose.BEARER
    )
    async with awake(app):
        engine = app._app.framework.state.engine
        async with mission_session(engine, mission.mission_id) as session:
            assert (await session.execute(visible(stranger))).all() == []
        async with mission_session(engine, other.mission_id) as session:
            assert len((await session.execute(visible_stations(stranger))).all()) == 3


async def test_a_query_that_names_no_mission_finds_one_s_own_only(
    database: Database, serving: Settings, mission: SmallMission
) -> None:
    sow(database.admin_url, "elsewhere-2026")
    app: Any = create_app(serving)
    async with awake(app):
        engine = app._app.framework.state.engine
        async with mission_session(engine, mission.mission_id) as session:
            for name in OPEN:
                column = metadata.tables[name].c.mission_id
                found = set((await session.execute(select(column))).scalars())
                assert found <= {mission.mission_id}, name
            places = metadata.tables["place"].c.mission_id
            assert len((await session.execute(select(places))).all()) == 3
