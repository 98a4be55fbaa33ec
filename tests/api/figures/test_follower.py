"""The follower: what is folded step by step is what a recomputation gives."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from analytics.observation.dispositions import Fate
from api.figures import follower as module
from api.figures.breakdowns import DIMENSIONS, rates_in
from api.figures.figures import (
    coverage_by,
    coverage_of_all,
    dispositions,
    to_call,
)
from api.figures.follower import Folded, Follower
from api.figures.rates import rates, rates_by_area
from api.figures.watch import Watch
from api.results.quick_count import quick_counts
from schemas.mission import Kind
from tests.api.figures.conftest import SmallCountry

NOTIFY = "SELECT pg_notify('indelible_reports', %s)"


def figures(watch: Watch) -> list[Any]:
    """Everything that is read of a mission."""
    counted = [(each.included.entries, each.count) for each in quick_counts(watch)]
    return [
        {name: rates(watch, name) for name in watch.frame.checklists},
        {name: rates_by_area(watch, name) for name in watch.frame.checklists},
        coverage_of_all(watch),
        coverage_by(watch, "checklist"),
        counted,
        dispositions(watch, "stage"),
        to_call(watch, 12),
        [rates_in(watch, name, by) for name in watch.frame.checklists for by in DIMENSIONS],
        {name: each.snapshot() for name, each in watch.readings.items()},
        watch.sequence,
    ]


async def fresh(country: SmallCountry, engine: AsyncEngine) -> Watch:
    """The mission as a process that has just begun reads it."""
    return await Follower(engine, country.database.app_url).of(country.mission_id)


@pytest.fixture
def follower(country: SmallCountry, engine: AsyncEngine) -> Follower:
    """A follower that does not listen: it folds when it is asked."""
    return Follower(engine, country.database.app_url)


async def test_there_is_something_to_fold(follower: Follower, country: SmallCountry) -> None:
    watch = await follower.of(country.mission_id)
    assert len(watch.received) > 200
    assert rates(watch, "voting")
    assert rates(watch, "counting")
    assert quick_counts(watch)[0].count is not None


async def test_after_quarantine_and_its_end_the_fold_equals_a_recomputation(
    follower: Follower, country: SmallCountry, engine: AsyncEngine
) -> None:
    before = figures(await follower.of(country.mission_id))
    chosen = [
        row[0]
        for row in country.execute(
            "SELECT id FROM report WHERE status = 'received' ORDER BY id LIMIT 40"
        )
    ]
    for status, ids in (("quarantined", chosen), ("verified", chosen[:25])):
        country.execute(
            "UPDATE report SET status = %s, changed = %s WHERE id = ANY(%s)",
            status,
            country.tick(),
            ids,
        )
        watch = await follower.of(country.mission_id)
        assert figures(watch) == figures(await fresh(country, engine))
        assert figures(watch) != before


async def test_what_a_person_decided_is_folded_as_a_recomputation_reads_it(
    follower: Follower, country: SmallCountry, engine: AsyncEngine, asking: httpx.AsyncClient
) -> None:
    watch = await follower.of(country.mission_id)
    chosen = country.execute(
        "SELECT id FROM report WHERE status IN ('received', 'flagged') ORDER BY id LIMIT 6"
    )
    for status in ("quarantined", "verified", "received"):
        before = figures(watch)
        for (report,) in chosen:
            given = {"status": status, "reason": "The team was called."}
            answer = await asking.post(f"reports/{report}/decision", json=given)
            assert answer.status_code == 200, answer.text
        assert await follower.of(country.mission_id) is watch
        assert figures(watch) == figures(await fresh(country, engine))
        assert figures(watch) != before


async def test_after_a_correction_the_fold_equals_a_recomputation(
    follower: Follower, country: SmallCountry, engine: AsyncEngine
) -> None:
    await follower.of(country.mission_id)
    (report, rules, codes, author, answers) = country.execute(
        "SELECT r.id, j.rules_id, j.codes, v.author_id, v.answers FROM report r JOIN judgement j"
        " ON j.report_id = r.id JOIN report_version v ON v.report_id = r.id WHERE"
        " r.status = 'received' AND r.version = 1 AND v.answers ? 'contestant_votes' LIMIT 1"
    )[0]
    correct(country, report, rules, bytes(len(codes)), author)
    watch = await follower.of(country.mission_id)
    assert figures(watch) == figures(await fresh(country, engine))
    assert report not in watch.protocols
    assert answers["contestant_votes"]


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


async def test_a_figure_is_never_older_than_the_last_commit_seen(
    follower: Follower, country: SmallCountry
) -> None:
    await follower.of(country.mission_id)
    reading = country.tick()
    assert (await follower.of(country.mission_id)).sequence == reading


@pytest.mark.parametrize(
    "name",
    [
        "pledge.sign",
        "session.end",
        "statement.draft",
        "register.open.conduct",
        "declaration.accepted",
        "identity.open",
        "briefings.import",
        "enrolment.issue",
        "passkey.add",
    ],
)
async def test_an_act_beside_the_setting_loads_nothing_anew(
    follower: Follower, country: SmallCountry, name: str
) -> None:
    watch = await follower.of(country.mission_id)
    country.act(name)
    assert await follower.of(country.mission_id) is watch
    assert watch.sequence == country.tick() - 1


@pytest.fixture
async def team(country: SmallCountry, follower: Follower) -> AsyncIterator[str]:
    """A team that is overdue, of which nothing came, and that nobody has called; nobody has,
    afterwards."""
    watch = await follower.of(country.mission_id)
    silent = (
        each.deployment
        for each in to_call(watch, 500)
        if each.place not in watch.received.places(Kind(each.kind))
    )
    found = next(each for each in silent if each not in watch.calls)
    yield found
    country.execute("DELETE FROM call WHERE deployment_id = %s", found)
    country.act("deployment.assign")


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


def unreachable(watch: Watch) -> int:
    """How many reports are missing of teams that cannot be reached."""
    return sum(each.reports[Fate.UNREACHABLE] for each in dispositions(watch, "stage"))


async def test_a_call_is_taken_in_without_loading_anything_anew(
    follower: Follower, country: SmallCountry, engine: AsyncEngine, team: str
) -> None:
    watch = await follower.of(country.mission_id)
    before = unreachable(watch)
    assert team not in watch.calls
    for outcome in ("no_answer", "reached", "unreachable"):
        call(country, team, outcome)
        assert await follower.of(country.mission_id) is watch
        anew = await fresh(country, engine)
        assert watch.calls == anew.calls
        assert watch.calls[team].outcome == outcome
        assert figures(watch) == figures(anew)
        assert (unreachable(watch) == before) == (outcome == "reached")


async def test_who_listens_is_told_that_coverage_moved_when_a_team_was_called(
    follower: Follower, country: SmallCountry, team: str
) -> None:
    await follower.of(country.mission_id)
    async with follower.listening(country.mission_id) as news:
        call(country, team, "no_answer")
        await follower.of(country.mission_id)
        assert news.get_nowait().changed == ("coverage",)


async def test_what_was_loaded_at_once_is_not_looked_through_for_garbage(
    follower: Follower, country: SmallCountry
) -> None:
    gc.unfreeze()
    await follower.of(country.mission_id)
    assert gc.get_freeze_count()
    gc.unfreeze()


async def test_a_changed_setting_is_loaded_anew(follower: Follower, country: SmallCountry) -> None:
    watch = await follower.of(country.mission_id)
    country.act("deployment.assign")
    again = await follower.of(country.mission_id)
    assert again is not watch
    assert len(watch.received)
    assert again.received.statuses == watch.received.statuses
    assert sorted(again.received.values(), key=repr) == sorted(watch.received.values(), key=repr)


async def test_a_commit_is_heard_without_anyone_asking(
    follower: Follower, country: SmallCountry
) -> None:
    await follower.of(country.mission_id)
    await follower.start()
    try:
        async with follower.listening(country.mission_id) as queue:
            for _ in range(100):
                reading = country.tick()
                country.execute(NOTIFY, str(country.mission_id))
                if await heard(queue, 0.1):
                    break
            assert (await follower.of(country.mission_id)).sequence >= reading
    finally:
        await follower.stop()


async def heard(queue: "asyncio.Queue[Folded]", seconds: float) -> bool:
    """Whether something was told within so many seconds."""
    try:
        await asyncio.wait_for(queue.get(), seconds)
    except TimeoutError:
        return False
    return True


async def test_a_lost_connection_is_made_again_and_what_was_missed_is_folded(
    follower: Follower, country: SmallCountry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RECONNECT_SECONDS", 0.05)
    await follower.of(country.mission_id)
    await follower.start()
    try:
        async with follower.listening(country.mission_id) as queue:
            for _ in range(100):
                country.tick()
                country.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
                )
                if await heard(queue, 0.2):
                    break
            else:
                pytest.fail("what was missed was not folded")
    finally:
        await follower.stop()


async def test_a_notice_that_names_no_mission_changes_nothing(
    follower: Follower, country: SmallCountry
) -> None:
    await follower.of(country.mission_id)
    await follower.start()
    try:
        async with follower.listening(country.mission_id) as queue:
            country.execute(NOTIFY, "nonsense")
            for _ in range(100):
                country.tick()
                country.execute(NOTIFY, str(country.mission_id))
                if await heard(queue, 0.1):
                    return
            pytest.fail("the follower no longer listens")
    finally:
        await follower.stop()


async def test_a_listener_that_does_not_read_costs_one_item(
    follower: Follower, country: SmallCountry
) -> None:
    await follower.of(country.mission_id)
    async with follower.listening(country.mission_id) as queue:
        for _ in range(20):
            last = country.tick()
            await follower.of(country.mission_id)
        assert queue.qsize() == 1
        assert queue.get_nowait().sequence == last


async def test_missions_nobody_reads_any_more_are_let_go(
    follower: Follower, country: SmallCountry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MISSIONS", 0)
    first = await follower.of(country.mission_id)
    assert await follower.of(country.mission_id) is not first
    async with follower.listening(country.mission_id):
        kept = await follower.of(country.mission_id)
        assert await follower.of(country.mission_id) is kept


async def test_folding_and_reading_at_once_never_meet(
    follower: Follower, country: SmallCountry, engine: AsyncEngine
) -> None:
    async def read() -> None:
        for _ in range(10):
            watch = await follower.of(country.mission_id)
            await asyncio.to_thread(coverage_by, watch, "area")
            await asyncio.to_thread(rates_by_area, watch, "voting")

    async def change() -> None:
        for _ in range(10):
            country.execute("UPDATE report SET changed = %s", country.tick())
            await follower.of(country.mission_id)

    await asyncio.gather(read(), change(), read())
    assert figures(await follower.of(country.mission_id)) == figures(await fresh(country, engine))


async def test_a_follower_stopped_while_it_connects_leaves_nothing_half_open(
    country: SmallCountry, engine: AsyncEngine
) -> None:
    half_open = "SELECT pid FROM pg_stat_activity WHERE state = 'starting'"
    stopped = []
    for step in range(12):
        follower = Follower(engine, country.database.app_url)
        await follower.start()
        await asyncio.sleep(step / 1000)
        await follower.stop()
        stopped.append(follower)
    left = set(country.execute(half_open))
    for _ in range(30):
        if not left:
            return
        await asyncio.sleep(0.1)
        left &= set(country.execute(half_open))
    pytest.fail("a connection was given up before it had said its name")
