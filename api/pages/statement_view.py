"""What the editor of a statement shows: its text by section, and what stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import MovedNumber, plain
from analytics.statements.blocks import Heading
from api.auth.members import handles_of
from api.pages.page import PageRequest
from api.pages.statement_asked import Asked, lint_shown, moves_since, road_of
from api.statements.block_history import reasons_given
from api.statements.blocks import by_language, is_open, marks_of
from api.statements.comments import comments_of
from api.statements.editor import (
    EditorSection,
    Insertable,
    editor_sections,
    insertable_numbers,
    people_in,
    phrases_of,
    translated,
)
from api.statements.languages_read import languages_unread
from api.statements.moves import Move
from api.statements.proposal import proposed_moves
from schemas.columns import now
from schemas.rights import Right
from schemas.statement import Snapshot, Statement
from schemas.words import N_, direction, word

ORIGINS = {
    "fixed": N_("Fixed text of the kind"),
    "composed": N_("Composed by rule; nobody has accepted it yet"),
    "accepted": N_("Accepted by a person"),
    "person": N_("Written by a person"),
}
CLOSED = N_("The statement is approved or published: its text is not changed any more.")


@dataclass(frozen=True)
class Outcome:
    """What came of an act on a block that was not done: ``mine`` is what was typed, ``says`` why,
    ``theirs`` the text that stands there now where somebody else was first."""

    block: str
    mine: str = ""
    says: str = ""
    theirs: str | None = None


@dataclass(frozen=True)
class EditorView:
    """All that the templates of the editor read."""

    id: str
    title: str
    headline: str
    """What it is called in the language that it is looked at in, where somebody wrote that."""
    at: str
    numbers: str
    language: str
    reference: str
    languages: list[str]
    beside: str
    direction: str
    beside_direction: str
    unread: bool
    translated: list[tuple[str, int, int]]
    road: list[dict[str, Any]]
    may_write: bool
    may_comment: bool
    closed: str
    sections: list[EditorSection]
    contents: list[dict[str, Any]]
    names: Mapping[UUID, str]
    origins: Mapping[str, str]
    moment: Any
    moved: Mapping[str, str]
    moves: list[MovedNumber]
    waits: bool
    proposal: list[Move]
    proposal_sections: list[tuple[str, str, int]]
    insertable: list[Insertable]
    labels: Mapping[str, str]
    """What each number is of, by its id, where it is of one finding."""
    marks: Mapping[str, str]
    corrects: bool
    lint: list[dict[str, Any]]
    errors: int
    checked: str
    reasons: list[str]
    """The reasons that were given at blocks of this statement, to be given again."""
    comments: Mapping[str, list[dict[str, Any]]]
    all_comments: list[dict[str, Any]]
    open_comments: int
    versions: list[dict[str, Any]]
    owners: Mapping[str, str]
    me: str
    outcome: Outcome | None = field(default=None)


async def editor_view(
    session: AsyncSession, page: PageRequest, of: Asked, *, with_lint: bool = True
) -> EditorView:
    """What the editor shows of a statement, and what the release lint finds where wanted."""
    row, at = of.statement, f"{page.base}/statements/{of.statement.id}"
    people = people_in(of.blocks) | {UUID(each) for each in row.owners.values()}
    names = await handles_of(session, row.mission_id, people)
    insertable = await insertable_numbers(session, of.snapshot, page.language)
    sections = editor_sections(of.blocks, of.snapshot, of.language, of.beside)
    proposal = await proposed_moves(session, row, of.snapshot, of.blocks)
    waits = row.proposed_id is not None
    is_final = waits or not is_open(row)
    moves = [] if is_final else await moves_since(page, row, of.snapshot)
    moved = {each.number_id: each.now for each in moves}
    moved |= {each.number_id: each.now or "–" for each in proposal if each.printed}
    lint = await lint_shown(session, page, row) if with_lint else []
    said = await comments_shown(session, page, row)
    may = page.who.may(Right.WRITE_STATEMENTS) and is_open(row)
    return EditorView(
        id=str(row.id),
        title=row.title,
        headline=_headline(of) or row.title,
        at=at,
        numbers=f"{at}/numbers/",
        language=of.language,
        reference=row.language,
        languages=row.written_in,
        beside=of.beside,
        direction=direction(of.language),
        beside_direction=direction(of.beside),
        unread=of.language in languages_unread(row, by_language(of.blocks, row.written_in)),
        translated=[
            (each, *translated(of.blocks, each)) for each in row.written_in if each != row.language
        ],
        road=road_of(page, row),
        may_write=may,
        may_comment=is_open(row),
        closed="" if is_open(row) else page.say(CLOSED),
        sections=sections,
        contents=[
            _content(page, each, moved, lint, said)
            | {
                "owner": names.get(UUID(row.owners[each.code]), "")
                if each.code in row.owners
                else ""
            }
            for each in sections
        ],
        names=names,
        origins={key: page.say(words) for key, words in ORIGINS.items()},
        moment=page.moment,
        moved=moved,
        moves=moves,
        waits=waits,
        proposal=proposal,
        proposal_sections=_touched(sections, proposal),
        insertable=insertable,
        labels=await _labels(session, row, insertable, page.language),
        marks=dict(marks_of([each.contents for each in of.blocks])),
        corrects=row.corrects is not None,
        lint=lint,
        errors=sum(each["severity"] == "error" for each in lint),
        checked=page.clock(now(), "%H:%M:%S") if with_lint else "",
        reasons=await reasons_given(session, row),
        comments=_by_block(said),
        all_comments=said,
        open_comments=len(said),
        owners=row.owners,
        me=str(page.who.holder_id),
        versions=[
            {
                "block": each.id,
                "version": each.version,
                "by": names.get(each.changed_by, "–") if each.changed_by else "–",
            }
            for each in of.blocks
        ],
    )


async def _labels(
    session: AsyncSession, row: Statement, insertable: Sequence[Insertable], language: str
) -> dict[str, str]:
    """What each number of the text and of the snapshot that waits is of."""
    labels = {each.number_id: each.what for each in insertable if each.what}
    if row.proposed_id is not None:
        new = await session.get_one(Snapshot, (row.mission_id, row.proposed_id))
        labels |= await phrases_of(session, new, language)
    several = word(language, SEVERAL)
    merged = {each.number_id: several for each in insertable if each.number_id.startswith("merge/")}
    return merged | labels


def _headline(of: Asked) -> str:
    """The headline in the language that is looked at; empty where nobody has written it."""
    for each in of.blocks:
        block = each.block(of.language) if of.language in each.contents else None
        if isinstance(block, Heading) and block.level == 1:
            return plain(block.text).strip()
    return ""


def with_outcome(view: EditorView, outcome: Outcome | None) -> EditorView:
    """The same, saying why an act was not done."""
    return replace(view, outcome=outcome)


def _touched(
    sections: Sequence[EditorSection], moves: Sequence[Move]
) -> list[tuple[str, str, int]]:
    """The sections in which numbers move: code, title, how many."""
    titles = {each.now.section: section.title for section in sections for each in section.blocks}
    codes = dict.fromkeys(code for each in moves for code in each.sections)
    return [
        (code, titles.get(code, code), sum(code in each.sections for each in moves))
        for code in codes
    ]


async def comments_shown(
    session: AsyncSession, page: PageRequest, row: Statement
) -> list[dict[str, Any]]:
    """The comments on a statement that nobody has settled."""
    found = await comments_of(session, page.who, row.id)
    return [
        {**each, "at": page.moment(each["at"])} for each in found if each["resolved_at"] is None
    ]


def _by_block(comments: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    of: dict[str, list[dict[str, Any]]] = {}
    for each in comments:
        of.setdefault(each["block"], []).append(each)
    return of


SEVERAL = N_("Several findings in one number")
SECTION_MOVED = N_("{n} numbers moved")
SECTION_OPEN = N_("{n} to settle")
SECTION_COMMENTS = N_("{n} comments")


def _content(
    page: PageRequest,
    section: EditorSection,
    moved: Mapping[str, str],
    lint: Sequence[Mapping[str, Any]],
    comments: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    numbers = {each for block in section.blocks for each in block.numbers}
    ids = {each.id for each in section.blocks}
    changed, broken = len(numbers & set(moved)), sum(each.get("block") in ids for each in lint)
    words_said = [
        page.say(words).format(n=page.style.whole(n))
        for n, words in (
            (changed, SECTION_MOVED),
            (broken, SECTION_OPEN),
            (sum(each["block"] in ids for each in comments), SECTION_COMMENTS),
        )
        if n
    ]
    return {
        "id": section.id,
        "title": section.title,
        "open": bool(words_said),
        "says": page.listed(words_said),
    }
