"""A correction: a statement of its own that says which published numbers are others, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements import Block, plain
from analytics.statements.blocks import Annex, Heading, Paragraph, PlainText
from analytics.statements.kinds import CorrectedNumber
from analytics.statements.snapshot import Numbers, worded
from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.auth.visible import visible_statements
from api.figures.ask import Figures
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.statements.blocks import BlockNow, numbers_in
from api.statements.draft import counted_now
from api.statements.editor import phrases_of
from api.statements.keeping import Draft, keep_draft
from api.statements.linting import blocks_of
from api.statements.versions import Given
from schemas.election import Round
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Snapshot, Statement, StatementKind, StatementState
from schemas.words import N_, word

Effect = Literal["stands", "stands_weaker", "changes", "withdrawn"]
SAID: Mapping[Effect, Literal["stands", "weaker", "changes", "withdrawn"]] = {
    "stands": "stands",
    "stands_weaker": "weaker",
    "changes": "changes",
    "withdrawn": "withdrawn",
}
WRONG = "what_was_wrong"


Words = Annotated[str, Field(max_length=2000)]


class CorrectedIn(Given):
    """A published number that is another one now: what that does to its sentence, and the words
    that it changes to (in the reference language, or by language)."""

    number_id: str = Field(max_length=300)
    effect: Effect
    words: Words | dict[str, Words] = ""


class CorrectionIn(Given):
    """What was wrong, in plain words (in the reference language, or by language), and the numbers
    that it moved."""

    cause: str | dict[str, str]
    items: list[CorrectedIn] = Field(min_length=1, max_length=200)


async def draft_correction(
    work: AsyncWork, figures: Figures, who: Principal, statement_id: UUID, given: CorrectionIn
) -> dict[str, Any]:
    """Draft a correction of a published statement: old numbers as published, new ones as counted
    now. Problems: 404; 409 for what is not published; 422 naming the field for a number that the
    statement does not say, that is the same, or an effect without its words."""
    who.must(Right.WRITE_STATEMENTS)
    original = await work.session.get(Statement, (who.mission_id, statement_id))
    if original is None:
        raise Problem(NOT_FOUND)
    if original.state != StatementState.RELEASED:
        raise Problem(CONFLICT, "Only what is published is corrected; a draft is written anew.")
    cause = _cause(original, given.cause)
    code = select(Round.code).where(
        Round.mission_id == who.mission_id, Round.id == original.round_id
    )
    round_code = (await work.session.execute(code)).scalar_one()
    languages = original.written_in
    count = partial(
        counted_now, work.session, figures, who, languages, round_code, at_least=work.clock - 1
    )
    counted = await count(with_reports=False)
    was = await work.session.get_one(Snapshot, (who.mission_id, original.snapshot_id))
    blocks = await blocks_of(work.session, original)
    phrases = {each: await phrases_of(work.session, was, each) for each in languages}
    moved = [
        _corrected(each, was.numbers, counted, blocks, original, phrases) for each in given.items
    ]
    draft = await count(kind=StatementKind.CORRECTION, corrected=moved)
    made = await keep_draft(work, who, _with_cause(draft, cause))
    made.corrects, made.issued_in = original.id, original.issued_in
    made.title = f"{word(original.language, N_('Correction'))}: {original.title}"
    made.correction = {
        "cause": cause[original.language],
        "items": [
            {
                "number_id": one.number_id,
                "old": one.was,
                "new": one.now,
                "effect": each.effect,
                "words": one.words,
                "blocks": [block.id for block in blocks if _says(block, one.number_id)],
            }
            for one, each in zip(moved, given.items, strict=True)
        ],
    }
    work.session.add(made)
    await work.session.flush()
    work.log("statement.correct", original.id, str(made.id))
    return {"id": made.id, "state": "draft", "corrects": original.id, **made.correction}


async def corrections_of(session: AsyncSession, statement: Statement, who: Principal) -> list[UUID]:
    """The corrections of a statement, oldest first: for who sees drafts these too, else none
    whose embargo is not over."""
    query = visible_statements(who).where(col(Statement.corrects) == statement.id)
    rows = await session.execute(query.order_by(col(Statement.id)))
    return [each.id for each in rows.scalars()]


async def corrected_so_far(session: AsyncSession, statement: Statement) -> dict[str, str]:
    """What its released corrections say each number is, by its id; of two the newer one."""
    query = (
        select(Statement.correction)
        .where(
            col(Statement.mission_id) == statement.mission_id,
            col(Statement.corrects) == statement.id,
            col(Statement.state) == StatementState.RELEASED,
        )
        .order_by(col(Statement.released_at))
    )
    found = (await session.execute(query)).scalars()
    return {
        item["number_id"]: item["new"] for each in found for item in (each or {}).get("items", ())
    }


def _cause(original: Statement, given: str | Mapping[str, str]) -> dict[str, str]:
    by_language = _by_language(original, given, "cause")
    if not by_language.get(original.language, "").strip():
        raise Refusal(f"say what was wrong, at least in {original.language}.", "cause")
    return by_language


def _by_language(original: Statement, given: str | Mapping[str, str], field: str) -> dict[str, str]:
    """A text by language, of those that the statement is written in."""
    by_language = {original.language: given} if isinstance(given, str) else dict(given)
    if unknown := set(by_language) - set(original.written_in):
        raise Refusal(f"the statement is not written in {sorted(unknown)[0][:20]!r}.", field)
    if any("\0" in each for each in by_language.values()):
        raise Refusal("a NUL cannot be kept.", field)
    return by_language


def _corrected(
    given: CorrectedIn,
    was: Numbers,
    counted: Draft,
    blocks: Sequence[BlockNow],
    original: Statement,
    phrases: Mapping[str, Mapping[str, str]],
) -> CorrectedNumber:
    """One number as published and as it is now; ``phrases`` are what each is of, by language."""
    number_id, now = given.number_id, counted.composed.numbers
    saying = [each for each in blocks if _says(each, number_id)]
    if number_id not in was or not saying:
        raise Refusal(f"the statement does not say {number_id}.", "items")
    if number_id not in now:
        raise Refusal(f"{number_id} is counted no more: withdraw its sentence in words.", "items")
    if was[number_id]["text"] == now[number_id]["text"]:
        raise Refusal(f"{number_id} is {was[number_id]['text']} now as well.", "items")
    words = _by_language(original, given.words, "words")
    own = words.get(original.language, "")
    if given.effect == "changes" and not own.strip():
        raise Refusal("say what the sentence changes to.", "words")
    places = {
        language: _place(saying[0], blocks, language, phrases[language].get(number_id, ""))
        for language in original.written_in
    }
    return CorrectedNumber(
        number_id=number_id,
        place=places[original.language],
        places=places,
        was=was[number_id]["text"],
        now=now[number_id]["text"],
        moved=_moved(was[number_id], now[number_id]),
        effect=SAID[given.effect],
        words=own,
        words_in=words,
        said={
            language: (worded(was, number_id, language), worded(now, number_id, language))
            for language in original.written_in
        },
    )


def _says(block: BlockNow, number_id: str) -> bool:
    return any(number_id in numbers_in(block.block(language)) for language in block.contents)


def _place(block: BlockNow, blocks: Sequence[BlockNow], language: str, phrase: str) -> str:
    """The section that a block stands in, and what the number is of."""
    heading = _heading(block, blocks, language)
    return f"{heading}: {phrase}" if phrase else heading


def _heading(block: BlockNow, blocks: Sequence[BlockNow], language: str) -> str:
    """The heading of the section that a block stands in, the title of an annex, else its code."""
    for each in (block, *blocks):
        heading = each.block(language)
        if each.section == block.section and isinstance(heading, Annex):
            return heading.title
        if each.section == block.section and isinstance(heading, Heading):
            return plain(heading.text) or block.section
    return block.section


def _moved(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Of how many it was seen at, as published and now, where both were counted."""
    before, after = was.get("seen"), now.get("seen")
    if not isinstance(before, int) or not isinstance(after, int):
        return "–"
    return f"{before}; {after}"


def _with_cause(draft: Draft, cause: Mapping[str, str]) -> Draft:
    """The draft with what was wrong in the place for it."""
    texts = {
        language: tuple(_said(each, cause.get(language, "")) for each in blocks)
        for language, blocks in draft.composed.texts.items()
    }
    return replace(draft, composed=draft.composed.model_copy(update={"texts": texts}))


def _said(block: Block, cause: str) -> Block:
    if not cause or block.section != WRONG or not isinstance(block, Paragraph):
        return block
    return block.model_copy(update={"text": (PlainText(text=cause),), "origin": "person"})
