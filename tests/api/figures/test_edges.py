"""The edges of estimation over HTTP: none seen, all seen, nobody answered, one station, no weight.

Each has a number or says why there is none; none is an error, none is not a number.
"""

import re
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from tests.api.small import SmallMission

STATIONS = """
INSERT INTO place (mission_id, id, kind, code, name, address, registered_voters, attributes)
SELECT %s, gen_random_uuid(), 'station', to_char(n, 'FM000'), 'School ' || n, '', 900, '{}'
FROM generate_series(4, %s) n RETURNING code"""
OPEN = """
INSERT INTO round_place (mission_id, round_id, place_id, registered_voters)
SELECT p.mission_id, r.id, p.id, 900 FROM place p JOIN round r ON r.mission_id = p.mission_id
RETURNING place_id"""
NOBODY = """
WITH there AS (UPDATE place SET registered_voters = 0 RETURNING id)
UPDATE round_place SET registered_voters = 0 FROM there WHERE id = place_id RETURNING place_id"""
FIGURES = (
    "coverage",
    "irregularities",
    "irregularities?by=area",
    "irregularities?by=kind",
    "irregularities?by=stage",
    "irregularities.csv",
    "breakdowns/hour",
    "breakdowns/setting",
    "breakdowns/sort",
    "agreement",
    "ranking",
    "comparisons/kinds",
    "comparisons/earlier",
    "staff",
    "answers",
    "samples/first/main",
)
PAGES = (
    "",
    "coverage",
    "irregularities",
    "irregularities/box-not-sealed",
    "breakdowns",
    "breakdowns?view=ranking",
    "breakdowns?view=agreement",
    "quick-count",
    "samples",
)
Rows = Callable[..., list[tuple[Any, ...]]]
FINE, IRREGULAR = {"sealed": "yes"}, {"sealed": "no", "sealed__known": "saw"}


async def told(
    client: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    *,
    drawn: int,
    stations: int,
    answers: dict[str, Any],
) -> dict[str, Any]:
    """A sample is drawn, every station drawn sends these answers; the one rate that comes of it,
    after every figure and page was asked for."""
    rows(STATIONS, mission.mission_id, stations)
    rows(OPEN)
    base, lead = f"/api/v1/missions/{mission.slug}", mission.bearer("lead")
    draw = {"size": drawn, "seed": 7, "round": "first", "method": "simple", "minimum": 1}
    sample = await client.post(f"{base}/samples", json=draw, headers=lead)
    assert sample.status_code == 201, sample.text
    outbox = b"\n".join(
        orjson.dumps(mission.report(station=code, answers={"queue": 1, **answers}))
        for code in sample.json()["stations"]
    )
    sent = await client.post(
        mission.reports,
        content=outbox,
        headers=mission.bearer("data_manager") | {"content-type": "application/x-ndjson"},
    )
    assert sent.status_code in (201, 207), sent.text
    assert {each["status"] for each in sent.json().get("items", ())} <= {201}
    for path in (
        *(f"{base}/{each}" for each in FIGURES),
        *(f"/missions/{mission.slug}/{each}" for each in PAGES),
    ):
        answer = await client.get(path, headers=lead)
        assert answer.status_code == 200, (path, answer.text)
        assert not re.search(r"\b(?:nan|inf|infinity)\b", answer.text, re.IGNORECASE), path
    found = (await client.get(f"{base}/irregularities", headers=lead)).json()["items"]
    assert len(found) <= 1
    return dict(found[0]) if found else {}


async def test_none_among_300_is_at_most_so_much_and_never_nothing(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rate = await told(client, mission, rows, drawn=300, stations=400, answers=FINE)
    number = rate["number"]
    assert (number["type"], number["value"], number["low"], number["n"]) == ("estimate", 0, 0, 300)
    assert number["high"] == pytest.approx(1 - 0.025 ** (1 / (300 / (1 - 300 / 400))), rel=1e-9)
    assert number["text"] == "0 ≤0.4%"
    made = await client.post(
        f"/missions/{mission.slug}/statements",
        data={"language": "en"},
        headers=mission.bearer("lead") | {"origin": "http://indelible"},
    )
    page = await client.get(made.headers["location"], headers=mission.bearer("lead"))
    said = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "the contrary at no more than 0.4%" in said


async def test_all_of_300_is_at_least_so_much_and_never_certain(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rate = await told(client, mission, rows, drawn=300, stations=400, answers=IRREGULAR)
    number = rate["number"]
    assert (number["value"], number["high"], number["n"]) == (1, 1, 300)
    assert 0.99 < number["low"] < 1


async def test_a_sample_of_every_station_is_certain_of_what_it_saw(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rate = await told(client, mission, rows, drawn=40, stations=40, answers=FINE)
    assert [rate["number"][each] for each in ("value", "low", "high")] == [0, 0, 0]


async def test_where_nobody_answered_nothing_is_said_of_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rate = await told(client, mission, rows, drawn=40, stations=60, answers={})
    number = rate["number"]
    assert (number["type"], number["seen"], number["of"]) == ("count", 0, 0)
    assert rate["why_count"] == "nobody_answered"


async def test_one_station_of_three_has_a_bound_and_is_said_as_a_count(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rate = await told(client, mission, rows, drawn=1, stations=3, answers=IRREGULAR)
    number = rate["number"]
    assert (number["value"], number["high"], number["n"]) == (1, 1, 1)
    assert number["low"] == pytest.approx(0.025 ** (1 - 1 / 3), rel=1e-9)
    assert number["text"] == "1 of 1"


async def test_a_draw_that_would_leave_stations_without_weight_is_refused_by_name(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(OPEN)
    rows(NOBODY)
    base, lead = f"/api/v1/missions/{mission.slug}/samples", mission.bearer("lead")
    draw = {"size": 2, "seed": 7, "round": "first"}
    by_size = await client.post(base, json=draw | {"method": "pps"}, headers=lead)
    assert by_size.status_code == 422, by_size.text
    assert "3 stations have no voters, such as 001" in by_size.json()["detail"]
    few = await client.post(base, json=draw | {"size": 1, "code": "one"}, headers=lead)
    assert (few.status_code, "too few" in few.json()["detail"]) == (422, True)
