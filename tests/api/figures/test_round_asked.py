"""After the run-off has begun the figures of the first round can still be read; they never mix."""

from typing import Any

import httpx
import pytest

from api.closing.indicators import last_indicators
from api.figures.ask import LocalFigures
from api.figures.follower import Follower
from schemas.columns import now
from tests.api.small import SmallMission
from tests.conftest import Database

RUNOFF = """
INSERT INTO round (mission_id, id, election_id, code, name, polling_days, opens, closes, zone)
SELECT mission_id, gen_random_uuid(), election_id, 'second', 'Run-off', jsonb_build_array(%s::text),
  opens, closes, zone FROM round WHERE mission_id = %s RETURNING id"""
CONTEST = """
WITH made AS (INSERT INTO contest (mission_id, id, round_id, code, name, denominator,
  choices_per_ballot, thresholds)
  SELECT mission_id, gen_random_uuid(), id, 'president', 'President', 'valid', 1, '[]' FROM round
  WHERE mission_id = %s AND code = 'first' RETURNING mission_id, id)
INSERT INTO contestant (mission_id, id, contest_id, code, name, position)
SELECT mission_id, gen_random_uuid(), id, 'a', 'A', 1 FROM made RETURNING id"""
NOTED = """
WITH clock AS (UPDATE mission_clock SET seq = seq + 1 WHERE mission_id = %s RETURNING seq)
INSERT INTO audit_entry (mission_id, id, sequence, at, act, subject, salt, digest, note)
SELECT %s, gen_random_uuid(), seq, now(), 'round.runoff', 'second', '', '', '' FROM clock
RETURNING sequence"""
FIGURES = (
    "coverage",
    "irregularities",
    "irregularities.csv",
    "incidents",
    "breakdowns/hour",
    "agreement",
    "ranking",
    "comparisons/kinds",
    "comparisons/earlier",
    "staff",
    "answers",
    "forensics/president",
)
IRREGULAR = {"queue": 1, "sealed": "no", "sealed__known": "saw"}


@pytest.fixture
async def sent(as_data_manager: httpx.AsyncClient, mission: SmallMission, rows: Any) -> str:
    """Three reports of the first round, one irregular; then a run-off begins, and one comes of it,
    irregular too. The id of this last one."""
    for station, answers in (
        ("001", IRREGULAR),
        ("002", {"sealed": "yes"}),
        ("003", {"sealed": "yes"}),
    ):
        await send(as_data_manager, mission, station=station, answers=answers)
    moment = now()
    rows(RUNOFF, moment.date().isoformat(), mission.mission_id)
    rows(CONTEST, mission.mission_id)
    rows(NOTED, mission.mission_id, mission.mission_id)
    at = moment.isoformat()
    return await send(
        as_data_manager, mission, round="second", arrived_at=at, departed_at=at, answers=IRREGULAR
    )


async def send(client: httpx.AsyncClient, mission: SmallMission, **members: Any) -> str:
    report = mission.report(**members)
    answer = await client.post(mission.reports, json=report)
    assert answer.status_code == 201, answer.text
    return str(report["id"])


