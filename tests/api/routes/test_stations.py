"""Polling stations by part of a code or name."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.routes.people import get
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def named(mission: SmallMission, rows: Rows) -> SmallMission:
    """A mission whose stations have names that people look for."""
    for code, name in (
        ("77-01", "Village Schoolhouse"),
        ("77-02", "École du Marché"),
        ("77-03", "100% Hall"),
        ("77-04", "Ресторан Юность"),
        ("77-05", "a_b"),
    ):
        rows(
            "INSERT INTO place SELECT (jsonb_populate_record(p, jsonb_build_object("
            "'id', gen_random_uuid(), 'code', %s::text, 'name', %s::text))).*"
            " FROM place p WHERE kind = 'station' AND mission_id = %s LIMIT 1 RETURNING 1",
            code,
            name,
            mission.mission_id,
        )
    return mission


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("SCHOOLHOUSE", ["77-01"]),
        ("77-0", ["77-01", "77-02", "77-03", "77-04", "77-05"]),
        ("école", ["77-02"]),
        ("ÉCOLE", ["77-02"]),
        ("%25", ["77-03"]),
        ("_", ["77-05"]),
        ("юность", ["77-04"]),
        ("nowhere at all", []),
        ("77-01 village", []),
    ],
)
async def test_a_station_is_found_by_part_of_its_code_or_name(
    client: httpx.AsyncClient, named: SmallMission, asked: str, found: list[str]
) -> None:
    answer = await get(client, named, f"stations?q={asked}")
    assert [each["code"] for each in answer.json()["items"]] == found
