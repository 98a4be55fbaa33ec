"""Sharing with partners: who may, what is frozen, and what partners then read."""

import asyncio
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import Request

from api.app import create_app
from api.auth.principal import Principal
from api.auth.visible import refuse_before_publication, visible_reports
from api.figures.mission_facts import mission_facts
from api.pages.page import PageRequest
from api.problems import Problem
from api.routes.asking import facts_of
from api.settings import Settings
from schemas.columns import now
from schemas.credential import Purpose, Role
from tests.api.routes.people import get, post, share
from tests.api.sharing.test_differencing import correct
from tests.api.small import SmallMission
from tests.conftest import Database

Client = httpx.AsyncClient


async def test_a_lead_shares_and_the_log_says_so(client: Client, mission: SmallMission) -> None:
    await post(client, mission)
    made = await share(client, mission, "reports", "coverage", reason=" For the weekly call ")
    assert made.status_code == 201
    told = made.json()
    assert (told["number"], told["what"], told["by"], told["reason"], told["reports"]) == (
        1,
        ["coverage", "reports"],
        "lead",
        "For the weekly call",
        1,
    )
    (listed,) = (await get(client, mission, "shares")).json()["items"]
    assert listed["number"] == 1
    (outside,) = (await get(client, mission, "shares", "partner")).json()["items"]
    assert outside.keys() == {"number", "what", "as_of"}
    log = await client.get(f"/missions/{mission.slug}/audit", headers=mission.bearer("lead"))
    assert "share.make" in log.text


@pytest.mark.parametrize("who", ["data_manager", "observer", "partner"])
async def test_nobody_else_shares(client: Client, mission: SmallMission, who: str) -> None:
    assert (await share(client, mission, who=who)).status_code == 404
    assert (await get(client, mission, "shares")).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"what": [], "reason": "x"}, "what"),
        ({"what": ["weather"], "reason": "x"}, "what.0"),
        ({"what": ["reports"], "reason": "  "}, "reason"),
        ({"what": ["reports"], "reason": "a\0b"}, "reason"),
        ({"what": ["reports"]}, "reason"),
        ({"what": ["reports"], "reason": "x", "until": "y"}, "until"),
    ],
)
async def test_what_is_missing_or_unknown_is_named(
    client: Client, mission: SmallMission, body: dict[str, object], field: str
) -> None:
    address = f"/api/v1/missions/{mission.slug}/shares"
    answer = await client.post(address, json=body, headers=mission.bearer("lead"))
    assert answer.status_code == 422
    assert field in answer.json()["field"]


async def test_each_kind_stands_as_it_was_last_shared(
    client: Client, mission: SmallMission
) -> None:
    await post(client, mission)
    await share(client, mission, "reports")
    assert (await get(client, mission, "coverage", "partner")).status_code == 404
    await post(client, mission, station="002", observer="O-2")
    await share(client, mission, "coverage")
    assert (await get(client, mission, "coverage", "partner")).status_code == 200
    assert len((await get(client, mission, "reports", "partner")).json()["items"]) == 1


async def test_a_correction_is_read_only_after_the_next_share(
    client: Client, mission: SmallMission
) -> None:
    sent = await post(client, mission, answers={"queue": 4, "sealed": "no", "sealed__known": "saw"})
    await share(client, mission)
    await correct(client, mission, sent["id"], "verified")
    await correct(client, mission, sent["id"], "quarantined")
    shown = (await get(client, mission, f"reports/{sent['id']}", "partner")).json()
    assert (shown["status"], shown["answers"]["sealed"]) == ("received", "no")
    seen = "reports?indicator=box-not-sealed"
    assert len((await get(client, mission, seen, "partner")).json()["items"]) == 1
    await share(client, mission)
    shown = (await get(client, mission, f"reports/{sent['id']}", "partner")).json()
    assert (shown["status"], shown["answers"], shown["codes"]) == ("quarantined", {}, [])
    assert (await get(client, mission, seen, "partner")).json()["items"] == []


async def test_a_share_adds_only_what_changed_since_the_last(
    client: Client, mission: SmallMission
) -> None:
    for _ in range(3):
        await post(client, mission)
    assert (await share(client, mission)).json()["reports"] == 3
    assert (await share(client, mission)).json()["reports"] == 0
    await post(client, mission, station="002", observer="O-2")
    assert (await share(client, mission)).json()["reports"] == 1
    assert len((await get(client, mission, "reports", "partner")).json()["items"]) == 4


async def test_pages_of_shared_reports_lose_and_double_nothing(
    client: Client, mission: SmallMission
) -> None:
    sent = {(await post(client, mission))["id"] for _ in range(7)}
    await share(client, mission)
    seen, after = [], ""
    for _ in range(10):
        page = (await get(client, mission, f"reports?limit=3{after}", "partner")).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == 7
    assert set(seen) == sent


