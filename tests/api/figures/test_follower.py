"""The follower: what is followed step by step is what is read anew."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from analytics.observation.dispositions import ExpectedReportState
from analytics.observation.expected_reports import match
from analytics.observation.plan_coverage import cover, national
from analytics.observation.plan_dispositions import dispose
from api.figures import notices
from api.figures.edition import Edition
from api.figures.follower import Folded, Follower, NoSuchRound
from schemas.columns import now
from tests.api.figures.conftest import (
    REPORTS,
    STATIONS,
    SmallCountry,
    make_small_country,
    read_anew,
)

NOTIFY = "SELECT pg_notify('indelible_reports', %s)"
MOVE = """
UPDATE report SET round_id = %s, changed = %s WHERE id IN (SELECT id FROM report
  WHERE status = 'received' AND checklist IN ('counting', 'voting') ORDER BY id LIMIT 150)"""


@pytest.fixture(scope="module")
def country(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCountry]:
    """One of its own: half of its reports are moved to another round here."""
    yield from make_small_country(server, tmp_path_factory.mktemp("country"), STATIONS, REPORTS)


def all_of(edition: Edition) -> list[Any]:
    """Everything that is held of a mission, and what comes of the plan."""
    reference, record = edition.reference, edition.record
    held, as_of = match(reference.expected, record, reference.stages), now()
    found = dispose(held, as_of=as_of, unheard=reference.unheard)
    return [
        record.snapshot(),
        record.protocols.snapshot(),
        cover(held, "checklist", as_of=as_of),
        found.tally("stage"),
        found.to_call(12, reference.sampled),
        edition.clock,
    ]


async def test_after_quarantine_and_its_end_what_is_followed_is_what_is_read(
    follower: Follower, country: SmallCountry
) -> None:
    before = all_of(await follower.of(country.mission_id))
    assert len(before[0]) > 200
    query = "SELECT id FROM report WHERE status = 'received' ORDER BY id LIMIT 40"
    chosen = [row[0] for row in country.execute(query)]
    for status, ids in (("quarantined", chosen), ("verified", chosen[:25])):
        country.execute(
            "UPDATE report SET status = %s, changed = %s WHERE id = ANY(%s)",
            status,
            country.tick(),
            ids,
        )
        followed = await follower.of(country.mission_id)
        assert all_of(followed) == all_of(await read_anew(country))
        assert all_of(followed) != before


async def test_what_a_person_decided_is_followed_as_it_is_read_anew(
    follower: Follower, country: SmallCountry, asking: httpx.AsyncClient
) -> None:
    edition = await follower.of(country.mission_id)
    query = "SELECT id FROM report WHERE status IN ('received', 'flagged') ORDER BY id LIMIT 6"
    chosen = country.execute(query)
    for status in ("quarantined", "verified", "received"):
        before = all_of(edition)
        for (report,) in chosen:
            given = {"status": status, "reason": "The team was called."}
            answer = await asking.post(f"reports/{report}/decision", json=given)
            assert answer.status_code == 200, answer.text
        reference, edition = edition.reference, await follower.of(country.mission_id)
        assert edition.reference is reference
        assert all_of(edition) == all_of(await read_anew(country))
        assert all_of(edition) != before


async def test_after_a_correction_what_is_followed_is_what_is_read(
    follower: Follower, country: SmallCountry
) -> None:
    await follower.of(country.mission_id)
    (report, rules, codes, author) = country.execute(
        "SELECT r.id, j.rules_id, j.codes, v.author_id FROM report r JOIN judgement j"
        " ON j.report_id = r.id JOIN report_version v ON v.report_id = r.id WHERE"
        " r.status = 'received' AND r.version = 1 AND v.answers ? 'contestant_votes' LIMIT 1"
    )[0]
    correct(country, report, rules, bytes(len(codes)), author)
    edition = await follower.of(country.mission_id)
    assert all_of(edition) == all_of(await read_anew(country))
    assert report.bytes not in edition.record.protocols["id"].tolist()


def correct(country: SmallCountry, report: UUID, rules: UUID, codes: bytes, author: UUID) -> None:
    """A second version without results, as a data manager's correction would write it."""
    with psycopg.connect(country.database.admin_url) as connection:
        sequence, mission = country.tick(), country.mission_id
        connection.execute(
            "INSERT INTO report_version (mission_id, report_id, number, sequence, envelope,"
            " answers, author_id) VALUES (%s, %s, 2, %s, '{}', '{}', %s)",
            (mission, report, sequence, author),
        )
        connection.execute(
            "INSERT INTO judgement VALUES (%s, %s, 2, %s, %s, '[]')",
            (mission, report, rules, codes),
        )
        connection.execute(
            "UPDATE report SET version = 2, changed = %s WHERE id = %s", (sequence, report)
        )


