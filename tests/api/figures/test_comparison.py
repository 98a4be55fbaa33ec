"""Two samples of one frame side by side over the network and on the page; and earlier missions."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

from analytics.observation.drawn_sample import drawn_for, sent_by
from api.app import create_app
from api.audit.sealed_work import CommandContext
from api.audit.unit_of_work import blocking_unit_of_work
from api.closing.indicators import indicators_of_round, take_indicators
from api.database.opening import OpenDatabase
from api.database.sessions import open_engine
from api.demonstration.rehearsal import play, stage
from api.figures.edition import Edition
from api.figures.follower import Follower
from api.settings import Settings
from api.statements.comparison import kinds_compared
from schemas.credential import Role
from schemas.mission import Kind
from schemas.problems import Refusal
from tests.api.conftest import awake
from tests.api.figures.conftest import PEOPLE, SmallCountry, _nothing, _token
from tests.api.figures.two_samples import send_abroad
from tests.api.small import SmallMission
from tests.conftest import SECRET, _fresh

STATIONS, ABROAD, SEED = 160, 70, 7


@pytest.fixture(scope="module")
def both(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCountry]:
    """The country, its domestic sample and an international one; earlier numbers are its own."""
    for database in _fresh(server):
        home = tmp_path_factory.mktemp("both")
        settings = Settings(home=home, secret=SECRET, database_url=database.admin_url)
        url = database.app_url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, poolclass=NullPool)
        at = CommandContext(settings, OpenDatabase(database.admin_url, database.app_url), engine)
        mission_id = stage(at, STATIONS, SEED, _nothing)
        play(at, mission_id, 10_000, _nothing)
        send_abroad(at, mission_id, STATIONS, ABROAD, SEED)
        with at.work(mission_id) as work:
            tokens = {role.value: _token(work.session, mission_id, role) for role in PEOPLE}
        engine.dispose()
        serving = replace(settings, database_url=database.app_url)
        country = SmallCountry(database, serving, mission_id, tokens)
        # Classes of a dozen stations: two that are silent are much of one.
        country.execute("UPDATE mission SET response_threshold = 0.5")
        yield country


@pytest.fixture
async def engine_of(both: SmallCountry) -> AsyncIterator[AsyncEngine]:
    made = open_engine(both.database.app_url)
    yield made
    await made.dispose()


@pytest.fixture
async def edition(both: SmallCountry) -> AsyncIterator[Edition]:
    follower = Follower(both.database.app_url)
    yield await follower.of(both.mission_id)
    await follower.stop()


@pytest.fixture
async def lead(both: SmallCountry) -> AsyncIterator[httpx.AsyncClient]:
    app: Any = create_app(both.settings)
    async with awake(app):
        base = f"http://indelible/api/v1/missions/{both.slug}/"
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=base, headers=both.bearer("lead")
        ) as client:
            yield client


async def items(lead: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    answer = await lead.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_round_has_a_sample_of_each_kind_and_each_speaks_by_its_own_visits(
    edition: Edition,
) -> None:
    main, abroad = edition.reference.samples
    assert (main.kind, main.sample.code) == (Kind.DOMESTIC, "main")
    assert (abroad.kind, abroad.sample.code) == (Kind.INTERNATIONAL, "abroad")
    assert main.sample.frame_sha256 != abroad.sample.frame_sha256  # strata, and none
    assert main.stations == abroad.stations == abroad.sample.frame_sha256  # one frame
    readings = edition.record.matrices["voting"]
    own = [sent_by(drawn_for(edition.reference.drawn_samples, kind), readings) for kind in Kind]
    assert not (own[0] & own[1]).any()
    assert all(each.any() for each in own)
    for kind, rows in zip(Kind, own, strict=True):
        drawn = edition.reference.samples[list(Kind).index(kind)].stratum
        assert set(readings["place"][rows].tolist()) <= set(drawn)


async def test_two_samples_of_one_frame_are_tested_by_the_formula(
    lead: httpx.AsyncClient,
) -> None:
    found = await items(lead, "comparisons/kinds?checklist=voting")
    tested = [each for each in found if each["difference"]]
    assert tested
    tests = len(tested)
    assert {each["tests"] for each in tested} == {tests}
    for each in tested:
        one, other, said = each["domestic"], each["international"], each["difference"]
        assert one["type"] == other["type"] == "estimate"
        assert said["value"] == pytest.approx(one["value"] - other["value"])
        assert said["se"] == pytest.approx(np.hypot(one["se"], other["se"]))
        assert said["level"] == pytest.approx(1 - 0.05 / tests)
        assert (each["verdict"] == "not_different") == (said["low"] <= 0 <= said["high"])
    for each in found:
        assert (each["why_not"] is None) == (each["difference"] is not None)


async def test_samples_of_two_frames_and_a_sample_that_hardly_came_are_not_tested(
    edition: Edition,
) -> None:
    main, abroad = edition.reference.samples
    reference = edition.reference
    whys = _whys(edition, samples=(main, replace(abroad, stations="another")))
    assert "frames" in whys
    mission = reference.mission.model_copy(update={"response_threshold": 1.01})
    assert _whys(edition, mission=mission) == {"response"}
    assert _whys(edition, samples=(main,)) == {"not_a_sample"}


def _whys(edition: Edition, **other: Any) -> set[str]:
    """Why nothing is compared in the same record under other reference data."""
    other_edition = replace(edition, reference=replace(edition.reference, **other), _made={})
    found = [each.comparison for each in kinds_compared(other_edition, "voting")]
    assert found
    return {each.why for each in found}  # type: ignore[union-attr]  # none may be Compared


async def test_the_page_shows_both_with_the_difference(lead: httpx.AsyncClient) -> None:
    page = await lead.get("http://indelible/missions/sarelia/breakdowns?view=agreement")
    assert page.status_code == 200
    assert "Two samples of one frame" in page.text
    assert "tests found a difference" in page.text
    assert "Not significantly different" in page.text


async def test_an_earlier_mission_is_compared_where_both_have_estimates_of_one_question(
    lead: httpx.AsyncClient, both: SmallCountry, edition: Edition
) -> None:
    assert await items(lead, "comparisons/earlier") == []
    rows = list(indicators_of_round(edition))
    voting = [each for each in rows if each["checklist"] == "voting" and each["part"] == "sample"]
    domestic = [each for each in voting if each["kind"] == Kind.DOMESTIC]
    asked_otherwise, counted, other_kind, same, *_ = domestic
    asked_otherwise["sources"] = [{**asked_otherwise["sources"][0], "question": "another"}]
    counted["number"] = {"type": "count", "seen": 3, "of": 50, "stations": 50, "missing": 0}
    counted["why_count"] = "response"
    rows.remove(other_kind)
    raised = {**same["number"], "value": 0.9, "low": 0.85, "high": 0.95}
    same["number"] = raised
    taken = _take(both, rows)
    assert taken == len(rows)
    assert _take(both, rows) == 0
    listed = await items(lead, "comparisons/earlier?checklist=voting")
    found = {each["indicator"]: each for each in listed if each["kind"] == "domestic"}
    assert found[asked_otherwise["indicator"]]["why_not"] == "question"
    assert found[counted["indicator"]]["why_not"] == "response"
    assert found[counted["indicator"]]["earlier"]["type"] == "count"
    lower = found[same["indicator"]]
    assert (lower["verdict"], lower["of_mission"]) == ("lower", "sarelia-2022")
    assert lower["earlier_draw"]["seed"] == SEED
    unmoved = [each for each in found.values() if each["verdict"] == "not_different"]
    assert all(each["difference"]["value"] == 0 for each in unmoved)
    page = await lead.get("http://indelible/missions/sarelia/breakdowns?view=earlier")
    assert "Sarelia, presidential and regional elections" in page.text
    assert "Not compared: the question was another" in page.text
    assert "Not compared: too little of the sample reported" in page.text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"se": -1}, "line 1: number.estimate.se"),
        ({"value": 2}, "line 1: number.estimate.value"),
        ({"low": 0.9, "high": 0.95, "value": 0.1}, "outside its own interval"),
        ({"df": 0}, "number.estimate.df"),
        ({"type": "guess"}, "line 1: number"),
    ],
)
async def test_earlier_numbers_that_cannot_be_are_refused_by_line_and_field(
    both: SmallCountry, edition: Edition, changed: dict[str, Any], says: str
) -> None:
    rows = indicators_of_round(edition)
    row = next(each for each in rows if each["number"]["type"] == "estimate")
    with pytest.raises(Refusal, match=says):
        _take(both, [{**row, "number": {**row["number"], **changed}}])


async def test_the_last_indicators_carry_all_that_a_later_test_needs(edition: Edition) -> None:
    rows = list(indicators_of_round(edition))
    estimates = [each for each in rows if each["number"]["type"] == "estimate"]
    assert estimates
    for each in estimates:
        assert {"value", "se", "df", "n", "level", "design"} <= each["number"].keys()
        assert {"frame_sha256", "seed", "method"} <= each["draw"].keys()
        assert each["sources"][0]["question"]
    assert all(each["why_count"] for each in rows if each["number"]["type"] == "count")


async def test_partners_see_no_comparisons(lead: httpx.AsyncClient, both: SmallCountry) -> None:
    for path in ("comparisons/kinds", "comparisons/earlier"):
        answer = await lead.get(path, headers=both.bearer(Role.PARTNER))
        assert answer.status_code == 404


def _take(both: SmallCountry, rows: list[dict[str, Any]]) -> int:
    url = both.database.app_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    at = CommandContext(
        both.settings, OpenDatabase(both.database.admin_url, both.database.app_url), engine
    )
    try:
        with at.work(both.mission_id) as work:
            return take_indicators(work.session, both.mission_id, "sarelia-2022", rows)
    finally:
        engine.dispose()


async def test_what_others_observed_earlier_is_listed_and_not_compared(
    as_lead: httpx.AsyncClient, mission: SmallMission, serving: Settings
) -> None:
    sent = await as_lead.post(
        mission.reports, json=mission.report(), headers=mission.bearer("observer")
    )
    assert sent.status_code == 201
    url = serving.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    row = EARLIER | {"kind": "international"}
    with blocking_unit_of_work(engine, mission.mission_id) as work:
        assert take_indicators(work.session, mission.mission_id, "vastria-2021", [row]) == 1
    engine.dispose()
    answer = await as_lead.get(f"/api/v1/missions/{mission.slug}/comparisons/earlier")
    (found,) = answer.json()["items"]
    assert (found["why_not"], found["difference"], found["verdict"]) == ("kind", None, None)
    assert found["present"]["type"] == "count"
    assert found["earlier"]["type"] == "estimate"
    page = await as_lead.get(f"/missions/{mission.slug}/breakdowns?view=earlier")
    assert "Not compared: other observers" in page.text


EARLIER: dict[str, Any] = {
    "title": "Vastria 2021",
    "round": "first",
    "polling_day": "2021-11-07",
    "checklist": "voting",
    "version": "1",
    "indicator": "box-not-sealed",
    "phrase": {"en": "the box was not sealed"},
    "sources": [],
    "part": "sample",
    "why_count": "",
    "response": 0.9,
    "draw": {"seed": 3},
    "number": {
        "type": "estimate",
        "value": 0.2,
        "se": 0.02,
        "low": 0.16,
        "high": 0.24,
        "level": 0.95,
        "n": 300,
        "df": 290,
        "method": "beta",
        "missing": 9,
        "seen": 60,
        "population": 4000,
        "design": "stratified",
    },
}


async def test_estimates_of_both_samples_stand_in_columns_of_their_own(
    lead: httpx.AsyncClient,
) -> None:
    page = await lead.get("http://indelible/missions/sarelia/irregularities")
    assert "Domestic: estimate, 95%" in page.text
    assert "International: estimate, 95%" in page.text
    only = await lead.get("http://indelible/missions/sarelia/irregularities?kind=domestic")
    assert "Estimate, of polling stations, 95%" in only.text
    assert "International: estimate" not in only.text