async def test_the_feed_counts_shares_and_tells_a_change_again(
    client: Client, mission: SmallMission
) -> None:
    first, second = [(await post(client, mission))["id"] for _ in range(2)]
    await share(client, mission)
    told = (await get(client, mission, "changes", "partner")).json()["items"]
    assert {each["id"]: each["sequence"] for each in told} == {first: 1, second: 1}
    last = told[-1]["cursor"]
    await correct(client, mission, first, "verified")
    nothing = (await get(client, mission, f"changes?after={last}", "partner")).json()
    assert nothing == {"items": [], "next": None}
    await share(client, mission)
    again = (await get(client, mission, f"changes?after={last}", "partner")).json()["items"]
    assert [(each["id"], each["sequence"], each["status"]) for each in again] == [
        (first, 2, "verified")
    ]


async def test_a_report_that_is_held_again_is_taken_from_partners_at_the_next_share(
    client: Client, mission: SmallMission, database: Database
) -> None:
    sent = await post(client, mission)
    await share(client, mission)
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE mission_clock SET seq = seq + 1")
        connection.execute(
            "UPDATE report SET status = 'held', changed = (SELECT seq FROM mission_clock)"
        )
    assert (await get(client, mission, f"reports/{sent['id']}", "partner")).status_code == 200
    await share(client, mission)
    assert (await get(client, mission, f"reports/{sent['id']}", "partner")).status_code == 404
    assert (await get(client, mission, "reports", "partner")).json()["items"] == []
    (told,) = (await get(client, mission, "changes", "partner")).json()["items"]
    assert (told["id"], told["status"], told["sequence"]) == (sent["id"], "held", 2)


async def test_the_page_previews_shares_and_says_what_is_missing(
    client: Client, mission: SmallMission
) -> None:
    await post(client, mission)
    address, lead = f"/missions/{mission.slug}/shares", mission.bearer("lead")
    first = (await client.get(address, headers=lead)).text
    assert "Nothing has been shared with partners yet." in first
    assert "1 reports, without station, person, time or words" in first
    for given, said in (
        ({"what": "reports"}, "Say why this is shared."),
        ({"reason": "Weekly"}, "Choose at least one thing to share."),
    ):
        refused = await client.post(address, data=given, headers=lead)
        assert refused.status_code == 422
        assert said in refused.text
    given = {"what": ["reports", "coverage"], "reason": "Weekly"}
    done = await client.post(address, data=given, headers=lead)
    assert (done.status_code, done.headers["location"]) == (303, address)
    await post(client, mission, station="002", observer="O-2")
    second = (await client.get(address, headers=lead)).text
    assert "Coverage, Reports" in second
    assert "Reports new or changed since the last share: 1." in second
    assert (await client.get(address, headers=mission.bearer("data_manager"))).status_code == 404


async def test_figures_that_were_not_frozen_are_a_clear_404(
    client: Client, mission: SmallMission
) -> None:
    await post(client, mission)
    await share(client, mission)
    for field, query in {
        "round": "coverage?round=second",
        "checklist": "irregularities?checklist=x",
        "area": "irregularities?area=nowhere",
    }.items():
        answer = await get(client, mission, query, "partner")
        assert (answer.status_code, answer.json()["field"]) == (404, field)
        assert "has been shared" in answer.json()["detail"]


async def test_two_who_share_at_once_do_not_write_over_each_other(
    client: Client, mission: SmallMission
) -> None:
    await post(client, mission)
    answers = await asyncio.gather(*(share(client, mission) for _ in range(4)))
    statuses = sorted(each.status_code for each in answers)
    assert statuses[0] == 201
    assert set(statuses) <= {201, 409}
    listed = (await get(client, mission, "shares")).json()["items"]
    assert len(listed) == statuses.count(201)


async def test_the_live_queries_refuse_a_partner_whoever_calls_them(
    mission: SmallMission, serving: Settings
) -> None:
    partner = Principal(
        mission.mission_id,
        mission.slug,
        Role.PARTNER,
        mission.holders["partner"],
        None,
        Purpose.BEARER,
    )
    app: Any = create_app(serving)
    request = Request({"type": "http", "app": app._app.framework})
    with pytest.raises(Problem):
        visible_reports(partner)
    with pytest.raises(Problem):
        refuse_before_publication(partner)
    with pytest.raises(Problem):
        await facts_of(request, partner)
    facts: Any = None
    with pytest.raises(Problem):
        await PageRequest(request, partner, facts, now()).ask(mission_facts)
