"""Of one visit one report counts, whichever way and in whatever order they come."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from api.intake.accept import Intake
from api.intake.rejudging import rejudge_everything
from api.settings import Settings
from tests.api.intake.test_judging_time import NEW_RULES
from tests.api.intake.test_one_road import arrival, importer, open_intake
from tests.api.small import POLLING_DAY, SmallMission, definition
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
VISIT = str(uuid4())
STANDING = """
SELECT answers ->> 'queue', status FROM report r
JOIN report_version v ON v.report_id = r.id AND v.number = r.version ORDER BY r.sequence"""
PER = """
UPDATE rules SET definition = jsonb_set(definition, '{policy,per}', %s) RETURNING 1"""


def queue(number: int, **members: Any) -> dict[str, Any]:
    """What makes a report of the one visit, told apart by how many waited."""
    return {"visit": VISIT, "answers": {"queue": number, "sealed": "yes"}} | members


def device(number: int, name: str = "phone") -> dict[str, Any]:
    return {"device": {"id": name, "sequence": number}}


@pytest.fixture
def send(client: httpx.AsyncClient, mission: SmallMission) -> Callable[..., Any]:
    """Posts a report as an observer; what is answered of it."""

    async def post(persona: str = "observer", **members: Any) -> dict[str, Any]:
        report = mission.report(**members)
        headers = mission.bearer(persona)
        response = await client.post(mission.reports, json=report, headers=headers)
        item: dict[str, Any] = response.json()["items"][0]
        return item

    return post


@pytest.fixture
def decide(client: httpx.AsyncClient, mission: SmallMission) -> Callable[..., Any]:
    """Decides on a report as the lead."""

    async def post(report: str, status: str) -> int:
        given = {"status": status, "reason": "Called the team."}
        address = f"{mission.reports}/{report}/decision"
        answer = await client.post(address, json=given, headers=mission.bearer("lead"))
        return answer.status_code

    return post


async def test_of_one_visit_the_newest_report_of_a_checklist_counts(send: Any, rows: Rows) -> None:
    for number in (1, 2, 3):
        assert (await send(**queue(number)))["status"] == 201
    assert rows(STANDING) == [("1", "superseded"), ("2", "superseded"), ("3", "received")]


async def test_a_report_of_the_same_phone_that_arrives_late_is_answered_201_and_superseded(
    send: Any, rows: Rows
) -> None:
    await send(**queue(2), **device(2))
    late = await send(**queue(1), **device(1))
    assert (late["status"], late["reasons"]) == (201, [])
    assert rows(STANDING) == [("2", "received"), ("1", "superseded")]


async def test_of_another_phone_what_arrives_later_is_newer_whatever_its_number(
    send: Any, rows: Rows
) -> None:
    await send(**queue(2), **device(2))
    await send(**queue(1), **device(1, "another"))
    assert rows(STANDING) == [("2", "superseded"), ("1", "received")]


async def test_without_a_visit_the_same_team_place_and_arrival_are_one(
    send: Any, rows: Rows
) -> None:
    unnamed = {"visit": ..., "with": ["O-2"]}
    await send(**queue(1) | unnamed)
    await send("observer2", **queue(2) | unnamed | {"observer": "O-2", "with": ["O-1"]})
    assert rows(STANDING) == [("1", "superseded"), ("2", "received")]
    for other in ({"with": []}, {"station": "002"}, {"arrived_at": f"{POLLING_DAY}T07:20:00Z"}):
        await send(**queue(3) | unnamed | other)
    assert [status for _, status in rows(STANDING)] == ["superseded", *["received"] * 4]


async def test_without_an_arrival_a_report_is_a_visit_of_its_own(send: Any, rows: Rows) -> None:
    for number in (1, 2):
        await send(**queue(number) | {"visit": ..., "arrived_at": ..., "departed_at": ...})
    assert rows(STANDING) == [("1", "received"), ("2", "received")]


async def test_a_station_visited_41_times_has_41_visits(send: Any, rows: Rows) -> None:
    for number in range(41):
        arrived = f"{POLLING_DAY}T{7 + number // 6:02}:{number % 6}0:00Z"
        await send(**queue(number, visit=..., arrived_at=arrived, departed_at=...))
    assert rows("SELECT status, count(DISTINCT visit_id) FROM report GROUP BY 1") == [
        ("received", 41)
    ]


async def test_where_the_newest_is_quarantined_the_next_one_counts_again(
    send: Any, decide: Any, rows: Rows
) -> None:
    await send(**queue(1))
    newest = await send(**queue(2))
    assert await decide(newest["id"], "quarantined") == 200
    assert rows(STANDING) == [("1", "received"), ("2", "quarantined")]
    assert await decide(newest["id"], "received") == 200
    assert rows(STANDING) == [("1", "superseded"), ("2", "received")]


async def test_what_comes_after_a_verified_report_is_held_until_that_is_taken_back(
    send: Any, decide: Any, rows: Rows
) -> None:
    await send(**queue(0))
    first = await send(**queue(1))
    assert await decide(first["id"], "verified") == 200
    later = await send(**queue(2))
    assert later["status"] == 202
    assert [(each["field"], each["code"]) for each in later["reasons"]] == [("visit", "decided")]
    assert rows(STANDING) == [("0", "superseded"), ("1", "verified"), ("2", "held")]
    assert await decide(first["id"], "received") == 200
    assert rows(STANDING) == [("0", "superseded"), ("1", "superseded"), ("2", "received")]


async def test_what_a_phone_sent_before_a_verified_report_and_arrives_late_is_superseded(
    send: Any, decide: Any, rows: Rows
) -> None:
    newest = await send(**queue(2), **device(2))
    assert await decide(newest["id"], "verified") == 200
    assert (await send(**queue(1), **device(1)))["status"] == 201
    assert rows(STANDING) == [("2", "verified"), ("1", "superseded")]


async def test_the_receipt_of_a_superseded_report_is_what_it_was(send: Any, rows: Rows) -> None:
    report = {"id": str(uuid4())} | queue(1)
    first = await send(**report)
    await send(**queue(2))
    again = await send(**report)
    assert (again["status"], again["receipt"]) == (200, first["receipt"])
    assert rows(STANDING) == [("1", "superseded"), ("2", "received")]


async def test_observations_of_one_visit_are_told_apart_by_when_they_were_finished(
    send: Any, rows: Rows
) -> None:
    assert rows(PER, Jsonb("observation"))
    for number in (8, 12, 16):
        finished = {"finalised_at": f"{POLLING_DAY}T{number:02}:00:00Z"}
        await send(**queue(number), **device(number), **finished)
    assert rows(STANDING) == [("8", "received"), ("12", "received"), ("16", "received")]
    await send(**queue(13), **device(17), finalised_at=f"{POLLING_DAY}T12:00:00Z")
    assert rows(STANDING)[1:] == [("12", "superseded"), ("16", "received"), ("13", "received")]


async def test_equal_answers_of_one_device_are_a_copy_of_an_observation(
    send: Any, rows: Rows
) -> None:
    assert rows(PER, Jsonb("observation"))
    for hour, phone in ((8, "one"), (9, "one"), (10, "another")):
        finished = {"finalised_at": f"{POLLING_DAY}T{hour:02}:00:00Z"}
        await send(**queue(4), **device(hour, phone), **finished)
    assert [status for _, status in rows(STANDING)] == ["superseded", "received", "received"]


async def test_rules_that_say_of_what_a_report_counts_settle_what_came_before(
    send: Any, rows: Rows, database: Database
) -> None:
    for number in (8, 12):
        await send(**queue(number), finalised_at=f"{POLLING_DAY}T{number:02}:00:00Z")
    assert rows(STANDING) == [("8", "superseded"), ("12", "received")]
    rules = definition("2").model_dump(mode="json")
    rows(NEW_RULES, Jsonb(rules | {"policy": {"per": "observation"}}))
    assert rejudge_everything(database.app_url) == 2
    assert rows(STANDING) == [("8", "received"), ("12", "received")]


def plan(rows: Rows, mission: SmallMission, expected: int, *names: str) -> UUID:
    """A deployment at the first station."""
    ((deployment,),) = rows(
        """
        INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, place_id, expected,
          state, state_reason)
        SELECT r.mission_id, gen_random_uuid(), r.id, o.id, 'static', p.id, %s, 'planned', ''
        FROM round r, organisation o, place p WHERE p.code = '001' RETURNING id""",
        Jsonb({"voting": expected}),
    )
    for name in names:
        rows(
            "INSERT INTO deployed_observer (mission_id, deployment_id, observer_id)"
            " SELECT mission_id, %s, id FROM observer WHERE pseudonym = %s RETURNING 1",
            deployment,
            name,
        )
    found: UUID = deployment
    return found


async def test_a_plan_for_more_than_one_report_at_a_station_makes_them_observations(
    send: Any, rows: Rows, mission: SmallMission, client: httpx.AsyncClient
) -> None:
    deployment = plan(rows, mission, 3, "O-1")
    for number in (8, 12, 16):
        await send(**queue(number), finalised_at=f"{POLLING_DAY}T{number:02}:00:00Z")
    assert [status for _, status in rows(STANDING)] == ["received"] * 3
    assert rows("SELECT deployment_id FROM visit") == [(deployment,)]
    address = mission.reports.replace("reports", "coverage")
    coverage = await client.get(address, headers=mission.bearer("lead"))
    nation = coverage.json()["nation"]
    assert (nation["expected"], nation["received"], nation["missing"]) == (3, 3, 0)


async def test_two_phones_of_one_team_at_once_are_flagged_and_never_merged(
    send: Any, rows: Rows, mission: SmallMission
) -> None:
    plan(rows, mission, 1, "O-1", "O-2")
    first = await send(**queue(1, visit=...), **device(1, "one"))
    await send("observer2", **queue(2, visit=..., observer="O-2"), **device(1, "another"))
    assert rows(STANDING) == [("1", "received"), ("2", "flagged")]
    ((flag,),) = rows("SELECT flags -> 0 FROM judgement WHERE flags <> '[]'")
    assert (flag["name"], flag["inputs"]["report"]) == ("same_team", first["id"])
    later = {"arrived_at": f"{POLLING_DAY}T11:00:00Z", "departed_at": f"{POLLING_DAY}T12:00:00Z"}
    await send("observer2", **queue(3, visit=..., observer="O-2", **later), **device(2, "another"))
    assert rows(STANDING)[-1] == ("3", "received")


async def test_whoever_was_sent_elsewhere_later_was_there_by_the_plan_of_then(
    send: Any, rows: Rows, mission: SmallMission
) -> None:
    deployment = plan(rows, mission, 1, "O-1")
    await send(**queue(1))
    rows("UPDATE deployment SET state = 'cancelled' RETURNING 1")
    await send(**queue(2))
    assert rows("SELECT deployment_id FROM visit") == [(deployment,)]


async def test_the_report_that_counts_and_the_superseded_ones_say_what_differs(
    send: Any, client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first, second = await send(**queue(1)), await send(**queue(2))
    client.headers.update(mission.bearer("lead"))
    old = (await client.get(f"{mission.reports}/{first['id']}")).json()
    new = (await client.get(f"{mission.reports}/{second['id']}")).json()
    differs = [{"question": "queue", "here": 1, "there": 2}]
    assert old["superseded_by"] == {"id": second["id"], "status": "received", "differs": differs}
    assert [each["id"] for each in new["supersedes"]] == [first["id"]]
    page = await client.get(f"/missions/{mission.slug}/reports/{first['id']}")
    assert page.status_code == 200


LINE = st.tuples(st.sampled_from(["one", "two"]), st.integers(1, 4), st.integers(0, 1))
"""A phone, the number it gave the report, and the worker that takes it in."""


def newest(received: list[dict[str, Any]]) -> str:
    """The report that counts by its rules alone: the newest of those of which the phone had sent
    no higher number before."""
    fresh = [
        each
        for at, each in enumerate(received)
        if not any(
            before["device"]["id"] == each["device"]["id"]
            and before["device"]["sequence"] > each["device"]["sequence"]
            for before in received[:at]
        )
    ]
    return str(fresh[-1]["id"])


async def by_two_workers(
    workers: list[Intake], mission: SmallMission, lines: list[tuple[dict[str, Any], int]]
) -> None:
    """Outboxes at once: each worker is sent its lines as one body, and then the same again."""
    for _ in range(2):
        await asyncio.gather(
            *(
                worker.accept_reports(
                    importer(mission), [arrival(each) for each, at in lines if at == number]
                )
                for number, worker in enumerate(workers)
            )
        )


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(LINE, min_size=1, max_size=8, unique_by=lambda line: line[:2]))
def test_in_any_order_twice_from_two_phones_across_two_workers_the_same_report_counts(
    serving: Settings, mission: SmallMission, rows: Rows, lines: list[tuple[str, int, int]]
) -> None:
    visit = str(uuid4())
    sent = [
        (mission.report(visit=visit, answers={"queue": n}, **device(n, phone)), worker)
        for phone, n, worker in lines
    ]

    async def post() -> None:
        async with AsyncExitStack() as stack:
            workers = [await stack.enter_async_context(open_intake(serving)) for _ in range(2)]
            await by_two_workers(workers, mission, sent)

    asyncio.run(post())
    found = rows("SELECT id::text, status FROM report WHERE visit_id = %s ORDER BY sequence", visit)
    by_id = {each["id"]: each for each, _ in sent}
    received = [by_id[report] for report, _ in found]
    counted = [report for report, status in found if status != "superseded"]
    assert len(found) == len(sent)
    assert counted == [newest(received)]
    highest = max(
        each["device"]["sequence"]
        for each in received
        if each["device"]["id"] == by_id[counted[0]]["device"]["id"]
    )
    assert by_id[counted[0]]["device"]["sequence"] == highest, json.dumps(received)
