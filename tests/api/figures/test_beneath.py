"""The reports beneath a number are found however many they are, the newest first."""

import re
from itertools import pairwise
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, func, select

from api.database.sessions import mission_session
from api.figures import reports_behind
from api.figures.reports import among, joined
from api.figures.reports_behind import windows
from schemas.report import Report
from tests.api.figures.conftest import SmallCountry


async def test_more_ids_may_be_asked_for_than_the_database_takes_parameters(
    country: SmallCountry, engine: AsyncEngine
) -> None:
    known = [row[0] for row in country.execute("SELECT id FROM report LIMIT 5")]
    query = select(func.count()).select_from(Report)
    async with mission_session(engine, country.mission_id) as session:
        ids = [*known, *(uuid4() for _ in range(70_000))]
        found = await session.execute(query.where(among(col(Report.id), joined(ids))))
        nothing = await session.execute(query.where(among(col(Report.id), b"")))
    assert (found.scalar_one(), nothing.scalar_one()) == (5, 0)


def listed(page: str) -> list[str]:
    """The reports that a page lists, in its order."""
    return list(dict.fromkeys(re.findall(r"/reports/([0-9a-f-]{36})", page)))


async def gone_through(asking: httpx.AsyncClient, country: SmallCountry, asked: str) -> list[str]:
    """The reports of a list, page after page."""
    base, found = f"http://indelible/missions/{country.slug}/reports", []
    address = f"?{asked}"
    for _ in range(100):
        page = (await asking.get(f"{base}{address}")).text
        found += listed(page)
        onward = re.search(r'href="(\?[^"]+)">Earlier', page)
        if onward is None:
            return found
        address = onward[1].replace("&amp;", "&")
    raise AssertionError("a list without an end")


async def seen_most_often(asking: httpx.AsyncClient) -> str:
    """The irregularity that most reports tell of."""
    rates = (await asking.get("irregularities")).json()["items"]
    most: str = max(rates, key=lambda each: each["number"].get("seen") or 0)["indicator"]
    return most


@pytest.mark.parametrize("few", [1, 3, 200])
async def test_a_list_beneath_a_number_is_gone_through_from_the_newest_on(
    asking: httpx.AsyncClient, country: SmallCountry, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("api.pages.reports.PER_PAGE", 2)
    monkeypatch.setattr(reports_behind, "FEW", few)
    often = await seen_most_often(asking)
    wanted = (await asking.get(f"reports?indicator={often}&limit=1000")).json()["items"]
    assert len(wanted) > 4
    newest_first = [each["id"] for each in reversed(wanted)]
    assert await gone_through(asking, country, f"indicator={often}") == newest_first
    (station, *_) = sorted({each["station"] for each in wanted})
    there = [each["id"] for each in reversed(wanted) if each["station"] == station]
    assert await gone_through(asking, country, f"indicator={often}&station={station}") == there


async def test_a_report_put_right_stays_in_its_place_of_the_list(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    often = await seen_most_often(asking)
    before = await gone_through(asking, country, f"indicator={often}")
    assert len(before) > 1
    country.execute(
        "UPDATE report SET changed = %s WHERE mission_id = %s AND id = %s",
        country.tick(),
        country.mission_id,
        UUID(before[-1]),
    )
    assert await gone_through(asking, country, f"indicator={often}") == before


def test_windows_hold_every_id_once_in_order_and_the_first_are_few() -> None:
    for many in (0, 1, 199, 200, 201, 5_000, 40_000):
        ids = np.frombuffer(joined(uuid4() for _ in range(many)), dtype="V16")
        found = windows(ids)
        assert b"".join(found) == ids.tobytes()
        assert all(len(one) <= len(next_) or next_ is found[-1] for one, next_ in pairwise(found))
        assert len(found) <= 4
        assert not found or len(found[0]) <= 16 * reports_behind.FEW
