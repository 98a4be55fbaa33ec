"""The statement that an address asks for, and what each of its pages shows: road, moves, lint."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import MovedNumber
from api.figures.ask import ask
from api.pages.page import PageRequest
from api.problems import NOT_FOUND, Problem
from api.statements.blocks import BlockNow
from api.statements.draft import numbers_moved
from api.statements.linting import lint_of, problem_out
from api.statements.listing import whole_statement
from schemas.columns import now
from schemas.statement import Snapshot, Statement, StatementState
from schemas.words import N_

ROAD = (
    (StatementState.DRAFT, N_("Draft")),
    (StatementState.REVIEW, N_("In review")),
    (StatementState.APPROVED, N_("Approved by a second person")),
    ("embargo", N_("Embargo")),
    (StatementState.RELEASED, N_("Publication")),
)
FIRST_SECTION = N_("Headline and disclaimer")


@dataclass(frozen=True)
class Asked:
    """The statement of an address, whole, and the languages in which it is looked at."""

    statement: Statement
    snapshot: Snapshot
    blocks: list[BlockNow]
    language: str
    beside: str


async def asked(
    session: AsyncSession, page: PageRequest, given: Mapping[str, str] | None = None
) -> Asked:
    """The statement of the address, in the language that the address or a form names. Problem:
    404."""
    try:
        identity = UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    found = await whole_statement(session, page.who, identity)
    if found is None:
        raise Problem(NOT_FOUND)
    row, snapshot, blocks = found
    named = page.request.query_params if given is None else given
    language, beside = named.get("language", ""), named.get("beside", "")
    language = language if language in row.written_in else row.language
    beside = beside if beside in row.written_in and beside != language else ""
    return Asked(row, snapshot, blocks, language, beside)


def road_of(page: PageRequest, row: Statement, at: datetime | None = None) -> list[dict[str, Any]]:
    """The steps from draft to publication, each with its mark; the one that it stands at is on."""
    here = str(row.state)
    if row.state == StatementState.RELEASED and row.embargo_until:
        here = "embargo" if (at or now()) < row.embargo_until else here
    order = [str(each) for each, _ in ROAD]
    reached = order.index(here)
    return [
        {
            "word": page.say(words),
            "on": at_step == reached,
            "mark": "full" if at_step < reached else "draft" if at_step == reached else "none",
        }
        for at_step, (_, words) in enumerate(ROAD)
    ]


async def moves_since(
    page: PageRequest, row: Statement, snapshot: Snapshot, at_least: int = 0
) -> list[MovedNumber]:
    """The numbers of findings that changed since a snapshot, in the statement's round, counted at
    a clock of at least ``at_least``."""
    codes = {each.id: each.code for each in page.facts.rounds}
    return await ask(
        page.figures,
        row.mission_id,
        numbers_moved,
        row.language,
        snapshot.counted_at,
        snapshot.numbers,
        round_code=codes.get(row.round_id),
        at_least=at_least,
    )


async def lint_shown(
    session: AsyncSession, page: PageRequest, row: Statement
) -> list[dict[str, Any]]:
    """What the release lint finds in a text that may still change, in the visitor's language; what
    it says twice of one block, once."""
    if row.state == StatementState.RELEASED:
        return []
    found = await lint_of(session, page.who, row, said_in=page.language, figures=page.figures)
    shown: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in map(problem_out, found):
        key = (each["severity"], each["rule"], each["block"], each["text"], *each["languages"])
        shown.setdefault(key, each)
    return list(shown.values())
