"""A quick count's reports are read page by page, none lost and none doubled."""

from typing import Any

import httpx
import pytest

CONTEST = "quick-counts/president"


async def pages(asking: httpx.AsyncClient, path: str, items: str, limit: int) -> list[Any]:
    """Everything that a list has, so many at a time."""
    found: list[Any] = []
    after = ""
    for _ in range(2000):
        page = (await asking.get(f"{path}?limit={limit}{after}")).json()
        found += page[items]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"
    raise AssertionError("there is no end of pages")


@pytest.mark.parametrize("limit", [1, 7, 50])
async def test_every_report_is_told_once_whatever_the_page(
    asking: httpx.AsyncClient, limit: int
) -> None:
    whole = (await asking.get(CONTEST)).json()
    assert whole["next"] is None
    assert len(whole["reports"]) > 50
    assert await pages(asking, CONTEST, "reports", limit) == whole["reports"]
    entered = sum(each["entered"] for each in whole["reports"])
    assert entered == whole["received"]


async def test_a_cursor_of_another_list_is_refused_by_name(asking: httpx.AsyncClient) -> None:
    for after in (
        "nonsense",
        "WyJhIiwxXQ",
        "WyIwMWEyMTk2Ny04NzRjLTcyYTYtOTAxYy1lOTJhNWZkZmNkMTEiLDFd",
    ):
        answer = await asking.get(f"{CONTEST}?after={after}")
        assert (answer.status_code, answer.json()["field"]) == (422, "after")


async def test_a_page_may_be_as_long_as_is_said_and_no_longer(asking: httpx.AsyncClient) -> None:
    assert (await asking.get(f"{CONTEST}?limit=2000")).status_code == 200
    assert (await asking.get(f"{CONTEST}?limit=2001")).status_code == 422
