"""What came is one number wherever it stands: pages, JSON, CSV, lists, in a mission as messy as the
demonstration's, with reports held, flagged, superseded, not planned and dated ahead."""

import csv
import io
import re
from collections import Counter

import httpx
import pytest

from tests.api.figures.conftest import SmallCountry

MESS = """
UPDATE report SET {change}, changed = %s WHERE id IN (
  SELECT id FROM report WHERE status = 'received' AND checklist = 'voting' ORDER BY id
  OFFSET %s LIMIT 3)"""


@pytest.fixture
def messy(country: SmallCountry) -> SmallCountry:
    """Some reports more that are held, flagged, excluded, superseded and dated ahead."""
    changes = [f"status = '{each}'" for each in ("held", "flagged", "quarantined", "superseded")]
    changes.append("status = 'flagged', arrived_at = received_at + interval '9 years'")
    for at, change in enumerate(changes):
        country.execute(MESS.format(change=change), country.tick(), 3 * at)
    return country


async def listed(asking: httpx.AsyncClient) -> Counter[str]:
    """The reports of the list by status."""
    found, after = Counter[str](), ""
    while True:
        page = (await asking.get(f"reports?limit=200{after}")).json()
        found.update(each["status"] for each in page["items"])
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def figure(page: str, words: str) -> int:
    """A figure of the control room, by the words beside it."""
    (found,) = re.findall(rf"<strong><bdi>([\d,]+)</bdi></strong><span><a [^>]*>{words}", page)
    return int(found.replace(",", ""))


async def test_one_number_of_what_came_stands_everywhere(
    messy: SmallCountry, asking: httpx.AsyncClient
) -> None:
    coverage = (await asking.get("coverage")).json()
    nation, by_status = coverage["nation"], await listed(asking)
    base = f"http://indelible/missions/{messy.slug}"
    room, page = [(await asking.get(f"{base}{path}")).text for path in ("/", "/coverage")]
    table = (await asking.get(f"{base}/coverage.csv")).text
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))

    assert figure(room, "received of") == nation["received"]
    assert f"{nation['received']:,} of {nation['expected']:,} planned reports have come" in page
    for name in ("received", "expected", "held", "flagged", "unplanned", "ahead"):
        assert sum(int(row[name]) for row in rows) == nation[name], name
        for group in ("areas", "checklists", "kinds", "stages"):
            assert sum(each[name] for each in coverage[group]) == nation[name], (group, name)

    assert nation["ahead"] >= 3
    assert figure(room, "held for review") == nation["held"] == by_status["held"]
    assert nation["flagged"] == by_status["flagged"]
    came = nation["received"] + nation["unplanned"] + nation["ahead"]
    assert came == by_status.total() - by_status["superseded"]
    (stored,) = [
        each
        for each in (await asking.get("compliance")).json()["items"]
        if each["standard"] == "dop:4"
    ]
    assert f"Reports: {came}," in stored["on_record"]


async def test_both_kinds_of_observers_together_are_all(
    messy: SmallCountry, asking: httpx.AsyncClient
) -> None:
    base = f"http://indelible/missions/{messy.slug}/"
    every, *single = [
        (await asking.get(base + query)).text
        for query in ("", "?kind=domestic", "?kind=international")
    ]
    for words in ("received of", "late over", "held for review", "open incidents"):
        assert figure(every, words) == sum(figure(each, words) for each in single), words
