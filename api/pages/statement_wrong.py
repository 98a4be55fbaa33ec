"""The numbers of a published statement that are counted otherwise now, and where each is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import MovedNumber
from analytics.statements.blocks import Annex, Table
from api.figures.changes import clock_now
from api.pages.page import PageRequest
from api.pages.statement_asked import Asked, moves_since
from api.statements.blocks import marks_of
from api.statements.correcting import corrected_so_far
from api.statements.editor import EditorSection, editor_sections, phrases_of
from schemas.statement import StatementState


@dataclass(frozen=True)
class WrongNumber:
    """A published number that is another one now: its mark in the text, what it is of, as printed
    and as counted now, and the blocks and titles of the sections that say it."""

    number_id: str
    mark: str
    phrase: str
    was: str
    now: str
    places: list[tuple[str, str]]


async def wrong_numbers(session: AsyncSession, page: PageRequest, of: Asked) -> list[WrongNumber]:
    """The published numbers that are counted otherwise now and that no released correction gives
    as they are now; none before publication."""
    if of.statement.state != StatementState.RELEASED:
        return []
    clock = await clock_now(page.request.app.state.pool, page.who.mission_id)
    moves = uncorrected(
        await moves_since(page, of.statement, of.snapshot, clock),
        await corrected_so_far(session, of.statement),
    )
    phrases = await phrases_of(session, of.snapshot, page.language) if moves else {}
    sections = editor_sections(of.blocks, of.snapshot, of.language) if moves else []
    marks = dict(marks_of([each.contents for each in of.blocks])) if moves else {}
    found = [(each, list(_places(sections, each))) for each in moves]
    return [
        WrongNumber(
            each.number_id,
            marks.get(each.number_id, ""),
            phrases.get(each.number_id, each.number_id),
            each.was,
            each.now,
            places,
        )
        for each, places in found
        if places
    ]


def uncorrected(moves: Sequence[MovedNumber], corrected: Mapping[str, str]) -> list[MovedNumber]:
    """The numbers that are not as their last correction says, from what that says."""
    return [
        replace(each, was=corrected.get(each.number_id, each.was))
        for each in moves
        if corrected.get(each.number_id) != each.now
    ]


def _places(sections: list[EditorSection], move: MovedNumber) -> Iterator[tuple[str, str]]:
    """The block and the title of each section that says a number."""
    for section in sections:
        for block in section.blocks:
            if move.number_id in block.numbers:
                own = block.block
                yield block.id, own.title if isinstance(own, Annex | Table) else section.title
                break