async def test_an_edition_is_never_older_than_the_last_commit_seen(
    follower: Follower, country: SmallCountry
) -> None:
    await follower.of(country.mission_id)
    reading = country.tick()
    assert (await follower.of(country.mission_id)).clock == reading


@pytest.mark.parametrize("name", ["pledge.sign", "statement.draft", "observer.suspended"])
async def test_an_act_beside_the_reference_data_reads_nothing_anew(
    follower: Follower, country: SmallCountry, name: str
) -> None:
    edition = await follower.of(country.mission_id)
    country.act(name)
    assert (await follower.of(country.mission_id)).reference is edition.reference


async def test_what_changed_the_reference_data_has_them_read_anew(
    follower: Follower, country: SmallCountry
) -> None:
    edition = await follower.of(country.mission_id)
    country.act("deployment.assign")
    again = await follower.of(country.mission_id)
    assert again.reference is not edition.reference
    assert again.record.snapshot() == edition.record.snapshot()


def call(country: SmallCountry, team: str, outcome: str) -> None:
    """A call that was noted, as :func:`api.deployments.changing.note_call` does."""
    country.execute(
        "INSERT INTO call (mission_id, id, deployment_id, outcome, note, called_by, called_at)"
        " SELECT mission_id, gen_random_uuid(), id, %s, '', id, now() FROM deployment"
        " WHERE id = %s",
        outcome,
        team,
    )
    country.act("deployment.call", team)


async def test_a_call_is_taken_in_without_reading_anything_anew(
    follower: Follower, country: SmallCountry
) -> None:
    edition = await follower.of(country.mission_id)
    team = next(
        each.deployment
        for each in _disposed(edition).to_call(500)
        if not each.fates[ExpectedReportState.RECEIVED]
        and each.deployment not in edition.reference.calls
    )
    before = _unreachable(edition)
    async with follower.listening(country.mission_id) as news:
        for outcome in ("no_answer", "reached", "unreachable"):
            call(country, team, outcome)
            edition = await follower.of(country.mission_id)
            assert news.get_nowait().changed == ("coverage",)
            fresh = await read_anew(country)
            assert edition.reference.calls == fresh.reference.calls
            assert edition.reference.calls[team].outcome == outcome
            assert all_of(edition) == all_of(fresh)
            assert (_unreachable(edition) == before) == (outcome == "reached")
    country.execute("DELETE FROM call WHERE deployment_id = %s", team)


def _disposed(edition: Edition) -> Any:
    reference = edition.reference
    held = match(reference.expected, edition.record, reference.stages)
    return dispose(held, as_of=now(), unheard=reference.unheard)


def _unreachable(edition: Edition) -> int:
    return sum(each.reports[ExpectedReportState.UNREACHABLE] for each in _disposed(edition).tally())


@pytest.fixture
async def listening(follower: Follower, country: SmallCountry) -> None:
    """The follower listens, and holds the mission."""
    await follower.of(country.mission_id)
    await follower.start()


async def heard(queue: "asyncio.Queue[Folded]", seconds: float) -> bool:
    """Whether something was told within so many seconds."""
    try:
        await asyncio.wait_for(queue.get(), seconds)
    except TimeoutError:
        return False
    return True


@pytest.mark.usefixtures("listening")
async def test_a_commit_is_heard_without_anyone_asking(
    follower: Follower, country: SmallCountry
) -> None:
    async with follower.listening(country.mission_id) as queue:
        country.execute(NOTIFY, "nonsense")
        for _ in range(100):
            reading = country.tick()
            country.execute(NOTIFY, str(country.mission_id))
            if await heard(queue, 0.1):
                break
        assert (await follower.of(country.mission_id)).clock >= reading


