"""A shift at the desk: two data managers work items of every queue by keyboard alone, at once.

With ``--faults full`` each works 30 items, otherwise a few.
"""

import re
import statistics
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from api.audit.sealed_work import office
from api.missions.create import issue_secret
from api.settings import Settings
from schemas.audit import AuditEntry
from schemas.credential import Purpose, Role
from schemas.desk import DeskAct
from schemas.mission import Member
from tests.journeys.browser import browsing, troubles
from tests.journeys.shift import Manager, Waiting, Worked, plant, twice
from tests.journeys.test_desk import DESK
from tests.serving import installation

FULL = {"held": 8, "conflicts": 4, "flagged": 4, "corrections": 3, "overdue": 4, "incidents": 4,
        "typing": 3}  # fmt: skip
SHORT = {"held": 2} | dict.fromkeys(list(FULL)[1:], 1)
MEDIAN_SECONDS = 20.0
LOOKED_AT = ("desk.hold", "desk.release")


def second_manager(settings: Settings, slug: str) -> str:
    """The token of another data manager."""
    with office(settings) as at:
        mission_id = at.mission(slug)
        with at.work(mission_id) as work:
            other = Member(mission_id=mission_id, handle="DM-2", role=Role.DATA_MANAGER)
            work.session.add(other)
            work.session.flush()
            return issue_secret(
                work.session, mission_id, Role.DATA_MANAGER, Purpose.BEARER, other.id
            )


def shift(
    folder: Path, token: str, waiting: Waiting, each: Mapping[str, int], reason: str
) -> Manager:
    """A data manager's shift in a browser of their own."""
    headers = {"Authorization": f"Bearer {token}"}
    with browsing(folder, viewport=DESK, extra_http_headers=headers) as desk:
        page = desk.new_page()
        wrong = troubles(page)
        manager = Manager(page, waiting, reason)
        manager.work(each)
        assert wrong == []
        return manager


def draft(waiting: Waiting) -> dict[str, Any]:
    """The snapshot of a new draft of a statement: its numbers."""
    place = waiting.base.replace("/api/v1", "") + "/statements"
    headers = waiting.bearer("lead") | {"Sec-Fetch-Site": "same-origin"}
    made = httpx.post(place, data={"language": "en"}, headers=headers, timeout=120)
    assert made.status_code == 303, made.text
    found = re.search(r"[0-9a-f-]{36}", made.headers["location"])
    assert found is not None, made.headers["location"]
    numbers: dict[str, Any] = waiting.get(f"statements/{found[0]}")["snapshot"]["numbers"]
    return numbers


def irregular(waiting: Waiting) -> int:
    """At how many stations a team saw people vote together."""
    rows = waiting.get("irregularities")["items"]
    seen = [each["number"].get("seen") for each in rows if each["indicator"] == "VO-GROUP"]
    return max((int(each or 0) for each in seen), default=0)


def report_of(worked: list[Worked]) -> str:
    """How long each item took, in a line a queue."""
    by_queue: dict[str, list[str]] = {}
    for each in worked:
        by_queue.setdefault(each.queue, []).append(f"{each.seconds:.1f}")
    return "\n".join(f"{queue:<12}{' '.join(took)} s" for queue, took in by_queue.items())


def test_two_people_work_off_all_queues_by_keyboard_and_no_item_twice(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    each = FULL if pytestconfig.getoption("--faults") == "full" else SHORT
    with installation() as serving:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        waiting = plant(serving, settings, {queue: 2 * many for queue, many in each.items()})
        tokens = (waiting.mission.tokens["data_manager"],
                  second_manager(settings, waiting.mission.slug))  # fmt: skip
        before = draft(waiting)
        with ThreadPoolExecutor(2) as people:
            begun = [
                people.submit(shift, tmp_path / str(at), token, waiting, each, f"Person {at}.")
                for at, token in enumerate(tokens)
            ]
            one, other = (each.result() for each in begun)
        both = one.worked + other.worked
        print(f"\n{report_of(one.worked)}\nbeside it\n{report_of(other.worked)}")
        print(f"met by another: {one.turned_away + other.turned_away}")
        assert Counter(done.queue for done in one.worked) == each
        assert statistics.median(done.seconds for done in one.worked) <= MEDIAN_SECONDS
        assert twice(both) == []

        with office(settings) as at:
            mission_id = at.mission(waiting.mission.slug)
            with at.reading(mission_id) as session:
                managers = select(Member.id).where(Member.role == Role.DATA_MANAGER)
                acts = Counter(
                    session.exec(
                        select(DeskAct.subject).where(col(DeskAct.member_id).in_(managers))
                    )
                )
                entries = session.exec(
                    select(AuditEntry.subject).where(col(AuditEntry.act).not_in(LOOKED_AT))
                )
                audited = set(entries)
        subjects = [waiting.corrected.get(done.item, done.item) for done in both]
        assert {each: acts[each] for each in subjects if acts[each] != 1} == {}
        assert set(subjects) <= audited

        after = draft(waiting)
        counted = [done for done in both if done.queue == "incidents"]
        assert _cases(before) == 0
        assert _cases(after) == len(counted)
        held = [done for done in both if done.queue == "held"]
        assert irregular(waiting) == len(held)


def _cases(numbers: Mapping[str, Any]) -> int:
    """How many verified incidents a statement counts."""
    found = [each for name, each in numbers.items()
             if name.startswith("incidents/") and name.endswith("/cases")]  # fmt: skip
    return sum(int(each["value"] if isinstance(each, dict) else each) for each in found)
