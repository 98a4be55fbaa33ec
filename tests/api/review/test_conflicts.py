"""Two teams at one station contradict each other; a person says which answer stays, and why."""

from typing import Any

import httpx
import pytest

from api.auth.principal import Principal
from api.database.sessions import mission_session
from api.review.conflicts import Conflict, conflicts
from schemas.credential import Purpose, Role
from tests.api.figures.test_policies import Field, Sheets
from tests.api.small import SmallMission
from tests.mobile_forms.spreadsheets import CHOICES, SURVEY

ID = "small~~002"
BOOTHS = {"type": "integer", "name": "booths", "label": "Booths in use"}
SHEETS: Sheets = {"survey": [*SURVEY, BOOTHS], "choices": CHOICES}


@pytest.fixture
async def field(client: httpx.AsyncClient, mission: SmallMission) -> Field:
    """A mission whose checklist says that two teams must agree."""
    found = Field(client, mission)
    await found.publish(SHEETS, two_teams="agree")
    return found


async def queue(field: Field) -> list[Conflict]:
    """What the desk is shown."""
    transport: Any = field.client._transport
    engine = transport.app._app.framework.state.engine
    mission, holder = field.mission, field.mission.holders["data_manager"]
    who = Principal(
        mission.mission_id, mission.slug, Role.DATA_MANAGER, holder, None, Purpose.BEARER
    )
    async with mission_session(engine, mission.mission_id) as session:
        return await conflicts(session, who)


async def send(field: Field, observer: str, hour: int = 9, **members: Any) -> str:
    """A report of an observer from station 002; its id."""
    report = field.mission.report(
        checklist="small",
        version="7",
        observer=observer,
        station="002",
        arrived_at=f"2026-11-08T{hour:02}:00:00Z",
        departed_at=f"2026-11-08T{hour:02}:40:00Z",
        **members,
    )
    answer = await field.client.post(field.mission.reports, json=report, headers=field.writer)
    assert answer.status_code == 201, answer.text
    return str(report["id"])


def states(conflict: dict[str, Any]) -> dict[str, str]:
    return {each["question"]: each["state"] for each in conflict["questions"]}


async def test_only_answers_that_contradict_are_open_and_stand_side_by_side(field: Field) -> None:
    one = await send(
        field, "O-1", answers={"sealed": "no", "seen": ["nothing"], "late": 4, "booths": 2}
    )
    other = await send(
        field, "O-2", answers={"sealed": "yes", "seen": ["crowd"], "late": 4, "why": "Rain"}
    )
    (found,) = await queue(field)
    assert (found.id, [each.name for each in found.open], found.severity) == (
        ID,
        ["sealed", "seen"],
        2,
    )
    shown = await field.get(f"conflicts/{ID}")
    assert states(shown) == {
        "sealed": "open",
        "seen": "open",
        "late": "same",
        "booths": "one_sided",
    }
    assert [(each["id"], each["team"]) for each in shown["reports"]] == [
        (one, ["O-1"]),
        (other, ["O-2"]),
    ]
    sealed = shown["questions"][0]
    assert sealed["label"] == {"en": "Was the box sealed?"}
    assert [(each["report"], each["answer"], each["labels"]) for each in sealed["answers"]] == [
        (one, "no", [{"en": "No"}]),
        (other, "yes", [{"en": "Yes"}]),
    ]


@pytest.mark.parametrize("silent", ["not_observed", "not_applicable", None])
async def test_who_did_not_observe_contradicts_nobody(field: Field, silent: str | None) -> None:
    await send(field, "O-1", answers={"sealed": "yes"})
    await send(field, "O-2", answers={"sealed": silent} if silent else {})
    assert await queue(field) == []


async def test_a_team_speaks_by_its_last_report_and_does_not_contradict_itself(
    field: Field,
) -> None:
    await send(field, "O-1", 8, answers={"sealed": "no"})
    await send(field, "O-1", 12, answers={"sealed": "yes"})
    assert await queue(field) == []
    await send(field, "O-2", 10, answers={"sealed": "yes"})
    assert await queue(field) == []
    await send(field, "O-2", 13, answers={"sealed": "no"})
    (found,) = await queue(field)
    assert [each.answers["sealed"] for each in found.reports] == ["yes", "no"]


async def test_observers_on_one_form_are_one_team(field: Field) -> None:
    await send(field, "O-1", answers={"sealed": "no"}, **{"with": ["O-2"]})
    await send(field, "O-2", answers={"sealed": "yes"})
    assert await queue(field) == []


async def test_a_quarantined_report_is_in_no_conflict(field: Field) -> None:
    await send(field, "O-1", answers={"sealed": "no"})
    other = await send(field, "O-2", answers={"sealed": "yes"})
    assert len(await queue(field)) == 1
    await field.client.post(
        f"{field.mission.reports}/{other}/decision",
        json={"status": "quarantined", "reason": "It was another station."},
        headers=field.writer,
    )
    assert await queue(field) == []


async def test_on_an_independent_checklist_both_stay(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    field = Field(client, mission)
    await field.publish(SHEETS, two_teams="independent")
    await send(field, "O-1", answers={"sealed": "no"})
    await send(field, "O-2", answers={"sealed": "yes"})
    assert await queue(field) == []
    assert (await field.get(f"conflicts/{ID}"))["status"] == 404


@pytest.mark.parametrize("identity", ["small", "small~002", "small~~009", "a~b~c~d", "~~"])
async def test_what_names_no_meeting_of_two_teams_is_not_there(field: Field, identity: str) -> None:
    await send(field, "O-1", answers={"sealed": "no"})
    assert (await field.get(f"conflicts/{identity}"))["status"] == 404
