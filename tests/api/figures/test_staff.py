"""Women among staff: what is kept by report is what reading everything gives."""

import asyncio
from dataclasses import replace

import pytest

from api.figures.edition import Edition
from api.figures.follower import Follower
from api.figures.plain_answers import WomenAmongStaff, women_among_staff
from tests.api.figures.conftest import SmallCountry, asked_anew

SAID = """SELECT r.id FROM report r JOIN report_version v ON v.report_id = r.id
 AND v.number = r.version WHERE r.status = 'received' AND v.answers ? 'officials_women'
 ORDER BY r.id LIMIT 10"""
CORRECTED = """UPDATE report_version SET answers = jsonb_set(answers, '{officials_women}', %s)
 WHERE report_id = %s"""


def rounded(found: list[WomenAmongStaff]) -> list[object]:
    """All but the last digits, which the order of rows moves."""
    return [
        (
            replace(each, estimate=None),
            each.estimate
            and [
                round(getattr(each.estimate, name), 10)
                for name in ("value", "se", "low", "high", "n")
            ],
        )
        for each in found
    ]


async def asked(edition: Edition) -> list[WomenAmongStaff]:
    return await asyncio.to_thread(women_among_staff, edition)


@pytest.mark.parametrize("more", ["1", "999", "-1", "1e400", "1e300", "0.5", '"many"', "null"])
async def test_after_quarantine_its_end_and_a_correction_it_is_what_everything_gives(
    country: SmallCountry, follower: Follower, more: str
) -> None:
    before = await asked(await follower.of(country.mission_id))
    assert before[0].women
    reports = [row[0] for row in country.execute(SAID)]
    for status, women in (("quarantined", more), ("received", more), ("received", "2")):
        country.execute(CORRECTED, women, reports[0])
        country.execute(
            "UPDATE report SET status = %s, changed = %s WHERE id = ANY(%s)",
            status,
            country.tick(),
            reports,
        )
        edition = await follower.of(country.mission_id)
        found = await asked(edition)
        assert rounded(found) == rounded(await asked_anew(country, women_among_staff))
        assert rounded(found) != rounded(before) or status == "received"


async def test_what_is_asked_twice_is_reckoned_once(
    country: SmallCountry, follower: Follower
) -> None:
    edition = await follower.of(country.mission_id)
    first = await asked(edition)
    assert (await asked(edition))[0] is first[0]
    country.tick()
    assert await asked(await follower.of(country.mission_id)) == first


async def test_a_number_larger_than_any_is_set_aside_and_a_word_is_no_figure(
    country: SmallCountry, follower: Follower
) -> None:
    before = (await asked(await follower.of(country.mission_id)))[0].set_aside
    reports = [row[0] for row in country.execute(SAID)]
    for women, more in (("1e400", 1), ("1e300", 1), ("9007199254740993", 1), ('"many"', 0)):
        country.execute(CORRECTED, women, reports[0])
        country.execute("UPDATE report SET changed = %s WHERE id = %s", country.tick(), reports[0])
        found = await asked(await follower.of(country.mission_id))
        assert found[0].set_aside == before + more
    country.execute(CORRECTED, "2", reports[0])
