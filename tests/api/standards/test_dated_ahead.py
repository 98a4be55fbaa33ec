"""A report dated ahead is flagged, and counts when its time has come or a person verified it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from schemas.columns import now
from tests.api.standards.conftest import SLUG, Walked
from tests.conftest import Database

CALM = {"access_given": "freely", "intimidation": "no"}


async def counted(walked: Walked) -> tuple[int, int]:
    """How many observations the rates rest on, and how many reports came beyond the plan."""
    rows = (await walked.get("irregularities")).json()["items"]
    coverage = (await walked.get("coverage")).json()["nation"]
    return max((each["observations"] for each in rows), default=0), coverage["unplanned"]


async def test_it_enters_no_figure_until_its_time_has_come_and_then_counts_by_itself(
    walked: Walked, database: Database
) -> None:
    ahead = now() + timedelta(hours=5)
    sent = await walked.send("W-1", "voting", CALM, arrived_at=ahead.isoformat())
    assert sent["status"] == 201
    assert (await counted(walked))[0] == 0
    report = (await walked.get(f"reports/{sent['id']}")).json()
    assert report["status"] == "flagged"
    assert "clock_ahead" in {each["name"] for each in report["flags"]}
    assert datetime.fromisoformat(report["counts_from"]) == ahead
    page = (await walked.get(f"/missions/{SLUG}/reports/{sent['id']}")).text
    assert "Dated ahead: it counts from" in page
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(
            "UPDATE report SET arrived_at = now() - interval '1 minute',"
            " received_at = now() - interval '3 hours', changed = changed + 1"
        )
        connection.execute("UPDATE mission_clock SET seq = seq + 1")
    assert (await counted(walked))[0] == 1
    assert (await walked.get(f"reports/{sent['id']}")).json()["counts_from"] is None


async def test_a_person_who_verifies_it_makes_it_count(walked: Walked) -> None:
    ahead = (now() + timedelta(hours=5)).isoformat()
    sent = await walked.send("W-1", "voting", CALM, finalised_at=ahead)
    assert (await counted(walked))[0] == 0
    decided = {"status": "verified", "reason": "The phone's clock is wrong."}
    done = await walked.post(f"reports/{sent['id']}/decision", decided)
    assert done.status_code == 200, done.text
    assert (await counted(walked))[0] == 1


async def test_a_clock_that_is_a_little_ahead_counts_at_once(walked: Walked) -> None:
    soon = (now() + timedelta(minutes=40)).isoformat()
    await walked.send("W-1", "voting", CALM, arrived_at=soon)
    assert (await counted(walked))[0] == 1


async def test_it_is_in_no_statement_and_behind_no_number(walked: Walked) -> None:
    ahead = (now() + timedelta(hours=5)).isoformat()
    bad = CALM | {"intimidation": "yes"}
    await walked.send("W-1", "voting", bad, arrived_at=ahead)
    listed = (await walked.get("reports?indicator=VO-INTIM")).json()["items"]
    assert listed == []
    made = await walked.client.post(f"/missions/{SLUG}/statements", headers=walked.bearer("lead"))
    page = (await walked.get(made.headers["location"])).text
    assert "intimidat" not in page


async def test_voting_that_was_reported_before_the_first_polling_day_does_not_count(
    walked: Walked, database: Database
) -> None:
    days: Any = f"{datetime.now(UTC) + timedelta(days=14):%Y-%m-%d}"
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE round SET polling_days = jsonb_build_array(%s::text)", (days,))
    sent = await walked.send("W-1", "voting", CALM)
    assert (await counted(walked))[0] == 0
    report = (await walked.get(f"reports/{sent['id']}")).json()
    assert report["status"] == "flagged"
    await walked.send("W-2", "incident", {"nature": "conflict", "source": "observed"})
    assert (await walked.get("incidents")).json()["items"]
