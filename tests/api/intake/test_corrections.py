"""A correction names what it replaces, and becomes its next version."""

import itertools
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
STANDING = "SELECT id::text, version, status FROM report ORDER BY sequence"
VERSIONS = """
SELECT v.number, v.answers ->> 'queue' FROM report_version v WHERE v.report_id = %s
ORDER BY v.number"""
NDJSON = {"Content-Type": "application/x-ndjson"}


def corrections(mission: SmallMission, length: int = 3) -> list[dict[str, Any]]:
    """A report, and corrections of which each names the one before."""
    reports: list[dict[str, Any]] = []
    for number in range(1, length + 1):
        named = {"replaces": reports[-1]["id"]} if reports else {}
        reports.append(mission.report(answers={"queue": number, "sealed": "yes"}, **named))
    return reports


async def post(client: httpx.AsyncClient, mission: SmallMission, *reports: Any) -> list[Any]:
    """Send an outbox; the items of the answer."""
    body = "\n".join(json.dumps(each) for each in reports)
    response = await client.post(mission.reports, content=body, headers=NDJSON)
    items: list[Any] = response.json()["items"]
    return items


async def test_a_correction_is_the_next_version_and_both_ids_lead_to_it(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first, second = corrections(mission, 2)
    assert [each["status"] for each in await post(as_observer, mission, first)] == [201]
    (answer,) = await post(as_observer, mission, second)
    assert (answer["status"], answer["receipt"]["id"]) == (201, second["id"])
    assert rows(STANDING) == [(first["id"], 2, "received")]
    assert rows(VERSIONS, first["id"]) == [(1, "1"), (2, "2")]
    (again,) = await post(as_observer, mission, second)
    assert (again["status"], again["receipt"]) == (200, answer["receipt"])
    for name in (first["id"], second["id"]):
        found = await as_observer.get(f"{mission.reports}/{name}")
        assert found.json()["answers"]["queue"] == 2
        assert [each["number"] for each in found.json()["versions"]] == [1, 2]


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
@pytest.mark.parametrize("together", [True, False])
async def test_in_whatever_order_corrections_come_the_newest_version_is_the_same(
    as_observer: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    order: tuple[int, ...],
    together: bool,
) -> None:
    reports = corrections(mission)
    sent = [reports[at] for at in order]
    for outbox in [sent] if together else [[each] for each in sent]:
        answers = await post(as_observer, mission, *outbox)
        assert {each["status"] for each in answers} <= ({201} if together else {201, 202})
    first = reports[0]["id"]
    assert rows(VERSIONS, first) == [(1, "1"), (2, "2"), (3, "3")]
    (standing,) = rows("SELECT id::text, version FROM report WHERE status = 'received'")
    assert standing == (first, 3)
    assert {answer["status"] for answer in await post(as_observer, mission, *sent)} == {200}
    for each in reports:
        found = await as_observer.get(f"{mission.reports}/{each['id']}")
        assert (found.json()["id"], found.json()["answers"]["queue"]) == (first, 3)


async def test_a_correction_of_an_unknown_report_waits_and_joins_when_that_comes(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first, second = corrections(mission, 2)
    (early,) = await post(as_observer, mission, second)
    assert early["status"] == 202
    assert [(each["field"], each["code"]) for each in early["reasons"]] == [("replaces", "unknown")]
    await post(as_observer, mission, first)
    assert rows(STANDING) == [(second["id"], 1, "superseded"), (first["id"], 2, "received")]
    (again,) = await post(as_observer, mission, second)
    assert (again["status"], again["receipt"]) == (200, early["receipt"])


async def test_of_two_corrections_of_one_report_the_later_one_is_outdated(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first, second = corrections(mission, 2)
    third = mission.report(replaces=first["id"], answers={"queue": 3})
    await post(as_observer, mission, third, second)
    assert rows(STANDING) == [(third["id"], 1, "held"), (second["id"], 1, "held")]
    await post(as_observer, mission, first)
    assert rows(STANDING)[1:] == [(second["id"], 1, "held"), (first["id"], 2, "received")]
    ((code,),) = rows("SELECT reasons #>> '{0,code}' FROM report WHERE status = 'held'")
    assert code == "outdated"
    late = mission.report(replaces=first["id"], answers={"queue": 4})
    (answer,) = await post(as_observer, mission, late)
    assert (answer["status"], answer["problem"]["code"]) == (409, "outdated")
    assert rows("SELECT count(*) FROM submission WHERE contested") == [(1,)]


async def test_nobody_corrects_what_another_team_sent(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first, second = corrections(mission, 2)
    await post(as_observer, mission, first)
    as_observer.headers.update(mission.bearer("observer2"))
    (answer,) = await post(as_observer, mission, second | {"observer": "O-2"})
    assert [each["code"] for each in answer["reasons"]] == ["unknown"]
    assert rows(STANDING)[0] == (first["id"], 1, "received")


async def test_whoever_was_with_the_observer_on_the_form_may_correct_it(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first, second = corrections(mission, 2)
    await post(as_observer, mission, first | {"with": ["O-2"]})
    as_observer.headers.update(mission.bearer("observer2"))
    (answer,) = await post(as_observer, mission, second | {"observer": "O-2"})
    assert answer["status"] == 201
    assert rows(STANDING) == [(first["id"], 2, "received")]


async def test_a_correction_that_is_held_holds_the_report(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first, second = corrections(mission, 2)
    await post(as_observer, mission, second | {"station": "nowhere"})
    await post(as_observer, mission, first)
    assert rows(STANDING) == [(second["id"], 1, "superseded"), (first["id"], 2, "held")]
    ((reasons,),) = rows("SELECT reasons FROM report WHERE version = 2")
    assert [each["field"] for each in reasons] == ["station"]


async def test_a_correction_that_moves_a_report_lets_the_next_one_of_its_visit_count(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    visit = str(uuid4())
    older, newer = mission.report(visit=visit), mission.report(visit=visit, answers={"queue": 9})
    await post(as_observer, mission, older, newer)
    assert [status for *_, status in rows(STANDING)] == ["superseded", "received"]
    moved = mission.report(replaces=newer["id"], station="002")
    await post(as_observer, mission, moved)
    assert rows(STANDING) == [(older["id"], 1, "received"), (newer["id"], 2, "received")]


async def test_corrections_that_name_each_other_wait_and_harm_nobody(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    one, two = mission.report(), mission.report()
    own = mission.report()
    outbox = (one | {"replaces": two["id"]}, two | {"replaces": one["id"]})
    answers = await post(as_observer, mission, *outbox, own | {"replaces": own["id"]})
    assert [each["status"] for each in answers] == [202, 202, 202]
    assert [status for *_, status in rows(STANDING)] == ["held"] * 3


async def test_why_it_was_corrected_stands_with_the_version_and_no_longer_text_than_may_be(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first, second, third = corrections(mission)
    why = "SELECT number, reason FROM report_version WHERE report_id = %s ORDER BY number"
    given = second | {"reason": "I mistyped it"}
    later = third | {"reason": "Other station's number"}
    await post(as_observer, mission, later, first)
    assert (await post(as_observer, mission, given))[0]["status"] == 201
    said = [reason for _, reason in rows(why, first["id"])]
    assert said == [
        None,
        "a correction by its sender: I mistyped it",
        "a correction by its sender: Other station's number",
    ]
    (long,) = await post(as_observer, mission, mission.report(reason="x" * 201))
    assert [(each["field"], each["code"]) for each in long["reasons"]] == [("reason", "wrong_type")]
