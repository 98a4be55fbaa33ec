"""An analyst chooses findings: with a reason, by version, merged, in an order; nothing is lost."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import select

from analytics.numbers import ObservedCount
from analytics.statements.ledger import as_data
from api.audit.unit_of_work import Work, blocking_unit_of_work
from api.problems import Problem
from api.statements.choosing import (
    Candidate,
    ChoiceIn,
    MergeIn,
    OrderIn,
    choices_of,
    choose,
    merge,
    put_in_order,
    split,
    undo_choice,
)
from schemas.election import Round
from schemas.problems import Refusal
from tests.analytics.statements.found import share
from tests.api.routes.people import get, post
from tests.api.small import SmallMission
from tests.conftest import Database

CODE = "voting/box-not-sealed/domestic/visits"
Rows = Callable[..., list[tuple[Any, ...]]]
SHARE = as_data(share(60, 600))
OBSERVED = as_data(ObservedCount(3, 40, 40, unit="observation"))
KNOWN = {
    code: Candidate(
        code=code,
        kind=kind,
        stage=stage,
        proposed=proposed,
        always=code == "grave",
        number=OBSERVED if code == "observed" else SHARE,
    )
    for code, kind, stage, proposed in (
        ("a", "domestic", "voting", True),
        ("b", "domestic", "voting", False),
        ("c", "domestic", "voting", False),
        ("abroad", "international", "voting", False),
        ("count", "domestic", "counting", False),
        ("observed", "domestic", "voting", False),
        ("grave", "domestic", "voting", True),
    )
}


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = create_engine(database.app_url.replace("postgresql://", "postgresql+psycopg://", 1))
    yield made
    made.dispose()


@pytest.fixture
def act(engine: Engine, mission: SmallMission) -> Callable[..., Any]:
    """Does one act of choosing in a unit of work of the lead."""

    def do(write: Callable[..., Any], *given: Any) -> Any:
        lead = mission.holders["lead"]
        with blocking_unit_of_work(engine, mission.mission_id, actor=lead) as work:
            made = write(work, _round(work), *given)
            work.session.flush()
            return made.model_dump() if hasattr(made, "model_dump") else made

    return do


def _round(work: Work) -> UUID:
    return work.session.exec(select(Round)).one().id


def chosen(version: int = 0, **members: Any) -> ChoiceIn:
    return ChoiceIn.model_validate({"chosen": True, "version": version} | members)


def left_out(version: int = 0, **members: Any) -> ChoiceIn:
    return ChoiceIn.model_validate({"chosen": False, "version": version} | members)


async def _found(client: httpx.AsyncClient, mission: SmallMission) -> dict[str, Any]:
    """The one finding: of three stations a box was not sealed at one."""
    seen = {"queue": 1, "sealed": "no", "sealed__known": "saw"}
    await post(client, mission, station="001", answers=seen)
    await post(client, mission, station="002")
    await post(client, mission, station="003")
    answer = await get(client, mission, "findings/current")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_each_finding_says_its_number_what_is_proposed_and_on_what_basis(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    found = await _found(client, mission)
    (item,) = found["items"]
    assert (item["code"], item["number"]["n"], item["number"]["of"]) == (CODE, 1, 3)
    assert item["stands"] == "annex"
    assert item["proposal"]["rule"] == "few"
    assert item["suggestion"] == {
        "significance": None,
        "basis": "Fewer than 10 answers: nothing is suggested.",
    }
    assert item["choice"] is None
    assert found["counts"] == {"all": 1, "chosen": 0, "merged": 0, "to_review": 0, "annex": 1}
    assert found["annex"] == {item["proposal"]["basis"]: 1}


async def test_a_choice_is_kept_by_version_and_an_older_one_is_answered_with_the_newer(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await _found(client, mission)
    place = f"/api/v1/missions/{mission.slug}/findings/choices/{CODE}"
    lead = mission.bearer("lead")
    words = {"en": f"Boxes stood open at {{finding:{CODE}}}."}
    body = {"chosen": True, "significance": "limited", "reason": "One area", "words": words}
    made = await client.put(place, json=body | {"version": 0}, headers=lead)
    assert (made.status_code, made.json()["version"]) == (200, 1)
    stale = await client.put(place, json=body | {"version": 0}, headers=lead)
    assert (stale.status_code, stale.json()["code"]) == (409, "outdated")
    assert stale.json()["choice"]["words"] == words
    assert stale.json()["choice"]["changed_by"] == "lead"
    again = await client.put(place, json=body | {"version": 1}, headers=lead)
    assert (again.status_code, again.json()["field"]) == (422, "version")
    (item,) = (await get(client, mission, "findings/current")).json()["items"]
    assert (item["stands"], item["choice"]["reason"]) == ("chosen", "One area")


async def test_of_two_who_choose_at_once_one_is_told_of_the_other(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await _found(client, mission)
    place = f"/api/v1/missions/{mission.slug}/findings/choices/{CODE}"
    bodies = [{"chosen": True, "reason": f"by {name}", "version": 0} for name in "abcd"]
    answers = await asyncio.gather(
        *(client.put(place, json=each, headers=mission.bearer("lead")) for each in bodies)
    )
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]


async def test_who_may_not_write_statements_chooses_nothing(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await _found(client, mission)
    place = f"/api/v1/missions/{mission.slug}/findings/choices/{CODE}"
    for role in ("observer", "partner"):
        body = {"chosen": True, "version": 0}
        answer = await client.put(place, json=body, headers=mission.bearer(role))
        assert answer.status_code == 404
        assert (await get(client, mission, "findings/current", role)).status_code == 404


@pytest.mark.parametrize(
    ("text", "typed"),
    [("At 12% of them.", "12"), ("In ١٢ places.", "١٢"), ("On 3.5, at all.", "3.5,")],
)
def test_a_number_that_is_typed_in_a_wording_is_refused_by_name(
    act: Callable[..., Any], text: str, typed: str
) -> None:
    with pytest.raises(Refusal, match=f"“{typed}” is typed") as refused:
        act(choose, "a", chosen(words={"en": text}), KNOWN, KNOWN)
    assert refused.value.field == "words.en"
    dated = {"en": "On {date:12 March} at {finding:a}."}
    assert act(choose, "a", chosen(words=dated), KNOWN, KNOWN)["version"] == 1


def test_a_grave_finding_that_was_seen_is_not_left_out_and_the_refusal_says_what_to_do(
    act: Callable[..., Any],
) -> None:
    with pytest.raises(Refusal, match="Merge it with others") as refused:
        act(choose, "grave", left_out(reason="Said elsewhere"), KNOWN, KNOWN)
    assert refused.value.field == "chosen"


def test_what_the_rules_propose_is_left_out_only_with_a_reason(act: Callable[..., Any]) -> None:
    with pytest.raises(Refusal, match="Say why it is left out"):
        act(choose, "a", left_out(), KNOWN, KNOWN)
    assert act(choose, "a", left_out(reason="Said elsewhere"), KNOWN, KNOWN)["version"] == 1
    assert act(choose, "b", left_out(), KNOWN, KNOWN)["version"] == 1


def test_a_wording_names_only_numbers_that_are_there(act: Callable[..., Any]) -> None:
    for words in ("At {estimate:nothing}.", "At {a.", "At {estimate:a."):
        with pytest.raises(Refusal) as refused:
            act(choose, "a", chosen(words={"fr": words}), KNOWN, KNOWN)
        assert refused.value.field == "words.fr"
    act(choose, "a", chosen(words={"fr": "Dans {estimate:a}."}), KNOWN, KNOWN)


def test_an_earlier_version_is_kept_when_a_choice_is_changed(
    act: Callable[..., Any], rows: Rows
) -> None:
    act(choose, "a", chosen(words={"en": "First"}), KNOWN, KNOWN)
    act(choose, "a", chosen(1, words={"en": "Second"}), KNOWN, KNOWN)
    kept = rows("SELECT version, contents -> 'words' ->> 'en' FROM finding_choice_version")
    assert kept == [(1, "First")]


def test_who_has_just_decided_may_take_it_back(
    act: Callable[..., Any], rows: Rows, mission: SmallMission
) -> None:
    stands = "SELECT version, reason FROM finding_choice"
    act(choose, "a", chosen(reason="First"), KNOWN, KNOWN)
    act(choose, "a", chosen(1, reason="Second"), KNOWN, KNOWN)
    act(undo_choice, "a", 2)
    assert rows(stands) == [(3, "First")]
    act(choose, "b", chosen(reason="Once"), KNOWN, KNOWN)
    act(undo_choice, "b", 1)
    assert rows(stands) == [(3, "First")]
    rows("UPDATE finding_choice SET changed_at = changed_at - interval '1 minute' RETURNING 1")
    with pytest.raises(Problem) as late:
        act(undo_choice, "a", 3)
    assert late.value.kind.code == "conflict"


def test_merged_findings_are_led_by_the_first_and_can_be_said_apart_again(
    act: Callable[..., Any], engine: Engine, mission: SmallMission
) -> None:
    assert act(merge, MergeIn(codes=["a", "b"], version=0), KNOWN)["merged"] == ["b"]
    with blocking_unit_of_work(engine, mission.mission_id) as work:
        (choice,) = choices_of(work.session, _round(work))
    assert (choice.code, choice.chosen, choice.merged) == ("a", True, ("b",))
    with pytest.raises(Refusal, match="b is merged already"):
        act(merge, MergeIn(codes=["c", "b"], version=0), KNOWN)
    with pytest.raises(Problem) as stale:
        act(split, "a", 7)
    assert stale.value.kind.code == "outdated"
    assert act(split, "a", 1)["merged"] == []
    with pytest.raises(Problem) as gone:
        act(split, "a", 2)
    assert gone.value.kind.status == 404


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ("abroad", "Two kinds of observers"),
        ("count", "Two stages"),
        ("a", "at least two"),
        ("observed", "different units"),
    ],
)
def test_two_kinds_of_observers_or_two_stages_are_never_merged(
    act: Callable[..., Any], other: str, says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        act(merge, MergeIn(codes=["a", other], version=0), KNOWN)


def test_no_more_are_merged_than_a_sentence_can_list(act: Callable[..., Any]) -> None:
    five = [f"a{number}" for number in range(5)]
    known = {each: KNOWN["a"].model_copy(update={"code": each}) for each in five}
    with pytest.raises(Refusal, match="no more than 4"):
        act(merge, MergeIn(codes=five, version=0), known)


def test_the_chosen_are_put_in_an_order_unless_others_moved_them(
    act: Callable[..., Any], engine: Engine, mission: SmallMission
) -> None:
    for code in "abc":
        act(choose, code, chosen(), KNOWN, KNOWN)
    act(put_in_order, OrderIn(codes=["c", "a", "b"], was=["a", "b", "c"]))
    with blocking_unit_of_work(engine, mission.mission_id) as work:
        found = [each.code for each in choices_of(work.session, _round(work))]
    assert found == ["c", "a", "b"]
    with pytest.raises(Problem) as stale:
        act(put_in_order, OrderIn(codes=["b", "a", "c"], was=["a", "b", "c"]))
    assert (stale.value.kind.code, stale.value.more) == ("outdated", {"codes": ["c", "a", "b"]})
    with pytest.raises(Refusal, match="Name each chosen finding once"):
        act(put_in_order, OrderIn(codes=["c", "a"], was=["c", "a", "b"]))
