"""The audit log: what was done, by whom; and the seals over it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.database.sessions import mission_session
from api.pages.forms import typed_in
from api.pages.page import Visit, page
from api.problems import INVALID, NOT_FOUND, Problem
from api.routes.audit import RecipientIn, add_recipient, standing, stop_recipient
from api.server.cursors import cursor, read_cursor
from schemas.audit import Alarm, AuditEntry, Seal
from schemas.mission import Member
from schemas.observer import Observer
from schemas.rights import Right

router = APIRouter()
PER_PAGE = 50
NEWEST_SEALS = 10


@page(router, "/audit", right=Right.ADMINISTER)
async def audit(visit: Visit) -> Response:
    """Entries newest first, the newest seals, alarms of writes past the application."""
    of = visit.who.mission_id
    behind = read_cursor(visit.request.query_params.get("after"), int, UUID)
    entries = (
        select(AuditEntry)
        .where(AuditEntry.mission_id == of)
        .order_by(col(AuditEntry.sequence).desc(), col(AuditEntry.id).desc())
        .limit(PER_PAGE + 1)
    )
    if behind is not None:
        same = (col(AuditEntry.sequence) == behind[0]) & (col(AuditEntry.id) < behind[1])
        entries = entries.where((col(AuditEntry.sequence) < behind[0]) | same)
    seals = select(Seal).where(Seal.mission_id == of).order_by(col(Seal.number).desc())
    raised = select(Alarm).where(Alarm.mission_id == of, col(Alarm.settled_at).is_(None))
    async with mission_session(visit.request.app.state.engine, of) as session:
        found = list((await session.execute(entries)).scalars())
        newest = list((await session.execute(seals.limit(NEWEST_SEALS))).scalars())
        alarms = list((await session.execute(raised)).scalars())
        names = await _names(session, visit, found)
        kept = await standing(session, visit.who)
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    more = cursor(last.sequence, last.id) if last else ""
    return visit.show(
        "audit.html",
        "audit",
        recipients=kept,
        next=more,
        seals=[_seal(visit, each) for each in newest],
        entries=[_entry(visit, each, names) for each in found[:PER_PAGE]],
        alarms=[
            {
                "kind": visit.say(each.kind.replace("_", " ")),
                "subject": each.subject,
                "at": visit.clock(each.raised_at, "%Y-%m-%d %H:%M"),
            }
            for each in alarms
        ],
    )


@page(router, "/audit/recipients", "POST", right=Right.ADMINISTER)
async def recipients(visit: Visit) -> Response:
    """Add somebody who keeps the heads, or stop sending there."""
    given = {name: text.strip() for name, text in (await typed_in(visit.request)).items()}
    if given.get("stop"):
        await stop_recipient(visit.request, visit.who, _identity(given["stop"]))
    else:
        await add_recipient(visit.request, visit.who, _asked(given))
    return RedirectResponse(f"{visit.base}/audit", 303)


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


def _entry(visit: Visit, entry: AuditEntry, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "at": visit.clock(entry.at, "%Y-%m-%d %H:%M:%S"),
        "act": entry.act,
        "actor": names.get(entry.actor_id, str(entry.actor_id)) if entry.actor_id else "",
        "subject": entry.subject,
        "digest": entry.digest.hex()[:12],
        "sequence": entry.sequence,
    }


def _seal(visit: Visit, seal: Seal) -> dict[str, Any]:
    return {
        "number": seal.number,
        "rows": seal.rows,
        "upto": seal.upto,
        "head": seal.head.hex(),
        "at": visit.clock(seal.sealed_at, "%Y-%m-%d %H:%M:%S"),
    }


async def _names(session: AsyncSession, visit: Visit, entries: list[AuditEntry]) -> dict[UUID, str]:
    """Handles and pseudonyms of who acted."""
    of, ids = visit.who.mission_id, {each.actor_id for each in entries if each.actor_id}
    members = select(Member.id, Member.handle).where(
        Member.mission_id == of, col(Member.id).in_(ids)
    )
    observers = select(Observer.id, Observer.pseudonym).where(
        Observer.mission_id == of, col(Observer.id).in_(ids)
    )
    found = [*(await session.execute(members)).all(), *(await session.execute(observers)).all()]
    return {row[0]: row[1] for row in found}
