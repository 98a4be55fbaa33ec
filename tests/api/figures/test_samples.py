"""Samples over the network: drawn, frozen, redrawn by anyone, held against their frame."""

import csv
import io
from typing import Any

import httpx
import pytest

from analytics.survey.draw import FrameUnit, draw, frame_hash
from tests.api.figures.conftest import STATIONS


async def _main(asking: httpx.AsyncClient) -> dict[str, Any]:
    listed = (await asking.get("samples")).json()["items"]
    rounds = [each["round"] for each in listed if each["code"] == "main"]
    found: dict[str, Any] = (await asking.get(f"samples/{rounds[0]}/main")).json()
    return found


async def test_anyone_redraws_the_sample_from_what_is_published(asking: httpx.AsyncClient) -> None:
    found = await _main(asking)
    file = await asking.get(f"samples/{found['round']}/main/frame.csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    frame = [FrameUnit(each["code"], each["stratum"]) for each in rows]
    again = draw(frame, found["size"], found["seed"])
    assert frame_hash(frame) == found["frame_sha256"]
    assert set(again.codes) == {each["code"] for each in rows if each["drawn"] == "1"}
    assert sorted(again.codes) == sorted(found["stations"])


async def test_the_sample_stands_against_its_frame(asking: httpx.AsyncClient) -> None:
    found = await _main(asking)
    rows = found["against_frame"]["stratum"]
    assert sum(each["frame"] for each in rows) == STATIONS == found["frame_size"]
    assert sum(each["drawn"] for each in rows) == found["size"]
    assert sum(each["proportional"] for each in rows) == pytest.approx(found["size"])
    assert 0 < found["arrived"] == sum(each["arrived"] for each in rows) <= found["size"]
    assert all(abs(each["drawn"] - each["proportional"]) <= 2 for each in rows)


async def test_a_margin_is_told_before_a_draw(asking: httpx.AsyncClient) -> None:
    wide = (await asking.get("samples/margin", params={"margin": 0.1})).json()
    narrow = (await asking.get("samples/margin", params={"margin": 0.05})).json()
    assert wide["size"] < narrow["size"] <= STATIONS
    told = (await asking.get("samples/margin", params={"size": narrow["size"]})).json()
    assert told["margin"] == pytest.approx(narrow["margin"])
    for asked in ("", "?size=1&margin=0.1", "?size=9999", "?size=9&stratify_by=x", "?margin=0"):
        assert (await asking.get(f"samples/margin{asked}")).status_code == 422


async def test_a_draw_over_the_network_stands_and_what_cannot_be_is_refused(
    asking: httpx.AsyncClient,
) -> None:
    given: dict[str, Any] = {"size": 20, "seed": 3, "code": "second", "method": "systematic"}
    made = await asking.post("samples", json=given)
    assert (made.status_code, len(made.json()["stations"])) == (201, 20)
    assert (await asking.post("samples", json=given)).status_code == 422
    for wrong in (
        {"size": 0},
        {"method": "whim"},
        {"code": "x", "allocation": "neyman"},
        {"code": "x", "size": 5000},
    ):
        refused = await asking.post("samples", json=given | wrong)
        assert refused.status_code == 422, wrong
        assert refused.json()["detail"]


async def test_the_page_shows_the_draw_and_reckons(asking: httpx.AsyncClient) -> None:
    found = await _main(asking)
    page = await asking.get("http://indelible/missions/sarelia/samples", params={"margin": "4,5"})
    assert page.status_code == 200
    assert found["frame_sha256"] in page.text
    assert "±4." in page.text
    wrong = await asking.get("http://indelible/missions/sarelia/samples", params={"margin": "?"})
    assert (wrong.status_code, "are numbers" in wrong.text) == (200, True)
    nowhere = {"show_round": "x", "code": "y"}
    lost = await asking.get("http://indelible/missions/sarelia/samples", params=nowhere)
    assert lost.status_code == 404
