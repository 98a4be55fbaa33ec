"""Figures of sources in a text: what ``{source:ID}`` names comes into the statement's snapshot."""

import re
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from analytics.statements.markdown import SOURCE
from analytics.statements.snapshot import freeze
from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.statements.sources import source_numbers
from schemas.columns import now
from schemas.rights import Right
from schemas.statement import Finding, Snapshot, Statement

_NAMED = re.compile(r"\{source:([^{}\\]+)\}")


async def take_sources(work: AsyncWork, who: Principal, statement_id: UUID, text: Any) -> None:
    """Add the figures that a text names to the snapshot of its statement, in the unit of work that
    writes the text. What no source has is left to whoever reads the text, who refuses it."""
    who.must(Right.WRITE_STATEMENTS)
    wanted = {SOURCE + each for each in _NAMED.findall(str(text))}
    statement = await work.session.get(Statement, (who.mission_id, statement_id))
    if statement is None or not wanted:
        return
    was = await work.session.get_one(Snapshot, (who.mission_id, statement.snapshot_id))
    known = await source_numbers(work.session, who.mission_id)
    new = {each: known[each] for each in wanted if each in known and each not in was.numbers}
    if not new:
        return
    frozen = freeze({**was.numbers, **new})
    made = Snapshot(
        mission_id=who.mission_id,
        round_id=was.round_id,
        sequence=work.clock,
        as_of=was.counted_at,
        frozen_at=now(),
        sha256=frozen.sha256,
        numbers=dict(frozen.numbers),
    )
    work.session.add(made)
    await work.session.flush()
    findings = select(Finding).where(
        Finding.mission_id == who.mission_id, col(Finding.snapshot_id) == was.id
    )
    for each in (await work.session.execute(findings)).scalars():
        copied = each.model_dump(exclude={"id", "snapshot_id"})
        work.session.add(Finding(**copied, snapshot_id=made.id))
    statement.snapshot_id = made.id
    work.session.add(statement)
    await work.session.flush()
