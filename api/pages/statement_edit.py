"""The editor of a statement: its text by block, and every act on one block."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import Work, act_async, act_on
from api.pages.forms import Given, plan, read_form, typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statement_asked import asked
from api.pages.statement_view import Outcome, editor_view, with_outcome
from api.pages.statements import session_of
from api.problems import CONFLICT, INVALID, NOT_FOUND, OUTDATED, Problem
from api.statements.arranging import (
    BlockMove,
    BlockReason,
    BlockRestored,
    accept_block,
    hide_block,
    move_block,
    restore_block,
    show_block,
)
from api.statements.comments import CommentIn, SettledIn, comment_on, settle_comment
from api.statements.editing import BlockText, NewBlock, add_block, write_block
from api.statements.editor import START, EditorBlock
from api.statements.owners import OwnerIn, set_owner
from api.statements.recounting import (
    SnapshotAccepted,
    accept_snapshot,
    count_anew,
    refuse_snapshot,
)
from schemas.columns import now
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
SAVED = N_("Saved {time}.")
Write = Callable[[Work], Any]
REASONED = {"accept": accept_block, "hide": hide_block, "show": show_block}
"""The acts on a block that need a reason, by the last part of their address."""


@serve_page(router, "/statements/{id}/edit", right=Right.SEE_DRAFTS)
async def edit(page: PageRequest) -> Response:
    """The text of a statement with what is to be settled beside it."""
    return await _editor(page, None, page.request.query_params)


@serve_page(router, "/statements/{id}/aside", right=Right.SEE_DRAFTS)
async def beside(page: PageRequest) -> Response:
    """What stands beside the text, for an editor that is open already."""
    async with session_of(page) as session:
        of = await asked(session, page)
        view = await editor_view(session, page, of)
    return page.show("statement_aside.html", "statements", view=view)


@serve_page(router, "/statements/{id}/blocks", "POST", right=Right.WRITE_STATEMENTS)
async def add(page: PageRequest) -> Response:
    """Add a paragraph or a heading behind a block."""
    given = await typed_in(page.request)
    try:
        if not _text(given).strip():
            raise Problem(INVALID, "Write something first.", "text")
        made = plan(NewBlock, given, "after", "type", "language", text=_text(given))
        done = await act_on(
            page.request, page.who, lambda work: add_block(work, page.who, _statement(page), made)
        )
    except Problem as problem:
        if problem.kind not in (CONFLICT, INVALID):
            raise
        return await _editor(page, problem, given)
    return _back(page, given, done["block"]["id"])


@serve_page(router, "/statements/{id}/blocks/{block}", "POST", right=Right.WRITE_STATEMENTS)
async def write(page: PageRequest) -> Response:
    """Write a block anew; where somebody was first, both texts are shown and one is chosen, or
    both."""
    given, block = await typed_in(page.request), page.request.path_params["block"]
    if given.get("keep") == "theirs":
        return await _shown(page, given, block)
    text = _text(given)
    if given.get("keep") == "both":
        text = f"{await _source(page, given, block)} {text}".strip()
    made = plan(BlockText, given, "version", "language", text=text)
    return await _done(
        page,
        given,
        block,
        lambda work: write_block(work, page.who, _statement(page), block, made),
    )


@serve_page(router, "/statements/{id}/blocks/{block}/comment", "POST", right=Right.SEE_DRAFTS)
async def comment(page: PageRequest) -> Response:
    """Say something about a block."""
    given, block = await typed_in(page.request), page.request.path_params["block"]
    said = plan(CommentIn, given, text=_text(given))
    await act_on(
        page.request,
        page.who,
        lambda work: comment_on(work, page.who, _statement(page), block, said),
    )
    return await _shown(page, given, block)


@serve_page(router, "/statements/{id}/comments/{comment}", "POST", right=Right.SEE_DRAFTS)
async def settle(page: PageRequest) -> Response:
    """Settle a comment, with an answer or without."""
    given = await typed_in(page.request)
    try:
        which = UUID(page.request.path_params["comment"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    settled = plan(SettledIn, given, "resolution")
    await act_on(
        page.request,
        page.who,
        lambda work: settle_comment(work, page.who, _statement(page), which, settled),
    )
    return _back(page, given, given.get("block", ""))


@serve_page(router, "/statements/{id}/blocks/{block}/{act}", "POST", right=Right.WRITE_STATEMENTS)
async def act(page: PageRequest) -> Response:
    """Accept the words of a block, leave it out, put it back, move it, restore a version."""
    given, block = await typed_in(page.request), page.request.path_params["block"]
    name, statement = page.request.path_params["act"], _statement(page)
    if name in REASONED:
        reasoned = plan(BlockReason, given, "version", reason=given.get("reason", ""))
        return await _done(
            page,
            given,
            block,
            lambda work: REASONED[name](work, page.who, statement, block, reasoned),
        )
    if name == "move":
        after = given.get("after", "")
        moved = plan(BlockMove, given, "version", after=None if after == START else after)
        await act_on(
            page.request, page.who, lambda work: move_block(work, page.who, statement, block, moved)
        )
        return _back(page, given, block)
    if name == "restore":
        restored = plan(BlockRestored, given, "version", "to")
        await act_on(
            page.request,
            page.who,
            lambda work: restore_block(work, page.who, statement, block, restored),
        )
        return _back(page, given, block)
    raise Problem(NOT_FOUND)


@serve_page(router, "/statements/{id}/owners", "POST", right=Right.WRITE_STATEMENTS)
async def own(page: PageRequest) -> Response:
    """Answer for a section, or let it go."""
    given = await typed_in(page.request)
    owner = OwnerIn(member=page.who.holder_id if given.get("mine") else None)
    await act_on(
        page.request,
        page.who,
        lambda work: set_owner(work, page.who, _statement(page), given.get("section", ""), owner),
    )
    return _back(page, given, given.get("block", ""))


@serve_page(router, "/statements/{id}/snapshot/{act}", "POST", right=Right.WRITE_STATEMENTS)
async def snapshot(page: PageRequest) -> Response:
    """Count the numbers anew; take them over, in chosen sections or all, or leave them."""
    statement, name = _statement(page), page.request.path_params["act"]
    async with read_form(page.request) as form:
        sections = form.texts("section")
    try:
        if name == "count":
            count = partial(count_anew, figures=page.figures, who=page.who, statement_id=statement)
            await act_async(page.request, page.who, count)
        elif name == "accept":
            taken = SnapshotAccepted(sections=sections or None)
            await act_on(
                page.request,
                page.who,
                lambda work: accept_snapshot(work, page.who, statement, taken),
            )
        elif name == "refuse":
            await act_on(
                page.request, page.who, lambda work: refuse_snapshot(work, page.who, statement)
            )
        else:
            raise Problem(NOT_FOUND)
    except Problem as problem:
        if problem.kind not in (CONFLICT, INVALID):
            raise
        return await _editor(page, problem, {})
    return RedirectResponse(f"{page.base}/statements/{statement}/edit", 303)


def _statement(page: PageRequest) -> UUID:
    try:
        return UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None


def _text(given: Given) -> str:
    return given.get("text", "").replace("\r\n", "\n")


def _back(page: PageRequest, given: Given, block: str) -> Response:
    kept = {key: given[key] for key in ("language", "beside") if given.get(key)}
    address = f"{page.base}/statements/{page.request.path_params['id']}/edit"
    return RedirectResponse(f"{address}?{urlencode(kept)}#{quote(block)}", 303)


async def _done(page: PageRequest, given: Given, block: str, write: Write) -> Response:
    """Do an act on a block and show it as it is then; what is refused keeps what was typed."""
    try:
        await act_on(page.request, page.who, write)
    except Problem as problem:
        if problem.kind not in (OUTDATED, INVALID, CONFLICT):
            raise
        return await _shown(page, given, block, problem)
    return await _shown(page, given, block)


async def _source(page: PageRequest, given: Given, block: str) -> str:
    """A block as it is written now in the language of a form."""
    async with session_of(page) as session:
        of = await asked(session, page, given)
        view = await editor_view(session, page, of, with_lint=False)
    found = [each for section in view.sections for each in section.blocks if each.id == block]
    return found[0].source or "" if found else ""


async def _shown(
    page: PageRequest, given: Given, block: str, problem: Problem | None = None
) -> Response:
    """A block by itself for a script; else its place in the editor."""
    is_script = page.request.headers.get("hx-request") is not None
    if problem is None and not is_script:
        return _back(page, given, block)
    return await _editor(page, problem, given, block, alone=is_script)


async def _editor(
    page: PageRequest,
    problem: Problem | None,
    given: Mapping[str, str],
    block: str = "",
    *,
    alone: bool = False,
) -> Response:
    async with session_of(page) as session:
        of = await asked(session, page, given)
        view = await editor_view(session, page, of, with_lint=not alone)
    found = [each for section in view.sections for each in section.blocks if each.id == block]
    if block and not found:
        raise Problem(NOT_FOUND)
    if problem is not None and found:
        view = with_outcome(view, _outcome(problem, given, found[0]))
    template = "statement_block_alone.html" if alone else "statement_edit.html"
    shown = page.show(
        template,
        "statements",
        view=view,
        each=found[0] if found else None,
        notice=problem.detail if problem is not None and not found else "",
        adding=given if problem is not None and not found else {},
    )
    shown.status_code = problem.kind.status if problem else 200
    if alone:
        shown.headers["X-Said"] = quote(page.say(SAVED).format(time=page.clock(now(), "%H:%M:%S")))
    return shown


def _outcome(problem: Problem, given: Mapping[str, str], block: EditorBlock) -> Outcome:
    mine = given.get("text", block.source or "")
    is_text = problem.kind is OUTDATED and "text" in given and block.source is not None
    return Outcome(block.id, mine, problem.detail, block.source if is_text else None)
