"""The desk: an item in the middle, who has it open, acts by forms, and the next item after each."""

import re

import httpx
import pytest

from tests.api.deployments.test_changing import PLAN
from tests.api.pages.test_coverage import NESTED
from tests.api.review.desk import Rows
from tests.api.review.test_queues import hold
from tests.api.routes.people import get, post
from tests.api.small import SmallMission

TO_THE_FIRST = {"station": "001", "reason": "The team says so."}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def address(mission: SmallMission, path: str = "") -> str:
    """The address of the desk."""
    return f"/missions/{mission.slug}/desk{path}"


async def seen(
    client: httpx.AsyncClient, mission: SmallMission, path: str = "", who: str = "data_manager"
) -> httpx.Response:
    """A page of the desk, as somebody."""
    headers = mission.bearer(who) | SAME_ORIGIN
    return await client.get(address(mission, path), headers=headers, follow_redirects=True)


async def sent(
    client: httpx.AsyncClient,
    mission: SmallMission,
    path: str,
    who: str = "data_manager",
    **fields: str,
) -> httpx.Response:
    """A form of the desk, sent as somebody."""
    headers = mission.bearer(who) | SAME_ORIGIN
    return await client.post(address(mission, path), headers=headers, data=fields)


async def status_of(client: httpx.AsyncClient, mission: SmallMission, report: str) -> str:
    """The status of a report."""
    found: str = (await get(client, mission, f"reports/{report}")).json()["status"]
    return found


