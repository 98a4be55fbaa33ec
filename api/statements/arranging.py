"""What is done with a block as it stands: accept, hide, show, move, restore."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import CONFLICT, Problem
from api.statements.blocks import rows_of_blocks
from api.statements.versions import (
    Given,
    block_row,
    done,
    must_say_why,
    new_version,
    number_rows,
    place_behind,
    statement_for_writing,
    versions_of,
)
from schemas.problems import Refusal


class BlockReason(Given):
    """An act on a block with why it is done, and the version that was read."""

    reason: str = Field(max_length=2000)
    version: int


class BlockMove(Given):
    """Where a block goes: behind another one, or to the beginning (null)."""

    after: str | None
    version: int


class BlockRestored(Given):
    """The earlier version that becomes the newest again."""

    to: int
    version: int


def accept_block(
    work: Work, who: Principal, statement_id: UUID, block_id: str, given: BlockReason
) -> dict[str, Any]:
    """Stand by the words that a rule composed. Problems: as :func:`write_block`."""
    statement = statement_for_writing(work, who, statement_id)
    row = block_row(work, statement, block_id, given.version)
    must_say_why(given.reason)
    if not any(each.get("origin") == "composed" for each in row.contents.values()):
        raise Problem(CONFLICT, "No rule composed these words, or somebody accepted them already.")
    contents = {
        language: {**each, "origin": "accepted"} if each.get("origin") == "composed" else each
        for language, each in row.contents.items()
    }
    new_version(work, who, row, reason=given.reason, contents=contents)
    return done(work, statement, row, "statement.accept")


def hide_block(
    work: Work, who: Principal, statement_id: UUID, block_id: str, given: BlockReason
) -> dict[str, Any]:
    """Leave a block out of what is published. Problems: as :func:`write_block`."""
    statement = statement_for_writing(work, who, statement_id)
    row = block_row(work, statement, block_id, given.version)
    must_say_why(given.reason)
    if row.hidden:
        raise Problem(CONFLICT, "The block is hidden already.")
    new_version(work, who, row, reason=given.reason, hidden=given.reason.strip())
    return done(work, statement, row, "statement.hide")


def show_block(
    work: Work, who: Principal, statement_id: UUID, block_id: str, given: BlockReason
) -> dict[str, Any]:
    """Let a hidden block stand in the statement again. Problems: as :func:`write_block`."""
    statement = statement_for_writing(work, who, statement_id)
    row = block_row(work, statement, block_id, given.version)
    if not row.hidden:
        raise Problem(CONFLICT, "The block is not hidden.")
    new_version(work, who, row, reason=given.reason, hidden="")
    return done(work, statement, row, "statement.show")


def move_block(
    work: Work, who: Principal, statement_id: UUID, block_id: str, given: BlockMove
) -> dict[str, Any]:
    """Put a block behind another one, into its section. Problems: as :func:`write_block`."""
    statement = statement_for_writing(work, who, statement_id)
    row = block_row(work, statement, block_id, given.version)
    others = [each for each in rows_of_blocks(work.session, statement) if each.id != row.id]
    place, section = place_behind(others, given.after)
    before = [each.id for each in rows_of_blocks(work.session, statement)]
    if before == [each.id for each in (*others[:place], row, *others[place:])]:
        raise Refusal("The block stands there already.", "after")
    new_version(
        work, who, row, section=section or row.section, contents=_in_section(row.contents, section)
    )
    number_rows([*others[:place], row, *others[place:]])
    return done(work, statement, row, "statement.move")


def restore_block(
    work: Work, who: Principal, statement_id: UUID, block_id: str, given: BlockRestored
) -> dict[str, Any]:
    """Make an earlier version the newest again. Problems: as :func:`write_block`; 404 where there
    is no such version."""
    statement = statement_for_writing(work, who, statement_id)
    row = block_row(work, statement, block_id, given.version)
    if given.to == row.version:
        raise Refusal("This is the newest version already.", "to")
    earlier = next(
        (each for each in versions_of(work, statement, row) if each.version == given.to), None
    )
    if earlier is None:
        raise Refusal(f"The block has no version {given.to}.", "to")
    if (earlier.contents, earlier.hidden) == (row.contents, row.hidden):
        raise Refusal("That version says the same.", "to")
    new_version(
        work,
        who,
        row,
        reason=f"version {given.to} again",
        contents=earlier.contents,
        hidden=earlier.hidden,
    )
    return done(work, statement, row, "statement.restore")


def _in_section(contents: Mapping[str, Any], section: str) -> dict[str, Any]:
    return {k: {**each, "section": section or each["section"]} for k, each in contents.items()}
