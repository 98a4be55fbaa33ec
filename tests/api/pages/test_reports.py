"""The list of reports: what it says in a row, and what is found by typing."""

from uuid import uuid4

import httpx
import pytest

from api.figures import report_search
from tests.api.routes.people import post
from tests.api.small import SmallMission


async def listed(client: httpx.AsyncClient, mission: SmallMission, **asked: str) -> str:
    """The page with these questions."""
    page = await client.get(
        f"/missions/{mission.slug}/reports", params=asked, headers=mission.bearer("lead")
    )
    assert page.status_code == 200, page.text
    return page.text


async def three(client: httpx.AsyncClient, mission: SmallMission) -> list[str]:
    """Reports of stations 001 to 003; the second says something in words."""
    said = [{"queue": 1}, {"queue": 1, "comment": "The second booth stood open."}, {"queue": 1}]
    return [
        (await post(client, mission, station=f"00{number}", visit=str(uuid4()), answers=each))["id"]
        for number, each in enumerate(said, 1)
    ]


def found(page: str, ids: list[str]) -> list[int]:
    """Which of these reports stand on the page."""
    return [number for number, each in enumerate(ids) if each in page]


@pytest.mark.parametrize(
    ("typed", "reports"),
    [
        ("002", [1]),
        ("school 003", [2]),
        ("O-1", [0, 1, 2]),
        ("second BOOTH", [1]),
        ("no such thing", []),
        ("%", []),
        ("_", []),
        ("queue", []),
    ],
)
async def test_reports_are_found_by_station_observer_and_words(
    client: httpx.AsyncClient, mission: SmallMission, typed: str, reports: list[int]
) -> None:
    ids = await three(client, mission)
    assert found(await listed(client, mission, q=typed), ids) == reports


async def test_words_are_looked_for_instead_of_a_station_of_that_name(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    ids = await three(client, mission)
    other = await post(
        client, mission, station="001", visit=str(uuid4()), answers={"comment": "Like School 003."}
    )
    assert found(await listed(client, mission, q="School 003"), [*ids, other["id"]]) == [2]
    words = await listed(client, mission, **{"q": "School 003", "in": "words"})
    assert found(words, [*ids, other["id"]]) == [3]


async def test_words_are_looked_for_in_earlier_reports_step_by_step(
    client: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_search, "WINDOW", 1)
    ids = await three(client, mission)
    page = await listed(client, mission, q="booth")
    assert found(page, ids) == []
    assert "Search earlier ones" in page
    (link,) = [part.split('"')[0] for part in page.split('href="?')[1:] if "after=" in part]
    earlier = await client.get(
        f"/missions/{mission.slug}/reports?{link.replace('&amp;', '&')}",
        headers=mission.bearer("lead"),
    )
    assert found(earlier.text, ids) == [1]


async def test_a_row_says_why_a_report_is_held_and_what_is_irregular(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await post(client, mission, station="999")
    await post(client, mission, answers={"sealed": "no"}, visit=str(uuid4()))
    page = await listed(client, mission)
    assert "The mission has no station or place of this code." in page
    assert "The ballot box was not sealed" in page
