"""Writing a statement: one block is written at a time, each change a new version of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlmodel import select

from analytics.statements import Block
from analytics.statements.blocks import Bound, FindingList, Heading, Paragraph, Sentence
from analytics.statements.markdown import References, from_markdown, from_parts
from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.statements.blocks import BLOCK, SENTENCE, marks_of, parts_of, rows_of_blocks
from api.statements.versions import (
    Given,
    block_row,
    done,
    new_version,
    number_rows,
    place_behind,
    statement_for_writing,
)
from schemas.columns import now
from schemas.problems import Refusal
from schemas.statement import Finding, Snapshot, Statement
from schemas.statement_block import StatementBlock

LONGEST_TEXT = 20_000
Parts = list[dict[str, Any]]


class BlockText(Given):
    """New words of a block: in the reference language, in ``language``, or by language."""

    text: str | Parts | list[str] | dict[str, str | Parts | list[str]]
    """Markdown, parts, or of a list of findings a line for each."""
    version: int
    language: str | None = None
    reason: str = Field(default="", max_length=2000)


class NewBlock(Given):
    """A block that a person adds, behind another one, or at the beginning (null)."""

    after: str | None = None
    type: str = Field(default="paragraph", pattern="^(paragraph|heading)$")
    section: str | None = Field(default=None, max_length=60)
    text: str | Parts | dict[str, str | Parts] = ""
    language: str | None = None


def write_block(
    work: Work, who: Principal, statement_id: UUID, block_id: str, given: BlockText
) -> dict[str, Any]:
    """Give a block other words in one or more languages. Problems: 404; 409 ``outdated`` with both
    texts; 422 naming an unknown reference, or where nothing is different."""
    statement = statement_for_writing(work, who, statement_id)
    row = block_row(work, statement, block_id, given.version, given.text)
    texts = _by_language(statement, given.text, given.language)
    contents = dict(row.contents)
    for language, text in texts.items():
        block = BLOCK.validate_python(contents.get(language) or _emptied(row, statement))
        contents[language] = _written(work, statement, block, language, text)
    if _said(contents) == _said(row.contents):
        raise Refusal("The block says this already; to stand by it, accept it.", "text")
    new_version(work, who, row, reason=given.reason, contents=contents)
    return done(work, statement, row, "statement.write")


def add_block(work: Work, who: Principal, statement_id: UUID, given: NewBlock) -> dict[str, Any]:
    """Add a block that a person writes. Problems: 404, 409 once approved, 422 naming the field."""
    statement = statement_for_writing(work, who, statement_id)
    rows = rows_of_blocks(work.session, statement)
    place, section = place_behind(rows, given.after)
    section = section if given.section is None else given.section
    taken = {each.id for each in rows}
    identity = next(f"p{n}" for n in range(1, len(rows) + 2) if f"p{n}" not in taken)
    empty: Block = (
        Heading(id=identity, section=section, origin="person", level=2, text=())
        if given.type == "heading"
        else Paragraph(id=identity, section=section, origin="person", text=())
    )
    texts = _by_language(statement, given.text, given.language)
    contents: dict[str, Any] = {
        language: empty.model_dump(mode="json") for language in statement.written_in
    }
    for language, text in texts.items():
        contents[language] = _written(work, statement, empty, language, text)
    row = StatementBlock(
        mission_id=statement.mission_id,
        statement_id=statement.id,
        id=identity,
        position=place + 1,
        section=section,
        contents=contents,
        changed_by=who.holder_id,
        changed_at=now(),
    )
    work.session.add(row)
    number_rows([*rows[:place], row, *rows[place:]])
    return done(work, statement, row, "statement.add")


def references_of(
    work: Work, statement: Statement, language: str, known: Block | None = None
) -> References:
    """What the text of a statement may refer to in a language."""
    snapshot = work.session.get_one(Snapshot, (statement.mission_id, statement.snapshot_id))
    codes = select(Finding.code).where(
        Finding.mission_id == statement.mission_id, Finding.snapshot_id == snapshot.id
    )
    contents = [each.contents for each in rows_of_blocks(work.session, statement)]
    said = () if known is None else parts_of(known)
    return References(
        snapshot.numbers,
        language,
        frozenset(work.session.exec(codes)),
        dict(marks_of(contents)),
        [each for each in said if isinstance(each, Bound)],
    )


def _by_language(statement: Statement, given: Any, language: str | None) -> dict[str, Any]:
    known = statement.written_in
    texts = given if isinstance(given, dict) else {language or statement.language: given}
    if not texts:
        raise Refusal("give the text of at least one language.", "text")
    for each in texts:
        if each not in known:
            field = "text" if isinstance(given, dict) else "language"
            raise Refusal(
                f"the statement is not written in {each!r}, but: {', '.join(known)}.", field
            )
    return dict(texts)


def _written(
    work: Work, statement: Statement, block: Block, language: str, text: Any
) -> dict[str, Any]:
    """The block as JSON with other words in a language, which a person answers for."""
    references = references_of(work, statement, language, block)
    if isinstance(block, FindingList):
        lines = text if isinstance(text, list) else str(text).strip().split("\n")
        if len(lines) != len(block.items):
            raise Refusal(
                f"the list has {len(block.items)} findings: give a line for each.", "text"
            )
        items = tuple(
            item.model_copy(update={"text": _sentence(line, references)})
            for item, line in zip(block.items, lines, strict=True)
        )
        made: Block = block.model_copy(update={"items": items, "origin": "person"})
    elif isinstance(block, SENTENCE):
        made = block.model_copy(update={"text": _sentence(text, references), "origin": "person"})
    else:
        raise Refusal(
            f"a block of type {block.type} follows its numbers: hide it, or add a paragraph.",
            "text",
        )
    return made.model_dump(mode="json")


def _sentence(text: Any, references: References) -> Sentence:
    if isinstance(text, list) and all(isinstance(each, dict) for each in text):
        return from_parts(text, references)
    if not isinstance(text, str):
        raise Refusal("the text is a line of Markdown, or parts.", "text")
    if "\0" in text or len(text) > LONGEST_TEXT:
        raise Refusal(f"a text holds no NUL and at most {LONGEST_TEXT} characters.", "text")
    return from_markdown(text.strip(), references)


def _emptied(row: StatementBlock, statement: Statement) -> dict[str, Any]:
    """The block for a language in which it has no text yet."""
    reference: dict[str, Any] = row.contents.get(statement.language) or next(
        iter(row.contents.values())
    )
    return {**reference, "text": []} if "text" in reference else reference


def _said(contents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {k: {n: v for n, v in each.items() if n != "origin"} for k, each in contents.items()}
