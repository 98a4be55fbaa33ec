"""Figures over HTTP: two kinds of number that never mix, and what each role may read of them."""

import csv
import io
from collections import defaultdict
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx

from analytics.observation.coverage import Coverage
from analytics.observation.irregularity_rates import Rate
from api.figures.coverage import coverage_outside
from api.figures.export import BESIDE
from api.figures.irregularities import LEAST_STATIONS, told_outside
from schemas.place import Area
from tests.analytics.observation.matrices import counted_rate
from tests.api.figures.conftest import SmallCountry, share_everything

Client = httpx.AsyncClient
OF_WHAT = {
    "unit",
    "domain",
    "told",
    "not_observed",
    "unanswered",
    "not_applicable",
    "not_asked",
    "missing",
    "text",
}
ESTIMATE = OF_WHAT | {
    "type",
    "value",
    "low",
    "high",
    "se",
    "level",
    "n",
    "of",
    "seen",
    "df",
    "deff",
    "population",
    "design",
    "method",
}
COUNT = OF_WHAT | {"type", "n", "seen", "of", "stations"}


async def rows(client: Client, query: str, **headers: str) -> list[dict[str, Any]]:
    """The irregularities asked for."""
    answer = await client.get(f"irregularities{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def table(row: dict[str, Any]) -> tuple[str, ...]:
    """Which table a row stands in: rows of one add up."""
    return row["checklist"], row["indicator"], row["kind"], row["part"]


async def test_a_number_is_an_estimate_or_a_count_and_never_both(
    speaking: None, asking: Client
) -> None:
    shapes = defaultdict(set)
    for row in [*await rows(asking, ""), *await rows(asking, "?by=area")]:
        shapes[row["number"]["type"]].add(frozenset(row["number"]))
        assert (row["number"]["type"] == "count") == (row["why_count"] is not None)
    assert shapes == {"estimate": {frozenset(ESTIMATE)}, "count": {frozenset(COUNT)}}


async def test_areas_add_up_to_the_nation(asking: Client) -> None:
    sums: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for row in await rows(asking, "?by=area"):
        assert row["area"] is not None
        sums[table(row)] += row["observations"]
    nation = {table(row): row["observations"] for row in await rows(asking, "")}
    assert nation
    assert sums == nation


async def test_kinds_of_observer_are_never_pooled(asking: Client) -> None:
    by_kind = await rows(asking, "?by=kind")
    assert {row["kind"] for row in by_kind} == {"domestic", "international"}
    assert [row["kind"] for row in by_kind] == sorted(row["kind"] for row in by_kind)
    domestic = await rows(asking, "?kind=domestic")
    assert domestic == [row for row in await rows(asking, "") if row["kind"] == "domestic"]


async def test_filters_choose_a_checklist_and_an_area(asking: Client) -> None:
    assert {row["checklist"] for row in await rows(asking, "?checklist=counting")} == {"counting"}
    code = (await rows(asking, "?by=area"))[0]["area"]["code"]
    assert {row["area"]["code"] for row in await rows(asking, f"?area={code}")} == {code}
    refused = await asking.get("irregularities?by=weather")
    assert (refused.status_code, refused.json()["field"]) == (422, "by")


async def test_a_partner_sees_no_row_on_few_stations(asking: Client, country: SmallCountry) -> None:
    await share_everything(asking, country)
    seen = await rows(asking, "?by=area", **country.bearer("partner"))
    assert all(row["stations"] >= LEAST_STATIONS for row in seen)
    assert len(seen) < len(await rows(asking, "?by=area"))
    assert not any({"seen", "observations", "beside", "response"} & row.keys() for row in seen)


async def test_a_partner_cannot_work_a_withheld_row_out_from_the_nation(
    asking: Client, country: SmallCountry
) -> None:
    await share_everything(asking, country)
    shown = {
        (*table(row), row["area"]["code"])
        for row in await rows(asking, "?by=area", **country.bearer("partner"))
    }
    nation = {table(row) for row in await rows(asking, "", **country.bearer("partner"))}
    hidden: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in await rows(asking, "?by=area"):
        if (*table(row), row["area"]["code"]) not in shown and row["stations"]:
            hidden[table(row)].append(row)
    assert hidden
    for which, withheld in hidden.items():
        if which in nation:
            assert len(withheld) > 1, which
            assert sum(row["stations"] for row in withheld) >= LEAST_STATIONS


def rate(area: int, stations: int, seen: int) -> Rate:
    """A count at so many stations of an area."""
    return counted_rate(seen, stations, area=area, indicator="box-not-sealed")


def test_one_small_area_takes_another_with_it_and_in_its_own_table_only() -> None:
    small = [rate(0, 30, 7), rate(1, 4, 1), rate(2, 12, 3), rate(3, 25, 5)]
    other = [replace(each, part="sample") for each in (rate(0, 30, 7), rate(2, 12, 3))]
    told = told_outside([*small, *other])
    assert [(each.part, each.area) for each in told] == [
        ("visits", 0),
        ("visits", 3),
        ("sample", 0),
        ("sample", 2),
    ]


def test_stations_in_no_area_are_not_the_nation_less_the_areas() -> None:
    areas = [rate(0, 30, 7), rate(1, 12, 3), rate(2, 25, 5)]
    nation = replace(rate(0, 68, 16), area=None)
    assert [each.area for each in told_outside(areas, [nation])] == [0, 2]
    whole = replace(rate(0, 67, 15), area=None)
    assert told_outside(areas, [whole]) == areas


def test_neither_is_their_coverage() -> None:
    def row(expected: int, received: int) -> Coverage:
        return Coverage(None, expected, received, expected - received, 0, 0, 0, 0, 0)

    def area(code: str) -> Area:
        return Area(mission_id=uuid4(), code=code, name=code, level="region")

    rows: list[tuple[Area | None, Coverage, int]] = [
        (area("north"), row(60, 41), 30),
        (area("south"), row(24, 20), 12),
        (None, row(2, 1), 1),
    ]
    told = coverage_outside(row(86, 62), rows)
    assert [each["area"]["code"] for each in told["areas"]] == ["north"]
    assert told["withheld"] == 2


async def test_a_partner_s_estimate_is_as_it_is_printed(
    speaking: None, asking: Client, country: SmallCountry
) -> None:
    await share_everything(asking, country)
    told = await rows(asking, "", **country.bearer("partner"))
    estimates = [row["number"] for row in told if row["number"]["type"] == "estimate"]
    assert estimates
    for each in estimates:
        near_none_or_all = not 0.005 < each["value"] < 0.995
        assert round(each["value"], 3 if near_none_or_all else 2) == each["value"]
        assert each["low"] < each["high"]
        assert (each["se"], each["df"], each["deff"]) == (None, None, None)
    counts = [row["number"] for row in told if row["number"]["type"] == "count"]
    assert counts
    assert all(each["missing"] is None for each in counts)
    for each in (*estimates, *counts):
        assert each["unit"] in ("station", "observation")
        assert {each[name] for name in BESIDE} == {None}
        assert (each["domain"] or {"n": None})["n"] is None


async def test_an_unknown_checklist_or_area_is_refused_by_name_and_no_empty_answer(
    asking: Client,
) -> None:
    for asked in ("irregularities", "irregularities.csv"):
        for field in ("checklist", "area"):
            answer = await asking.get(f"{asked}?{field}=nowhere")
            assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_coverage_says_expected_received_and_missing(asking: Client) -> None:
    table = (await asking.get("coverage")).json()
    nation = table["nation"]
    assert nation["expected"] == nation["received"] + nation["missing"] + nation["refused"]
    assert sum(each["expected"] for each in table["areas"]) == nation["expected"]
    assert {each["checklist"] for each in table["checklists"]} >= {"voting", "counting"}
    assert {each["kind"] for each in table["kinds"]} == {"domestic", "international"}


async def test_a_partner_s_coverage_hides_small_areas_and_what_is_doubted(
    asking: Client, country: SmallCountry
) -> None:
    await share_everything(asking, country)
    answer = await asking.get("coverage", headers=country.bearer("partner"))
    told = answer.json()
    every = (await asking.get("coverage")).json()
    assert told["nation"].keys() == {"expected", "received", "share"}
    assert told["withheld"] == len(every["areas"]) - len(told["areas"]) != 1
    assert "kinds" not in told


async def test_a_quick_count_names_every_report_and_why_it_did_not_enter(
    speaking: None, asking: Client
) -> None:
    counted = (await asking.get("quick-counts/president")).json()
    assert sum(each["entered"] for each in counted["reports"]) == counted["received"] > 2
    assert all((each["why_not"] is None) == each["entered"] for each in counted["reports"])
    assert abs(sum(each["number"]["value"] for each in counted["shares"]) - 1) < 1e-9
    assert sum(each["planned"] for each in counted["strata"]) == counted["planned"]
    assert (await asking.get("quick-counts/mayor")).status_code == 404


async def test_a_share_says_on_which_side_of_each_threshold_it_lies_where_response_allows(
    speaking: None, asking: Client
) -> None:
    counted = (await asking.get("quick-counts/president")).json()
    assert counted["thresholds"]
    for share in counted["shares"]:
        told = [(each["name"], each["share"]) for each in share["thresholds"]]
        assert told == [(each["name"], each["share"]) for each in counted["thresholds"]]
        for each in share["thresholds"]:
            low = min(share[which]["low"] for which in ("number", "raw"))
            high = max(share[which]["high"] for which in ("number", "raw"))
            above = low > each["share"] and share["lowest"] > each["share"]
            below = high < each["share"] and share["highest"] < each["share"]
            side = "above" if above else "below" if below else "cannot determine"
            assert counted["may_speak"]
            assert each["verdict"] == side


async def test_the_same_rows_come_as_a_file(speaking: None, asking: Client) -> None:
    answer = await asking.get("irregularities.csv?by=area")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == len(await rows(asking, "?by=area"))
    assert {line["type"] for line in lines} == {"estimate", "count"}
    assert answer.headers["content-disposition"].startswith("attachment")
    for line in lines:
        assert {line["low"] == "", line["high"] == ""} == {line["type"] == "count"}
        assert line["unit"] == "station"
        silent = ("missing", "not_asked", "not_observed", "unanswered")
        assert all(line[name].isdigit() for name in silent)