async def test_the_desk_opens_what_waits_the_longest_and_holds_it(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first = await post(client, mission, station="0746")
    await post(client, mission, station="0747")
    page = await seen(client, mission)
    assert page.status_code == 200, page.text
    assert page.url.path.endswith(f"/desk/held/{first['id']}")
    assert "Voting at “0746”: where does it belong?" in page.text
    assert "The mission has no station or place of this code." in page.text
    (hold,) = (await get(client, mission, "queues")).json()["items"][0]["held"]
    assert (hold["item"], hold["by"]) == (first["id"], "data_manager")


async def test_a_second_person_is_given_the_next_item_and_sees_who_has_the_first(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first, second = [await post(client, mission, station=code) for code in ("0746", "0747")]
    await seen(client, mission)
    page = await seen(client, mission, who="lead")
    assert page.url.path.endswith(second["id"])
    assert "data_manager until" in page.text
    own = await seen(client, mission, f"/held/{first['id']}", "lead")
    assert "data_manager until" in own.text
    assert "What you do here is refused until then." in own.text


async def test_whoever_opens_another_item_lets_go_of_the_one_before(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first, second = [await post(client, mission, station=code) for code in ("0746", "0747")]
    await seen(client, mission, f"/held/{first['id']}")
    await seen(client, mission, f"/held/{second['id']}")
    held = (await get(client, mission, "queues")).json()["items"][0]["held"]
    assert [each["item"] for each in held] == [second["id"]]


async def test_whoever_goes_to_a_queue_in_which_nothing_waits_has_nothing_open_any_more(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, station="0746")
    await seen(client, mission, f"/held/{report['id']}")
    await seen(client, mission, "/typing")
    own = await seen(client, mission, who="lead")
    assert own.url.path.endswith(report["id"])
    assert "What you do here is refused until then." not in own.text


async def test_a_report_is_placed_by_a_form_and_the_next_one_is_open(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first, second = [await post(client, mission, station=code) for code in ("0010", "0747")]
    page = await seen(client, mission)
    assert re.search(r'name="station" value="001"', page.text)
    assert "one digit too many" in page.text
    order = re.search(r'name="order" value="([^"]+)"', page.text)
    assert order is not None
    path = f"/held/{first['id']}/acts/place"
    done = await sent(
        client, mission, path, station="001", reason="A slip in the code.", order=order[1]
    )
    assert done.status_code == 303, done.text
    assert await status_of(client, mission, first["id"]) == "received"
    after = await client.get(
        done.headers["location"], headers=mission.bearer("data_manager"), follow_redirects=True
    )
    assert after.url.path.endswith(second["id"])
    undo = re.search(r"/desk/undo/[0-9a-f-]+", after.text)
    assert undo is not None
    last = await sent(client, mission, f"/held/{second['id']}/acts/place", **TO_THE_FIRST)
    none_left = await client.get(
        last.headers["location"], headers=mission.bearer("data_manager"), follow_redirects=True
    )
    assert "All clear." in none_left.text
    assert "/desk/undo/" in none_left.text
    back = await sent(client, mission, undo[0].partition("/desk")[2], queue="held")
    assert back.status_code == 303, back.text
    assert await status_of(client, mission, first["id"]) == "held"


async def test_what_prevents_an_act_is_said_and_what_was_written_is_still_there(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, station="0746")
    path = f"/held/{report['id']}/acts/place"
    page = await sent(client, mission, path, typed="9999", reason="The team says so.")
    assert page.status_code == 422
    assert "The team says so." in page.text
    assert "Nothing was changed. What you wrote is still here." in page.text
    assert await status_of(client, mission, report["id"]) == "held"


async def test_an_act_on_what_another_has_open_is_refused_and_names_them(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, station="0746")
    await hold(client, mission, "held", report["id"], "lead")
    path = f"/held/{report['id']}/acts/place"
    page = await sent(client, mission, path, station="001", reason="The team says so.")
    assert page.status_code == 409
    assert "lead has this open until" in page.text
    assert await status_of(client, mission, report["id"]) == "held"


async def test_what_somebody_has_done_meanwhile_says_who_and_when(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, station="0746")
    path = f"/held/{report['id']}/acts/place"
    await sent(client, mission, path, "lead", station="001", reason="The team says so.")
    page = await seen(client, mission, f"/held/{report['id']}")
    assert re.search(r"lead decided this at \d\d:\d\d\.", page.text)
    late = await sent(client, mission, path, station="002", reason="Photo.")
    assert late.status_code == 409
    assert "lead decided this at" in late.text


async def test_before_an_act_its_effect_is_shown(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, station="0746")
    path = f"/held/{report['id']}/effect/place"
    page = await sent(client, mission, path, station="001")
    assert page.status_code == 200
    assert "Reports that count" in page.text
    assert await status_of(client, mission, report["id"]) == "held"


async def test_an_empty_queue_says_that_all_is_clear(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    page = await seen(client, mission)
    assert "All clear." in page.text


async def test_the_desk_says_how_many_items_wait(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await post(client, mission, station="0746")
    assert "<bdi>1</bdi>" in (await seen(client, mission, "/sum")).text
    assert "0746" in (await seen(client, mission, "/list?queue=held")).text


@pytest.mark.parametrize("path", ["/none", "/held/x", "/held/x/effect/place"])
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, mission: SmallMission, path: str
) -> None:
    assert (await seen(client, mission, path)).status_code in (404, 405)


async def test_a_call_by_its_panel_takes_the_team_off_the_queue(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("""UPDATE round SET polling_days = '["2026-11-08"]' RETURNING 1""")
    ((deployment,),) = rows(PLAN)
    page = await seen(client, mission, "/overdue")
    assert "Call the observer" in page.text
    nothing = await sent(client, mission, f"/overdue/{deployment}/acts/call")
    assert nothing.status_code == 422
    assert "Say how the call ended." in nothing.text
    given = {"outcome": "no_answer", "note": "rang twice"}
    done = await sent(client, mission, f"/overdue/{deployment}/acts/call", **given)
    assert done.status_code == 303
    assert "did=" in done.headers["location"]
    page = await seen(client, mission, "/overdue")
    assert "All clear." in page.text
    assert "Next call due" in page.text


async def test_a_question_by_its_panel_returns_answered_and_is_closed_once_read(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    held = await post(client, mission, "observer", station="0746")
    given = {"question": "queue", "text": "The photo seems to say 5."}
    asked = await sent(client, mission, f"/held/{held['id']}/acts/ask", **given)
    assert asked.status_code == 303
    page = await seen(client, mission, f"/held/{held['id']}?act=ask")
    assert "Not seen on the phone yet." in page.text
    place = f"/api/v1/missions/{mission.slug}"
    (task,) = (await client.get(f"{place}/tasks", headers=mission.bearer("observer"))).json()[
        "items"
    ]
    answer = {"answer": "right"}
    phone = mission.bearer("observer")
    await client.post(f"{place}/tasks/{task['id']}/answer", json=answer, headers=phone)
    page = await seen(client, mission, f"/held/{held['id']}?act=ask")
    assert re.search(r"Answered [^<]*: it is right", page.text)
    close = re.search(r'formaction="([^"]+/close[^"]*)"', page.text)
    assert close
    read = await client.post(
        close[1], headers=mission.bearer("data_manager") | SAME_ORIGIN, follow_redirects=True
    )
    assert read.url.path.endswith(f"/desk/held/{held['id']}")
    assert "it is right" not in read.text


async def test_an_answer_is_corrected_by_a_form_and_only_what_was_changed(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, station="0746")
    page = await seen(client, mission, f"/held/{report['id']}?act=correct")
    assert 'name="a.queue" value="4"' in page.text
    path = f"/held/{report['id']}/acts/correct"
    same = await sent(client, mission, path, reason="A typing slip.", **{"a.queue": "4"})
    assert same.status_code == 422
    assert "The reason is written. Now change the answer that it is for." in same.text
    fields = {"a.queue": "14", "a.sealed": "yes"}
    done = await sent(client, mission, path, reason="A typing slip.", **fields)
    assert done.status_code == 303, done.text
    answers = (await get(client, mission, f"reports/{report['id']}")).json()["answers"]
    assert answers == {"queue": 14, "sealed": "yes"}


async def test_the_place_of_the_effect_says_what_is_still_missing(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, station="0746")
    path = f"/held/{report['id']}/effect/correct"
    nothing = await sent(client, mission, path, reason="", **{"a.queue": "4"})
    assert "Change an answer first." in nothing.text
    reason = await sent(client, mission, path, reason="A typing slip.", **{"a.queue": "4"})
    assert "Now change the answer that it is for." in reason.text
    answer = await sent(client, mission, path, reason="", **{"a.queue": "5"})
    assert "To do it, write why." in answer.text
    both = await sent(client, mission, path, reason="A typing slip.", **{"a.queue": "5"})
    assert "write why" not in both.text


async def test_what_moves_in_an_area_is_named_before_it_is_done(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(NESTED)
    report = await post(client, mission, station="0746")
    path = f"/held/{report['id']}/effect/place"
    said = await sent(client, mission, path, reason="A slip.", station="001")
    assert re.search(r"North: not planned</th>.*?0 →</span> <b>1</b>", said.text)
    assert re.search(r"No place known: not planned</th>.*?1 →</span> <b>0</b>", said.text)


async def test_beside_the_answer_that_is_corrected_the_others_are_read_without_opening_them(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await post(client, mission, answers={"queue": "many", "sealed": "yes"})
    page = await seen(client, mission, f"/held/{report['id']}?act=correct")
    folded = re.findall(r"<details><summary>[^<]*<b><bdi>([^<]*)</bdi></b></summary>", page.text)
    assert folded == ["Yes"], page.text
    assert "Choose an answer to see what it would change." in page.text


async def test_single_answers_are_verified_by_a_form(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = await post(client, mission)
    rows("UPDATE report SET status = 'flagged' WHERE id = %s RETURNING 1", report["id"])
    path = f"/flagged/{report['id']}/acts/verify"
    none = await sent(client, mission, path, scope="answers", reason="Called the team.")
    assert none.status_code == 422
    fields = {"scope": "answers", "question": "queue"}
    done = await sent(client, mission, path, reason="Called the team.", **fields)
    assert done.status_code == 303, done.text
    shown = (await get(client, mission, f"reports/{report['id']}")).json()
    assert shown["status"] == "flagged"
    assert "queue" in str(shown["verified_answers"])


async def test_a_correction_of_what_is_verified_shows_what_it_would_change(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first = await post(client, mission)
    decided = {"status": "verified", "reason": "Called the team."}
    address = f"{mission.reports}/{first['id']}/decision"
    await client.post(address, json=decided, headers=mission.bearer("lead"))
    later = {"queue": 9, "sealed": "yes"}
    await post(client, mission, replaces=first["id"], answers=later)
    page = await seen(client, mission)
    assert "/desk/corrections/" in str(page.url)
    row = re.search(r"<tr><th scope=\"row\">Queue</th>.*?</tr>", page.text)
    assert row is not None
    assert re.findall(r"<bdi>(\d+)</bdi>", row[0]) == ["4", "9"]


async def test_a_correction_that_was_taken_over_is_found_again_by_whoever_takes_that_back(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first = await post(client, mission)
    decided = {"status": "verified", "reason": "Called the team."}
    address = f"{mission.reports}/{first['id']}/decision"
    await client.post(address, json=decided, headers=mission.bearer("lead"))
    correction = await post(client, mission, replaces=first["id"], answers={"queue": 9})
    path = f"/corrections/{correction['id']}"
    fields = {"accept": "replaces/decided", "reason": "The team says so."}
    done = await sent(client, mission, f"{path}/acts/accept", **fields)
    assert done.status_code == 303, done.text
    late = await seen(client, mission, path, "lead")
    assert "data_manager decided this at" in late.text
    page = await client.get(
        done.headers["location"], headers=mission.bearer("data_manager"), follow_redirects=True
    )
    undo = re.search(r'action="[^"]*/desk(/undo/[^"]+)".*?name="item" value="([^"]+)"', page.text)
    assert undo is not None
    back = await sent(client, mission, undo[1], queue="corrections", item=undo[2])
    assert back.headers["location"].endswith(path)
    assert await status_of(client, mission, correction["id"]) == "held"


@pytest.mark.parametrize("sender", ["unpledged", "undeclared"])
async def test_a_gate_is_named_with_who_is_not_through_it_and_the_act_that_tells_them_is_open(
    client: httpx.AsyncClient, mission: SmallMission, sender: str
) -> None:
    sent_in = await post(client, mission, sender, observer=..., station="003")
    page = (await seen(client, mission, f"/held/{sent_in['id']}")).text
    (tab,) = re.findall(r'act=(\w+)" aria-current="true"', page)
    assert tab == "ask"
    why = page[page.index("Why it is held") :]
    (name,) = set(re.findall(r'/people/([^"]+)"', why[: why.index("</ol>")]))
    assert name in page
    told = "They do it on their phone" if sender == "unpledged" else "At People, by: lead, deputy"
    assert told in why


async def test_a_lead_who_looks_at_an_item_does_not_have_it_until_something_is_written(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = (await post(client, mission, station="0746"))["id"]
    page = await seen(client, mission, f"/held/{report}", "lead")
    (begins,) = re.findall(r'data-hold="[^"]*/desk(/[^"]+)"', page.text)
    queues = (await get(client, mission, "queues")).json()["items"]
    assert queues[0]["held"] == []
    assert (await sent(client, mission, begins, "lead")).status_code == 204
    (hold,) = (await get(client, mission, "queues")).json()["items"][0]["held"]
    assert (hold["item"], hold["by"]) == (report, "lead")


async def test_an_act_without_a_reason_says_what_to_write_and_goes_there(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = (await post(client, mission, station="0746"))["id"]
    at = f"/held/{report}/acts/exclude"
    refused = await sent(client, mission, at, reason="")
    assert refused.status_code == 422
    assert re.search(r'id="reason-err">Write why in a few words', refused.text)
    assert re.search(r'<textarea[^>]*id="reason"[^>]*autofocus', refused.text)


async def test_a_photo_is_a_reason_only_where_there_is_one(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = (await post(client, mission, answers={"queue": 4}))["id"]
    for act in ("verify", "correct", "ask"):
        page = await seen(client, mission, f"/reports/{report}?act={act}")
        assert "photo s" not in page.text.lower(), act
