"""What pages ask for: values of one edition, of what somebody may see, that can be sent."""

import pickle
from uuid import uuid4

import pytest

from api.figures.ask import LocalFigures, ask, question
from api.figures.call_list import calls_to_make
from api.figures.coverage import coverage_now, coverage_within
from api.figures.follower import Follower
from api.figures.irregularities import irregularities, irregularity_by_area
from api.figures.mission_facts import mission_facts
from api.figures.rates import indicators_of
from api.figures.reports_behind import names_of_places, stations_of_reports
from schemas.mission import Kind
from tests.api.figures.conftest import SmallCountry


@pytest.fixture
def figures(follower: Follower) -> LocalFigures:
    """Where figures are asked for, of a mission that is read when the first is."""
    return LocalFigures(follower)


async def test_what_is_asked_for_together_agrees(
    country: SmallCountry, figures: LocalFigures
) -> None:
    answer = await figures.answer(
        country.mission_id, [question(mission_facts), question(coverage_now)]
    )
    facts, now = answer.values
    assert answer.clock == facts.clock
    assert sum(row.received for row in now.checklists) == now.nation.received


def test_what_is_not_listed_is_no_figure() -> None:
    with pytest.raises(KeyError):
        question(indicators_of, "voting")


async def test_an_unknown_area_is_all_and_a_known_one_its_parts(
    country: SmallCountry, figures: LocalFigures
) -> None:
    facts = await ask(figures, country.mission_id, mission_facts)
    region = facts.areas[0]
    whole, other, part = [
        await ask(figures, country.mission_id, coverage_within, code)
        for code in ("", "nowhere", region.code)
    ]
    assert whole.parts == other.parts
    assert len(whole.parts) > len(part.parts) > 0
    assert part.plans == whole.plans
    called = await ask(figures, country.mission_id, calls_to_make, 3, region.code)
    assert {each.area for each in called} <= {region.name}


async def test_whoever_is_bounded_to_a_stage_is_told_its_rates_alone(
    country: SmallCountry, figures: LocalFigures
) -> None:
    every = await ask(figures, country.mission_id, irregularities)
    bounded = await ask(figures, country.mission_id, irregularities, None, ("counting",))
    assert {rate.stage for each in bounded for rate in each.rates} == {"counting"}
    assert len(every) > len(bounded) > 0
    (kind,) = {rate.kind for each in every for rate in each.rates if rate.kind == Kind.DOMESTIC}
    own = await ask(figures, country.mission_id, irregularities, kind)
    assert {rate.kind for each in own for rate in each.rates} == {kind}
    hidden = next(each for each in every if each.indicator.stage == "voting")
    code = hidden.indicator.code
    told = await ask(figures, country.mission_id, irregularity_by_area, code)
    assert told[hidden.checklist]
    none = await ask(figures, country.mission_id, irregularity_by_area, code, ("counting",))
    assert none[hidden.checklist] == ()


async def test_only_what_is_known_has_a_station(
    country: SmallCountry, figures: LocalFigures
) -> None:
    (report, place, code, name) = country.execute(
        "SELECT r.id, p.id, p.code, p.name FROM report r JOIN place p ON p.id = r.place_id LIMIT 1"
    )[0]
    unknown = uuid4()
    found = await ask(figures, country.mission_id, stations_of_reports, [report, unknown])
    assert [(each, here.code, here.name) for each, here in found.items()] == [(report, code, name)]
    names = await ask(figures, country.mission_id, names_of_places, [place, unknown])
    assert names == {place: name}


async def test_rules_that_are_sent_again_are_unpickled_once(
    country: SmallCountry, figures: LocalFigures
) -> None:
    one, other = [await ask(figures, country.mission_id, mission_facts) for _ in range(2)]
    assert one is not other
    for each in one.rules:
        assert one.rules[each] is other.rules[each]
        assert one.rules[each] == pickle.loads(pickle.dumps(one.rules[each]))