async def asked(client: httpx.AsyncClient, mission: SmallMission, path: str) -> Any:
    client.headers.update(mission.bearer("lead"))
    answer = await client.get(f"/api/v1/missions/{mission.slug}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def seen(rates: Any) -> list[tuple[int, int]]:
    return [(each["number"]["seen"], each["number"]["of"]) for each in rates["items"]]


@pytest.mark.usefixtures("sent")
async def test_what_is_counted_of_the_mission_is_of_all_its_rounds(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    revisions = (await asked(client, mission, "checklists/voting/versions"))["items"]
    assert sorted(each["reports"] for each in revisions) == [0, 4]
    (kept,) = [
        each
        for each in (await asked(client, mission, "compliance"))["items"]
        if each["standard"] == "dop:4"
    ]
    assert kept["on_record"].startswith("Reports: 4,")
    for within in ("", "/rounds/second"):
        page = await client.get(f"/missions/{mission.slug}{within}/checklists")
        assert ">4<" in page.text


@pytest.mark.usefixtures("sent")
async def test_each_round_has_its_own_figures(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    assert seen(await asked(client, mission, "irregularities")) == [(1, 1)]
    assert seen(await asked(client, mission, "irregularities?round=second")) == [(1, 1)]
    assert seen(await asked(client, mission, "irregularities?round=first")) == [(1, 3)]


async def test_an_earlier_round_is_kept_up_while_it_is_asked_for(
    client: httpx.AsyncClient, mission: SmallMission, sent: str
) -> None:
    first = "irregularities?round=first"
    assert seen(await asked(client, mission, first)) == [(1, 3)]
    client.headers.update(mission.bearer("data_manager"))
    await send(client, mission, station="003", answers=IRREGULAR)
    assert seen(await asked(client, mission, first)) == [(2, 3)]
    assert seen(await asked(client, mission, "irregularities")) == [(1, 1)]
    assert sent


@pytest.mark.usefixtures("sent")
async def test_what_was_not_placed_in_a_round_stands_with_the_nearest_one_alone(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    held = mission.report(round="nowhere", station="999")
    answer = await client.post(mission.reports, json=held, headers=mission.bearer("data_manager"))
    assert answer.status_code == 202
    pages = {
        code: (
            await client.get(
                f"/missions/{mission.slug}/rounds/{code}/", headers=mission.bearer("lead")
            )
        ).text
        for code in ("first", "second")
    }
    assert str(held["id"]) in pages["second"]
    assert str(held["id"]) not in pages["first"]


@pytest.mark.usefixtures("sent")
async def test_the_tag_of_one_round_is_not_that_of_another(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    base, headers = f"/api/v1/missions/{mission.slug}/irregularities", mission.bearer("lead")
    tag = (await client.get(base, headers=headers)).headers["etag"]
    again = headers | {"If-None-Match": tag}
    assert (await client.get(base, headers=again)).status_code == 304
    assert (await client.get(f"{base}?round=first", headers=again)).status_code == 200


@pytest.mark.usefixtures("sent")
async def test_every_figure_can_be_asked_of_a_round_and_an_unknown_one_is_named(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    base, headers = f"/api/v1/missions/{mission.slug}", mission.bearer("lead")
    for path in FIGURES:
        known = await client.get(f"{base}/{path}?round=first", headers=headers)
        assert known.status_code == 200, (path, known.text)
    for path in (*FIGURES, "quick-counts/president", "quick-counts/president/copies"):
        unknown = await client.get(f"{base}/{path}?round=third", headers=headers)
        assert (unknown.status_code, unknown.json()["field"]) == (422, "round"), path


@pytest.mark.usefixtures("sent")
async def test_a_contest_of_the_first_round_alone_is_found_there_alone(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    base, headers = f"/api/v1/missions/{mission.slug}/forensics", mission.bearer("lead")
    assert (await client.get(f"{base}/president", headers=headers)).status_code == 404
    first = await client.get(f"{base}/president?round=first", headers=headers)
    assert first.status_code == 200


async def test_incidents_of_two_rounds_are_not_counted_together(
    client: httpx.AsyncClient, mission: SmallMission, sent: str, rows: Any
) -> None:
    rows(
        "UPDATE report SET checklist = 'incident' WHERE mission_id = %s RETURNING id",
        mission.mission_id,
    )
    (one,) = (await asked(client, mission, "incidents"))["items"]
    assert one["report"] == sent
    first = (await asked(client, mission, "incidents?round=first"))["items"]
    assert len(first) == 3
    assert sent not in {each["report"] for each in first}


@pytest.mark.usefixtures("sent")
async def test_a_handover_has_the_last_word_of_each_round(
    mission: SmallMission, database: Database
) -> None:
    follower = Follower(database.app_url)
    figures = LocalFigures(follower)
    rows = await last_indicators(figures, mission.mission_id)
    await follower.stop()
    found = [(each["round"], each["number"]["seen"], each["number"]["of"]) for each in rows]
    assert sorted(found) == [("first", 1, 3), ("second", 1, 1)]
