"""A new snapshot of a statement: counted anew in one act, shown as moves, accepted by section."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements import Block
from analytics.statements.snapshot import Numbers, freeze
from api.audit.unit_of_work import AsyncWork, Work
from api.auth.principal import Principal
from api.figures.ask import Figures
from api.figures.changes import clock_of
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.statements.blocks import (
    BLOCK,
    BlockNow,
    block_now,
    blocks_now,
    is_open,
    numbers_in,
    rows_of_blocks,
    sections_filled,
)
from api.statements.draft import counted_now
from api.statements.keeping import Draft, keep_snapshot
from api.statements.matching import matched
from api.statements.moves import as_now, moves_between
from api.statements.rewriting import rewrite_blocks
from api.statements.versions import (
    Given,
    back_to_draft,
    statement_for_writing,
)
from schemas.columns import now
from schemas.election import Round
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Finding, Snapshot, Statement, StatementKind, StatementState


class SnapshotAccepted(Given):
    """The sections whose numbers are taken from the new snapshot (null: all)."""

    sections: list[str] | None = None


async def count_anew(
    work: AsyncWork, figures: Figures, who: Principal, statement_id: UUID
) -> dict[str, Any]:
    """Count a statement's numbers anew and compose it with them, without changing its text: what
    moved. Problems: 404; 409 once it is approved, and where no number is another one."""
    who.must(Right.WRITE_STATEMENTS)
    statement = await _open(work.session, who, statement_id)
    draft = await _counted(work.session, figures, who, statement, work.clock - 1)
    texts = _filled(draft)
    was = await work.session.get_one(Snapshot, (who.mission_id, statement.snapshot_id))
    stands = await work.session.run_sync(lambda plain: blocks_now(plain, statement))  # type: ignore[arg-type]
    fresh = as_now(texts, statement.language)
    moves = moves_between(was.numbers, draft.composed.numbers, [*stands, *fresh])
    if not moves:
        raise Problem(CONFLICT, "No number of the statement is another one now.")
    snapshot = await keep_snapshot(work, draft)
    statement.proposed_id = snapshot.id
    statement.proposed = {
        language: [each.model_dump(mode="json") for each in blocks]
        for language, blocks in texts.items()
    }
    work.session.add(statement)
    work.log("statement.count_anew", statement.id, snapshot.sha256)
    return {
        "snapshot": {"id": snapshot.id, "sha256": snapshot.sha256, "sequence": snapshot.counted_at},
        "items": [each.as_sent() for each in moves],
    }


async def moves_now(
    session: AsyncSession, figures: Figures, who: Principal, statement_id: UUID
) -> dict[str, Any]:
    """What moved since a statement's snapshot, as it is counted now; nothing is kept. Problems:
    404; 409 once it is approved."""
    who.must(Right.SEE_DRAFTS)
    statement = await _open(session, who, statement_id)
    clock = await clock_of(session, who)
    draft = await _counted(session, figures, who, statement, clock, with_reports=False)
    was = await session.get_one(Snapshot, (who.mission_id, statement.snapshot_id))
    stands = await session.run_sync(lambda plain: blocks_now(plain, statement))  # type: ignore[arg-type]
    moves = moves_between(was.numbers, draft.composed.numbers, stands)
    return {"sequence": draft.clock, "items": [each.as_sent() for each in moves], "next": None}


def accept_snapshot(
    work: Work, who: Principal, statement_id: UUID, given: SnapshotAccepted
) -> dict[str, Any]:
    """Take the numbers of the new snapshot for some sections, or all: composed text is that of the
    new snapshot, what a person wrote keeps its words and says the new number. One number is one in
    all sections. Problems: 404; 409 without a new snapshot; 422 for an unknown section."""
    statement = statement_for_writing(work, who, statement_id)
    rows = rows_of_blocks(work.session, statement)
    was, proposed = _snapshots(work, statement)
    stands = [block_now(row) for row in rows]
    fresh = matched(stands, _proposed(statement), was.numbers, proposed.numbers)
    sections = _sections(given, [*stands, *fresh])
    is_all = given.sections is None
    taken = {
        number_id
        for each in (*stands, *fresh)
        if is_all or each.section in sections
        for number_id in _numbers(each)
    }
    numbers = _mixed(was.numbers, proposed.numbers, taken, is_all=is_all)
    moves = [
        each
        for each in moves_between(was.numbers, numbers, [*stands, *fresh])
        if is_all or set(each.sections) & sections
    ]
    if not moves:
        raise Problem(CONFLICT, "No number of these sections is another one.")
    statement.snapshot_id = _keep(work, statement, was, proposed, numbers, taken).id
    rewrite_blocks(work, who, statement, rows, fresh, sections, numbers, moves)
    left = moves_between(numbers, proposed.numbers, fresh)
    if is_all or not left:
        statement.proposed_id, statement.proposed = None, None
    was_in_review = back_to_draft(statement)
    work.session.add(statement)
    work.session.flush()
    note = "all" if is_all else ", ".join(sorted(sections))
    work.log("statement.accept_snapshot", statement.id, str(statement.snapshot_id), note=note)
    return {
        "state": StatementState(statement.state).shown,
        "back_to_draft": was_in_review,
        "items": [each.as_sent() for each in moves],
        "left": [] if is_all else [each.as_sent() for each in left],
    }


def refuse_snapshot(work: Work, who: Principal, statement_id: UUID) -> dict[str, Any]:
    """Leave the new snapshot: the statement keeps its own. Problems: 404; 409 without one."""
    statement = statement_for_writing(work, who, statement_id)
    _snapshots(work, statement)
    statement.proposed_id, statement.proposed = None, None
    work.session.add(statement)
    work.log("statement.refuse_snapshot", statement.id)
    return {"state": StatementState(statement.state).shown}


async def _open(session: AsyncSession, who: Principal, statement_id: UUID) -> Statement:
    found = await session.get(Statement, (who.mission_id, statement_id))
    if found is None:
        raise Problem(NOT_FOUND)
    if not is_open(found):
        raise Problem(CONFLICT, "The statement is approved or out: its numbers stay.")
    if found.corrects is not None:
        raise Problem(CONFLICT, "A correction keeps the numbers of its table: draft another one.")
    return found


async def _counted(
    session: AsyncSession,
    figures: Figures,
    who: Principal,
    statement: Statement,
    clock: int,
    *,
    with_reports: bool = True,
) -> Draft:
    code = select(Round.code).where(
        Round.mission_id == who.mission_id, Round.id == statement.round_id
    )
    round_code = (await session.execute(code)).scalar_one()
    return await counted_now(
        session,
        figures,
        who,
        statement.written_in,
        round_code,
        at_least=clock,
        kind=StatementKind(statement.kind),
        with_reports=with_reports,
    )


def _filled(draft: Draft) -> dict[str, list[Block]]:
    return {language: sections_filled(blocks) for language, blocks in draft.composed.texts.items()}


def _snapshots(work: Work, statement: Statement) -> tuple[Snapshot, Snapshot]:
    if statement.proposed_id is None:
        raise Problem(CONFLICT, "No new snapshot waits: count anew first.")
    of = statement.mission_id
    was = work.session.get_one(Snapshot, (of, statement.snapshot_id))
    return was, work.session.get_one(Snapshot, (of, statement.proposed_id))


def _proposed(statement: Statement) -> list[BlockNow]:
    texts = {
        language: [BLOCK.validate_python(each) for each in blocks]
        for language, blocks in (statement.proposed or {}).items()
    }
    return as_now(texts, statement.language)


def _sections(given: SnapshotAccepted, blocks: Sequence[BlockNow]) -> set[str]:
    known = {each.section for each in blocks}
    if given.sections is None:
        return known
    unknown = set(given.sections) - known
    if unknown or not given.sections:
        raise Refusal(f"there are the sections {', '.join(sorted(known))}.", "sections")
    return set(given.sections)


def _numbers(block: BlockNow) -> list[str]:
    return [each for language in block.contents for each in numbers_in(block.block(language))]


def _mixed(was: Numbers, new: Numbers, taken: set[str], *, is_all: bool) -> dict[str, Any]:
    """The numbers that stand afterwards; one that is counted no more stays for who says it."""
    if is_all:
        return {**{each: was[each] for each in taken if each in was}, **new}
    return {**was, **{each: new[each] for each in taken if each in new}}


def _keep(
    work: Work,
    statement: Statement,
    was: Snapshot,
    proposed: Snapshot,
    numbers: Mapping[str, Any],
    taken: set[str],
) -> Snapshot:
    """The snapshot of these numbers: the new one itself where it has just them, else one of both,
    with the findings of both."""
    frozen = freeze(numbers)
    if frozen.sha256 == proposed.sha256:
        return proposed
    made = Snapshot(
        mission_id=statement.mission_id,
        round_id=statement.round_id,
        sequence=work.clock,
        as_of=was.counted_at,
        frozen_at=now(),
        sha256=frozen.sha256,
        numbers=dict(frozen.numbers),
    )
    work.session.add(made)
    work.session.flush()
    found: dict[str, Finding] = {}
    for snapshot in (was, proposed):
        query = select(Finding).where(
            Finding.mission_id == statement.mission_id, col(Finding.snapshot_id) == snapshot.id
        )
        for each in work.session.exec(query):
            if snapshot is was or each.code in taken:
                found[each.code] = each
    for each in found.values():
        if each.code in numbers:
            copied = each.model_dump(exclude={"id", "snapshot_id"})
            work.session.add(Finding(**copied, snapshot_id=made.id))
    return made
