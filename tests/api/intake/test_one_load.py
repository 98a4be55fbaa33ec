"""What is not found is looked for once more, and once for a whole outbox."""

import json
from typing import Any

import httpx
import pytest

from api.intake.reference_cache import Registers
from tests.api.small import SmallMission


async def test_an_outbox_of_reports_that_wait_asks_for_one_fresh_view(
    as_observer: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await as_observer.post(mission.reports, json=mission.report())).status_code == 201
    loads = 0
    load = Registers._load

    async def counted(self: Registers, *values: Any) -> Any:
        nonlocal loads
        loads += 1
        return await load(self, *values)

    monkeypatch.setattr(Registers, "_load", counted)
    outbox = "\n".join(json.dumps(mission.report(station=f"none-{n}")) for n in range(40))
    headers = {"Content-Type": "application/x-ndjson"}
    answer = await as_observer.post(mission.reports, content=outbox, headers=headers)
    assert {each["status"] for each in answer.json()["items"]} == {202}
    assert loads <= 2
