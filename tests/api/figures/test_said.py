"""Answers of which counts are told: what is kept by report is what reading everything gives."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.figures.follower import Follower
from api.figures.plain_answers import Answered, answered
from api.figures.watch import Watch
from tests.api.figures.conftest import SmallCountry

SAID = """SELECT r.id FROM report r JOIN report_version v ON v.report_id = r.id
 AND v.number = r.version WHERE r.status = 'received' AND v.answers ? 'rating'
 ORDER BY r.id LIMIT 10"""
CORRECTED = """UPDATE report_version SET answers = jsonb_set(answers, '{rating}', %s)
 WHERE report_id = %s"""


async def asked(watch: Watch) -> list[Answered]:
    return await asyncio.to_thread(answered, watch)


@pytest.mark.parametrize(
    "said", ['"another"', '["one", "two", "one"]', "[1, null]", "7", "null", '"not_observed"']
)
async def test_after_quarantine_its_end_and_a_correction_it_is_what_everything_gives(
    country: SmallCountry, engine: AsyncEngine, said: str
) -> None:
    follower = Follower(engine, country.database.app_url)
    before = await asked(await follower.of(country.mission_id))
    assert any(each.question == "rating" for each in before)
    reports = [row[0] for row in country.execute(SAID)]
    for status, rating in (("quarantined", said), ("received", said), ("received", '"good"')):
        country.execute(CORRECTED, rating, reports[0])
        country.execute(
            "UPDATE report SET status = %s, changed = %s WHERE id = ANY(%s)",
            status,
            country.tick(),
            reports,
        )
        watch = await follower.of(country.mission_id)
        found = await asked(watch)
        anew = await Follower(engine, country.database.app_url).of(country.mission_id)
        assert found == await asked(anew)
        assert found != before or status == "received"
        assert watch.said.sequence == watch.sequence


async def test_of_an_answer_with_several_options_a_report_is_counted_once_under_each(
    country: SmallCountry, engine: AsyncEngine
) -> None:
    (report,) = country.execute(SAID)[0]
    (before,) = country.execute(
        "SELECT answers ->> 'rating' FROM report_version WHERE report_id = %s", report
    )[0]
    country.execute(CORRECTED, '["one", "two", "one"]', report)
    watch = await Follower(engine, country.database.app_url).of(country.mission_id)
    counts = [each.counts for each in await asked(watch) if each.question == "rating"]
    assert sum(each.get("one", 0) for each in counts) == 1
    assert sum(each.get("two", 0) for each in counts) == 1
    country.execute(CORRECTED, f'"{before}"', report)
