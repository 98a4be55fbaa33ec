"""The blocks of a statement: rows while it is written, frozen in the statement once it is out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from analytics.statements import Block
from analytics.statements.blocks import (
    Annex,
    Bound,
    Disclaimer,
    FindingList,
    Heading,
    Paragraph,
    PlainText,
    Sentence,
    Table,
    Verdict,
    joined,
)
from analytics.statements.markdown import as_markdown
from schemas.statement import Statement, StatementState
from schemas.statement_block import StatementBlock

BLOCK: TypeAdapter[Block] = TypeAdapter(Block)
SENTENCE = (Heading, Paragraph, Disclaimer, Verdict)
"""Blocks whose text is one sentence, which a person may write."""
APART = " · "
Texts = Mapping[str, Sequence[Block]]
"""The blocks of a statement by language; in each the same ids in the same order."""


@dataclass(frozen=True)
class BlockNow:
    """A block as it is shown: ``contents`` by language as stored."""

    id: str
    position: int
    section: str
    version: int
    contents: Mapping[str, Mapping[str, Any]]
    hidden: str = ""
    changed_by: UUID | None = None
    changed_at: datetime | None = None

    def block(self, language: str) -> Block:
        """The block in a language, or in the first it has."""
        return BLOCK.validate_python(
            self.contents.get(language) or next(iter(self.contents.values()))
        )


def rows_of_blocks(session: Session, statement: Statement) -> list[StatementBlock]:
    """The rows of a statement's blocks in their order."""
    query = (
        select(StatementBlock)
        .where(
            StatementBlock.mission_id == statement.mission_id,
            StatementBlock.statement_id == statement.id,
        )
        .order_by(col(StatementBlock.position), col(StatementBlock.id))
    )
    return list(session.exec(query))


def blocks_now(session: Session, statement: Statement) -> list[BlockNow]:
    """The blocks of a statement: once it is out as they were frozen, else the rows. What was
    released before blocks had rows has its one language, and ids by their place."""
    if statement.published is not None:
        return _frozen(statement.published)
    rows = rows_of_blocks(session, statement)
    if rows or not statement.blocks:
        return [block_now(row) for row in rows]
    named = [
        {**each, "id": each.get("id") or f"b{at}"} for at, each in enumerate(statement.blocks, 1)
    ]
    return _frozen({statement.language: named})


def block_now(row: StatementBlock) -> BlockNow:
    """A block as its row has it."""
    return BlockNow(
        row.id,
        row.position,
        row.section,
        row.version,
        row.contents,
        row.hidden,
        row.changed_by,
        row.changed_at,
    )


def _frozen(published: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[BlockNow]:
    """The blocks of what is out; those of one place are one block in several languages."""
    languages = list(published)
    return [
        BlockNow(
            each["id"],
            at,
            each.get("section", ""),
            1,
            {language: published[language][at - 1] for language in languages},
        )
        for at, each in enumerate(published[languages[0]] if languages else (), 1)
    ]


def by_language(blocks: Sequence[BlockNow], languages: Sequence[str]) -> dict[str, list[Block]]:
    """The text of every language as blocks, without those that are hidden."""
    shown = [each for each in blocks if not each.hidden]
    return {
        language: [each.block(language) for each in shown if language in each.contents]
        for language in languages
    }


def sections_filled(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with ids, and in each the section of the heading that it stands under, where it
    names none."""
    found, section = list[Block](), ""
    for at, each in enumerate(blocks, 1):
        section = each.section or section
        found.append(each.model_copy(update={"id": each.id or f"b{at}", "section": section}))
    return found


def rows_from(statement: Statement, texts: Texts, at: datetime) -> list[StatementBlock]:
    """The rows of a new statement's text, in all its languages."""
    filled = {language: sections_filled(blocks) for language, blocks in texts.items()}
    of = {
        language: {each.id: each.model_dump(mode="json") for each in blocks}
        for language, blocks in filled.items()
    }
    return [
        StatementBlock(
            mission_id=statement.mission_id,
            statement_id=statement.id,
            id=each.id,
            position=place,
            section=each.section,
            contents={language: own[each.id] for language, own in of.items() if each.id in own},
            changed_by=statement.drafted_by,
            changed_at=at,
        )
        for place, each in enumerate(filled[statement.language], 1)
    ]


def parts_of(block: Block) -> Sentence:
    """All that a block says as one row of parts; the sentences of lists and tables stand apart by
    a dot."""
    return joined([piece for sentence in _sentences(block) for piece in sentence])


def _sentences(block: Block) -> Iterator[Sentence]:
    if isinstance(block, SENTENCE):
        yield block.text
    elif isinstance(block, FindingList):
        yield from _apart(each.text for each in block.items)
    elif isinstance(block, Table):
        yield from _apart(cell for row in block.rows for cell in row)
    elif isinstance(block, Annex):
        yield from _apart(parts_of(each) for each in block.blocks)


def _apart(sentences: Iterator[Sentence]) -> Iterator[Sentence]:
    for at, each in enumerate(sentences):
        yield (PlainText(text=APART), *each) if at else each


def numbers_in(block: Block) -> list[str]:
    """The ids of the numbers that a block says or draws, each once."""
    said = [piece.number_id for piece in parts_of(block) if isinstance(piece, Bound)]
    drawn = [row.number_id for row in block.rows] if block.type == "figure" else []
    return list(dict.fromkeys([*said, *drawn]))


def marks_of(contents: Any) -> Iterator[tuple[str, str]]:
    """Each number's id with its mark, wherever it is in stored blocks."""
    if isinstance(contents, Mapping):
        if "number_id" in contents and contents.get("mark"):
            yield contents["number_id"], contents["mark"]
        contents = list(contents.values())
    if isinstance(contents, list | tuple):
        for each in contents:
            yield from marks_of(each)


def block_out(now: BlockNow, language: str) -> dict[str, Any]:
    """A block as an answer gives it: its own members in the reference language, what it says as
    ``text`` and in every language as ``texts``, and as ``markdown`` where a person may write it."""
    own = now.block(language)
    of = {each: now.block(each) for each in now.contents}
    texts = {
        each: [piece.model_dump(mode="json") for piece in parts_of(block)]
        for each, block in of.items()
    }
    return {
        **own.model_dump(mode="json"),
        "id": now.id,
        "section": now.section,
        "position": now.position,
        "version": now.version,
        "hidden": now.hidden,
        "changed_by": now.changed_by,
        "changed_at": now.changed_at,
        "text": texts.get(language) or [],
        "texts": texts,
        "markdown": {
            each: as_markdown(block.text)
            for each, block in of.items()
            if isinstance(block, SENTENCE)
        },
        "origins": {each: block.origin for each, block in of.items()},
        **({} if isinstance(own, SENTENCE) else {"contents": dict(now.contents)}),
    }


def is_open(statement: Statement) -> bool:
    """Whether the text may still be changed."""
    return statement.state in (StatementState.DRAFT, StatementState.REVIEW)
