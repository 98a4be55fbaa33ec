"""The act of marking a language as read: by a named person, for the text as it stands."""

from typing import Any
from uuid import UUID

from pydantic import Field

from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.statements.blocks import by_language
from api.statements.languages_read import languages_read, text_sha256
from api.statements.linting import blocks_of
from api.statements.states import BEFORE_RELEASE, done, in_state
from api.statements.translations import languages_behind
from api.statements.versions import Given
from schemas.columns import now
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Statement


class TextRead(Given):
    """The language whose text somebody has read from its first word to its last."""

    language: str = Field(max_length=10)


async def mark_read(
    work: AsyncWork, who: Principal, statement_id: UUID, given: TextRead
) -> dict[str, Any]:
    """Mark the text of one language as read, until a word or a number of it is another, or a person
    changes a block in another language alone (it may be marked again then). Problems:
    404; 409 once it is released; 422 for a language that it is not in, that has no text, or that
    the same person marked already."""
    who.must(Right.SEE_DRAFTS)
    statement = await in_state(work, who, statement_id, *BEFORE_RELEASE)
    await keep_marks(work, who, statement, [given.language])
    return await done(work, statement, "statement.read", given.language)


async def keep_marks(
    work: AsyncWork, who: Principal, statement: Statement, languages: list[str]
) -> None:
    """Write down that somebody read these languages. Raises :class:`Refusal`."""
    texts = by_language(await blocks_of(work.session, statement), statement.written_in)
    read = languages_read(statement, texts)
    behind = await languages_behind(work.session, statement, read)
    changed = {language for languages in behind.values() for language in languages}
    marks = dict(statement.readers)
    for language in languages:
        if not texts.get(language):
            raise Refusal(f"This statement is in {', '.join(texts)}.", "language")
        mine = read.get(language, {}).get("by") == str(who.holder_id)
        if mine and language not in changed:
            raise Refusal("you marked this text as read already.", "language")
        marks[language] = {
            "by": str(who.holder_id),
            "at": now().isoformat(),
            "sha256": text_sha256(texts[language]),
        }
    statement.readers = marks
