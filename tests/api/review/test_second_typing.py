"""The figures of a protocol are typed a second time by another person, who has not seen them."""

from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission
from tests.api.two_contests import Rows, hold_two_contests, protocol, votes

FIRST = votes(A=120, B=80)


@pytest.fixture
async def report(client: httpx.AsyncClient, mission: SmallMission, rows: Rows) -> str:
    """A protocol of the president at 001, sent by its observer; its id."""
    await hold_two_contests(client, mission, rows)
    sent = protocol(mission, FIRST, contest="president")
    answer = await client.post(mission.reports, json=sent, headers=mission.bearer("observer"))
    assert answer.status_code == 201, answer.text
    return str(sent["id"])


async def type_again(
    client: httpx.AsyncClient,
    mission: SmallMission,
    report: str,
    answers: dict[str, Any],
    who: str = "data_manager",
    **members: Any,
) -> httpx.Response:
    address = f"{mission.reports}/{report}/typing"
    return await client.post(
        address, json={"answers": answers} | members, headers=mission.bearer(who)
    )


async def waiting(client: httpx.AsyncClient, mission: SmallMission) -> list[str]:
    answer = await client.get(
        f"/api/v1/missions/{mission.slug}/queues/typing", headers=mission.bearer("lead")
    )
    return [each["id"] for each in answer.json()["items"]]


async def test_equal_figures_are_recorded_and_leave_the_queue(
    client: httpx.AsyncClient, mission: SmallMission, report: str, rows: Rows
) -> None:
    rows(
        "INSERT INTO attachment (mission_id, report_id, name, arrived_at) VALUES"
        " (%s, %s, 'p.jpg', now()) RETURNING 1",
        mission.mission_id,
        report,
    )
    assert await waiting(client, mission) == [report]
    typed = await type_again(client, mission, report, FIRST, reason="Read from the photograph.")
    assert typed.status_code == 200, typed.text
    assert (typed.json()["equal"], typed.json()["differs"]) == (True, [])
    assert await waiting(client, mission) == []
    ((actor,),) = rows("SELECT actor_id FROM audit_entry WHERE act = 'report.typing'")
    assert actor == mission.holders["data_manager"]
    again = await type_again(client, mission, report, FIRST, "lead")
    assert again.status_code == 409
    undone = await client.post(
        f"/api/v1/missions/{mission.slug}/acts/{typed.json()['act']}/undo",
        headers=mission.bearer("data_manager"),
    )
    assert undone.status_code == 200, undone.text
    assert await waiting(client, mission) == [report]


async def test_unequal_figures_are_named_with_both_values_and_nothing_is_changed(
    client: httpx.AsyncClient, mission: SmallMission, report: str
) -> None:
    other = votes(A=102, B=80) | {"invalid": None, "registered": 700}
    typed = await type_again(client, mission, report, other)
    assert typed.status_code == 200, typed.text
    assert not typed.json()["equal"]
    found = {
        (each["question"], each["contestant"]): (each["first"], each["second"])
        for each in typed.json()["differs"]
    }
    assert found == {
        ("registered", None): (None, 700),
        ("in_box", None): (200, 182),
        ("valid", None): (200, 182),
        ("invalid", None): (0, None),
        ("contestant_votes", "A"): (120, 102),
    }
    shown = await client.get(f"{mission.reports}/{report}", headers=mission.bearer("lead"))
    assert shown.json()["answers"]["contestant_votes"] == FIRST["contestant_votes"]
    blank = await type_again(client, mission, report, FIRST)
    assert (blank.status_code, blank.json()["field"]) == (422, "reason")
    third = await type_again(client, mission, report, FIRST, "lead")
    assert third.json()["equal"]


async def test_the_order_of_contestants_is_nobody_s_difference(
    client: httpx.AsyncClient, mission: SmallMission, report: str
) -> None:
    turned = FIRST | {"contestant_votes": FIRST["contestant_votes"][::-1]}
    assert (await type_again(client, mission, report, turned)).json()["equal"]


async def test_who_typed_first_does_not_type_again(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    sent = protocol(mission, FIRST, contest="president")
    await client.post(mission.reports, json=sent, headers=mission.bearer("data_manager"))
    own = await type_again(client, mission, sent["id"], FIRST)
    assert own.status_code == 409
    assert (await type_again(client, mission, sent["id"], FIRST, "lead")).status_code == 200


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"votes": 3}, "answers.votes"),
        ({"hindered": "no"}, "answers.hindered"),
        ({"valid": "many"}, "answers.valid"),
        ({"valid": True}, "answers.valid"),
        ({"valid": 2**53 + 1}, "answers.valid"),
        ({"contestant_votes": 7}, "answers.contestant_votes"),
        ({"contestant_votes": [{"contestant": "A", "votes": "x"}]},
         "answers.contestant_votes[0].votes"),
        ({}, "answers"),
    ],
)  # fmt: skip
async def test_what_is_no_figure_of_the_protocol_is_named(
    client: httpx.AsyncClient,
    mission: SmallMission,
    report: str,
    answers: dict[str, Any],
    field: str,
) -> None:
    answer = await type_again(client, mission, report, answers)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


async def test_a_checklist_without_figures_is_not_typed_twice_and_others_may_not(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sent = mission.report()
    await client.post(mission.reports, json=sent, headers=mission.bearer("observer"))
    assert (await type_again(client, mission, sent["id"], {"queue": 4})).status_code == 409
    assert (
        await type_again(client, mission, sent["id"], {"queue": 4}, "observer2")
    ).status_code == 404
