"""Protocols that came when none was asked for its contest."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.intake.earlier_contests import EarlierContests
from tests.api.small import SmallMission
from tests.api.two_contests import PRESIDENT, hold_two_contests, protocol, publish, votes
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
FORGET = "UPDATE report SET contest_id = NULL RETURNING 1"
STANDING = """
SELECT c.code, r.status, r.reasons -> 0 ->> 'code' FROM report r
LEFT JOIN contest c ON c.id = r.contest_id ORDER BY r.sequence"""
ENTRIES = """
SELECT a.note, a.sequence = r.changed FROM audit_entry a JOIN report r ON r.id::text = a.subject
WHERE a.act = 'report.contest' ORDER BY r.sequence"""


@pytest.fixture
def send(client: httpx.AsyncClient, mission: SmallMission) -> Callable[..., Any]:
    async def post(answers: dict[str, Any], **members: Any) -> str:
        report = protocol(mission, answers, **members)
        headers = mission.bearer("observer")
        answer = await client.post(mission.reports, json=report, headers=headers)
        assert answer.status_code in (201, 202), answer.text
        return str(report["id"])

    return post


async def test_each_is_resolved_as_at_intake_or_held_and_what_is_decided_stays(
    client: httpx.AsyncClient,
    mission: SmallMission,
    send: Any,
    rows: Rows,
    database: Database,
) -> None:
    await hold_two_contests(client, mission, rows)
    await send(votes(X=1))
    await send(votes(Z=1), station="003")
    await send(votes(A=1), contest="president")
    verified = await send(votes(B=2, X=1), contest="president")
    await send(votes(B=1, X=1), contest="council")
    said = {"status": "verified", "reason": "Read over the telephone."}
    where = f"{mission.reports}/{verified}/decision"
    await client.post(where, json=said, headers=mission.bearer("lead"))
    rows(FORGET)
    rows(
        "UPDATE report_version SET envelope = envelope - 'contest'"
        " WHERE answers::text LIKE '%%\"X\"%%' RETURNING 1"
    )
    earlier = EarlierContests(database.app_url)
    assert earlier.resolve_everything() == 4
    assert rows(STANDING) == [
        ("council", "received", None),
        ("president", "received", None),
        ("president", "received", None),
        (None, "verified", None),
        (None, "held", "absent"),
    ]
    notes = rows(ENTRIES)
    assert [note.rpartition(": ")[2] for note, _ in notes] == [
        "council.",
        "president.",
        "president.",
        "contest/absent.",
    ]
    assert all(own for _, own in notes)
    assert earlier.resolve_everything() == 0
    assert EarlierContests(database.app_url).resolve_everything() == 0


async def test_of_one_visit_a_protocol_that_another_contest_superseded_counts_again(
    client: httpx.AsyncClient,
    mission: SmallMission,
    send: Any,
    rows: Rows,
    database: Database,
) -> None:
    await hold_two_contests(client, mission, rows)
    visit = str(uuid4())
    await send(votes(A=1), visit=visit)
    await send(votes(X=1), visit=visit)
    rows("UPDATE report SET contest_id = NULL, status = 'superseded' RETURNING 1")
    assert EarlierContests(database.app_url).resolve_everything() == 2
    assert rows(STANDING) == [("president", "received", None), ("council", "received", None)]


async def test_in_a_round_of_one_contest_nothing_is_written_and_it_is_of_that(
    client: httpx.AsyncClient,
    mission: SmallMission,
    send: Any,
    rows: Rows,
    database: Database,
) -> None:
    await client.post(
        f"/api/v1/missions/{mission.slug}/contests", json=PRESIDENT, headers=mission.bearer("lead")
    )
    await publish(client, mission, "results")
    visit = str(uuid4())
    await send(votes(A=1), visit=visit)
    rows(FORGET)
    assert EarlierContests(database.app_url).resolve_everything() == 0
    await send(votes(A=2), visit=visit)
    assert rows(STANDING) == [(None, "superseded", None), ("president", "received", None)]
