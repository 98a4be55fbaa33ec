"""The page Audit log: what was done, by whom; and its seals."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.audit.listing import list_log
from api.audit.recipients import (
    RecipientIn,
    keep_recipient,
    recipients_of,
    refuse_inward,
    stop_recipient,
)
from api.audit.unit_of_work import act_on
from api.database.sessions import mission_session
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.problems import INVALID, NOT_FOUND, Problem
from api.server.cursors import cursor, read_cursor
from schemas.audit import AuditEntry, Seal
from schemas.rights import Right

router = APIRouter()
PER_PAGE = 50
NEWEST_SEALS = 10


@serve_page(router, "/audit", right=Right.ADMINISTER)
async def audit(page: PageRequest) -> Response:
    """Entries newest first, the newest seals, alarms of writes past the application."""
    of = page.who.mission_id
    behind = read_cursor(page.request.query_params.get("after"), int, UUID)
    async with mission_session(page.request.app.state.engine, of) as session:
        found = await list_log(session, of, behind, PER_PAGE + 1, NEWEST_SEALS)
        kept = await recipients_of(session, of)
    entries = found.entries
    last = entries[PER_PAGE - 1] if len(entries) > PER_PAGE else None
    more = cursor(last.sequence, last.id) if last else ""
    return page.show(
        "audit.html",
        "audit",
        recipients=kept,
        next=more,
        seals=[_seal(page, each) for each in found.seals],
        entries=[_entry(page, each, found.names) for each in entries[:PER_PAGE]],
        alarms=[
            {
                "kind": page.say(each.kind.replace("_", " ")),
                "subject": each.subject,
                "at": page.moment(each.raised_at),
            }
            for each in found.alarms
        ],
    )


@serve_page(router, "/audit/recipients", "POST", right=Right.ADMINISTER)
async def recipients(page: PageRequest) -> Response:
    """Add somebody who keeps the heads, or stop sending there."""
    given = {name: text.strip() for name, text in (await typed_in(page.request)).items()}
    if given.get("stop"):
        stopped = _identity(given["stop"])
        await act_on(
            page.request,
            page.who,
            lambda work: stop_recipient(work, stopped),
        )
    else:
        url = _asked(given).url
        await asyncio.to_thread(refuse_inward, page.request.app.state.outward, url)
        await act_on(page.request, page.who, lambda work: keep_recipient(work, url))
    return RedirectResponse(f"{page.base}/audit", 303)


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(NOT_FOUND) from None


def _asked(given: dict[str, str]) -> RecipientIn:
    try:
        return RecipientIn(url=given.get("url", ""))
    except ValidationError:
        raise Problem(INVALID, "An https address is needed.", "url") from None


def _entry(page: PageRequest, entry: AuditEntry, names: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "at": page.moment(entry.at, "%H:%M:%S"),
        "act": entry.act,
        "actor": names.get(entry.actor_id, str(entry.actor_id)) if entry.actor_id else "",
        "subject": entry.subject,
        "digest": entry.digest.hex()[:12],
        "sequence": entry.sequence,
    }


def _seal(page: PageRequest, seal: Seal) -> dict[str, Any]:
    return {
        "number": seal.number,
        "rows": seal.rows,
        "upto": seal.upto,
        "head": seal.head.hex(),
        "at": page.moment(seal.sealed_at, "%H:%M:%S"),
    }
