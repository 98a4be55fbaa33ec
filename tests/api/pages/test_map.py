"""The map: regions and stations where they lie, the same as a list, and no incident too many."""

import re
from collections.abc import Callable
from typing import Any

import httpx

from tests.api.pages.test_coverage import NESTED, SENT
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
SHAPED = """
UPDATE area SET shape = jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(
  jsonb_build_array(jsonb_build_array(x, 0), jsonb_build_array(x + 2, 0),
    jsonb_build_array(x + 2, 2), jsonb_build_array(x, 2))))
FROM (VALUES ('north', 0), ('south', 2)) v(of, x) WHERE code = v.of RETURNING 1"""
PLACED = "UPDATE place SET longitude = 1, latitude = 1 WHERE code = '001' RETURNING 1"


async def test_the_map_says_the_same_as_the_list_beside_it_and_names_what_it_cannot_draw(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    for each in (NESTED, SENT, SHAPED, PLACED):
        rows(each)
    lead, at = mission.bearer("lead"), f"/missions/{mission.slug}/map"
    page = (await client.get(at, headers=lead)).text
    assert "Below half of the plan: North" in page
    assert ">0/2</tspan>" in page
    assert "Not on the map: 1 stations without a position." in page
    assert "School 001" not in page
    (link,) = re.findall(r'data-row href="([^"]*area=north)"', page)
    inside = (await client.get(link, headers=lead)).text
    assert "Late: 2. To come: 0." in inside
    assert [*map(inside.count, ("School 001", "School 002", "School 003"))] == [1, 1, 0]
    assert inside.count("late since") == 2
    assert (await client.get(f"{at}?area=west", headers=lead)).status_code == 404


async def test_a_mission_whose_areas_have_no_shape_has_the_list(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(NESTED)
    rows(SENT)
    page = await client.get(f"/missions/{mission.slug}/map", headers=mission.bearer("lead"))
    assert "No area has a shape." in page.text
    assert "area=north" in page.text
