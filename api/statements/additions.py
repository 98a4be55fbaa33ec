"""What people added, in a draft: figures of sources among its numbers, and the findings that they
added and chose and the recommendations, each a paragraph of its section in the words given."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import Block, Composed, freeze
from analytics.statements.blocks import Heading, Paragraph, Sentence
from analytics.statements.markdown import References, from_markdown
from api.auth.principal import Principal
from api.statements.added_findings import VerifiedCases, added_numbers, read_added
from api.statements.choosing import read_choices
from api.statements.keeping import Draft
from api.statements.recommended import SECTION, Recommended, own_recommendations
from api.statements.sources import source_numbers
from schemas.statement import StatementKind

ELSEWHERE = "conclusions"
"""Where a finding is said whose section the statement has not."""
Addition = tuple[str, str, Mapping[str, str]]
"""Code, section, and words by language."""


async def with_additions(
    session: AsyncSession, who: Principal, draft: Draft, cases: VerifiedCases
) -> Draft:
    """A draft with what people added to its round. Raises :class:`schemas.problems.Refusal` where
    the words of one refer to a number that is not there any more."""
    if draft.composed.kind is StatementKind.FINAL:
        draft = _with_recommended(draft, await own_recommendations(session, who))
    added = [each for each, _ in await read_added(session, who.mission_id, draft.round_id)]
    numbers = await source_numbers(session, who.mission_id)
    numbers |= added_numbers(added, cases)
    if not numbers and not added:
        return draft
    by_code = {each.code: each for each in added}
    chosen: list[Addition] = [
        (row.code, by_code[row.code].stage, {**by_code[row.code].words, **row.words})
        for row, _ in await read_choices(session, who.mission_id, draft.round_id)
        if row.chosen and row.code in by_code
    ]
    findings = {each.code for each in draft.findings}
    return replace(draft, composed=_with(draft.composed, numbers, chosen, findings))


def _with(
    composed: Composed,
    numbers: Mapping[str, Any],
    chosen: Sequence[Addition],
    findings: Collection[str],
) -> Composed:
    frozen = freeze({**composed.numbers, **numbers})
    texts = {}
    for language, blocks in composed.texts.items():
        references = References(frozen.numbers, language, findings)
        texts[language] = blocks
        for addition in chosen:
            texts[language] = _placed(texts[language], addition, language, references)
    update = {"numbers": dict(frozen.numbers), "sha256": frozen.sha256, "texts": texts}
    return composed.model_copy(update=update)


def _with_recommended(draft: Draft, recommended: Sequence[Recommended]) -> Draft:
    texts = dict(draft.composed.texts)
    for each in recommended:
        texts = {
            language: _put(
                blocks, f"recommended-{each.number.lower()}", SECTION, each.says(language)
            )
            for language, blocks in texts.items()
        }
    return replace(draft, composed=draft.composed.model_copy(update={"texts": texts}))


def _placed(
    blocks: tuple[Block, ...], addition: Addition, language: str, references: References
) -> tuple[Block, ...]:
    """The blocks with an added finding; where its section is not there, among the conclusions."""
    code, section, words = addition
    section = section if any(each.section == section for each in blocks) else ELSEWHERE
    text = from_markdown(words[language], references) if words.get(language) else ()
    return _put(blocks, f"added-{code.lower()}", section, text)


def _put(blocks: tuple[Block, ...], name: str, section: str, text: Sentence) -> tuple[Block, ...]:
    """The blocks with one more at the end of its section; where the section only said that it is
    silent, in the place of that. Without words in the language it is empty: a person's to write."""
    made = Paragraph(id=name, section=section, origin="person", text=text)
    own = [at for at, each in enumerate(blocks) if each.section == section]
    if not own:
        return (*blocks, made)
    kept = [*blocks[: own[-1] + 1], made, *blocks[own[-1] + 1 :]]
    silent = own[-1] if _is_silent(blocks[at] for at in own) else None
    return tuple(each for at, each in enumerate(kept) if at != silent)


def _is_silent(blocks: Iterable[Block]) -> bool:
    said = [each for each in blocks if not isinstance(each, Heading)]
    return len(said) == 1 and isinstance(said[0], Paragraph) and said[0].origin == "fixed"
