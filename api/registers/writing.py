"""Writing registers: rows added and completed; each act in the audit log."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.audit.unit_of_work import AsyncWork, UnitOfWork, writing
from api.auth.principal import Principal
from api.database.sessions import unsealed
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.registers.reading import CODES, known_of, must_be_in_order, read_row
from api.registers.register import Register, Row
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
    session: AsyncSession,
    who: Principal,
    register: Register,
    after: UUID | None = None,
    limit: int = 1000,
) -> list[Shown]:
    """Rows as they are shown, newest first. Opening a restricted register is itself noted."""
    register.must_read(who)
    noun: Any = register.noun
    columns = [getattr(noun, each) for each in _columns(register)]
    query = select(*columns).where(noun.mission_id == who.mission_id).order_by(col(noun.id).desc())
    if after is not None:
        query = query.where(col(noun.id) < after)
    query = _bounded(query, noun, who)
    if not register.restricted:
        rows = (await session.execute(query.limit(limit))).all()
        return await _shown(session, who, register, rows)
    async with writing(session, who, though_closed=True) as work:
        work.log(f"register.open.{register.name}", register.name)
        async with unsealed(session):
            rows = (await session.execute(query.limit(limit))).all()
    return await _shown(session, who, register, rows)


def _bounded(query: Any, noun: Any, who: Principal) -> Any:
    """A core-team analyst reads the notes of their own sections."""
    if who.sections and hasattr(noun, "section"):
        return query.where(col(noun.section).in_(who.sections))
    return query


async def add_row(
    session: AsyncSession, who: Principal, register: Register, given: Mapping[str, Any]
) -> Shown:
    """Add a row. Problems: 422 naming the field, 409 where it stands."""
    register.must_write(who)
    known = await known_of(session, who.mission_id)
    row = await read_row(session, known, register, given, register.fields)
    must_be_in_order(register, row)
    made: Any = register.noun(
        mission_id=who.mission_id,
        **row,
        **{register.recorded_by: who.holder_id, register.recorded_at: now()},
    )
    async with writing(session, who) as work:
        work.log(f"register.add.{register.name}", made.id, _said(row))
        async with opened(session, register):
            session.add(made)
            try:
                await session.flush()
            except IntegrityError:
                raise Problem(CONFLICT, "One with this number or code stands already.") from None
        told = await _tell(work, register, made)
    return await _one_shown(session, who, register, made) | told


async def _tell(work: AsyncWork, register: Register, made: Any) -> Shown:
    """Tell observers of a row, where the register does so: ``told`` is how many."""
    tell = register.tell
    if tell is None:
        return {}

    def told(plain: Any) -> int:
        return tell(UnitOfWork(plain, work.mission_id, work.clock, work.actor), made)

    return {"told": await work.session.run_sync(told)}


async def change_row(
    session: AsyncSession,
    who: Principal,
    register: Register,
    row_id: UUID,
    given: Mapping[str, Any],
) -> Shown:
    """Fill in what may be filled in later. Problems: 404, 422 naming the field."""
    register.must_write(who)
    known = await known_of(session, who.mission_id)
    row = await read_row(session, known, register, given, register.later())
    async with writing(session, who) as work:
        work.log(f"register.change.{register.name}", row_id, _said(row))
        async with opened(session, register):
            found: Any = await session.get(register.noun, (who.mission_id, row_id))
            if found is None:
                raise Problem(NOT_FOUND)
            must_be_in_order(register, found.model_dump() | row)
            for name, value in row.items():
                setattr(found, name, value)
            session.add(found)
            await session.flush()
    return await _one_shown(session, who, register, found)


def _said(row: Row) -> bytes:
    return orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS)


def _columns(register: Register) -> list[str]:
    """What is shown of a row, by the names of its columns."""
    return ["id", *map(register.column, register.fields), register.recorded_at]


async def _one_shown(
    session: AsyncSession, who: Principal, register: Register, row: object
) -> Shown:
    values = [getattr(row, each) for each in _columns(register)]
    return (await _shown(session, who, register, [values]))[0]


async def _shown(
    session: AsyncSession, who: Principal, register: Register, rows: Sequence[Sequence[Any]]
) -> list[Shown]:
    """Rows, each the values of its columns; what they refer to is called by its code."""
    keys = ["id", *(each.name for each in register.fields), "recorded_at"]
    shown = [dict(zip(keys, row, strict=True)) for row in rows]
    for field in register.fields:
        if field.kind in CODES:
            ids = {row[field.name] for row in shown} - {None}
            names = await _names(session, who, field.kind, ids)
            for row in shown:
                row[field.name] = names.get(row[field.name])
    return shown


async def _names(
    session: AsyncSession, who: Principal, kind: str, ids: Collection[UUID]
) -> dict[UUID, str]:
    """What the things of a kind that rows refer to are called."""
    noun, column = CODES[kind]
    query = select(noun.id, getattr(noun, column)).where(
        noun.mission_id == who.mission_id, col(noun.id).in_(ids)
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}
