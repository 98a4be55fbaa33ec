"""Numbers counted anew: what moved is shown, and taken over by section or all."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.auth.principal import Principal
from api.database.sessions import mission_session
from api.figures.ask import LocalFigures
from api.figures.follower import Follower
from api.statements.draft import draft_statement
from schemas.columns import new_id
from schemas.credential import Purpose, Role
from schemas.statement import Statement, StatementKind
from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import Excluding, all_findings, shown

Found = list[dict[str, Any]]


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_a_draft_may_be_written_in_any_language_of_the_mission_first(
    asking: httpx.AsyncClient,
    country: SmallCountry,
    engine: AsyncEngine,
    follower: Follower,
    language: str,
) -> None:
    who = Principal(country.mission_id, country.slug, Role.LEAD, new_id(), None, Purpose.BEARER)
    async with mission_session(engine, country.mission_id) as session:
        made = await draft_statement(session, LocalFigures(follower), who, language)
    statement = await shown(asking, made.id)
    assert statement["reference"] == language
    assert set(statement["languages"]) == {"en", "fr", "ar"}


async def test_a_correction_of_one_report_moves_exactly_the_findings_that_used_it(
    asking: httpx.AsyncClient, drafted: Statement, excluding: Excluding
) -> None:
    place = f"statements/{drafted.id}"
    assert (await asking.get(f"{place}/moves")).json()["items"] == []
    assert (await asking.post(f"{place}/snapshot")).status_code == 409
    found = await all_findings(asking)
    finding = _seen_once_a_station(found, drafted)[0]
    await excluding(finding["reports"][0])
    moves = {
        each["number_id"]: each for each in (await asking.get(f"{place}/moves")).json()["items"]
    }
    assert finding["code"] in moves
    assert moves[finding["code"]]["blocks"]
    checklist = finding["checklist"]
    rates = moves.keys() & {each["code"] for each in found}
    assert rates
    assert {each.split("/")[0] for each in rates} == {checklist}, rates


async def test_new_numbers_are_taken_over_by_section_and_persons_keep_their_words(
    asking: httpx.AsyncClient, drafted: Statement, excluding: Excluding
) -> None:
    place = f"statements/{drafted.id}"
    found = await all_findings(asking)
    own = _seen_once_a_station(found, drafted)
    reports = list(dict.fromkeys(each for one in own for each in one["reports"]))[:4]
    before = await shown(asking, drafted.id)
    for report in reports:
        await excluding(report)
    live = (await asking.get(f"{place}/moves")).json()["items"]
    moved = next(each for each in live if each["now"] and each["printed"])
    mine = await asking.post(
        f"{place}/blocks",
        json={"text": f"We saw {{number:{moved['number_id']}}}.", "section": moved["sections"][0]},
    )
    assert mine.status_code == 201, mine.text
    counted = await asking.post(f"{place}/snapshot")
    assert counted.status_code == 201, counted.text
    same = await shown(asking, drafted.id)
    assert same["snapshot"] == before["snapshot"]
    unknown = await asking.post(f"{place}/snapshot/acceptance", json={"sections": ["nowhere"]})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "sections")
    part = await asking.post(
        f"{place}/snapshot/acceptance", json={"sections": [moved["sections"][0]]}
    )
    assert part.status_code == 200, part.text
    now = await shown(asking, drafted.id)
    assert now["snapshot"]["numbers"][moved["number_id"]]["text"] == moved["now"]
    own_block = next(each for each in now["blocks"] if each["id"] == mine.json()["block"]["id"])
    assert _said(own_block) == f"We saw {moved['now']}."
    assert own_block["origin"] == "person"
    _all_bound(now)
    if part.json()["left"]:
        whole = await asking.post(f"{place}/snapshot/acceptance", json={})
        assert whole.status_code == 200, whole.text
    _all_bound(await shown(asking, drafted.id))
    assert (await asking.get(f"{place}/moves")).json()["items"] == []
    assert (await asking.delete(f"{place}/snapshot")).status_code == 409


async def test_a_statement_counted_anew_stays_of_its_kind(
    asking: httpx.AsyncClient,
    country: SmallCountry,
    engine: AsyncEngine,
    follower: Follower,
    excluding: Excluding,
) -> None:
    who = Principal(country.mission_id, country.slug, Role.LEAD, new_id(), None, Purpose.BEARER)
    async with mission_session(engine, country.mission_id) as session:
        figures = LocalFigures(follower)
        made = await draft_statement(session, figures, who, "en", kind=StatementKind.AD_HOC)
    before = {each["section"] for each in (await shown(asking, made.id))["blocks"]}
    found = await all_findings(asking)
    await excluding(_seen_once_a_station(found, made)[0]["reports"][0])
    counted = await asking.post(f"statements/{made.id}/snapshot")
    assert counted.status_code == 201, counted.text
    taken = await asking.post(f"statements/{made.id}/snapshot/acceptance", json={})
    assert taken.status_code == 200, taken.text
    assert {each["section"] for each in (await shown(asking, made.id))["blocks"]} <= before


def _seen_once_a_station(found: Found, drafted: Statement) -> Found:
    """What a draft found to be wrong at several stations, by one report at each: without one of
    these reports the number is another."""
    own = [each for each in found if each["snapshot"] == str(drafted.snapshot_id)]
    return [
        each
        for each in own
        if each["polarity"] == "negative"
        and 1 < each["query"]["irregular"] == each["query"]["seen_stations"]
    ]


def _said(block: dict[str, Any]) -> str:
    return "".join(each["text"] for each in block["text"])


def _all_bound(statement: dict[str, Any]) -> None:
    """Every number in a text is one of the snapshot, in each language."""
    numbers = statement["snapshot"]["numbers"]
    for block in statement["blocks"]:
        for parts in block["texts"].values():
            bound = [each for each in parts if each["type"] == "bound"]
            assert all(each["number_id"] in numbers for each in bound), block["id"]
