"""New rules beneath a published version: its reports are judged again, and nothing else moves."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from api.intake.rejudging import (
    BATCH,
    LOCK,
    rejudge_checklist,
    rejudge_everything,
    rejudge_mission,
    rejudging_progress,
)
from mobile_forms.judgement import Judge, Judgement
from schemas.codes import Status, pack
from tests.api.small import SmallMission, definition
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
RULES = """
INSERT INTO rules (mission_id, id, version_id, revision, definition, published_at)
SELECT mission_id, gen_random_uuid(), version_id, revision + 1, %s, now() FROM rules
WHERE id = (SELECT r.id FROM rules r JOIN checklist_version v ON v.id = r.version_id
  WHERE v.version = '2' ORDER BY revision DESC LIMIT 1) RETURNING id"""
CODES = """
SELECT j.codes, r.status FROM report r JOIN judgement j
ON j.report_id = r.id AND j.rules_id = r.rules_id ORDER BY r.sequence"""


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The application's own connection."""
    with psycopg.connect(database.app_url, autocommit=True) as connected:
        yield connected


def graver() -> Any:
    """The same form under rules by which an unsealed box is graver."""
    (indicator,) = definition("2").indicators
    source = indicator.sources[0].model_copy(update={"options": {"no": 3}})
    changed = indicator.model_copy(update={"severity": 3, "sources": (source,)})
    shape = definition("2").model_copy(update={"indicators": (changed,)})
    return Jsonb(shape.model_dump(mode="json"))


async def send(client: httpx.AsyncClient, mission: SmallMission, **members: Any) -> None:
    response = await client.post(mission.reports, json=mission.report(**members))
    assert response.status_code in (201, 202)


async def test_new_rules_judge_what_came_before_and_the_old_judgement_stays(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, database: Database
) -> None:
    for sealed in ("no", "yes"):
        await send(as_observer, mission, answers={"queue": 1, "sealed": sealed})
    rows(RULES, graver())
    assert rejudge_everything(database.app_url) == 2
    irregular, fine = pack(Status.IRREGULAR, 3), pack(Status.FINE)
    assert [bytes(row[0]) for row in rows(CODES)] == [bytes([irregular]), bytes([fine])]
    assert rows("SELECT count(*) FROM judgement") == [(4,)]
    assert rejudge_everything(database.app_url) == 0


async def test_whoever_follows_the_clock_hears_of_each_report_once_more(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, database: Database
) -> None:
    await send(as_observer, mission)
    ((before, kept),) = rows("SELECT changed, sequence FROM report")
    rows(RULES, graver())
    rejudge_everything(database.app_url)
    ((after, same),) = rows("SELECT changed, sequence FROM report")
    assert after > before
    assert same == kept


async def test_what_a_person_decided_stays_and_the_pen_is_not_opened(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, database: Database
) -> None:
    await send(as_observer, mission)
    await send(as_observer, mission, station="999")
    rows("UPDATE report SET status = 'verified' WHERE status = 'received' RETURNING 1")
    rows(RULES, graver())
    assert rejudge_everything(database.app_url) == 2
    assert rows("SELECT status FROM report ORDER BY sequence") == [("verified",), ("held",)]


async def test_a_flag_of_the_phone_s_clock_is_kept(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, database: Database
) -> None:
    late = {"arrived_at": "2026-11-08T09:00:00Z", "departed_at": "2026-11-08T08:00:00Z"}
    await send(as_observer, mission, **late)
    rows(RULES, graver())
    rejudge_everything(database.app_url)
    found = rows("SELECT flags FROM judgement j JOIN report r ON r.rules_id = j.rules_id")
    assert [flag["name"] for flag in found[0][0]] == ["clock_order"]
    assert rows("SELECT status FROM report") == [("flagged",)]


async def test_it_says_how_far_it_is_and_goes_on_where_it_stopped(
    as_observer: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    connection: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        await send(as_observer, mission)
    rows(RULES, graver())
    monkeypatch.setattr("api.intake.rejudging.BATCH", 1)
    told: list[int] = []

    def stop_after_two(count: int) -> None:
        told.append(count)
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rejudge_mission(connection, mission.mission_id, stop_after_two)
    connection.execute("SELECT set_config('app.mission_id', %s, false)", (str(mission.mission_id),))
    (progress,) = rejudging_progress(connection, mission.mission_id)
    assert (progress.revision, progress.done, progress.total) == (2, 2, 3)
    monkeypatch.setattr("api.intake.rejudging.BATCH", BATCH)
    assert rejudge_mission(connection, mission.mission_id) == 1


async def test_whoever_publishes_hears_how_far_it_is_and_waits_for_another_at_it(
    as_observer: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    database: Database,
    connection: psycopg.Connection[Any],
) -> None:
    for _ in range(3):
        await send(as_observer, mission, answers={"queue": 1, "sealed": "no"})
    rows(RULES, graver())
    name, heard = rows("SELECT name FROM checklist")[0][0], list[tuple[int, int]]()

    def another_comes_to_an_end(done: int, total: int) -> None:
        heard.append((done, total))
        if len(heard) == 2:
            connection.execute("SELECT pg_advisory_unlock_all()")

    connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    again = rejudge_checklist(
        database.app_url, mission.mission_id, name, "2", another_comes_to_an_end
    )
    assert again == 3
    assert (heard[:2], heard[-1]) == ([(0, 3), (0, 3)], (3, 3))
    assert rejudge_checklist(database.app_url, mission.mission_id, name, "2", print) == 0


@pytest.mark.parametrize("observed", [None, "personally", ["sealed"], {"sealed": ["told"]}, 7])
async def test_an_observed_of_any_shape_keeps_no_report_from_being_judged_again(
    as_observer: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    database: Database,
    observed: Any,
) -> None:
    """``"observed": null`` is no reason to hold a report, and stopped the judging of all."""
    await send(as_observer, mission, observed=observed)
    await send(as_observer, mission, answers={"queue": 1, "sealed": "no"})
    rows(RULES, graver())
    assert rejudge_everything(database.app_url) == 2
    assert [bytes(codes) for codes, _ in rows(CODES)][1] == bytes([pack(Status.IRREGULAR, 3)])


async def test_a_report_that_the_rules_fail_on_is_held_and_keeps_no_other_back(
    as_observer: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for queue in (666, 1):
        await send(as_observer, mission, answers={"queue": queue, "sealed": "no"})
    rows(RULES, graver())
    judge = Judge.judge

    def failing(self: Judge, answers: Any, observed: Any) -> Judgement:
        if answers.get("queue") == 666:
            raise RecursionError
        return judge(self, answers, observed)

    monkeypatch.setattr(Judge, "judge", failing)
    assert rejudge_everything(database.app_url) == 2
    assert rejudge_everything(database.app_url) == 0
    said = rows("SELECT status, reasons FROM report ORDER BY sequence")
    assert [status for status, _ in said] == ["held", "received"]
    assert [each["code"] for each in said[0][1]] == ["unjudgeable"]
    assert said[1][1] == []
