"""Reports as they are read: by whom, in what order, with what beside them."""

import asyncio
from uuid import uuid4

import httpx
import psycopg
import pytest

from schemas.columns import new_id
from schemas.credential import Purpose, Role
from tests.api.routes.people import get, post, share
from tests.api.small import SmallMission, credential
from tests.conftest import Database

Client = httpx.AsyncClient


async def test_a_report_is_shown_as_sent_with_what_became_of_it(
    client: Client, mission: SmallMission
) -> None:
    sent = await post(client, mission, answers={"queue": 4, "sealed": "no"}, photo=...)
    shown = (await get(client, mission, f"reports/{sent['id']}")).json()
    assert {name: shown[name] for name in sent} == sent
    assert (shown["status"], shown["reasons"], shown["flags"]) == ("received", [], [])
    assert shown["codes"] == [
        {"indicator": "box-not-sealed", "stage": "voting", "status": "irregular", "severity": 2}
    ]
    assert [each["author"] for each in shown["versions"]] == ["data_manager"]


async def test_what_the_sender_left_out_is_shown_as_it_was_judged(
    client: Client, mission: SmallMission
) -> None:
    sent = await post(client, mission, "observer", observer=..., version=...)
    (item,) = (await get(client, mission, "reports")).json()["items"]
    assert (item["observer"], item["version"], item["station"]) == ("O-1", "2", sent["station"])
    receipt = item["receipt"]
    assert (item["sequence"], item["received_at"]) == (receipt["sequence"], receipt["received_at"])


async def test_the_receipt_that_is_shown_is_the_one_that_was_given(
    client: Client, mission: SmallMission
) -> None:
    report = mission.report()
    posted = await client.post(mission.reports, json=report, headers=mission.bearer("data_manager"))
    given = posted.json()["items"][0]["receipt"]
    shown = (await get(client, mission, f"reports/{report['id']}")).json()
    assert shown["receipt"] == given


async def test_a_held_report_shows_its_reasons_and_no_codes_of_an_unknown_version(
    client: Client, mission: SmallMission
) -> None:
    sent = await post(client, mission, version="77")
    shown = (await get(client, mission, f"reports/{sent['id']}")).json()
    assert shown["status"] == "held"
    assert [each["field"] for each in shown["reasons"]] == ["version"]
    assert shown["codes"] == []


async def test_photos_that_have_not_arrived_are_said_to_be_outstanding(
    client: Client, mission: SmallMission
) -> None:
    name = f"{'a' * 64}.jpg"
    sent = await post(client, mission, answers={"sealed": "yes", "photo": name})
    shown = (await get(client, mission, f"reports/{sent['id']}")).json()
    assert shown["photos_outstanding"] == 1
    assert shown["photos"] == [{"name": name, "sha256": "a" * 64, "size": None, "arrived_at": None}]


async def test_an_observer_sees_its_own_reports_and_no_others(
    client: Client, mission: SmallMission
) -> None:
    own = await post(client, mission, "observer", observer=...)
    other = await post(client, mission, "observer2", observer=...)
    listed = (await get(client, mission, "reports", "observer")).json()["items"]
    assert [each["id"] for each in listed] == [own["id"]]
    assert (await get(client, mission, f"reports/{other['id']}", "observer")).status_code == 404


async def test_sending_other_bytes_under_an_id_gives_no_sight_of_the_report(
    client: Client, mission: SmallMission
) -> None:
    other = await post(client, mission, "observer2", observer=...)
    stolen = mission.report(id=other["id"], observer=..., answers={"queue": 9})
    refused = await client.post(mission.reports, json=stolen, headers=mission.bearer("observer"))
    assert refused.status_code == 409
    assert (await get(client, mission, f"reports/{other['id']}", "observer")).status_code == 404


async def test_an_observer_sees_a_report_of_its_own_that_was_held_for_its_name(
    client: Client, mission: SmallMission
) -> None:
    held = await post(client, mission, "observer", observer="O-2")
    shown = await get(client, mission, f"reports/{held['id']}", "observer")
    assert shown.json()["status"] == "held"


async def test_an_import_key_sees_what_it_sent_and_no_aggregate(
    client: Client, mission: SmallMission, database: Database
) -> None:
    issued = credential(mission, "key", Role.IMPORT, Purpose.BEARER, new_id())
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(
            "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (
                issued.token_hash,
                issued.mission_id,
                issued.role,
                issued.purpose,
                issued.holder_id,
                issued.created_at,
            ),
        )
    own = await post(client, mission, "key")
    await post(client, mission)
    listed = (await get(client, mission, "reports", "key")).json()["items"]
    assert [each["id"] for each in listed] == [own["id"]]
    assert (await get(client, mission, "coverage", "key")).status_code == 404


async def test_a_partner_gets_no_person_no_place_no_time_and_no_words(
    client: Client, mission: SmallMission
) -> None:
    sent = await post(
        client,
        mission,
        position={"lat": 1.5, "lon": 2.5, "accuracy_m": 9},
        answers={"queue": 4, "sealed": "no", "sealed__known": "saw", "comment": "by the gate"},
    )
    await share(client, mission)
    shown = (await get(client, mission, f"reports/{sent['id']}", "partner")).json()
    assert shown.keys() == {"id", "checklist", "version", "status", "codes", "answers"}
    assert shown["answers"] == {"sealed": "no", "sealed__known": "saw"}
    by_station = await get(client, mission, "reports?station=001", "partner")
    assert by_station.status_code == 403


