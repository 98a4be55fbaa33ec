"""The pages of statements: the list, and one statement with its numbers."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import MovedNumber
from analytics.statements.blocks import Heading, Sentences, plain
from api.auth.members import handles_of
from api.database.sessions import mission_session
from api.figures.ask import Figures
from api.figures.changes import clock_now
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statement_asked import moves_since
from api.pages.statement_turn import turn_said
from api.pages.statement_wrong import uncorrected
from api.problems import INVALID, NOT_FOUND, Problem
from api.statements.correcting import corrected_so_far, corrections_of
from api.statements.documents import DocumentFormat
from api.statements.draft import draft_statement
from api.statements.editor import phrases_of
from api.statements.listing import list_statements, read_statement, rules_since, written
from api.statements.turns import people_of
from schemas.rights import Right
from schemas.statement import Snapshot, Statement, StatementKind, StatementState
from schemas.words import LANGUAGES, N_, direction

router = APIRouter()
KINDS = {
    StatementKind.PRELIMINARY: N_("Preliminary"),
    StatementKind.PRESENCE: N_("Presence"),
    StatementKind.INTERIM: N_("Interim"),
    StatementKind.FINAL: N_("Final"),
    StatementKind.AD_HOC: N_("Ad hoc"),
}
"""The kinds that are drafted here; a correction is drafted from the statement that it corrects."""


@serve_page(router, "/statements", right=Right.SEE_DRAFTS, press=True)
async def statements(page: PageRequest) -> Response:
    """All statements, and the way to a new draft."""
    async with session_of(page) as session:
        found = await list_statements(session, page.who)
        names = await handles_of(
            session, page.who.mission_id, people_of(each.statement for each in found)
        )
        wrong = {
            each.statement.id: await _wrong_now(session, page, each.statement) for each in found
        }
    wanted = page.facts.mission.languages
    offered = [code for code in wanted if Sentences(code).language == code]
    return page.show(
        "statements.html",
        "statements",
        statements=[
            _row(page, each.statement, each.sha256, names) | {"wrong": wrong[each.statement.id]}
            for each in found
        ],
        at_work=page.who.may(Right.SEE_DRAFTS),
        statement_languages=offered or ["en"],
        kinds=[(each.value, page.say(word)) for each, word in KINDS.items()],
        may_draft=page.who.may(Right.WRITE_STATEMENTS),
    )


@serve_page(router, "/statements", "POST", right=Right.WRITE_STATEMENTS)
async def draft(page: PageRequest) -> Response:
    """Draft a statement from what is counted now, of the kind asked for. Problem: 422 for a kind
    that nobody drafts."""
    typed = await typed_in(page.request)
    language = typed.get("language", "")
    language = language if language in LANGUAGES else "en"
    kind = typed.get("kind") or StatementKind.PRELIMINARY
    if kind not in KINDS:
        raise Problem(INVALID, page.say(N_("There is no such kind of statement to draft.")), "kind")
    figures: Figures = page.request.app.state.figures
    async with session_of(page) as session:
        made = await draft_statement(
            session, figures, page.who, language, page.round_code, kind=StatementKind(kind)
        )
    return RedirectResponse(f"{page.base}/statements/{made.id}", 303)


@serve_page(router, "/statements/{id}", right=Right.SEE_DRAFTS, press=True)
async def statement(page: PageRequest) -> Response:
    """A statement as a document, in the language that the address asks for; each number is a link
    to its own page."""
    async with session_of(page) as session:
        row, snapshot = await statement_asked(session, page)
        corrections = await corrections_of(session, row, page.who)
        later = await rules_since(session, page.who.mission_id, row.drafted_at)
        wanted = page.request.query_params.get("language", "")
        language = wanted if wanted in row.written_in else row.language
        stands = await written(session, page.facts, row, snapshot, language)
        names = await handles_of(session, page.who.mission_id, people_of((row,)))
        moved = await _changed(page, row, snapshot, stands.marks)
        changed = uncorrected(moved, await corrected_so_far(session, row)) if moved else []
        phrases = await phrases_of(session, snapshot, page.language) if changed else {}
    return page.show(
        "statement.html",
        "statements",
        statement=row,
        blocks=stands.blocks,
        snapshot=snapshot,
        pictures=stands.pictures,
        contents=[
            (each.id or f"b{place}", plain(each.text))
            for place, each in enumerate(stands.blocks, 1)
            if isinstance(each, Heading) and each.level == 2
        ],
        turn=turn_said(page, row, names) if page.who.may(Right.SEE_DRAFTS) else "",
        base_of_numbers=f"{page.base}/statements/{row.id}/numbers/",
        moved=changed,
        phrases=phrases,
        marks=stands.marks,
        is_published=row.state == StatementState.RELEASED,
        later=later,
        corrections=corrections,
        may_edit=page.who.may(Right.SEE_DRAFTS),
        frozen_at=page.when(snapshot.frozen_at, "%H:%M %Z"),
        text_language=language,
        own_title=page.facts.mission.title_in(language),
        text_direction=direction(language),
        document=f"/api/v1/missions/{page.who.slug}/statements/{row.id}/document",
        formats=[each.value for each in DocumentFormat],
        written_in=row.written_in,
    )


async def _wrong_now(session: AsyncSession, page: PageRequest, row: Statement) -> int:
    """How many numbers of what is published are counted otherwise now."""
    if row.state != StatementState.RELEASED or row.corrects is not None:
        return 0
    frozen = await session.get_one(Snapshot, (row.mission_id, row.snapshot_id))
    moves = await moves_since(page, row, frozen)
    return len(uncorrected(moves, await corrected_so_far(session, row))) if moves else 0


def session_of(page: PageRequest) -> AbstractAsyncContextManager[AsyncSession]:
    """A session of the visitor's mission."""
    return mission_session(page.request.app.state.engine, page.who.mission_id)


async def statement_asked(session: AsyncSession, page: PageRequest) -> tuple[Statement, Snapshot]:
    """The statement of the address with its snapshot. Problem: 404."""
    try:
        identity = UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    found = await read_statement(session, page.facts, page.who, identity)
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def _row(
    page: PageRequest, each: Statement, sha256: str, names: Mapping[UUID, str]
) -> dict[str, Any]:
    return {
        "languages": page.listed([LANGUAGES.get(code, code) for code in each.written_in]),
        "turn": turn_said(page, each, names),
        "id": each.id,
        "title": each.title,
        "language": each.language,
        "kind": page.say(each.kind),
        "state": page.say(each.state_shown),
        "drafted_at": page.moment(each.drafted_at),
        "snapshot": sha256[:12],
    }


async def _changed(
    page: PageRequest, row: Statement, snapshot: Snapshot, said: Mapping[str, str]
) -> list[MovedNumber]:
    """The numbers that changed since a draft, or what is published, was frozen, in its round: of
    those that are ``said``."""
    waits = row.state in (StatementState.REVIEW, StatementState.APPROVED)
    if waits or not page.who.may(Right.SEE_DRAFTS):
        return []
    is_out = row.state == StatementState.RELEASED
    pool = page.request.app.state.pool
    at_least = await clock_now(pool, page.who.mission_id) if is_out else 0
    moved = await moves_since(page, row, snapshot, at_least)
    return [each for each in moved if each.number_id in said]
