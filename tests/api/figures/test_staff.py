"""Women among staff: what is kept by report is what reading everything gives."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from api.figures.follower import Follower
from api.figures.standing_staff import StandingStaff
from api.figures.watch import Watch
from api.figures.women_among_staff import WomenAmongStaff, women_among_staff
from schemas.mission import Kind
from tests.api.figures.conftest import SmallCountry

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


async def asked(watch: Watch) -> list[WomenAmongStaff]:
    return await asyncio.to_thread(women_among_staff, watch)


@pytest.mark.parametrize("more", ["1", "999", "-1", "1e400", "1e300", "0.5", '"many"', "null"])
async def test_after_quarantine_its_end_and_a_correction_it_is_what_everything_gives(
    country: SmallCountry, engine: AsyncEngine, more: str
) -> None:
    follower = Follower(engine, country.database.app_url)
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
        watch = await follower.of(country.mission_id)
        found = await asked(watch)
        anew = await Follower(engine, country.database.app_url).of(country.mission_id)
        assert rounded(found) == rounded(await asked(anew))
        assert rounded(found) != rounded(before) or status == "received"
    assert watch.staff.sequence == watch.sequence


async def test_what_is_asked_twice_is_reckoned_once(
    country: SmallCountry, engine: AsyncEngine
) -> None:
    follower = Follower(engine, country.database.app_url)
    watch = await follower.of(country.mission_id)
    first = await asked(watch)
    assert (await asked(watch))[0] is first[0]
    country.tick()
    assert await asked(await follower.of(country.mission_id)) == first


FIGURE = st.sampled_from(["0", "1", "2", "3", "7", "0.1", "0.3", "-1", "1e300", "131073", None])
SAYING = st.tuples(
    st.integers(0, 5),
    st.integers(-1, 3),
    st.sampled_from(list(Kind)),
    st.booleans(),
    FIGURE,
    FIGURE,
)
"""A report: where, by whom, whether sent there, staff and women."""
PLACES: Any = {place: place for place in range(4)}


def said(
    changed: int, report: int, place: int, kind: Kind, sent: bool, *figures: str | None
) -> Any:
    staff, women = (each and Decimal(each) for each in figures)
    return SimpleNamespace(
        id=report,
        changed=changed,
        place_id=place,
        organisation_id=kind,
        observer_id=("sent" if sent else "not sent"),
        staff=staff,
        women=women,
    )


def frame_of() -> Any:
    posted = {("sent", place): "team" for place in PLACES}
    return SimpleNamespace(
        places=[*PLACES], place_index=PLACES, kind_of=lambda kind: kind, posted=posted
    )


@settings(max_examples=300)
@given(st.lists(st.lists(SAYING, max_size=8), max_size=5))
def test_sums_that_are_kept_up_are_those_of_what_stands(batches: list[list[Any]]) -> None:
    kept, last, changed = StandingStaff(frame_of()), dict[int, Any](), 0
    for batch in batches:
        rows = [said(changed + at, *each) for at, each in enumerate(batch, start=1)]
        changed += len(rows)
        last |= {row.id: row for row in rows}
        kept.take(rows)
        anew = StandingStaff(frame_of())
        anew.take(last.values())
        for kind in Kind:
            one, other = kept.of_kind(kind), anew.of_kind(kind)
            assert (one.reports, one.set_aside) == (other.reports, other.set_aside)
            assert (one.women, one.staff) == pytest.approx((other.women, other.staff))
            for name in ("reports_at", "sent_at", "women_at", "staff_at"):
                assert getattr(one, name) == pytest.approx(getattr(other, name))


def test_figures_mistyped_and_put_right_leave_no_mark() -> None:
    kept = StandingStaff(frame_of())
    kept.take([said(1, 1, 0, Kind.DOMESTIC, True, "7", "3")])
    for at, figures in enumerate((("1e300", "1e299"), ("0.3", "0.1"), ("5", "2")), start=2):
        kept.take([said(at, 2, 0, Kind.DOMESTIC, True, *figures)])
    found = kept.of_kind(Kind.DOMESTIC)
    assert (found.women, found.staff, found.women_at[0], found.staff_at[0]) == (5, 12, 5, 12)
