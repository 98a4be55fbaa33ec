"""A no-go area: nobody new is sent there, whatever road the plan takes."""

from typing import Any

import pytest

from api.audit.sealed_work import office
from api.imports.areas import import_areas
from api.imports.deployments import import_deployments
from api.imports.run import Outcome
from api.imports.table import read_table
from tests.api.standards.conftest import SLUG, TODAY, Walked

CLOSED = {"area": "north", "reason": "Armed groups on the road.", "begins_on": TODAY}
PLAN = b"station,observers\nS1,W-1\n"


def planned(walked: Walked, table: bytes) -> Outcome:
    """What a file of deployments comes to."""
    with office(walked.settings) as at, at.work(at.mission(SLUG)) as work:
        return import_deployments(work, read_table(table))


async def by_hand(walked: Walked, sort: str, code: str) -> Any:
    """Plan one deployment on the planner's page."""
    return await walked.client.post(
        f"/missions/{SLUG}/deployments/new",
        headers=walked.bearer("lead"),
        data={"round": "first", "sort": sort, "code": code, "team": "W-1"},
    )


async def test_nobody_new_is_sent_to_what_lies_in_a_no_go_area(walked: Walked) -> None:
    made = (await walked.post("registers/no_go", CLOSED)).json()
    refused = planned(walked, PLAN)
    assert not refused.added
    assert "Armed groups on the road." in refused.refused[0].reason
    for sort, code in (("station", "S2"), ("area", "north")):
        page = await by_hand(walked, sort, code)
        assert page.status_code == 422
        assert "Armed groups on the road." in page.text
    ended = {"ends_on": "2026-01-01"}
    early = await walked.client.patch(
        f"/api/v1/missions/{SLUG}/registers/no_go/{made['id']}",
        json=ended,
        headers=walked.bearer("lead"),
    )
    assert (early.status_code, early.json()["field"]) == (422, "ends_on")


async def test_an_area_inside_is_closed_too_until_the_day_that_is_written(
    walked: Walked, rows: Any
) -> None:
    with office(walked.settings) as at, at.work(at.mission(SLUG)) as work:
        import_areas(
            work,
            read_table(b"code,name,level,parent\nland,Land,country,\nnorth,North,region,land\n"),
        )
    await walked.post("registers/no_go", CLOSED | {"area": "land"})
    assert not planned(walked, PLAN).added
    rows("UPDATE no_go_area SET begins_on = '2026-01-01', ends_on = '2026-01-02' RETURNING 1")
    assert planned(walked, PLAN).added == ["S1"]


async def test_who_is_there_already_stays_in_the_file_and_is_not_sent_further(
    walked: Walked,
) -> None:
    assert planned(walked, PLAN).added == ["S1"]
    await walked.post("registers/no_go", CLOSED)
    assert planned(walked, PLAN).unchanged == 1
    (found,) = (await walked.get("deployments")).json()["items"]
    where = f"deployments/{found['id']}/redeploy"
    moved = await walked.post(where, {"station": "S2", "reason": "called"})
    assert (moved.status_code, moved.json()["field"]) == (422, "station")


@pytest.mark.parametrize("persona", ["W-1", "import"])
async def test_observers_and_imports_neither_read_nor_close(walked: Walked, persona: str) -> None:
    assert (await walked.get("registers/no_go", persona)).status_code == 404
    assert (await walked.post("registers/no_go", CLOSED, persona)).status_code == 404
