"""Coverage: regions however deep, how plans stand, whom to call, who was not let in."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.pages import coverage
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
NESTED = """
WITH up AS (INSERT INTO area (mission_id, id, code, name, level)
  SELECT mission_id, gen_random_uuid(), v.code, v.name, 'region' FROM mission,
    (VALUES ('north', 'North'), ('south', 'South')) v(code, name) RETURNING mission_id, id, code),
down AS (INSERT INTO area (mission_id, id, parent_id, code, name, level)
  SELECT up.mission_id, gen_random_uuid(), up.id, v.code, v.name, 'district' FROM up,
    (VALUES ('n1', 'North 1'), ('n2', 'North 2')) v(code, name) WHERE up.code = 'north'
  RETURNING id, code)
UPDATE place SET area_id = down.id FROM down
WHERE (down.code, place.code) IN (('n1', '001'), ('n2', '002')) RETURNING 1"""
PLANNED = re.compile(r"of (\d+)</span>")
SENT = """
WITH d AS (INSERT INTO deployment
  (mission_id, id, round_id, organisation_id, kind, place_id, expected)
  SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'static', p.id,
    '{"voting": 1}' FROM observer o JOIN round r ON true JOIN place p ON p.code IN ('001', '002')
  WHERE o.pseudonym = 'O-1' RETURNING mission_id, id)
INSERT INTO deployed_observer (mission_id, deployment_id, observer_id)
SELECT d.mission_id, d.id, o.id FROM d JOIN observer o ON o.pseudonym = 'O-1' RETURNING 1"""


async def test_a_region_counts_what_lies_in_its_districts_and_opens_into_them(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(NESTED)
    rows(SENT)
    lead, base = mission.bearer("lead"), f"/missions/{mission.slug}"
    told = (await client.get(f"/api/v1{base}/coverage", headers=lead)).json()
    named = {each["area"]["code"] if each["area"] else None for each in told["areas"]}
    assert "north" in named
    assert not named & {"n1", "n2"}
    page = await client.get(f"{base}/coverage?area=north", headers=lead)
    assert "North 1" in page.text
    assert (await client.get(f"{base}/coverage?area=west", headers=lead)).status_code == 404


async def test_the_page_says_how_plans_stand_and_whom_to_call(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(SENT)
    page = await client.get(f"/missions/{mission.slug}/coverage", headers=mission.bearer("lead"))
    assert "How the teams&#39; plans stand" in page.text
    assert '<th scope="row">late</th>' in of(page.text, "standing")
    assert "Call list" in page.text
    assert "never called" in page.text
    outside = await client.get(
        f"/missions/{mission.slug}/coverage", headers=mission.bearer("partner")
    )
    assert "Call list" not in outside.text


async def test_the_call_list_leads_to_all_of_it_where_some_are_left_out(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows(SENT)
    monkeypatch.setattr(coverage, "CALLED", 1)
    at, lead = f"/missions/{mission.slug}/coverage", mission.bearer("lead")
    first = of((await client.get(at, headers=lead)).text, "calls")
    assert "All 2 to call" in first
    assert "School 002" not in first
    whole = of((await client.get(f"{at}?calls=all", headers=lead)).text, "calls")
    assert "School 001" in whole
    assert "School 002" in whole


async def test_within_a_region_hours_and_calls_are_of_that_region(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(NESTED)
    rows(SENT)
    lead, base = mission.bearer("lead"), f"/missions/{mission.slug}/coverage"
    pages = {
        code: (await client.get(f"{base}{query}", headers=lead)).text
        for code, query in {
            "": "",
            "north": "?area=north",
            "n1": "?area=n1",
            "south": "?area=south",
        }.items()
    }
    called = {code: of(page, "calls") for code, page in pages.items()}
    both, one = ("School 001", "School 002"), ("School 001",)
    for code, places in {"": both, "north": both, "n1": one, "south": ()}.items():
        found = {each for each in both if each in called[code]}
        assert found == set(places), code
    hours = {code: of(page, "hours") for code, page in pages.items()}
    planned = {code: sum(map(int, PLANNED.findall(told))) for code, told in hours.items()}
    assert planned == {"": 2, "north": 2, "n1": 1, "south": 0}
    assert "North 1" in of(pages["n1"], "hours").split("</div>")[0]


def of(page: str, section: str) -> str:
    """One section of the page; nothing where it is not there."""
    return page.partition(f'id="{section}"')[2].partition("</section>")[0]
