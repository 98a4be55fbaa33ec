"""An observer is told what became of their reports: by act and hour, by no name and no reason."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.api.review.desk import WHY, act, place, sent, undo
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


async def outcomes(
    client: httpx.AsyncClient, mission: SmallMission, who: str = "observer"
) -> list[dict[str, Any]]:
    """What the phone is told of its reports."""
    found = await client.get(f"/api/v1/missions/{mission.slug}/tasks", headers=mission.bearer(who))
    reports: list[dict[str, Any]] = found.json()["reports"]
    return reports


async def test_an_observer_is_told_of_a_correction_a_place_and_an_exclusion_without_who_and_why(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await sent(client, mission)
    second = await sent(client, mission, replaces=report["id"])
    moved = await place(client, mission, report["id"], station="002")
    assert moved.status_code == 200, moved.text
    given = {"answers": {"queue": 7}}
    assert (await act(client, mission, report["id"], "corrections", **given)).status_code == 200
    undone = await act(client, mission, report["id"], "corrections", answers={"queue": 8})
    await undo(client, mission, undone.json()["act"])
    out = await act(client, mission, report["id"], "decision", status="quarantined", scope="all")
    assert out.status_code == 200, out.text
    (one,) = await outcomes(client, mission)
    assert (one["id"], one["ids"]) == (report["id"], [second["id"]])
    assert (one["status"], one["station"]) == ("quarantined", "002")
    assert (one["checklist"], one["round"], one["contest"]) == ("voting", "first", None)
    assert one["received_at"]
    assert [each["act"] for each in one["acts"]] == ["placed", "corrected", "decided"]
    assert WHY not in str(one)
    assert {name for each in one["acts"] for name in each} == {"act", "at"}
    assert await outcomes(client, mission, "observer2") == []
