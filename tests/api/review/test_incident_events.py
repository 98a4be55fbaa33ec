"""Incidents are handled by people: decided, owned, linked, restricted, counted by state."""

from typing import Any

import pytest

from tests.api.standards.conftest import SLUG, Walked, walked

__all__ = ["walked"]
CLAIM = {"nature": "conflict", "source": "contestant", "violence": "yes"}
CALM = {"access_given": "freely", "intimidation": "no"}
WHY = "Two persons were asked."
DRAFTS = f"/missions/{SLUG}/statements"


@pytest.fixture(autouse=True)
def handles(walked: Walked, rows: Any) -> None:
    """Members are called what they are."""
    rows("UPDATE member SET handle = role WHERE role <> 'import' RETURNING id")


async def sent(walked: Walked, persona: str = "W-1", **members: Any) -> str:
    answers = CLAIM | members.pop("answers", {})
    report = await walked.send(persona, "incident", answers, **members)
    return str(report["id"])


async def did(
    walked: Walked, incident: str, said: dict[str, Any], persona: str = "data_manager"
) -> dict[str, Any]:
    answer = await walked.post(f"incidents/{incident}/events", said, persona)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refused(
    walked: Walked, incident: str, said: dict[str, Any], persona: str = "data_manager"
) -> tuple[int, str]:
    answer = await walked.post(f"incidents/{incident}/events", said, persona)
    problem = answer.json()
    return answer.status_code, problem.get("field") or problem["code"]


async def listed(walked: Walked, persona: str = "data_manager") -> dict[str, Any]:
    answer = await walked.get("incidents", persona)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def states(walked: Walked) -> dict[str, str]:
    return {each["report"]: each["state"] for each in (await listed(walked))["items"]}


async def status_of(walked: Walked, report: str) -> str:
    return str((await walked.get(f"reports/{report}")).json()["status"])


@pytest.mark.parametrize(
    ("state", "status", "counted"),
    [
        ("being_verified", "received", False),
        ("verified", "verified", True),
        ("refuted", "quarantined", False),
        ("undetermined", "received", False),
    ],
)
async def test_a_state_decides_on_the_report_and_verified_ones_alone_enter_a_statement(
    walked: Walked, state: str, status: str, counted: bool
) -> None:
    case = await sent(walked)
    await walked.send("M-1", "voting", CALM)
    card = await did(walked, case, {"state": state, "reason": WHY})
    assert (card["state"], card["status"], card["state_by"]) == (state, status, "data_manager")
    assert card["act"]
    assert await status_of(walked, case) == status
    made = await walked.client.post(DRAFTS, headers=walked.bearer("lead"))
    page = (await walked.get(made.headers["location"])).text
    assert ("no case had been verified" in page) is not counted
    summary = (await listed(walked))["summary"]
    assert summary["by_state"][state] == 1
    assert summary["open"] == (state == "being_verified")
    natures = summary["by_nature"]
    assert sum(each["verified"] for each in natures) == counted
    assert sum(each["reported_not_verified"] for each in natures) == (state == "being_verified")


async def test_a_decision_on_the_report_moves_the_incident(walked: Walked) -> None:
    case = await sent(walked)
    for status, state in (
        ("verified", "verified"),
        ("quarantined", "refuted"),
        ("received", "reported"),
    ):
        given = {"status": status, "reason": WHY}
        answer = await walked.post(f"reports/{case}/decision", given)
        assert answer.status_code == 200, answer.text
        assert await states(walked) == {case: state}
    card = (await walked.get(f"incidents/{case}")).json()
    said = [each["state"] for each in card["events"] if each["kind"] == "state"]
    assert said == ["verified", "refuted", "reported"]


REFUSED: list[tuple[dict[str, Any], tuple[int, str]]] = [
    ({}, (422, "state")),
    ({"reason": WHY}, (422, "state")),
    ({"state": "verified"}, (422, "reason")),
    ({"state": "refuted", "reason": " "}, (422, "reason")),
    ({"state": "undetermined"}, (422, "reason")),
    ({"state": "settled", "reason": WHY}, (422, "state")),
    ({"state": "reported"}, (409, "state")),
    ({"owner": "nobody"}, (422, "owner")),
    ({"owner": "partner"}, (422, "owner")),
    ({"escalated_to": "nobody"}, (422, "escalated_to")),
    ({"link": "0" * 32}, (422, "link")),
    ({"unlink": "0" * 32}, (422, "unlink")),
    ({"evidence": "several_sources", "reason": WHY}, (422, "evidence")),
    ({"evidence": "reported", "reason": WHY}, (409, "evidence")),
    ({"evidence": "reported"}, (422, "reason")),
    ({"danger_over": True}, (409, "danger_over")),
    ({"danger_over": False}, (422, "danger_over")),
    ({"visible_to": ["observer", "data_manager"]}, (422, "visible_to")),
    ({"visible_to": ["analyst"]}, (422, "visible_to")),
    ({"visible_to": []}, (409, "visible_to")),
    ({"note": "a\0b"}, (422, "note")),
    ({"gravity": 3}, (422, "gravity")),
]


