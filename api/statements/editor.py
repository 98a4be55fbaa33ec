"""A statement as its editor shows it: sections, and in each the blocks of one language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements import Block, draw
from analytics.statements.blocks import Figure, FindingList, Heading, plain
from analytics.statements.markdown import SOURCE, as_markdown
from api.statements.blocks import SENTENCE, BlockNow, numbers_in
from schemas.statement import Finding, Snapshot
from schemas.words import in_language

START = "start"
"""Where a block is moved that is to stand before all others."""


@dataclass(frozen=True)
class EditorBlock:
    """One block in one language. ``source`` is its Markdown, None where nobody writes it: a table,
    a figure. ``other`` is the same block in the language beside. ``up`` and ``down`` are the blocks
    behind which it is put to move by one place, None where it cannot."""

    now: BlockNow
    block: Block | None
    source: str | None
    other: Block | None = None
    pictures: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()
    up: str | None = None
    down: str | None = None

    @property
    def id(self) -> str:
        """The id of the block."""
        return self.now.id

    @property
    def kind(self) -> str:
        """What sort of block it is."""
        first: Mapping[str, Any] = next(iter(self.now.contents.values()))
        return str(first["type"])

    @property
    def origin(self) -> str:
        """Who answers for its words in this language; empty where it has none."""
        return self.block.origin if self.block else ""

    @property
    def is_headline(self) -> bool:
        """Whether it is the headline of the statement."""
        return isinstance(self.block, Heading) and self.block.level == 1

    @property
    def spoken(self) -> dict[str, str]:
        """How each number is said in it, by the number's id."""
        return dict(_said(self.block.model_dump())) if self.block else {}


@dataclass(frozen=True)
class EditorSection:
    """A heading of the second level and all that stands under it."""

    title: str
    blocks: list[EditorBlock] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its first block."""
        return self.blocks[0].id

    @property
    def code(self) -> str:
        """The code of the section."""
        return next((each.now.section for each in self.blocks if each.now.section), "")

    @property
    def last(self) -> str:
        """The id of its last block."""
        return self.blocks[-1].id


@dataclass(frozen=True)
class Insertable:
    """A number that a text may refer to: how it is written, how it is said, what it is."""

    number_id: str
    reference: str
    text: str
    what: str


def editor_sections(
    blocks: Sequence[BlockNow], snapshot: Snapshot, language: str, beside: str | None = None
) -> list[EditorSection]:
    """The blocks of a statement by section, in a language, with another one beside. Hidden blocks
    are among them."""
    sections: list[EditorSection] = []
    for at, now in enumerate(blocks):
        made = _editor_block(blocks, at, snapshot, language, beside)
        starts = now.block(language)
        if not sections or (isinstance(starts, Heading) and starts.level == 2):
            title = plain(starts.text) if isinstance(starts, Heading) else ""
            sections.append(EditorSection(title if sections else ""))
        sections[-1].blocks.append(made)
    return sections


def _editor_block(
    blocks: Sequence[BlockNow], at: int, snapshot: Snapshot, language: str, beside: str | None
) -> EditorBlock:
    now = blocks[at]
    here = now.block(language) if language in now.contents else None
    model = here or now.block(language)
    pictures: tuple[tuple[str, str], ...] = ()
    if isinstance(model, Figure):
        pictures = draw(model, snapshot.numbers, language=language, key=f"figure-{now.id}")
    return EditorBlock(
        now,
        here,
        "" if here is None and isinstance(model, SENTENCE) else source_of(model),
        now.block(beside) if beside and beside in now.contents else None,
        pictures,
        tuple(numbers_in(model)),
        None if at == 0 else (blocks[at - 2].id if at > 1 else START),
        blocks[at + 1].id if at + 1 < len(blocks) else None,
    )


def source_of(block: Block) -> str | None:
    """A block as it is written in the editor, a line for each finding of a list; None where its
    words follow its numbers."""
    if isinstance(block, FindingList):
        return "\n".join(as_markdown(each.text) for each in block.items)
    return as_markdown(block.text) if isinstance(block, SENTENCE) else None


def _said(written: Any) -> Iterator[tuple[str, str]]:
    if isinstance(written, Mapping):
        if written.get("type") == "bound":
            yield written["number_id"], written["text"]
        written = list(written.values())
    if isinstance(written, list | tuple):
        for each in written:
            yield from _said(each)


async def phrases_of(session: AsyncSession, snapshot: Snapshot, language: str) -> dict[str, str]:
    """What each finding of a snapshot is about, by its number's id."""
    query = select(Finding.code, col(Finding.body)["phrase"]).where(
        Finding.mission_id == snapshot.mission_id, Finding.snapshot_id == snapshot.id
    )
    rows = (await session.execute(query)).all()
    return {row[0]: in_language(row[1] or {}, language) for row in rows}


async def insertable_numbers(
    session: AsyncSession, snapshot: Snapshot, language: str
) -> list[Insertable]:
    """Every number of the snapshot as a text may refer to it, findings first."""
    phrases = await phrases_of(session, snapshot, language)
    found = [
        Insertable(
            key,
            _reference(key, number, key in phrases),
            str(number.get("text", "")),
            phrases.get(key, ""),
        )
        for key, number in snapshot.numbers.items()
    ]
    return sorted(found, key=lambda each: (each.number_id not in phrases, each.number_id))


def _reference(key: str, number: Mapping[str, Any], is_finding: bool) -> str:
    if key.startswith(SOURCE):
        return f"{{source:{key.removeprefix(SOURCE)}}}"
    if not is_finding:
        return f"{{number:{key}}}"
    return f"{{{'estimate' if number.get('type') == 'estimate' else 'finding'}:{key}}}"


def translated(blocks: Sequence[BlockNow], language: str) -> tuple[int, int]:
    """How many of the blocks that are shown have a text in a language, and of how many."""
    shown = [each for each in blocks if not each.hidden]
    return sum(_is_written(each, language) for each in shown), len(shown)


def _is_written(block: BlockNow, language: str) -> bool:
    if language not in block.contents:
        return False
    own = block.block(language)
    return not isinstance(own, SENTENCE) or bool(plain(own.text).strip())


def people_in(blocks: Sequence[BlockNow]) -> set[UUID]:
    """Who wrote the newest version of each block."""
    return {each.changed_by for each in blocks if each.changed_by}
