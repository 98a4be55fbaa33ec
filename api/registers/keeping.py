"""Keeping a register: its rows shown, added, and completed; each act in the audit log."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.audit import audit_entry
from api.database.sessions import advance_clock, notify, unsealed
from api.identity import Principal
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.registers.reading import CODES, known_of, must_be_in_order, read_row
from api.registers.register import Field, Register, Row
from schemas.columns import now

Shown = dict[str, Any]


@asynccontextmanager
async def opened(session: AsyncSession, register: Register) -> AsyncIterator[None]:
    """The right to the register's table, for as long as it is needed."""
    if not register.restricted:
        yield
        return
    async with unsealed(session):
        yield


async def rows_of(
    session: AsyncSession, who: Principal, register: Register, after: UUID | None = None,
    limit: int = 1000,
) -> list[Shown]:  # fmt: skip
    """Rows as they are shown, newest first. Opening a restricted register is itself noted."""
    register.must_read(who)
    noun: Any = register.noun
    query = select(noun).where(noun.mission_id == who.mission_id).order_by(col(noun.id).desc())
    if after is not None:
        query = query.where(col(noun.id) < after)
    query = _bounded(query, noun, who)
    if register.restricted:
        await _note(session, who, f"register.open.{register.name}", register.name, b"")
    async with opened(session, register):
        rows = list((await session.execute(query.limit(limit))).scalars())
    names = await _names(session, who, register, rows)
    return [_shown(register, row, names) for row in rows]


def _bounded(query: Any, noun: Any, who: Principal) -> Any:
    """A core-team analyst reads the notes of their own sections."""
    if who.sections and hasattr(noun, "section"):
        return query.where(col(noun.section).in_(who.sections))
    return query


async def add_row(
    session: AsyncSession, who: Principal, register: Register, given: Mapping[str, Any]
) -> Shown:
    """Add a row; the caller commits. Problems: 422 naming the field, 409 where it stands."""
    register.must_write(who)
    known = await known_of(session, who.mission_id)
    row = await read_row(session, known, register, given, register.fields)
    must_be_in_order(register, row)
    made: Any = register.noun(
        mission_id=who.mission_id, **row,
        **{register.recorded_by: who.holder_id, register.recorded_at: now()},
    )  # fmt: skip
    await _note(session, who, f"register.add.{register.name}", str(made.id), _said(row))
    async with opened(session, register):
        session.add(made)
        try:
            await session.flush()
        except IntegrityError:
            raise Problem(CONFLICT, "One with this number or code stands already.") from None
    return _shown(register, made, await _names(session, who, register, [made]))


async def change_row(
    session: AsyncSession, who: Principal, register: Register, row_id: UUID,
    given: Mapping[str, Any],
) -> Shown:  # fmt: skip
    """Fill in what may be filled in later. Problems: 404, 422 naming the field."""
    register.must_write(who)
    known = await known_of(session, who.mission_id)
    row = await read_row(session, known, register, given, register.later())
    await _note(session, who, f"register.change.{register.name}", str(row_id), _said(row))
    async with opened(session, register):
        found: Any = await session.get(register.noun, (who.mission_id, row_id))
        if found is None:
            raise Problem(NOT_FOUND)
        must_be_in_order(register, found.model_dump() | row)
        for name, value in row.items():
            setattr(found, name, value)
        session.add(found)
        await session.flush()
    return _shown(register, found, await _names(session, who, register, [found]))


async def _note(
    session: AsyncSession, who: Principal, act: str, subject: str, content: bytes
) -> None:
    looks = act.startswith("register.open.")
    sequence = await advance_clock(session, who.mission_id, though_closed=looks)
    entry = audit_entry(who.mission_id, sequence, act, subject, content, actor=who.holder_id)
    session.add(entry)
    await notify(session, who.mission_id)
    await session.flush()


def _said(row: Row) -> bytes:
    return orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS)


async def _names(
    session: AsyncSession, who: Principal, register: Register, rows: Sequence[Any]
) -> dict[UUID, str]:
    """What the things that rows refer to are called."""
    names: dict[UUID, str] = {}
    for field in register.fields:
        if field.kind in CODES:
            noun, column = CODES[field.kind]
            ids = {getattr(row, register.column(field)) for row in rows} - {None}
            query = select(noun.id, getattr(noun, column)).where(
                noun.mission_id == who.mission_id, col(noun.id).in_(ids)
            )
            names |= {row[0]: row[1] for row in (await session.execute(query)).all()}
    return names


def _shown(register: Register, row: Any, names: Mapping[UUID, str]) -> Shown:
    def value(field: Field) -> Any:
        held = getattr(row, register.column(field))
        return names.get(held) if field.kind in CODES else held

    return {
        "id": row.id, **{field.name: value(field) for field in register.fields},
        "recorded_at": getattr(row, register.recorded_at),
    }  # fmt: skip
