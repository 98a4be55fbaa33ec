"""The control room, the map and incidents: danger first, restricted ones named by area."""

from typing import Any

import pytest

from tests.api.review.test_incident_events import CALM, did, handles, sent
from tests.api.standards.conftest import SLUG, Walked, walked

__all__ = ["handles", "walked"]


async def hour(walked: Walked, persona: str) -> tuple[str, str]:
    """The last hour and the latest reports, as a persona sees them."""
    page = (await walked.get(f"/missions/{SLUG}/", persona)).text
    first, second = page.index("<h2>Last hour</h2>"), page.index("<h2>Latest reports</h2>")
    return page[first:second], page[second : page.index("</section>", second)]


async def test_the_last_hour_names_kind_state_and_owner_and_whoever_is_in_danger_first(
    walked: Walked,
) -> None:
    await walked.send("M-1", "voting", CALM)
    danger = await sent(walked, answers={"danger": "yes"})
    later = await sent(walked, "W-2")
    await did(walked, later, {"owner": "data_manager"})
    events, _ = await hour(walked, "lead")
    assert f"incidents/{danger}" in events
    assert events.index(danger) < events.index(later)
    assert events.count("no owner yet") == 1
    assert "Reported" in events


@pytest.mark.parametrize("persona", ["data_manager"])
async def test_a_restricted_incident_is_counted_and_named_by_its_area_alone(
    walked: Walked, persona: str, rows: Any
) -> None:
    await walked.send("M-1", "voting", CALM)
    case = await sent(walked)
    await did(walked, case, {"visible_to": ["lead"], "reason": "A source."}, "lead")
    events, latest = await hour(walked, persona)
    assert "incidents: 1" in events
    assert "Incident, restricted" in events
    assert case not in events + latest
    open_one, _ = await hour(walked, "lead")
    assert f"incidents/{case}" in open_one


async def test_a_restricted_incident_is_on_the_map_of_those_alone_who_see_it(
    walked: Walked, rows: Any
) -> None:
    rows("UPDATE place SET longitude = 1, latitude = 1 RETURNING 1")
    case = await sent(walked)
    await did(walked, case, {"visible_to": ["lead"], "reason": "A source."}, "lead")
    at = f"/missions/{SLUG}/map?layer=incidents"
    assert f"incidents/{case}" in (await walked.get(at, "lead")).text
    other = (await walked.get(at, "data_manager")).text
    assert case not in other
    assert "No open incident" in other
