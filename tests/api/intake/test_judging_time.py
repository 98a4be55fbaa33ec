"""Rules that are slow, or that this server does not run, hold a report and nobody else."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from api.intake import judging
from api.intake.rejudging import rejudge_everything
from schemas.checklist import Check, Question
from tests.api.small import SmallMission, definition
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
PUBLISH = """
UPDATE rules SET definition = %s, published_at = now()
WHERE version_id = (SELECT id FROM checklist_version WHERE version = %s) RETURNING id"""
NEW_RULES = """
INSERT INTO rules (mission_id, id, version_id, revision, definition, published_at)
SELECT mission_id, gen_random_uuid(), version_id, revision + 1, %s, now() FROM rules
WHERE id = (SELECT r.id FROM rules r JOIN checklist_version v ON v.id = r.version_id
  WHERE v.version = '2' ORDER BY revision DESC LIMIT 1) RETURNING id"""
STANDING = "SELECT status, reasons FROM report ORDER BY sequence"
SLOW = "count(/data/row[count(/data/row[count(/data/row[n > 3]) > 1]) > 1]) > 1"
ROWS = [{"n": number} for number in range(1_000)]
TRAP = "^(a+)+$"


def rules(*checks: str, constraint: str | None = None) -> Any:
    """The small checklist with a repeat, with these checks and a constraint of its comment."""
    shape = definition("2")
    label = {"en": "?"}
    questions = [
        each.model_copy(update={"constraint": constraint}) if each.name == "comment" else each
        for each in shape.questions
    ]
    row = Question(name="row", type="repeat", path="/data/row", label=label)
    number = Question(name="n", type="integer", path="/data/row/n", repeat="row", label=label)
    made = tuple(
        Check(name=f"check-{at}", flag_when=each, explanation=label, inputs=(), formula=each)
        for at, each in enumerate(checks)
    )
    changed = shape.model_copy(update={"questions": (*questions, row, number), "checks": made})
    return Jsonb(changed.model_dump(mode="json"))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MAX_SECONDS", 0.5)


async def test_a_report_that_takes_too_long_to_judge_is_held_and_counted_while_others_are_taken(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(PUBLISH, rules(SLOW), "2")
    slow = mission.report(answers={"queue": 4, "row": ROWS})
    began = time.monotonic()
    waiting = asyncio.create_task(as_observer.post(mission.reports, json=slow))
    ahead = 0
    while not waiting.done():
        other = await as_observer.post(mission.reports, json=mission.report())
        assert other.status_code == 201
        ahead += not waiting.done()
    assert ahead > 2
    response = await waiting
    assert time.monotonic() - began < 30
    assert response.status_code == 202
    (item,) = response.json()["items"]
    assert [(each["field"], each["code"]) for each in item["reasons"]] == [
        ("judgement", "too_slow")
    ]
    assert item["receipt"]["sha256"]
    counted = (await as_observer.get("/metrics")).text
    assert 'indelible_held_total{reason="too_slow"} 1.0' in counted


async def test_better_rules_let_out_what_was_held_for_being_slow(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, database: Database
) -> None:
    rows(PUBLISH, rules(SLOW), "2")
    await as_observer.post(mission.reports, json=mission.report(answers={"queue": 4, "row": ROWS}))
    ((status, _),) = rows(STANDING)
    assert status == "held"
    rows(NEW_RULES, rules("count(/data/row) > 999"))
    assert rejudge_everything(database.app_url) == 1
    assert rows(STANDING) == [("flagged", [])]
    assert rows("SELECT count(*) FROM judgement") == [(1,)]


async def test_new_rules_that_are_slow_hold_what_counted_and_end(
    as_observer: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.intake.rejudging.MAX_SECONDS", 0.3)
    rows(PUBLISH, rules("count(/data/row) > 2000"), "2")
    for _ in range(2):
        sent = mission.report(answers={"queue": 4, "row": ROWS})
        assert (await as_observer.post(mission.reports, json=sent)).status_code == 201
    rows(NEW_RULES, rules(SLOW))
    assert rejudge_everything(database.app_url) == 2
    assert [(status, reasons[0]["code"]) for status, reasons in rows(STANDING)] == [
        ("held", "too_slow"),
        ("held", "too_slow"),
    ]
    assert rejudge_everything(database.app_url) == 0


async def test_a_published_pattern_that_doubles_with_each_letter_is_judged_at_once(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(PUBLISH, rules(constraint=f"regex(., '{TRAP}')"), "2")
    sent = mission.report(answers={"queue": 4, "comment": "a" * 100_000 + "b"})
    response = await asyncio.wait_for(as_observer.post(mission.reports, json=sent), 20)
    assert response.status_code == 201
    assert rows("SELECT status FROM report") == [("flagged",)]


@pytest.mark.parametrize(
    ("pattern", "comment", "status"),
    [("^(?!x).*$", "y", 202), (r"^(.)\1$", "aa", 202), ("^(?!x).*$", None, 201)],
)
async def test_a_published_pattern_that_is_no_longer_run_holds_who_answered_and_nobody_else(
    as_observer: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    pattern: str,
    comment: str | None,
    status: int,
) -> None:
    rows(PUBLISH, rules(constraint=f"regex(., '{pattern}')"), "2")
    sent = mission.report(answers={"queue": 4, "comment": comment})
    response = await as_observer.post(mission.reports, json=sent)
    assert response.status_code == status
    (item,) = response.json()["items"]
    assert {(each["field"], each["code"]) for each in item["reasons"]} == (
        {("comment", "rule_unusable")} if status == 202 else set()
    )


async def test_a_published_rule_that_nobody_can_evaluate_keeps_no_other_checklist_from_judging(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(PUBLISH, rules("no-such-function(/data/queue) > 1"), "1")
    assert (await as_observer.post(mission.reports, json=mission.report())).status_code == 201
