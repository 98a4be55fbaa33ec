"""People add findings from what is on record; of incidents cases are counted, never a rate."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import select

from api.audit.unit_of_work import blocking_unit_of_work
from api.statements.added_findings import AddedIn, add_finding, added_numbers
from schemas.choice import AddedFinding
from schemas.columns import now
from schemas.election import Round
from schemas.memory import Note
from schemas.problems import Refusal
from tests.api.routes.people import get
from tests.api.small import SmallMission
from tests.conftest import Database

CASES = {"violence": {"cases": 11, "evidence": {"observed": 4, "documented": 7}}}
Add = Callable[..., AddedFinding]


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = create_engine(database.app_url.replace("postgresql://", "postgresql+psycopg://", 1))
    yield made
    made.dispose()


@pytest.fixture
def add(engine: Engine, mission: SmallMission) -> Add:
    """Adds a finding as the lead."""

    def do(**given: Any) -> AddedFinding:
        lead = mission.holders["lead"]
        wanted = AddedIn.model_validate({"stage": "campaign"} | given)
        with blocking_unit_of_work(engine, mission.mission_id, actor=lead) as work:
            made = add_finding(
                work,
                work.session.exec(select(Round)).one().id,
                wanted,
                cases=CASES,
                standards={"dop:4"},
                references={"S1/news"},
            )
            work.session.expunge(made)
            return made

    return do


@pytest.fixture
def note(engine: Engine, mission: SmallMission) -> str:
    """The id of a note."""
    lead, identity = mission.holders["lead"], uuid4()
    with blocking_unit_of_work(engine, mission.mission_id, actor=lead) as work:
        work.session.add(
            Note(
                mission_id=mission.mission_id,
                id=identity,
                section="campaign",
                subject="Officials",
                words="Campaigned during working hours.",
                recorded_by=lead,
                recorded_at=now(),
            )
        )
    return str(identity)


def test_a_finding_from_a_note_names_the_note(add: Add, note: str) -> None:
    made = add(origin="note", basis=[note], words={"en": "Officials campaigned."})
    assert (made.code, made.basis) == ("L1", [{"note": note}])
    with pytest.raises(Refusal, match="There is no such note"):
        add(origin="note", basis=[str(uuid4())], words={"en": "Officials campaigned."})


def test_verified_incidents_are_counted_with_their_evidence(add: Add) -> None:
    words = {"en": "Violence was verified in {number:own} cases."}
    made = add(origin="incident", basis=["violence"], words=words)
    assert made.words == {"en": "Violence was verified in {number:I1} cases."}
    number = added_numbers([made], CASES)["I1"]
    assert (number["text"], number["value"]) == ("11", 11)
    assert number["query"]["documented"] == 7


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"origin": "incident", "basis": ["theft"], "words": {"en": "x"}}, "basis"),
        ({"origin": "incident", "basis": ["violence"], "words": {"en": "In 3% of cases"}}, "words"),
        ({"origin": "source", "words": {"en": "No figure"}}, "words"),
        ({"origin": "source", "words": {"en": "{source:S1/other}"}}, "words.en"),
        ({"origin": "person", "words": {}}, "words"),
        ({"origin": "person", "words": {"en": "x"}, "standards": ["law:404"]}, "standards"),
        ({"origin": "register", "basis": ["conduct/1"], "words": {"en": "x"}}, "basis"),
    ],
)
def test_what_rests_on_nothing_that_is_there_is_refused(
    add: Add, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        add(**given)
    assert refused.value.field == field


async def test_what_was_added_waits_in_the_list_to_be_chosen(
    add: Add, client: Any, mission: SmallMission
) -> None:
    add(origin="source", words={"en": "One candidate got {source:S1/news} of news time."})
    found = (await get(client, mission, "findings/current")).json()
    (item,) = found["added"]
    assert (item["code"], item["stands"], item["basis"]) == (
        "S1",
        "to_review",
        [{"figure": "S1/news"}],
    )
    place = f"/api/v1/missions/{mission.slug}/findings/choices/S1"
    body = {"chosen": True, "significance": "significant", "reason": "Unequal", "version": 0}
    made = await client.put(place, json=body, headers=mission.bearer("lead"))
    assert made.status_code == 200, made.text
    again = (await get(client, mission, "findings/current")).json()
    assert (again["added"][0]["stands"], again["order"]) == ("chosen", ["S1"])
