"""Stations that refused, were closed or unsafe are never missing, over HTTP."""

from datetime import timedelta

import psycopg
import pytest

from api.audit.sealed_work import office
from api.imports.deployments import import_deployments
from api.imports.table import read_table
from schemas.columns import now
from tests.api.standards.conftest import SLUG, Walked
from tests.conftest import Database

PLAN = b"round,station,observers,kind,expect voting\nfirst,S1,W-1,static,1\nfirst,S2,M-1,static,1\n"


@pytest.fixture
def planned(walked: Walked, database: Database) -> Walked:
    """One voting report is due from each of two stations since yesterday."""
    yesterday = f"{now() - timedelta(days=1):%Y-%m-%d}"
    with psycopg.connect(database.admin_url) as connection:
        days = "UPDATE round SET polling_days = jsonb_build_array(%s::text)"
        connection.execute(days, (yesterday,))
    with office(walked.settings) as at:
        mission = at.mission(SLUG)
        with at.work(mission) as work:
            import_deployments(work, read_table(PLAN))
    return walked


async def plans(walked: Walked) -> dict[str, int]:
    """The plans by disposition."""
    found = (await walked.get("coverage")).json()["dispositions"]["plans"]
    return {name: count for name, count in found.items() if count}


async def test_a_station_that_refused_is_called_refused_and_nobody_is_called_about_it(
    planned: Walked,
) -> None:
    assert await plans(planned) == {"missing": 2}
    await planned.send("W-1", "access_denied", {"access": "denied"})
    assert await plans(planned) == {"missing": 1, "refused": 1}
    found = (await planned.get("coverage")).json()
    nation = found["nation"]
    assert [nation[name] for name in ("expected", "received", "missing", "late", "refused")] == [
        2, 0, 1, 1, 1,
    ]  # fmt: skip
    assert found["stations_unobserved"] == {"refused": 1, "closed": 0, "unsafe": 0}
    page = (await planned.get(f"/missions/{SLUG}/coverage")).text
    calls = page[page.index('id="calls"') :]
    assert "S2" in calls
    assert "S1" not in calls
    assert "entry refused" in page
    file = (await planned.get(f"/missions/{SLUG}/coverage.csv")).text.splitlines()
    (row,) = [line.split(",") for line in file[1:]]
    assert dict(zip(file[0].split(","), row, strict=True))["refused"] == "1"
    room = (await planned.get(f"/missions/{SLUG}/")).text
    assert "Entry refused" in room[room.index("Beside the plan") :]


@pytest.mark.parametrize("reason", ["closed", "unsafe"])
async def test_a_station_that_was_closed_or_unsafe_is_neither_missing_nor_expected(
    planned: Walked, reason: str
) -> None:
    await planned.send("W-1", "access_denied", {"access": reason})
    assert await plans(planned) == {"missing": 1, reason: 1}
    nation = (await planned.get("coverage")).json()["nation"]
    assert (nation["expected"], nation["missing"], nation[reason]) == (1, 1, 1)


async def test_a_team_that_was_let_in_after_a_wait_still_owes_its_report(planned: Walked) -> None:
    await planned.send("W-1", "access_denied", {"access": "let_in_later"})
    assert await plans(planned) == {"missing": 2}


async def test_a_station_that_sent_its_report_later_was_observed_after_all(
    planned: Walked,
) -> None:
    before = (now() - timedelta(hours=1)).isoformat()
    await planned.send("W-1", "access_denied", {"access": "closed"}, arrived_at=before)
    await planned.send("W-1", "voting", {"intimidation": "no"})
    assert await plans(planned) == {"complete": 1, "missing": 1}
    found = (await planned.get("coverage")).json()
    assert found["stations_unobserved"] == {"refused": 0, "closed": 0, "unsafe": 0}


async def test_what_lies_in_a_no_go_area_is_unsafe(planned: Walked) -> None:
    assert await plans(planned) == {"missing": 2}
    shut = {"area": "north", "reason": "Fighting.", "begins_on": "2020-01-01"}
    assert (await planned.post("registers/no_go", shut)).status_code == 201
    assert await plans(planned) == {"unsafe": 2}


async def test_a_draft_says_how_many_stations_could_not_be_observed(planned: Walked) -> None:
    await planned.send("W-1", "access_denied", {"access": "denied"})
    await planned.send("M-1", "voting", {"intimidation": "no"}, station="S2")
    made = await planned.client.post(f"/missions/{SLUG}/statements", headers=planned.bearer("lead"))
    page = (await planned.get(made.headers["location"])).text
    assert "could not be observed: entry refused" in page


async def test_a_report_dated_ahead_meets_no_plan_until_its_time_has_come(planned: Walked) -> None:
    ahead = (now() + timedelta(hours=5)).isoformat()
    await planned.send("W-1", "voting", {"intimidation": "no"}, arrived_at=ahead)
    assert await plans(planned) == {"missing": 2}
    assert (await planned.get("coverage")).json()["nation"]["received"] == 0


async def test_a_refusal_counts_as_a_station_that_restricted_observers_until_a_report_comes(
    planned: Walked,
) -> None:
    """At one station everything was in order, the other lets nobody in at first."""

    async def access() -> tuple[int, int]:
        rows = (await planned.get("irregularities?kind=international")).json()["items"]
        (found,) = [each["number"] for each in rows if each["indicator"] == "AC-OBS"]
        return found["n"], found["of"]

    await planned.send("M-1", "voting", {"access_given": "freely"}, station="S2")
    assert await access() == (0, 1)
    await planned.send("M-1", "access_denied", {"access": "denied", "stage": "voting"})
    assert await access() == (1, 2)
    beneath = await planned.get(f"/missions/{SLUG}/reports?indicator=AC-OBS")
    assert "No report fits" not in beneath.text
    await planned.send("M-1", "voting", {"access_given": "freely"})
    assert await access() == (0, 2)
