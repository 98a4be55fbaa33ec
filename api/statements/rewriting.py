"""Blocks of a statement rewritten for a new snapshot: composed ones anew, a person's with its
numbers."""

from collections.abc import Sequence

from analytics.statements.markdown import References
from analytics.statements.snapshot import Numbers
from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.statements.blocks import BlockNow, marks_of
from api.statements.matching import FOLLOWS
from api.statements.moves import Move, bound_anew, bounds_in
from api.statements.versions import new_version, number_rows
from schemas.columns import now
from schemas.statement import Statement
from schemas.statement_block import StatementBlock

GONE = "The new snapshot counts nothing for this block."


def rewrite_blocks(
    work: Work,
    who: Principal,
    statement: Statement,
    rows: list[StatementBlock],
    fresh: Sequence[BlockNow],
    sections: set[str],
    numbers: Numbers,
    moves: Sequence[Move],
) -> None:
    """Each block that says a number which moved, and each composed one of the sections, anew."""
    new = {each.id: each for each in fresh}
    moved = [each.number_id for each in moves if each.number_id in numbers]
    marks = dict(marks_of([each.contents for each in rows]))
    said = {
        language: list(bounds_in([each.contents.get(language) for each in fresh]))
        for language in statement.written_in
    }
    for row in rows:
        own = new.get(row.id) if row.section in sections else None
        contents = {
            language: own.contents[language]
            if own and each.get("origin") in FOLLOWS and language in own.contents
            else bound_anew(
                each, moved, References(numbers, language, marks=marks), said.get(language, ())
            )
            for language, each in row.contents.items()
        }
        is_gone = row.section in sections and row.id not in new and _is_composed(row)
        if is_gone and not row.hidden:
            new_version(work, who, row, reason="new snapshot", hidden=GONE)
        elif contents != row.contents:
            new_version(work, who, row, reason="new snapshot", contents=contents)
        work.session.add(row)
    _add_new(work, who, statement, rows, [each for each in fresh if each.section in sections])


def _is_composed(row: StatementBlock) -> bool:
    return all(each.get("origin") == "composed" for each in row.contents.values())


def _add_new(
    work: Work,
    who: Principal,
    statement: Statement,
    rows: list[StatementBlock],
    fresh: Sequence[BlockNow],
) -> None:
    """Blocks that the new snapshot brings, each behind the one that it was composed behind."""
    known, order = {each.id for each in rows}, list(rows)
    last: str | None = None
    for each in fresh:
        if each.id not in known:
            at = next((n for n, row in enumerate(order, 1) if row.id == last), len(order))
            made = StatementBlock(
                mission_id=statement.mission_id,
                statement_id=statement.id,
                id=each.id,
                position=at,
                section=each.section,
                contents=dict(each.contents),
                reason="new snapshot",
                changed_by=who.holder_id,
                changed_at=now(),
            )
            work.session.add(made)
            order.insert(at, made)
        last = each.id
    number_rows(order)
