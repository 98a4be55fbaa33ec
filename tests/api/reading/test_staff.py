"""Women among staff: what is kept by report is what reading everything gives."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.database.sessions import mission_session
from api.reading.follower import Follower
from api.reading.staff import WomenAmongStaff, women_among_staff
from api.reading.watch import Watch
from tests.api.reading.conftest import SmallCountry

SAID = """SELECT r.id FROM report r JOIN report_version v ON v.report_id = r.id
 AND v.number = r.version WHERE r.status = 'received' AND v.answers ? 'officials_women'
 ORDER BY r.id LIMIT 10"""
CORRECTED = """UPDATE report_version SET answers = jsonb_set(answers, '{officials_women}', %s)
 WHERE report_id = %s"""


def rounded(found: list[WomenAmongStaff]) -> list[object]:
    """All but the last digits, which the order of rows moves."""
    return [
        (replace(each, estimate=None), each.estimate and [
            round(getattr(each.estimate, name), 10) for name in ("value", "se", "low", "high", "n")
        ])
        for each in found
    ]  # fmt: skip


async def asked(engine: AsyncEngine, watch: Watch) -> list[WomenAmongStaff]:
    async with mission_session(engine, watch.frame.mission.mission_id) as session:
        return await women_among_staff(session, watch)


@pytest.mark.parametrize("more", ["1", "999", "-1", "1e400", '"many"', "null"])
async def test_after_quarantine_its_end_and_a_correction_it_is_what_everything_gives(
    country: SmallCountry, engine: AsyncEngine, more: str
) -> None:
    follower = Follower(engine, country.database.app_url)
    before = await asked(engine, await follower.of(country.mission_id))
    assert before[0].women
    reports = [row[0] for row in country.execute(SAID)]
    for status, women in (("quarantined", more), ("received", more), ("received", "2")):
        country.execute(CORRECTED, women, reports[0])
        country.execute("UPDATE report SET status = %s, changed = %s WHERE id = ANY(%s)",
                        status, country.tick(), reports)  # fmt: skip
        watch = await follower.of(country.mission_id)
        found = await asked(engine, watch)
        anew = await Follower(engine, country.database.app_url).of(country.mission_id)
        assert rounded(found) == rounded(await asked(engine, anew))
        assert rounded(found) != rounded(before) or status == "received"
    assert watch.staff.sequence == watch.sequence


async def test_what_is_asked_twice_is_reckoned_once(
    country: SmallCountry, engine: AsyncEngine
) -> None:
    follower = Follower(engine, country.database.app_url)
    watch = await follower.of(country.mission_id)
    first = await asked(engine, watch)
    assert (await asked(engine, watch))[0] is first[0]
    country.tick()
    assert await asked(engine, await follower.of(country.mission_id)) == first
