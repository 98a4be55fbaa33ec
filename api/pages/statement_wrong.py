"""The numbers of a published statement that are counted otherwise now, and where each is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import MovedNumber
from analytics.statements.blocks import Annex, Figure, Table, plain
from api.figures.changes import clock_now
from api.pages.page import PageRequest
from api.pages.statement_asked import Asked, moves_since
from api.statements.blocks import SENTENCE, marks_of
from api.statements.correcting import corrected_so_far
from api.statements.editor import EditorSection, editor_sections, phrases_of
from schemas.statement import Snapshot, StatementState


@dataclass(frozen=True)
class Place:
    """A block that says a number, the section or table that it is in, and its words; those of a
    table are not repeated."""

    block: str
    title: str
    words: str


@dataclass(frozen=True)
class WrongNumber:
    """A published number that is another one now: its mark in the text, what it is of, as printed
    and as counted now, and where it is said."""

    number_id: str
    mark: str
    phrase: str
    was: str
    now: str
    places: list[Place]


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
    found = [(each, list(_places(sections, _said_with(of.snapshot, each)))) for each in moves]
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


def _said_with(snapshot: Snapshot, move: MovedNumber) -> frozenset[str]:
    """A number, and those of several findings that it is one of."""
    merged = {
        key for key, each in snapshot.numbers.items() if move.number_id in each.get("members", ())
    }
    return frozenset({move.number_id} | merged)


def _places(sections: list[EditorSection], numbers: frozenset[str]) -> Iterator[Place]:
    """Where one of these numbers is said: each sentence, and each table once."""
    named: set[str] = set()
    for section in sections:
        for each in section.blocks:
            own = each.block
            if own is None or numbers.isdisjoint(each.numbers):
                continue
            title = own.title if isinstance(own, Annex | Table | Figure) else section.title
            words = plain(own.text) if isinstance(own, SENTENCE) else ""
            if words or title not in named:
                yield Place(each.id, title, words)
            named.add(title)