async def test_what_cannot_be_done_says_why_and_writes_nothing(walked: Walked) -> None:
    case = await sent(walked)
    for said, answer in REFUSED:
        assert await refused(walked, case, said) == answer, said
    assert (await walked.get(f"incidents/{case}")).json()["events"] == []


async def test_an_incident_is_not_there_for_who_sees_none_and_nobody_handles_what_they_only_see(
    walked: Walked,
) -> None:
    case = await sent(walked)
    other = await walked.send("M-1", "voting", CALM)
    for persona in ("W-1", "import"):
        assert (await walked.get(f"incidents/{case}", persona)).status_code == 404
        assert (await refused(walked, case, {"note": "x"}, persona))[0] == 404
    assert await refused(walked, str(other["id"]), {"note": "x"}) == (404, "not_found")
    assert (await walked.get(f"incidents/{other['id']}")).status_code == 404


async def test_the_same_state_and_the_same_owner_are_told_apart_from_new_ones(
    walked: Walked,
) -> None:
    case = await sent(walked)
    given = {"state": "being_verified", "owner": "data_manager", "note": "Called the coordinator."}
    card = await did(walked, case, given)
    assert (card["owner"], card["state"]) == ("data_manager", "being_verified")
    assert [each["kind"] for each in card["events"]] == ["owner", "state", "note"]
    assert await refused(walked, case, {"state": "being_verified"}) == (409, "state")
    assert await refused(walked, case, {"owner": "data_manager"}) == (409, "owner")
    assert (await did(walked, case, {"owner": "lead"}))["owner"] == "lead"


async def test_danger_comes_first_until_a_person_says_that_it_is_over(walked: Walked) -> None:
    grave = await sent(walked)
    danger = await sent(
        walked,
        "M-1",
        station="S2",
        answers={"nature": "secrecy", "danger": "yes", "violence": "no"},
    )
    assert [each["report"] for each in (await listed(walked))["items"]] == [danger, grave]
    assert (await listed(walked))["summary"]["danger"] == 1
    queue = (await walked.get("queues/incidents", "data_manager")).json()["items"]
    assert [each["report"] for each in queue] == [danger, grave]
    await did(walked, danger, {"state": "verified", "reason": WHY})
    first = (await listed(walked))["items"][0]
    assert (first["report"], first["danger"]) == (danger, True)
    card = await did(walked, danger, {"danger_over": True, "reason": "They are at the lodge."})
    assert (card["danger"], card["danger_over_at"]) == (False, card["events"][-1]["at"])
    assert [each["report"] for each in (await listed(walked))["items"]] == [grave, danger]
    assert await refused(walked, danger, {"danger_over": True}) == (409, "danger_over")


async def test_linked_reports_are_one_incident_with_the_sources_of_all(walked: Walked) -> None:
    first = await sent(walked, answers={"nature": "control"})
    second = await sent(walked, "M-1", station="S2")
    seen = {each["report"]: each["evidence"] for each in (await listed(walked))["items"]}
    assert seen == {first: "reported", second: "reported"}
    card = await did(walked, first, {"link": second})
    assert (card["linked"], card["evidence"]) == ([second], "several_sources")
    assert [each["bears"] for each in card["sources"]] == ["first", "other_team"]
    found = await listed(walked)
    assert [each["report"] for each in found["items"]] == [first]
    assert found["summary"]["cases"] == 1
    (queued,) = (await walked.get("queues/incidents", "data_manager")).json()["items"]
    assert queued["report"] == first
    assert (await walked.get(f"incidents/{second}")).json()["report"] == first
    assert await refused(walked, first, {"link": second}) == (409, "link")
    assert await refused(walked, first, {"link": first}) == (409, "link")
    await did(walked, second, {"state": "verified", "reason": WHY})
    (nature,) = (await listed(walked))["summary"]["by_nature"]
    assert (nature["nature"], nature["cases"], nature["verified"]) == ("control", 1, 1)
    card = await did(walked, first, {"unlink": second})
    assert (card["linked"], card["evidence"]) == ([], "reported")
    assert await states(walked) == {first: "verified", second: "reported"}


