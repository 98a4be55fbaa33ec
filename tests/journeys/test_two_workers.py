"""Two phones, two worker processes, one visit: whatever the order, the same report counts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.settings import Settings
from tests.api.intake.test_who_counts import LINE, device, newest
from tests.journeys.mission import found
from tests.serving import installation


@pytest.fixture(scope="module")
def phones() -> Iterator[list[httpx.Client]]:
    """Two connections to an installation of two workers, each with its reports' address."""
    with installation(workers=2) as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        address = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports"
        headers = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}
        with (
            httpx.Client(base_url=address, headers=headers, timeout=60) as first,
            httpx.Client(base_url=address, headers=headers, timeout=60) as second,
        ):
            yield [first, second]


def sent_twice(phone: httpx.Client, reports: list[dict[str, Any]]) -> None:
    """Each report on a connection of its own, which either worker may take; then the same again."""
    for report in reports * 2:
        answer = phone.post("", json=report, headers={"Connection": "close"})
        assert answer.status_code in (200, 201), answer.text


@settings(max_examples=12, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=8, unique_by=lambda line: line[:2]))
def test_outboxes_out_of_order_twice_from_two_phones_across_two_workers_leave_one_that_counts(
    phones: list[httpx.Client], lines: list[tuple[str, int, int]]
) -> None:
    visit = str(uuid4())
    reports = [
        {
            "id": str(uuid4()),
            "checklist": "voting",
            "station": "0471",
            "observer": "S-2041",
            "visit": visit,
            "answers": {"access_given": "freely"},
        }
        | device(number, phone)
        for phone, number, _ in lines
    ]
    outboxes = [
        [each for each, line in zip(reports, lines, strict=True) if line[2] == box]
        for box in (0, 1)
    ]
    with ThreadPoolExecutor(2) as both:
        list(both.map(sent_twice, phones, outboxes))
    kept = [phones[0].get(f"/{each['id']}").json() for each in reports]
    kept.sort(key=lambda each: each["receipt"]["sequence"])
    counted = [each["id"] for each in kept if each["status"] != "superseded"]
    by_id = {each["id"]: each for each in reports}
    assert counted == [newest([by_id[each["id"]] for each in kept])]
