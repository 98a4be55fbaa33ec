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
    changed = {each: _changed_at(each, versions) for each in languages if each in now}
    newest = max(changed, key=changed.__getitem__, default="")
    if not newest or now[newest].get("origin") != "person":
        return
    for language, at in changed.items():
        seen = read.get(language, {}).get("at", "")
        seen_at = datetime.fromisoformat(seen) if seen else at
        if max(at, seen_at) < changed[newest]:
            yield language


def _changed_at(language: str, versions: list[tuple[datetime, Contents]]) -> datetime:
    """When a block came to say what it says now in a language."""
    last, said = versions[0][0], _said(versions[0][1], language)
    for at, contents in versions[1:]:
        if (now := _said(contents, language)) != said:
            last, said = at, now
    return last


def _said(contents: Contents, language: str) -> dict[str, Any]:
    return {name: each for name, each in contents.get(language, {}).items() if name != "origin"}