async def test_a_lost_connection_is_made_again_and_what_was_missed_is_read(
    follower: Follower, country: SmallCountry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "RECONNECT_SECONDS", 0.05)
    await follower.of(country.mission_id)
    await follower.start()
    async with follower.listening(country.mission_id) as queue:
        for _ in range(100):
            country.tick()
            country.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
            )
            if await heard(queue, 0.2):
                return
        pytest.fail("what was missed was not read")


async def test_a_listener_that_does_not_read_costs_one_item(
    follower: Follower, country: SmallCountry
) -> None:
    await follower.of(country.mission_id)
    async with follower.listening(country.mission_id) as queue:
        for _ in range(5):
            last = country.tick()
            await follower.of(country.mission_id)
        assert queue.qsize() == 1
        assert queue.get_nowait().sequence == last


async def test_missions_nobody_reads_any_more_are_let_go(country: SmallCountry) -> None:
    follower = Follower(country.database.app_url, most_bytes=1)
    nearest = await follower.of(country.mission_id)
    other = await follower.of(country.mission_id, None)
    assert other.reference is nearest.reference
    follower._held[UUID(int=1), None] = follower._held[country.mission_id, None]
    await follower.of(country.mission_id)
    assert list(follower._held) == [(country.mission_id, None)]
    await follower.stop()


@pytest.fixture
def runoff(country: SmallCountry) -> Iterator[UUID]:
    """A second round, a year later."""
    (round_,) = country.execute(
        "INSERT INTO round (mission_id, id, election_id, code, name, polling_days, opens, closes,"
        " zone) SELECT mission_id, gen_random_uuid(), election_id, 'runoff', 'Run-off',"
        " jsonb_build_array((now() + interval '1 year')::date::text), opens, closes, zone"
        " FROM round LIMIT 1 RETURNING id"
    )
    yield round_[0]
    country.execute(
        "UPDATE report SET round_id = r.id, changed = %s FROM round r"
        " WHERE r.code <> 'runoff' AND round_id = %s",
        country.tick(),
        round_[0],
    )
    country.execute("DELETE FROM round WHERE code = 'runoff'")


async def test_reports_of_another_round_are_in_no_figure_of_this_one(
    follower: Follower, country: SmallCountry, runoff: UUID
) -> None:
    before = await follower.of(country.mission_id)
    other = await follower.of(country.mission_id, "runoff")
    assert (len(other.record), other.reference.asked) == (0, True)
    country.execute(MOVE, runoff, country.tick())
    edition = await follower.of(country.mission_id)
    assert len(edition.record) == len(before.record) - 150
    assert len(edition.record.protocols) < len(before.record.protocols)
    assert _received(edition) < _received(before)
    assert all_of(edition) == all_of(await read_anew(country))
    other = await follower.of(country.mission_id, "runoff")
    assert len(other.record) == 150
    assert all_of(other) == all_of(await read_anew(country, "runoff"))
    with pytest.raises(NoSuchRound):
        await follower.of(country.mission_id, "third")


def _received(edition: Edition) -> int:
    reference = edition.reference
    held = match(reference.expected, edition.record, reference.stages)
    return national(held, as_of=now()).received


async def test_a_round_that_is_no_longer_the_nearest_is_not_shown_as_if_it_were(
    follower: Follower, country: SmallCountry, runoff: UUID
) -> None:
    country.act("round.runoff", str(runoff))
    key = country.mission_id, None
    await follower.of(country.mission_id)
    held = follower._held[key]
    polling = held.reference.polling
    reference = replace(held.reference, polling=replace(polling, code="runoff"))
    follower._held[key] = replace(held, reference=reference)
    assert (await follower.of(country.mission_id)).reference.polling.code == polling.code


async def test_an_edition_reads_the_database_in_its_mission(
    follower: Follower, country: SmallCountry
) -> None:
    edition = await follower.of(country.mission_id)
    rows = await asyncio.to_thread(
        edition.rows_of, "SELECT count(*) FROM report WHERE mission_id = %(m)s"
    )
    assert rows[0][0] == len(edition.record)
