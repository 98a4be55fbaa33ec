"""Whoever writes the past anew with SQL is found, and the row is named."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import psycopg
import pytest

from api.audit.sealer import seal_everything
from api.audit.signing import Signer
from api.audit.verify import held_head_amiss
from tests.api.audit.conftest import SIGNER, Insider, Verify
from tests.api.routes.people import post, share
from tests.api.small import SmallMission
from tests.conftest import Database

Seal = Callable[[], int]
CHANGES = {
    "report": "UPDATE report SET status = 'verified' WHERE id = %s",
    "submission": "UPDATE submission SET raw = 'x', sha256 = sha256('x') WHERE report_id = %s",
    "report_version": "UPDATE report_version SET answers = '{\"queue\": 5}' WHERE report_id = %s",
    "judgement": "UPDATE judgement SET codes = '\\x02' WHERE report_id = %s",
}


async def test_what_was_sealed_verifies(report: str, verify: Verify, seal: Seal) -> None:
    heads, amiss = verify()
    assert amiss == []
    assert len(heads) == 1
    assert heads[0].rows > 10
    assert seal() == 0


@pytest.mark.parametrize("source", CHANGES)
@pytest.mark.parametrize("again", [False, True], ids=["at once", "after the next seal"])
async def test_a_changed_row_of_a_report_is_named(
    report: str, verify: Verify, seal: Seal, insider: Insider, source: str, again: bool
) -> None:
    assert insider(CHANGES[source], report) == 1
    if again:
        seal()
    _, amiss = verify()
    assert any(f"{source} {report}" in each for each in amiss), amiss


async def test_a_changed_pledge_is_named_even_where_triggers_ran(
    report: str, mission: SmallMission, verify: Verify, seal: Seal, database: Database
) -> None:
    with psycopg.connect(database.admin_url) as connection:
        row = connection.execute(
            "UPDATE pledge SET signed_at = now() WHERE observer_id = %s RETURNING id",
            (mission.holders["observer"],),
        ).fetchone()
    assert row
    seal()
    assert verify()[1] == [f"pledge {row[0]}: altered"]
    with psycopg.connect(database.admin_url) as connection:
        alarms = connection.execute("SELECT kind, subject FROM alarm").fetchall()
    assert alarms == [("written_outside", f"pledge {row[0]}")]


async def test_a_row_taken_away_and_a_row_put_in_are_named(
    report: str, mission: SmallMission, verify: Verify, seal: Seal, insider: Insider
) -> None:
    entry = uuid4()
    insider("DELETE FROM judgement WHERE report_id = %s", report)
    insider(
        "INSERT INTO audit_entry VALUES (%s, %s, 1, now(), NULL, 'a', 'b', '', '', '')",
        mission.mission_id,
        entry,
    )
    seal()
    missing, added = sorted(verify()[1], reverse=True)
    assert missing.startswith(f"judgement {report}/1/")
    assert missing.endswith("missing")
    assert added == f"audit_entry {entry}: added, and not by the application"


async def test_what_the_application_writes_later_is_no_fault(
    client: httpx.AsyncClient,
    report: str,
    mission: SmallMission,
    verify: Verify,
    seal: Seal,
    database: Database,
) -> None:
    await post(client, mission)
    with psycopg.connect(database.app_url) as connection:
        connection.execute(
            "SELECT set_config('app.mission_id', %s, true)", (str(mission.mission_id),)
        )
        connection.execute("UPDATE mission SET title = 'Anew'")
        connection.execute(
            "DELETE FROM pledge WHERE observer_id = %s", (mission.holders["observer2"],)
        )
    assert verify()[1] == []
    assert seal() > 4
    assert verify()[1] == []
    with psycopg.connect(database.admin_url) as connection:
        left = "SELECT salt, erased_at IS NULL, gone FROM sealed_row WHERE source = 'pledge'"
        erased = [row for row in connection.execute(left).fetchall() if row[0] is None]
    assert erased == [(None, False, False)]


async def test_a_persons_decision_is_no_fault_and_one_made_with_sql_is_named(
    client: httpx.AsyncClient,
    report: str,
    mission: SmallMission,
    verify: Verify,
    seal: Seal,
    insider: Insider,
) -> None:
    given = {"status": "quarantined", "reason": "Two forms, one visit."}
    where = f"{mission.reports}/{report}/decision"
    answer = await client.post(where, json=given, headers=mission.bearer("data_manager"))
    assert answer.status_code == 200, answer.text
    assert verify()[1] == []
    assert seal() >= 2
    assert verify()[1] == []
    assert insider(CHANGES["report"], report) == 1
    assert insider("UPDATE audit_entry SET note = 'ours' WHERE subject = %s", report) == 1
    found = " ".join(verify()[1])
    assert f"report {report}: altered" in found
    assert "audit_entry" in found


async def test_what_was_shared_with_partners_is_sealed_by_the_clock_of_its_own_transaction(
    client: httpx.AsyncClient,
    report: str,
    mission: SmallMission,
    verify: Verify,
    seal: Seal,
    insider: Insider,
) -> None:
    seal()
    assert (await share(client, mission)).status_code == 201
    assert verify()[1] == []
    assert seal() >= 3
    assert verify()[1] == []
    assert insider("UPDATE share SET reason = 'another'") == 1
    assert insider("UPDATE shared_report SET status = 'verified'") == 1
    found = " ".join(verify()[1])
    assert "share 1: altered" in found
    assert f"shared_report {report}/1: altered" in found


async def test_an_erasure_that_no_seal_tells_of_is_found(
    report: str, verify: Verify, insider: Insider
) -> None:
    insider("DELETE FROM submission WHERE report_id = %s", report)
    insider("UPDATE sealed_row SET salt = NULL, erased_at = now() WHERE source = 'submission'")
    (found,) = verify()[1]
    assert found.startswith(f"submission {report}")
    assert "no erasure was sealed" in found


async def test_a_seal_made_anew_without_the_secret_is_found(
    report: str, verify: Verify, insider: Insider, database: Database
) -> None:
    insider(CHANGES["report"], report)
    insider("DELETE FROM sealed_row")
    insider("DELETE FROM seal")
    seal_everything(database.app_url, Signer.from_secret("another secret"))
    assert verify()[1] == ["seal 1: its signature is not this installation's"]


async def test_a_chain_written_anew_with_the_secret_is_found_by_a_head_kept_elsewhere(
    report: str, verify: Verify, seal: Seal, insider: Insider
) -> None:
    (kept,), _ = verify()
    assert list(held_head_amiss([kept], kept, SIGNER.public_key)) == []
    for statement in (CHANGES["report"], "DELETE FROM sealed_row", "DELETE FROM seal"):
        insider(statement, *([report] if "%s" in statement else []))
    seal()
    heads, amiss = verify()
    assert amiss == []
    (found,) = held_head_amiss(heads, kept, SIGNER.public_key)
    assert "written anew" in str(found)
    (cut,) = held_head_amiss([], kept, SIGNER.public_key)
    assert "no longer reaches it" in str(cut)


async def test_a_seal_taken_out_or_changed_is_found(
    client: httpx.AsyncClient,
    report: str,
    mission: SmallMission,
    verify: Verify,
    seal: Seal,
    insider: Insider,
) -> None:
    await post(client, mission)
    seal()
    insider("UPDATE seal SET upto = upto + 1 WHERE number = 2")
    assert verify()[1] == ["seal 2: its signature is not this installation's"]
    insider("DELETE FROM seal WHERE number = 1")
    found = " ".join(verify()[1])
    assert "one is missing" in found
    assert "seal 1: has rows and no head" in found