async def test_held_reports_are_not_there_for_a_partner(
    client: Client, mission: SmallMission
) -> None:
    held = await post(client, mission, station="777")
    await share(client, mission)
    assert (await get(client, mission, f"reports/{held['id']}", "partner")).status_code == 404
    assert (await get(client, mission, "reports", "partner")).json()["items"] == []


async def test_pages_lose_nothing_while_reports_arrive(
    client: Client, mission: SmallMission
) -> None:
    sent: list[str] = []

    async def arrive() -> None:
        for _ in range(30):
            sent.append((await post(client, mission))["id"])

    arriving = asyncio.create_task(arrive())
    seen: list[str] = []
    behind = ""
    while True:
        done = arriving.done()
        page = (await get(client, mission, f"reports?limit=4{behind}")).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is not None:
            behind = f"&after={page['next']}"
        elif done:
            break
        elif page["items"]:
            seen = seen[: -len(page["items"])]
    await arriving
    assert seen == sent


async def test_filters_narrow_by_status_checklist_and_station(
    client: Client, mission: SmallMission
) -> None:
    here = await post(client, mission, station="002")
    held = await post(client, mission, station="777")
    await post(client, mission, checklist="unheard")

    async def ids(query: str) -> list[str]:
        found = (await get(client, mission, f"reports?{query}")).json()["items"]
        return [each["id"] for each in found]

    assert await ids("station=002") == [here["id"]]
    assert held["id"] in await ids("status=held")
    assert await ids("checklist=voting&status=held") == [held["id"]]


async def test_an_indicator_finds_the_counted_reports_in_which_it_was_seen_in_person(
    client: Client, mission: SmallMission
) -> None:
    no = {"queue": 4, "sealed": "no"}
    seen = [(await post(client, mission, version=each, answers=no))["id"] for each in "12"]
    await post(client, mission)
    await post(client, mission, answers=no | {"sealed__known": "told"})
    await post(client, mission, answers=no, station="777")
    found = (await get(client, mission, "reports?indicator=box-not-sealed")).json()["items"]
    assert [each["id"] for each in found] == seen
    (rate,) = (await get(client, mission, "irregularities")).json()["items"]
    assert (rate["number"]["unit"], rate["number"]["seen"]) == ("station", 1)
    assert (rate["other"]["unit"], rate["other"]["seen"]) == ("observation", len(seen))
    assert (await get(client, mission, "reports?indicator=no-such")).json()["items"] == []


@pytest.mark.parametrize(
    "after", ["zz", "W10", "WyJcdTAwMDAiXQ", "WzEsMl0", "é", "Wy0xXQ", "WzFlMzBd"]
)
async def test_a_cursor_that_was_never_given_out_is_refused_by_name(
    client: Client, mission: SmallMission, after: str
) -> None:
    for address in ("reports", "stations", "changes", "statements", "deployments", "findings"):
        answer = await get(client, mission, f"{address}?after={after}")
        assert (answer.status_code, answer.json()["field"]) == (422, "after"), address


@pytest.mark.parametrize("limit", ["0", "1001", "x"])
async def test_a_limit_is_bounded(client: Client, mission: SmallMission, limit: str) -> None:
    answer = await get(client, mission, f"reports?limit={limit}")
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")


@pytest.mark.parametrize(
    "query",
    ["reports?station=%00", "reports?checklist=%00", "reports?indicator=%00", "stations?q=%00"],
)
async def test_a_nul_in_the_address_is_refused_by_name(
    client: Client, mission: SmallMission, query: str
) -> None:
    answer = await get(client, mission, query)
    assert answer.status_code == 422
    assert answer.json()["field"] in ("station", "checklist", "indicator", "q")


UNCHANGED = (
    "reports",
    "coverage",
    "irregularities",
    "findings",
    "statements",
    "changes",
    "stations",
    "deployments",
    "observers",
    "checklists",
    "checklists/voting",
)


async def test_what_has_not_changed_is_not_sent_again(
    client: Client, mission: SmallMission
) -> None:
    await post(client, mission)
    for address in UNCHANGED:
        first = await get(client, mission, address)
        again = await get(client, mission, address, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), address
    first = await get(client, mission, "reports")
    await post(client, mission)
    later = await get(client, mission, "reports", **{"If-None-Match": first.headers["etag"]})
    assert later.status_code == 200


async def test_the_bytes_as_they_came_are_the_desk_s_and_a_file(
    client: Client, mission: SmallMission
) -> None:
    body = b'{"id": "%s", "checklist":"voting",  "answers": {}}' % str(uuid4()).encode()
    headers = mission.bearer("observer") | {"Content-Type": "application/json"}
    posted = (await client.post(mission.reports, content=body, headers=headers)).json()
    path = f"reports/{posted['items'][0]['id']}/raw"
    raw = await get(client, mission, path)
    assert raw.content == body
    assert raw.headers["content-disposition"].startswith("attachment")
    for outside in ("observer", "partner"):
        assert (await get(client, mission, path, outside)).status_code == 404


async def test_an_unknown_report_is_not_found_and_a_mangled_id_is_named(
    client: Client, mission: SmallMission
) -> None:
    assert (await get(client, mission, f"reports/{uuid4()}")).status_code == 404
    mangled = await get(client, mission, "reports/12")
    assert (mangled.status_code, mangled.json()["field"]) == (422, "report_id")
