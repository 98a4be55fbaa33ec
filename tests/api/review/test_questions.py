"""The desk asks an observer about a report; the answer comes once, and returns to the desk."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.review.desk import undo
from tests.api.routes.people import post
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
async def sent(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """The id of a report that O-1 sent."""
    return str((await post(client, mission, "observer"))["id"])


class Desk:
    """What the desk and the phone of O-1 do in one mission."""

    def __init__(self, client: httpx.AsyncClient, mission: SmallMission) -> None:
        self.client, self.mission = client, mission
        self.base = f"/api/v1/missions/{mission.slug}"

    async def ask(self, report: str, **given: Any) -> httpx.Response:
        place = f"{self.base}/reports/{report}/questions"
        return await self.client.post(
            place, json=given, headers=self.mission.bearer("data_manager")
        )

    async def asked(self, report: str) -> list[dict[str, Any]]:
        place = f"{self.base}/reports/{report}/questions"
        found = await self.client.get(place, headers=self.mission.bearer("data_manager"))
        items: list[dict[str, Any]] = found.json()["items"]
        return items

    async def close(self, report: str, question: str) -> httpx.Response:
        place = f"{self.base}/reports/{report}/questions/{question}"
        return await self.client.delete(place, headers=self.mission.bearer("data_manager"))

    async def tasks(self, phone: str = "observer") -> list[dict[str, Any]]:
        found = await self.client.get(f"{self.base}/tasks", headers=self.mission.bearer(phone))
        items: list[dict[str, Any]] = found.json()["items"]
        return items

    async def answer(self, question: str, phone: str = "observer", **given: Any) -> httpx.Response:
        place = f"{self.base}/tasks/{question}/answer"
        return await self.client.post(place, json=given, headers=self.mission.bearer(phone))


@pytest.fixture
def desk(client: httpx.AsyncClient, mission: SmallMission) -> Desk:
    return Desk(client, mission)


async def test_a_question_is_a_task_on_the_observers_phone_alone_with_what_was_sent(
    desk: Desk, sent: str
) -> None:
    made = await desk.ask(sent, question="sealed", text="Please look at your notes.")
    assert made.status_code == 201, made.text
    assert made.json()["act"]
    (task,) = await desk.tasks()
    assert (task["report"], task["station"], task["title"]) == (sent, "001", {"en": "Voting"})
    assert task["question"] == {"name": "sealed", "number": 2, "label": {"en": "Box sealed"}}
    assert task["sent"] == {"value": "yes", "label": {"en": "Yes"}}
    assert task["text"] == "Please look at your notes."
    assert await desk.tasks("observer2") == []
    other = await desk.answer(task["id"], "observer2", answer="right")
    assert other.status_code == 404
    members = await desk.client.get(
        f"{desk.base}/tasks", headers=desk.mission.bearer("data_manager")
    )
    assert members.status_code == 404


async def test_an_answer_that_is_sent_again_is_the_same_answer_and_another_is_refused(
    desk: Desk, sent: str, rows: Rows
) -> None:
    question = (await desk.ask(sent, question="queue")).json()["id"]
    own = str(uuid4())
    first = await desk.answer(question, answer="right", id=own)
    again = await desk.answer(question, answer="right", id=own)
    assert (first.status_code, first.json()["new"]) == (200, True)
    assert (again.status_code, again.json()["new"]) == (200, False)
    for given in ({"answer": "right", "id": str(uuid4())}, {"answer": "note", "text": "x"}):
        assert (await desk.answer(question, **given)).status_code == 409
    assert await desk.tasks() == []
    (asked,) = await desk.asked(sent)
    assert (asked["state"], asked["answer"], asked["by"]) == ("answered", "right", "data_manager")
    answered = "SELECT count(*) FROM audit_entry WHERE act = 'question.answer' AND subject = %s"
    assert rows(answered, sent) == [(1,)]
    assert (await desk.close(sent, question)).status_code == 200
    assert (await desk.asked(sent))[0]["state"] == "closed"
    assert (await desk.close(sent, question)).status_code == 409


async def test_a_question_that_was_withdrawn_is_no_task_and_a_late_answer_is_kept(
    desk: Desk, sent: str
) -> None:
    question = (await desk.ask(sent, text="Were you there?")).json()["id"]
    assert (await desk.close(sent, question)).status_code == 200
    assert await desk.tasks() == []
    late = await desk.answer(question, answer="note", text="I was")
    assert late.status_code == 200
    assert late.json()["closed_at"]
    (asked,) = await desk.asked(sent)
    assert (asked["state"], asked["answer_text"]) == ("closed", "I was")


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({}, 422, "text"),
        ({"question": "nothing"}, 422, "question"),
        ({"text": "a\0b"}, 422, "text"),
        ({"question": "queue", "text": "x" * 2001}, 422, "text"),
    ],
)
async def test_a_question_that_asks_nothing_is_refused_naming_the_field(
    desk: Desk, sent: str, given: dict[str, str], status: int, field: str
) -> None:
    said = await desk.ask(sent, **given)
    assert (said.status_code, said.json()["field"]) == (status, field), said.text


async def test_the_same_is_not_asked_twice_while_it_is_open(desk: Desk, sent: str) -> None:
    assert (await desk.ask(sent, question="queue")).status_code == 201
    assert (await desk.ask(sent, question="queue", text="again")).status_code == 409
    assert (await desk.ask(sent, question="sealed")).status_code == 201


async def test_of_a_report_of_nobody_known_no_one_is_asked(
    desk: Desk, client: httpx.AsyncClient, mission: SmallMission
) -> None:
    strange = await post(client, mission, "data_manager", observer="O-unknown")
    said = await desk.ask(str(strange["id"]), text="Who are you?")
    assert (said.status_code, said.json()["field"]) == (409, "observer")


async def test_a_note_needs_words(desk: Desk, sent: str) -> None:
    question = (await desk.ask(sent, question="queue")).json()["id"]
    said = await desk.answer(question, answer="note")
    assert (said.status_code, said.json()["field"]) == (422, "text")


async def queued(desk: Desk, name: str) -> list[dict[str, Any]]:
    place = f"{desk.base}/queues/{name}"
    found = await desk.client.get(place, headers=desk.mission.bearer("data_manager"))
    items: list[dict[str, Any]] = found.json()["items"]
    return items


async def test_an_answer_returns_to_the_queue_until_somebody_decides_on_the_report(
    desk: Desk, sent: str
) -> None:
    question = (await desk.ask(sent, question="queue")).json()["id"]
    assert await queued(desk, "flagged") == []
    await desk.answer(question, answer="right")
    (item,) = await queued(desk, "flagged")
    assert item["report"] == sent
    assert {"code": "answered", "field": "question", "message": ""} in item["reasons"]
    assert [each["answer"] for each in item["questions"]] == ["right"]
    decided = {"status": "verified", "reason": "They say that it is right."}
    place = f"{desk.base}/reports/{sent}/decision"
    manager = desk.mission.bearer("data_manager")
    assert (await desk.client.post(place, json=decided, headers=manager)).status_code == 200
    assert await queued(desk, "flagged") == []
    assert (await desk.asked(sent))[0]["state"] == "closed"


@pytest.mark.parametrize("held", [{"station": "nowhere"}, {"version": "9"}, {"checklist": "x"}])
async def test_a_held_report_shows_what_its_observer_is_asked(
    desk: Desk, client: httpx.AsyncClient, mission: SmallMission, held: dict[str, str]
) -> None:
    came = await post(client, mission, "observer", **held)
    await desk.ask(str(came["id"]), text="Which station was it?")
    (item,) = await queued(desk, "held")
    assert [each["text"] for each in item["questions"]] == ["Which station was it?"]
    assert [each["text"] for each in await desk.tasks()] == ["Which station was it?"]


async def test_asking_and_closing_can_be_taken_back_until_the_answer_is_there(
    desk: Desk, client: httpx.AsyncClient, mission: SmallMission, sent: str
) -> None:
    asked = (await desk.ask(sent, question="queue")).json()
    assert (await undo(client, mission, asked["act"])).status_code == 200
    assert await desk.tasks() == []
    again = (await desk.ask(sent, question="queue")).json()
    closed = (await desk.close(sent, again["id"])).json()
    assert (await undo(client, mission, closed["act"])).status_code == 200
    assert [each["id"] for each in await desk.tasks()] == [again["id"]]
    await desk.answer(again["id"], answer="right")
    late = await undo(client, mission, again["act"])
    assert (late.status_code, late.json()["field"]) == (409, "act")
