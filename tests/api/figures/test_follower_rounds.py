"""The follower holds a mission in a round: the nearest one, and any other while it is asked for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.figures import follower as module
from api.figures.figures import coverage_of_all
from api.figures.follower import Follower, NoSuchRound
from api.figures.watch import Watch
from api.results.quick_count import quick_counts
from tests.api.figures.conftest import SmallCountry
from tests.api.figures.test_follower import figures, fresh


@pytest.fixture
def follower(country: SmallCountry, engine: AsyncEngine) -> Follower:
    """A follower that does not listen: it folds when it is asked."""
    return Follower(engine, country.database.app_url)


@pytest.fixture
def runoff(country: SmallCountry) -> Iterator[UUID]:
    """A second round, a year later."""
    (round_,) = country.execute(
        "INSERT INTO round (mission_id, id, election_id, code, name, polling_days, opens, closes,"
        " zone) SELECT mission_id, gen_random_uuid(), election_id, 'runoff', 'Run-off',"
        " jsonb_build_array((now() + interval '1 year')::date::text), opens, closes, zone"
        " FROM round LIMIT 1 RETURNING id"
    )
    yield round_[0]
    country.execute(
        "UPDATE report SET round_id = r.id, changed = %s FROM round r"
        " WHERE r.code <> 'runoff' AND round_id = %s",
        country.tick(),
        round_[0],
    )
    country.execute("DELETE FROM round WHERE code = 'runoff'")


async def test_reports_of_another_round_are_in_no_figure_of_this_one(
    follower: Follower, country: SmallCountry, engine: AsyncEngine, runoff: UUID
) -> None:
    before = await follower.of(country.mission_id)
    entered = len(quick_counts(before)[0].included.arrivals)
    voting = coverage_of_all(before).received
    country.execute(
        "UPDATE report SET round_id = %s, changed = %s WHERE id IN (SELECT id FROM report"
        " WHERE status = 'received' AND checklist IN ('counting', 'voting') ORDER BY id LIMIT 150)",
        runoff,
        country.tick(),
    )
    watch = await follower.of(country.mission_id)
    assert len(quick_counts(watch)[0].included.arrivals) < entered
    assert coverage_of_all(watch).received < voting
    anew = await fresh(country, engine)
    assert figures_but_rows(watch) == figures_but_rows(anew)
    assert len(anew.received) == len(watch.received) - 150


async def test_the_other_round_is_read_when_it_is_asked_for_and_folded_as_it_would_be_anew(
    follower: Follower, country: SmallCountry, engine: AsyncEngine, runoff: UUID
) -> None:
    nearest = await follower.of(country.mission_id)
    other = await follower.of(country.mission_id, "runoff")
    assert (len(other.received), other.frame.asked) == (0, True)
    assert await follower.of(country.mission_id, nearest.frame.polling.code) is nearest
    country.execute(
        "UPDATE report SET round_id = %s, changed = %s WHERE id IN (SELECT id FROM report"
        " WHERE status = 'received' AND checklist IN ('counting', 'voting') ORDER BY id LIMIT 150)",
        runoff,
        country.tick(),
    )
    assert await follower.of(country.mission_id, "runoff") is other
    assert len(other.received) == 150
    anew = await Follower(engine, country.database.app_url).of(country.mission_id, "runoff")
    assert figures(other) == figures(anew)
    with pytest.raises(NoSuchRound):
        await follower.of(country.mission_id, "third")


async def test_a_round_that_is_no_longer_the_nearest_is_not_shown_as_if_it_were(
    follower: Follower, country: SmallCountry, runoff: UUID
) -> None:
    country.act("round.runoff", str(runoff))
    watch = await follower.of(country.mission_id)
    usual = watch.frame.polling.code
    watch.frame = replace(watch.frame, polling=replace(watch.frame.polling, code="runoff"))
    assert (await follower.of(country.mission_id)).frame.polling.code == usual


async def test_a_round_that_was_asked_for_is_let_go_as_a_mission_is(
    follower: Follower, country: SmallCountry, runoff: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MISSIONS", 1)
    async with follower.listening(country.mission_id):
        kept = await follower.of(country.mission_id)
        other = await follower.of(country.mission_id, "runoff")
        assert await follower.of(country.mission_id) is kept
        assert await follower.of(country.mission_id, "runoff") is not other
    assert runoff


def figures_but_rows(watch: Watch) -> list[Any]:
    """What is read of a mission, without the matrix itself, which keeps what counts no more."""
    *found, _, sequence = figures(watch)
    return [*found, sequence]