async def test_a_report_of_another_checklist_supports_an_incident_that_it_is_linked_to(
    walked: Walked,
) -> None:
    case = await sent(walked)
    own = await walked.send("W-1", "voting", CALM | {"intimidation": "yes"})
    other = await walked.send("M-1", "voting", CALM | {"intimidation": "yes"})
    assert (await did(walked, case, {"link": own["id"]}))["evidence"] == "reported"
    assert (await did(walked, case, {"link": other["id"]}))["evidence"] == "several_sources"
    given = {"status": "quarantined", "reason": WHY}
    assert (await walked.post(f"reports/{other['id']}/decision", given)).status_code == 200
    assert (await walked.get(f"incidents/{case}")).json()["evidence"] == "reported"
    (item,) = (await listed(walked))["items"]
    assert item["evidence"] == "reported"


async def test_what_was_said_not_to_be_the_same_bears_nothing_out(walked: Walked) -> None:
    first = await sent(walked)
    second = await sent(walked, "M-1")
    card = (await walked.get(f"incidents/{first}")).json()
    assert card["evidence"] == "several_sources"
    assert [each["report"] for each in card["may_be_same"]] == [second]
    card = await did(walked, first, {"unlink": second})
    assert (card["evidence"], card["may_be_same"]) == ("reported", [])
    assert await refused(walked, first, {"unlink": second}) == (409, "unlink")
    assert {each["evidence"] for each in (await listed(walked))["items"]} == {"reported"}


async def test_a_person_may_lower_the_evidence_and_take_that_back(walked: Walked) -> None:
    case = await sent(walked, answers={"source": "observed"})
    card = await did(walked, case, {"evidence": "reported", "reason": "It was dark."})
    assert (card["evidence"], card["evidence_derived"]) == ("reported", "observed")
    (item,) = (await listed(walked))["items"]
    assert item["evidence"] == "reported"
    card = await did(walked, case, {"evidence": "observed", "reason": "The light was on."})
    assert card["evidence"] == "observed"


async def test_who_an_incident_is_escalated_to_answers_by_doing_something(walked: Walked) -> None:
    case = await sent(walked)
    card = await did(walked, case, {"escalated_to": "lead", "reason": "Nobody answers."})
    assert (card["escalation"]["to"], card["escalation"]["answered_at"]) == ("lead", None)
    card = await did(walked, case, {"note": "I call the commission."}, "lead")
    assert card["escalation"]["answered_at"] == card["events"][-1]["at"]


async def test_what_was_done_is_taken_back_within_its_time_and_still_listed(
    walked: Walked,
) -> None:
    case = await sent(walked)
    await walked.send("M-1", "voting", CALM)
    await did(walked, case, {"state": "being_verified", "owner": "data_manager"})
    card = await did(walked, case, {"state": "verified", "reason": WHY, "owner": "lead"})
    back = await walked.post(f"acts/{card['act']}/undo", {}, "data_manager")
    assert back.status_code == 200, back.text
    card = (await walked.get(f"incidents/{case}")).json()
    assert (card["state"], card["owner"]) == ("being_verified", "data_manager")
    assert await status_of(walked, case) == "received"
    assert [each.get("undone") for each in card["events"]] == [None, None, True, True]
    assert await states(walked) == {case: "being_verified"}


async def test_an_act_is_not_taken_back_past_a_decision_on_the_report(walked: Walked) -> None:
    case = await sent(walked)
    card = await did(walked, case, {"state": "verified", "reason": WHY})
    given = {"status": "quarantined", "reason": WHY}
    assert (await walked.post(f"reports/{case}/decision", given)).status_code == 200
    back = await walked.post(f"acts/{card['act']}/undo", {}, "data_manager")
    assert back.status_code == 409
    assert await states(walked) == {case: "refuted"}


async def test_a_preview_of_an_act_changes_nothing(walked: Walked) -> None:
    case = await sent(walked)
    given = {"state": "verified", "reason": WHY}
    answer = await walked.post(f"incidents/{case}/events?preview=true", given, "data_manager")
    assert answer.status_code == 200, answer.text
    assert "effect" in answer.json()
    assert await states(walked) == {case: "reported"}


async def analyst_of(walked: Walked, rows: Any) -> None:
    """The import key's holder becomes an analyst, who sees incidents and no restricted ones."""
    for table, column in (("member", "id"), ("credential", "holder_id")):
        rows(
            f"UPDATE {table} SET role = 'analyst' WHERE role = 'import' RETURNING {column}"  # noqa: S608
        )
    walked.tokens["analyst"] = walked.tokens["import"]


