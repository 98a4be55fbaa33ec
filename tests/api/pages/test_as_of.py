"""Pages say as of when their figures are; whoever has just acted is shown no earlier ones."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.figures.ask import Answer, BeingRead, Question, question
from api.figures.mission_facts import mission_facts
from api.problems import UNAVAILABLE, Problem
from schemas.columns import now
from tests.api.small import SmallMission


class Figures:
    """The application's figures, of a while ago or not at all."""

    def __init__(self, state: Any) -> None:
        self._real, self.age, self.clocks = state.figures, timedelta(0), list[int]()
        self.raised: Problem | None = None
        self.behind = 0
        state.figures = self

    async def answer(
        self,
        mission_id: UUID,
        questions: Sequence[Question],
        *,
        round_code: str | None = None,
        at_least: int = 0,
    ) -> Answer:
        """The real ones, said to be older."""
        self.clocks.append(at_least)
        if self.raised is not None:
            raise self.raised
        if at_least > 10_000:
            raise Problem(UNAVAILABLE)
        found = await self._real.answer(mission_id, questions, round_code=round_code)
        behind = 0 if questions == [question(mission_facts)] else self.behind
        return replace(found, as_of=now() - self.age, clock=found.clock - behind)


@pytest.fixture
def figures(client: httpx.AsyncClient) -> Figures:
    transport: Any = client._transport
    return Figures(transport.app._app.framework.state)


async def test_a_page_says_as_of_when_and_old_figures_say_how_old(
    as_lead: httpx.AsyncClient, figures: Figures, mission: SmallMission
) -> None:
    page = await as_lead.get(f"/missions/{mission.slug}/")
    (said,) = re.findall(r'id="as-of">(.*?)<', page.text)
    assert said.startswith("As of ")
    assert "ago" not in said
    figures.age = timedelta(seconds=42)
    page = await as_lead.get(f"/missions/{mission.slug}/")
    assert "42 s ago: newer figures are not ready yet." in page.text
    figures.age = timedelta(minutes=5)
    page = await as_lead.get(f"/missions/{mission.slug}/?lang=fr")
    assert "il y a 5 min" in page.text


async def test_who_has_just_acted_is_shown_figures_of_it(
    as_lead: httpx.AsyncClient, figures: Figures, mission: SmallMission, rows: Any
) -> None:
    address = f"/missions/{mission.slug}/"
    await as_lead.get(address)
    assert set(figures.clocks) == {0}
    figures.clocks.clear()
    as_lead.cookies.set("indelible_acted", "17")
    assert (await as_lead.get(address)).status_code == 200
    assert set(figures.clocks) == {17}
    figures.clocks.clear()
    as_lead.cookies.set("indelible_acted", "999999")
    assert (await as_lead.get(address)).status_code == 200
    assert set(figures.clocks) == {999999, 0}
    as_lead.cookies.set("indelible_acted", "of yesterday")
    assert (await as_lead.get(address)).status_code == 200


async def test_a_mission_that_is_being_read_says_so_and_loads_again(
    as_lead: httpx.AsyncClient, figures: Figures, mission: SmallMission
) -> None:
    figures.raised = BeingRead(0.4)
    page = await as_lead.get(f"/missions/{mission.slug}/")
    assert (page.status_code, page.headers["refresh"]) == (503, page.headers["retry-after"])
    assert "40% of it so far" in page.text
    answer = await as_lead.get(f"/api/v1/missions/{mission.slug}/coverage")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "retry-after" in answer.headers


async def test_a_tag_is_that_of_the_figures_shown_and_not_of_newer_facts(
    client: httpx.AsyncClient, figures: Figures, mission: SmallMission
) -> None:
    address, headers = f"/api/v1/missions/{mission.slug}/irregularities", mission.bearer("lead")
    figures.behind = 1
    earlier = (await client.get(address, headers=headers)).headers["etag"]
    figures.behind = 0
    again = await client.get(address, headers=headers | {"If-None-Match": earlier})
    assert again.status_code == 200
    assert again.headers["etag"] != earlier
