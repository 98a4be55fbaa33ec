"""Which languages of a statement lag behind a change that a person made in another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.statements.languages_read import Marks
from schemas.statement import Statement
from schemas.statement_block import StatementBlock, StatementBlockVersion

Contents = Mapping[str, Mapping[str, Any]]


async def languages_behind(
    session: AsyncSession, statement: Statement, read: Marks
) -> dict[str, list[str]]:
    """By block the languages in which it was not changed since a person changed it in another, and
    which nobody has marked as read since then."""
    history = defaultdict[str, list[tuple[datetime, Contents]]](list)
    for noun, named in (
        (StatementBlockVersion, StatementBlockVersion.block_id),
        (StatementBlock, StatementBlock.id),
    ):
        query = (
            select(named, noun.changed_at, noun.contents)
            .where(
                col(noun.mission_id) == statement.mission_id,
                col(noun.statement_id) == statement.id,
            )
            .order_by(col(noun.version))
        )
        for block, at, contents in (await session.execute(query)).all():
            history[block].append((at, contents))
    return {
        block: behind
        for block, versions in history.items()
        if len(versions) > 1 and (behind := list(_behind(statement.written_in, versions, read)))
    }


def _behind(
    languages: list[str], versions: list[tuple[datetime, Contents]], read: Marks
) -> Iterator[str]:
    now = versions[-1][1]
    written = {each: _written_at(each, versions) for each in languages if each in now}
    newest = max((at for at in written.values() if at), default=None)
    if newest is None:
        return
    for language, at in written.items():
        seen = read.get(language, {}).get("at", "")
        seen_at = datetime.fromisoformat(seen) if seen else None
        known = [each for each in (at, seen_at) if each is not None]
        if not known or max(known) < newest:
            yield language


def _written_at(language: str, versions: list[tuple[datetime, Contents]]) -> datetime | None:
    """When a person gave a block the words that it has now in a language; None where the program
    composed them. The numbers between the words are no part of them: a new snapshot is no
    translation."""
    last = None
    said: Any = _words(versions[0][1], language)
    for at, contents in versions[1:]:
        if (now := _words(contents, language)) != said:
            last, said = at, now
    own = versions[-1][1].get(language, {}).get("origin") == "person"
    return (last or versions[0][0]) if own else None


def _words(contents: Contents, language: str) -> Any:
    """What a block says in a language, of each number its id alone."""

    def walk(value: Any) -> Any:
        if isinstance(value, Mapping):
            if value.get("type") == "bound":
                return value.get("number_id")
            return {name: walk(each) for name, each in value.items() if name != "origin"}
        return [walk(each) for each in value] if isinstance(value, list | tuple) else value

    return walk(contents.get(language, {}))
