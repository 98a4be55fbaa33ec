"""The desk's panels for conflicts and for protocols: side by side, typed blind, a third look."""

import re

import httpx
import pytest

from tests.api.figures.test_policies import Field
from tests.api.pages.test_desk import seen, sent
from tests.api.review.test_conflicts import ID, SHEETS, queue, two_in_conflict
from tests.api.review.test_second_typing import FIRST
from tests.api.small import SmallMission
from tests.api.two_contests import Rows, hold_two_contests, protocol


@pytest.fixture
async def field(client: httpx.AsyncClient, mission: SmallMission) -> Field:
    """A mission whose checklist says that two teams must agree."""
    found = Field(client, mission)
    await found.publish(SHEETS, two_teams="agree")
    return found


async def test_a_conflict_is_decided_answer_by_answer_on_its_page(
    field: Field, client: httpx.AsyncClient, mission: SmallMission
) -> None:
    one, other = await two_in_conflict(field)
    page = await seen(client, mission, f"/conflicts/{ID}")
    assert page.status_code == 200, page.text
    asked = re.findall(r'data-question="(\w+)"', page.text)
    assert asked == ["sealed", "seen"]
    assert "2 of 3 answers contradict each other" in page.text
    numbers = {f"number.{each}": "1" for each in (one, other)}
    path = f"/conflicts/{ID}/acts/conflict"
    blank = await sent(client, mission, path, **numbers, **{"answer.sealed": one})
    assert blank.status_code == 422
    assert "say why, for all or for each answer." in blank.text
    assert f'value="{one}" required data-digit="1" checked' in blank.text
    done = await sent(
        client,
        mission,
        path,
        **numbers,
        **{"answer.sealed": one, "answer.seen": "both", "reason": "A photo shows it."},
    )
    assert done.status_code == 303, done.text
    assert await queue(field) == []


async def test_what_came_since_is_told_and_nothing_that_was_written_is_lost(
    field: Field, client: httpx.AsyncClient, mission: SmallMission
) -> None:
    one, other = await two_in_conflict(field)
    fields = {f"number.{one}": "1", "answer.sealed": one, "reason": "A photo shows it."}
    answer = await sent(client, mission, f"/conflicts/{ID}/acts/conflict", **fields)
    assert answer.status_code == 409
    assert "Another report has come in, or one was changed." in answer.text
    assert "A photo shows it.</textarea>" in answer.text
    assert other in answer.text


async def test_a_protocol_is_typed_blind_then_a_third_look_decides(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    report = protocol(mission, FIRST, contest="president")
    await client.post(mission.reports, json=report, headers=mission.bearer("observer"))
    rows(
        "INSERT INTO attachment (mission_id, report_id, name, sha256, arrived_at) VALUES"
        " (%s, %s, 'p.jpg', %s, now()) RETURNING 1",
        mission.mission_id,
        report["id"],
        b"\x01" * 32,
    )
    path = f"/typing/{report['id']}"
    page = await seen(client, mission, path)
    assert page.status_code == 200, page.text
    assert "Ada Grove" in page.text
    middle = page.text.partition('class="mid"')[2]
    assert not {"120", "80", "200"} & set(re.findall(r">\s*(\d+)\s*<", middle))
    typed = {"figure.in_box": "200", "figure.valid": "200", "figure.invalid": "0",
             "votes.A": "102", "votes.B": "80"}  # fmt: skip
    first = await sent(client, mission, f"{path}/acts/typing", **typed)
    assert first.status_code == 303, first.text
    assert first.headers["location"].partition("?")[0].endswith(path)
    differs = await seen(client, mission, path)
    assert re.findall(r'data-question="([\w.]+)"', differs.text) == ["votes.A"]
    assert all(f'<bdi dir="ltr">{each}</bdi>' in differs.text for each in (120, 102))
    done = await sent(
        client, mission, f"{path}/acts/typing", **{"votes.A": "102", "reason": "On the photo."}
    )
    assert done.status_code == 303, done.text
    shown = await client.get(f"{mission.reports}/{report['id']}", headers=mission.bearer("lead"))
    votes = {
        each["contestant"]: each["votes"] for each in shown.json()["answers"]["contestant_votes"]
    }
    assert votes == {"A": 102, "B": 80}
    gone = await seen(client, mission, path)
    assert "This is not in the queue any more." in gone.text or "decided this" in gone.text
