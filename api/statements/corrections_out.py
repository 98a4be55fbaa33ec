"""Corrections as documents say them: those of a statement, and the statement that one corrects."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.documents import Corrected, Correction
from analytics.statements.snapshot import Numbers, worded
from api.auth.principal import Principal
from api.auth.visible import visible_statements
from api.statements.editor import phrases_of
from schemas.columns import now
from schemas.statement import Snapshot, Statement, StatementState


def issued(statement: Statement) -> datetime | None:
    """When it is out: at its release, or at the end of an embargo that outlasts it."""
    released, embargo = statement.released_at, statement.embargo_until
    if statement.state != StatementState.RELEASED or released is None:
        return None
    return max(released, embargo) if embargo else released


async def corrections_out(
    session: AsyncSession,
    who: Principal,
    statement: Statement,
    frozen: Snapshot,
    base: str,
    language: str,
) -> list[Correction]:
    """The corrections of a statement that are out for everybody, oldest first, each with what it
    changed, as ``language`` says it. ``base`` is the address that an id is put behind."""
    query = visible_statements(who).where(col(Statement.corrects) == statement.id)
    rows = (await session.execute(query.order_by(col(Statement.released_at)))).scalars()
    out = [(each, at) for each in rows if (at := issued(each)) is not None and at <= now()]
    kept = select(Snapshot.id, Snapshot.numbers).where(
        Snapshot.mission_id == statement.mission_id,
        col(Snapshot.id).in_([each.snapshot_id for each, _ in out]),
    )
    phrases = await phrases_of(session, frozen, language) if out else {}
    numbers = {row[0]: row[1] for row in (await session.execute(kept)).all()} if out else {}
    return [
        Correction(
            address=f"{base}{each.id}",
            issued_at=at,
            numbers=frozenset(item["number_id"] for item in _items(each)),
            moved=_moved(each, frozen.numbers, numbers[each.snapshot_id], language, phrases),
        )
        for each, at in out
    ]


def _items(correction: Statement) -> list[dict[str, str]]:
    return list((correction.correction or {}).get("items", ()))


def _moved(
    correction: Statement,
    was: Numbers,
    now_said: Numbers,
    language: str,
    phrases: Mapping[str, str],
) -> tuple[tuple[str, str, str], ...]:
    """What each corrected number is of, how it was and is; where a snapshot lacks it, as the
    correction has it."""
    moved = []
    for item in _items(correction):
        key, both = item["number_id"], (item["old"], item["new"])
        if key in was and key in now_said:
            both = (worded(was, key, language), worded(now_said, key, language))
        moved.append((phrases.get(key, ""), *both))
    return tuple(moved)


async def corrected_one(
    session: AsyncSession, who: Principal, statement: Statement, base: str
) -> Corrected | None:
    """The statement that this one corrects, and which of its corrections this is; None where it
    corrects none."""
    if statement.corrects is None:
        return None
    query = visible_statements(who).where(col(Statement.id) == statement.corrects)
    found: Statement | None = (await session.execute(query)).scalars().first()
    at = issued(found) if found is not None else None
    if found is None or at is None:
        return None
    others = visible_statements(who).where(
        col(Statement.corrects) == found.id,
        col(Statement.id) != statement.id,
        col(Statement.released_at) <= (statement.released_at or now()),
    )
    before = len((await session.execute(others)).scalars().all())
    return Corrected(f"{base}{found.id}", found.kind, found.version_number, at, before + 1)
