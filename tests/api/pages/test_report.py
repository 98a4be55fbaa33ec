"""The page of one report: what was seen first, and what changed since."""

import re
from typing import Any

import httpx

from tests.api.routes.people import post
from tests.api.small import SmallMission


async def page_of(client: httpx.AsyncClient, mission: SmallMission, report: str) -> str:
    """The page as a lead sees it."""
    page = await client.get(
        f"/missions/{mission.slug}/reports/{report}", headers=mission.bearer("lead")
    )
    assert page.status_code == 200, page.text
    return page.text


async def test_what_was_seen_stands_before_where_and_when_and_the_receipt_last(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sent = await post(client, mission, answers={"sealed": "no", "comment": "It stood open."})
    page = await page_of(client, mission, sent["id"])
    heads = re.findall(r"<h2>([^<]*)</h2>", page)
    assert heads[0] == "What was seen: 1 notable, in 4 questions"
    assert heads.index("Where and when") < heads.index("Receipt")
    assert "The ballot box was not sealed" in page
    assert "It stood open." in page
    assert "at station 001, School 001" in page


async def test_a_question_with_a_quiet_answer_is_named_by_its_words_not_by_the_irregularity(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sent = await post(client, mission, answers={"queue": 4, "sealed": "yes"})
    page = await page_of(client, mission, sent["id"])
    assert "Nothing to note in 2 answers" in page
    assert "Box sealed" in page
    assert "ballot box was not sealed" not in page


LABELLED = """
UPDATE rules
SET definition = jsonb_set(definition, '{indicators,0,label}', '{"en": "Unsealed box"}')
RETURNING 1"""


async def test_what_is_asked_about_stands_by_its_short_name_whether_it_was_seen_or_not(
    client: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    rows(LABELLED)
    seen = await post(client, mission, answers={"sealed": "no"})
    page = await page_of(client, mission, seen["id"])
    assert re.search(r'<th scope="row">Unsealed box</th><td class="b">seen</td>', page)
    quiet = await post(client, mission, answers={"sealed": "yes"})
    assert "Unsealed box: not seen" in await page_of(client, mission, quiet["id"])


async def test_a_later_version_says_who_changed_what_and_why(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sent = await post(client, mission, "observer", answers={"queue": 4})
    again = {"replaces": sent["id"], "answers": {"queue": 9}, "visit": sent["visit"]}
    await post(client, mission, "observer", **again)
    page = await page_of(client, mission, sent["id"])
    versions = page[page.index("Versions: 2") :]
    assert re.search(r"Queue</th><td[^>]*><bdi>4</bdi></td><td[^>]*><bdi>9</bdi>", versions)
    assert "<bdi>O-1</bdi>" in versions


async def test_a_held_report_says_which_act_lifts_what_holds_it_and_leads_to_the_desk(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sent = await post(client, mission, station="999")
    page = await page_of(client, mission, sent["id"])
    assert "Place it: say at which station" in page
    assert f'href="/missions/{mission.slug}/desk/held/{sent["id"]}"' in page


async def test_a_report_in_no_queue_has_the_acts_of_the_desk_for_who_may(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sent = await post(client, mission, answers={"queue": 4})
    page = await page_of(client, mission, sent["id"])
    links = re.findall(r'href="([^"]*/desk/reports/[^"]*act=(\w+))"', page)
    assert [name for _, name in links] == ["verify", "correct", "ask", "exclude", "place", "call"]
    at = f"/missions/{mission.slug}/desk/reports/{sent['id']}"
    headers = mission.bearer("data_manager")
    panel = await client.get(f"{at}?act=correct", headers=headers)
    assert 'name="a.queue"' in panel.text
    given = {"a.queue": "5", "reason": "A typing slip."}
    done = await client.post(f"{at}/acts/correct", data=given, headers=headers)
    assert done.status_code == 303, done.text
    shown = await client.get(done.headers["location"], headers=headers)
    assert "Take it back" in shown.text
    assert "<bdi>5</bdi>" in await page_of(client, mission, sent["id"])
    answer = await client.get(
        f"/api/v1/missions/{mission.slug}/queues/reports", headers=mission.bearer("data_manager")
    )
    assert answer.status_code == 404
