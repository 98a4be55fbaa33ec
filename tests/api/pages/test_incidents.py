"""The pages of incidents: what needs acting on first, who acts, and how sure the mission is."""

from typing import Any

import httpx
import pytest

from tests.api.review.test_incident_events import did, sent
from tests.api.standards.conftest import SLUG, Walked, walked

__all__ = ["walked"]
PAGES = f"/missions/{SLUG}/incidents"


@pytest.fixture(autouse=True)
def handles(walked: Walked, rows: Any) -> None:
    """Members are called what they are."""
    rows("UPDATE member SET handle = role WHERE role <> 'import' RETURNING id")


async def shown(walked: Walked, path: str, persona: str = "data_manager") -> str:
    answer = await walked.get(f"{PAGES}{path}", persona)
    assert answer.status_code == 200, answer.text
    return answer.text.split("<main")[1]


async def typed(walked: Walked, case: str, data: dict[str, Any]) -> httpx.Response:
    """A form of the card, sent as a browser sends it."""
    headers = walked.bearer("data_manager")
    return await walked.client.post(f"{PAGES}/{case}/events", data=data, headers=headers)


async def test_the_card_says_danger_first_and_then_what_is_known_and_done(walked: Walked) -> None:
    more = {"danger": "yes", "description": "A fight in the queue."}
    case = await sent(walked, answers=more)
    page = await shown(walked, f"/{case}")
    assert page.index("Somebody is in danger") < page.index("<h1>")
    for words in ("Conflict", "A fight in the queue.", "W-1", "Reported to observers", "S1"):
        assert words in page
    done = await typed(walked, case, {"state": "verified", "reason": "Two were asked."})
    assert done.status_code == 303
    page = (await walked.get(done.headers["location"], "data_manager")).text
    assert "State: Verified" in page
    assert "Two were asked." in page
    assert "Take it back" in page


async def test_what_cannot_be_done_is_said_on_the_card_and_what_was_written_stays(
    walked: Walked,
) -> None:
    case = await sent(walked)
    refused = await typed(walked, case, {"state": "reported", "reason": "So I think."})
    assert refused.status_code == 409
    assert "It is in this state already." in refused.text
    assert "So I think." in refused.text
    refused = await typed(walked, case, {"link": "nonsense"})
    assert refused.status_code == 422


async def test_an_incident_of_two_teams_is_verified_once_somebody_says_whether_it_is_the_same(
    walked: Walked,
) -> None:
    first, second = await sent(walked), await sent(walked, "M-1")
    at, headers = f"/missions/{SLUG}/desk/incidents/{first}", walked.bearer("data_manager")
    page = await walked.client.get(at, headers=headers)
    assert "Another team reported from here. The same event?" in page.text
    assert 'name="state" value="verified" checked' not in page.text
    given = {"state": "verified", "reason": "Two were asked."}
    refused = await walked.client.post(f"{at}/acts/incident", data=given, headers=headers)
    assert refused.status_code == 422
    assert "Say of each report of another team whether it is the same event." in refused.text
    assert (await typed(walked, first, given)).status_code == 422
    given |= {f"same.{second}": "yes"}
    done = await walked.client.post(f"{at}/acts/incident", data=given, headers=headers)
    assert done.status_code == 303, done.text
    card = (await walked.get(f"incidents/{first}")).json()
    assert (card["state"], card["evidence"], card["may_be_same"]) == (
        "verified",
        "several_sources",
        [],
    )


async def test_a_reason_without_a_state_decides_nothing_on_an_incident(walked: Walked) -> None:
    case = await sent(walked)
    at, headers = f"/missions/{SLUG}/desk/incidents/{case}", walked.bearer("data_manager")
    given = {"reason": "Two were asked."}
    refused = await walked.client.post(f"{at}/acts/incident", data=given, headers=headers)
    assert refused.status_code == 422
    assert "Choose what is true of it." in refused.text
    assert (await walked.get(f"incidents/{case}")).json()["state"] == "reported"


async def test_who_only_reads_has_no_forms_on_the_card(walked: Walked, rows: Any) -> None:
    case = await sent(walked)
    for table, key in (("member", "id"), ("credential", "holder_id")):
        rows(f"UPDATE {table} SET role = 'analyst' WHERE role = 'import' RETURNING {key}")  # noqa: S608
    page = await shown(walked, f"/{case}", "import")
    assert "<form" not in page
    assert "Conflict" in page


async def test_the_list_is_narrowed_by_state_owner_and_kind(walked: Walked) -> None:
    first = await sent(walked)
    second = await sent(walked, answers={"nature": "fraud"}, station="S2")
    await did(walked, first, {"state": "being_verified", "owner": "data_manager"})
    for asked, found in (
        ("", {first, second}),
        ("?state=being_verified", {first}),
        ("?state=danger", set()),
        ("?owner=-", {second}),
        ("?owner=data_manager", {first}),
        ("?nature=fraud", {second}),
    ):
        page = await shown(walked, asked)
        assert {each for each in (first, second) if f"{PAGES}/{each}" in page} == found, asked


async def test_verified_and_reported_ones_are_counted_beside_each_other(walked: Walked) -> None:
    first = await sent(walked)
    await sent(walked, answers={"nature": "fraud"}, station="S2")
    await did(walked, first, {"state": "verified", "reason": "Two were asked."})
    page = await shown(walked, "")
    counts = page[page.index("Verified, by kind and evidence") :]
    row = counts[counts.index("Conflict") :].split("</tr>")[0]
    assert [part.split("<")[0] for part in row.split("<bdi>")[1:]] == [
        "1",
        "0",
        "0",
        "0",
        "1",
        "0",
        "0",
    ]


async def test_the_desk_decides_on_an_incident_and_opens_the_next(walked: Walked) -> None:
    case = await sent(walked)
    desk = f"/missions/{SLUG}/desk/incidents/{case}"
    page = (await walked.get(desk, "data_manager")).text
    assert "Decide and next" in page
    given = {"state": "undetermined", "reason": "Nobody else knows of it.", "order": ""}
    headers = walked.bearer("data_manager")
    done = await walked.client.post(f"{desk}/acts/incident", data=given, headers=headers)
    assert done.status_code == 303, done.text
    assert (await walked.get(f"incidents/{case}")).json()["state"] == "undetermined"
    assert (await walked.get("queues/incidents", "data_manager")).json()["items"] == []