async def test_a_restricted_incident_is_counted_and_shown_to_nobody_else(
    walked: Walked, rows: Any
) -> None:
    await analyst_of(walked, rows)
    case = await sent(walked, answers={"description": "The chair was beaten."})
    await walked.send("M-1", "voting", CALM)
    card = await did(walked, case, {"visible_to": ["data_manager"], "reason": "A source fears."})
    assert (card["restricted"], card["visible_to"]) == (True, ["data_manager"])
    for persona in ("lead", "data_manager"):
        assert (await walked.get(f"incidents/{case}", persona)).status_code == 200
    problem = (await walked.get(f"incidents/{case}", "analyst")).json()
    assert (problem["status"], problem["detail"]) == (404, "1 incident in North, restricted.")
    found = await listed(walked, "analyst")
    area = {"code": "north", "name": "North"}
    assert (found["items"], found["summary"]["cases"], found["summary"]["open"]) == ([], 1, 1)
    assert found["summary"]["restricted"] == [{"area": area, "incidents": 1}]
    assert (await listed(walked))["summary"]["restricted"] == []
    for path in (
        "incidents",
        "reports",
        f"reports/{case}",
        f"reports/{case}/raw",
        "reports.csv?checklist=incident",
        f"/missions/{SLUG}/incidents",
        f"/missions/{SLUG}/incidents/{case}",
        f"/missions/{SLUG}/reports",
        f"/missions/{SLUG}/reports?checklist=incident",
        f"/missions/{SLUG}/reports/{case}",
        f"/missions/{SLUG}/",
    ):
        answer = await walked.get(path, "analyst")
        assert answer.status_code in (200, 404), path
        for word in (case, "beaten", "onflict"):
            assert word not in answer.text, (path, word)
    await did(walked, case, {"visible_to": []})
    assert (await walked.get(f"incidents/{case}", "analyst")).status_code == 200


async def test_a_share_holds_no_restricted_incident(walked: Walked, rows: Any) -> None:
    case = await sent(walked)
    other = await sent(walked, "M-1", station="S2")
    given = {"what": ["reports"], "reason": "For partners."}
    await did(walked, case, {"visible_to": ["data_manager"], "reason": "A source fears."})
    assert (await walked.post("shares", given)).status_code in (200, 201)
    shown = rows("SELECT report_id, content IS NOT NULL FROM shared_report ORDER BY 2")
    assert [(str(each), told) for each, told in shown] == [(other, True)]
    await did(walked, other, {"visible_to": ["data_manager"], "reason": "A source fears."})
    assert (await walked.post("shares", given)).status_code in (200, 201)
    shown = dict(
        rows(
            "SELECT DISTINCT ON (report_id) report_id::text, content IS NOT NULL "
            "FROM shared_report ORDER BY report_id, share_number DESC"
        )
    )
    assert shown == {other: False}


async def test_who_is_made_the_owner_sees_what_is_restricted_to_others(
    walked: Walked, rows: Any
) -> None:
    await analyst_of(walked, rows)
    case = await sent(walked)
    await did(walked, case, {"visible_to": ["data_manager"], "reason": "A source fears."})
    rows("UPDATE member SET handle = 'analyst' WHERE role = 'analyst' RETURNING id")
    assert (await walked.get(f"incidents/{case}", "analyst")).status_code == 404
    await did(walked, case, {"owner": "analyst"})
    assert (await walked.get(f"incidents/{case}", "analyst")).status_code == 200
    assert [each["report"] for each in (await listed(walked, "analyst"))["items"]] == [case]


async def test_what_is_linked_to_a_restricted_incident_is_restricted_too(walked: Walked) -> None:
    first = await sent(walked)
    second = await sent(walked, "M-1", station="S2")
    await did(walked, second, {"visible_to": ["lead", "data_manager"], "reason": "Fear."})
    card = await did(walked, first, {"link": second})
    assert card["visible_to"] == ["data_manager", "lead"]


async def test_what_cannot_be_determined_awaits_no_decision_when_the_mission_closes(
    walked: Walked,
) -> None:
    first = await sent(walked)
    second = await sent(walked, "M-1", station="S2")

    async def open_now() -> str:
        page = (await walked.get(f"/missions/{SLUG}/closing")).text
        return page.split("Incidents that await a decision")[0].split("</span>")[-2][-1:]

    assert await open_now() == "2"
    await did(walked, first, {"link": second})
    assert await open_now() == "1"
    await did(walked, first, {"state": "undetermined", "reason": WHY})
    assert await open_now() == "0"
