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
from tests.api.two_contests import Rows, hold_two_contests, protocol, votes
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


async def resolve(
    field: Field, answers: dict[str, str], who: str = "data_manager", **members: Any
) -> httpx.Response:
    """Resolve the conflict at 002 as somebody."""
    given = {"answers": answers, "reason": "A photo shows it."} | members
    return await field.client.post(
        f"{field.address}/conflicts/{ID}/resolution",
        json=given,
        headers=field.mission.bearer(who),
    )


async def two_in_conflict(field: Field) -> tuple[str, str]:
    """Two teams that differ on the seal and on what was seen."""
    return (
        await send(field, "O-1", answers={"sealed": "no", "seen": ["nothing"], "booths": 2}),
        await send(field, "O-2", answers={"sealed": "yes", "seen": ["crowd"], "booths": 2}),
    )


async def test_each_report_whose_answer_does_not_stay_has_a_version_that_names_the_other(
    field: Field,
) -> None:
    one, other = await two_in_conflict(field)
    done = await resolve(
        field, {"sealed": one, "seen": other}, reasons={"seen": "The team said so by phone."}
    )
    assert done.status_code == 200, done.text
    assert done.json()["open"] == []
    assert {each["report"]: each["answers"] for each in done.json()["changed"]} == {
        one: {"seen": other},
        other: {"sealed": one},
    }
    assert await queue(field) == []
    left, right = [await field.get(f"reports/{each}") for each in (one, other)]
    assert left["answers"] == {"sealed": "no", "seen": ["crowd"], "booths": 2}
    assert right["answers"]["sealed"] == "no"
    version = right["versions"][-1]
    assert (version["number"], version["author"]) == (2, "data_manager")
    assert version["reason"] == f"sealed: as in report {one}: A photo shows it."
    assert "by phone" in left["versions"][-1]["reason"]
    (kept,) = (await field.get(f"conflicts/{ID}"))["resolutions"]
    assert (kept["by"], kept["answers"]) == ("data_manager", {"sealed": one, "seen": other})
    again = await resolve(field, {"sealed": one})
    assert again.status_code == 409


async def test_a_resolution_moves_the_figures_as_its_preview_says_and_is_taken_back_whole(
    field: Field,
) -> None:
    one, other = await two_in_conflict(field)
    address = f"{field.address}/conflicts/{ID}/resolution?preview=true"
    given = {"answers": {"sealed": other, "seen": one}, "reason": "A photo shows it."}
    told = await field.client.post(address, json=given, headers=field.writer)
    assert told.status_code == 200, told.text
    assert {each["indicator"] for each in told.json()["effect"]["indicators"]} == {
        "CO-SEAL",
        "VO-CROWD",
    }
    assert len(await queue(field)) == 1
    act = (await resolve(field, {"sealed": other, "seen": one})).json()["act"]
    assert await queue(field) == []
    undone = await field.client.post(f"{field.address}/acts/{act}/undo", headers=field.writer)
    assert undone.status_code == 200, undone.text
    (found,) = await queue(field)
    assert [each.name for each in found.open] == ["sealed", "seen"]
    assert (await field.get(f"reports/{one}"))["answers"]["sealed"] == "no"


async def test_both_stay_with_a_reason_until_an_answer_changes(field: Field) -> None:
    one, other = await two_in_conflict(field)
    done = await resolve(field, {"sealed": "both", "seen": one})
    assert (done.json()["standing"], done.json()["open"]) == (["sealed"], [])
    assert await queue(field) == []
    shown = await field.get(f"conflicts/{ID}")
    assert states(shown)["sealed"] == "both"
    assert [(await field.get(f"reports/{each}"))["answers"]["sealed"] for each in (one, other)] == [
        "no",
        "yes",
    ]
    correction = {"answers": {"late": 3}, "reason": "by phone"}
    address = f"{field.mission.reports}/{other}/corrections"
    await field.client.post(address, json=correction, headers=field.writer)
    assert await queue(field) == []
    correction["answers"] = {"sealed": "not_observed"}
    await field.client.post(address, json=correction, headers=field.writer)
    correction["answers"] = {"sealed": "yes"}
    await field.client.post(
        f"{field.mission.reports}/{one}/corrections", json=correction, headers=field.writer
    )
    correction["answers"] = {"sealed": "no"}
    await field.client.post(address, json=correction, headers=field.writer)
    (found,) = await queue(field)
    assert [each.name for each in found.open] == ["sealed"]


async def test_a_third_report_that_was_not_read_is_told_of_and_nothing_is_decided(
    field: Field, rows: Rows
) -> None:
    one, other = await two_in_conflict(field)
    read = {each["id"]: each["number"] for each in (await field.get(f"conflicts/{ID}"))["reports"]}
    rows("UPDATE observer SET state = 'active' WHERE pseudonym = 'O-suspended' RETURNING 1")
    third = await send(field, "O-suspended", answers={"sealed": "yes"})
    refused = await resolve(field, {"sealed": one}, numbers=read)
    assert (refused.status_code, refused.json()["field"]) == (409, "numbers")
    assert [each["report"] for each in refused.json()["new"]] == [third]
    done = await resolve(field, {"sealed": other}, numbers=read | {third: 1})
    assert [each["report"] for each in done.json()["changed"]] == [one]


@pytest.mark.parametrize(
    ("given", "field_named"),
    [
        ({"answers": {"nonsense": "both"}}, "answers.nonsense"),
        ({"answers": {"why": "both"}}, "answers.why"),
        ({"answers": {"sealed": "O-1"}}, "answers.sealed"),
        ({"answers": {"sealed": "both"}, "reason": " "}, "reason"),
        ({"answers": {"sealed": "both"}, "reasons": {"sealed": ""}}, "reasons.sealed"),
        ({"answers": {"sealed": "both"}, "reasons": {"seen": "x"}}, "reasons.seen"),
        ({"answers": {}}, "answers"),
    ],
)
async def test_what_is_not_of_the_conflict_or_has_no_reason_is_named(
    field: Field, given: dict[str, Any], field_named: str
) -> None:
    await two_in_conflict(field)
    answer = await field.client.post(
        f"{field.address}/conflicts/{ID}/resolution",
        json={"reason": "A photo shows it."} | given,
        headers=field.writer,
    )
    assert (answer.status_code, answer.json()["field"]) == (422, field_named), answer.text


async def test_protocols_contradict_each_other_contest_by_contest(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    rows(
        "UPDATE rules SET definition = jsonb_set(definition, '{policy,two_teams}', '\"agree\"')"
        " WHERE definition ->> 'name' = 'results' RETURNING 1"
    )
    field = Field(client, mission)
    for observer, counted in (("O-1", 80), ("O-2", 90)):
        for contest, given in (("president", votes(A=120, B=80)), ("council", votes(X=counted))):
            sent = protocol(mission, given, contest=contest, observer=observer)
            answer = await client.post(mission.reports, json=sent, headers=field.writer)
            assert answer.status_code == 201, answer.text
    (found,) = await queue(field)
    assert found.id == "results~council~001"
    assert {each.name for each in found.open} == {"in_box", "valid", "contestant_votes"}
