"""Answers of which counts are told: what is kept by report is what reading everything gives."""

import asyncio

import pytest

from api.figures.edition import Edition
from api.figures.follower import Follower
from api.figures.plain_answers import AnswerCounts, answered
from tests.api.figures.conftest import SmallCountry, asked_anew

SAID = """SELECT r.id FROM report r JOIN report_version v ON v.report_id = r.id
 AND v.number = r.version WHERE r.status = 'received' AND v.answers ? 'rating'
 ORDER BY r.id LIMIT 10"""
CORRECTED = """UPDATE report_version SET answers = jsonb_set(answers, '{rating}', %s)
 WHERE report_id = %s"""


async def asked(edition: Edition) -> list[AnswerCounts]:
    return await asyncio.to_thread(answered, edition)


@pytest.mark.parametrize(
    "said", ['"another"', '["one", "two", "one"]', "[1, null]", "7", "null", '"not_observed"']
)
async def test_after_quarantine_its_end_and_a_correction_it_is_what_everything_gives(
    country: SmallCountry, follower: Follower, said: str
) -> None:
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
        edition = await follower.of(country.mission_id)
        found = await asked(edition)
        assert found == await asked_anew(country, answered)
        assert found != before or status == "received"


async def test_of_an_answer_with_several_options_a_report_is_counted_once_under_each(
    country: SmallCountry, follower: Follower
) -> None:
    (report,) = country.execute(SAID)[0]
    (before,) = country.execute(
        "SELECT answers ->> 'rating' FROM report_version WHERE report_id = %s", report
    )[0]
    country.execute(CORRECTED, '["one", "two", "one"]', report)
    edition = await follower.of(country.mission_id)
    counts = [each.counts for each in await asked(edition) if each.question == "rating"]
    assert sum(each.get("one", 0) for each in counts) == 1
    assert sum(each.get("two", 0) for each in counts) == 1
    country.execute(CORRECTED, f'"{before}"', report)
