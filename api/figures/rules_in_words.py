"""What is told of the rules beside the reports that they judged."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, cast, func
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.figures.ids import among, joined
from schemas.published import Rules

TELLING = '$.questions[*] ? (@.type == "select_one" || @.type == "select_multiple").name'
"""Questions whose answers can name nobody and no place: all that a partner sees of them."""


@dataclass(frozen=True)
class RulesTold:
    """What is told of the rules that judged a report; ``telling`` are the questions of which a
    partner may see the answers."""

    version: str | None = None
    indicators: tuple[tuple[str, str], ...] = ()
    """Code and stage of each, in the order of the codes."""
    telling: frozenset[str] = frozenset()


UNKNOWN = RulesTold()
TOLD = "$.indicators[*].code", "$.indicators[*].stage", TELLING


async def read_rules(
    session: AsyncSession, who: Principal, ids: Collection[UUID]
) -> dict[UUID, RulesTold]:
    """What is told of these rules; a definition is too large to be read whole for it."""
    definition = col(Rules.definition)
    query: Select[Any] = select(
        Rules.id, definition["version"].astext, *(_listed(definition, path) for path in TOLD)
    ).where(Rules.mission_id == who.mission_id, among(col(Rules.id), joined(ids)))
    return {
        each: RulesTold(version, tuple(zip(codes, stages, strict=True)), frozenset(telling))
        for each, version, codes, stages, telling in (await session.execute(query)).all()
    }


def _listed(definition: Any, path: str) -> Any:
    return func.jsonb_path_query_array(definition, cast(path, JSONPATH))
