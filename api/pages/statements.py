"""Statements: is each number true?"""

from typing import Any
from urllib.parse import parse_qs, quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements import Block, Moved, draw, moved
from analytics.statements.blocks import Figure
from analytics.statements.snapshot import Snapshot as Frozen
from api.database.sessions import mission_session
from api.pages.page import Visit, page
from api.problems import NOT_FOUND, Problem
from api.reading.drafting import draft_statement, numbers_now
from api.reading.visible import visible_findings, visible_statements
from schemas.standards import catalogue
from schemas.statement import Finding, Snapshot, Statement
from schemas.words import LANGUAGES

router = APIRouter()
BLOCKS: TypeAdapter[list[Block]] = TypeAdapter(list[Block])
LONGEST = 1000


@page(router, "/statements")
async def statements(visit: Visit) -> Response:
    """All statements, and the way to a new draft."""
    async with _session(visit) as session:
        query = visible_statements(visit.who).order_by(col(Statement.drafted_at).desc())
        rows = list((await session.execute(query)).scalars())
        snapshots = {each.id: each.sha256 for each in await _snapshots(session, visit, rows)}
    shown = [
        {
            "id": each.id, "title": each.title, "language": each.language,
            "kind": visit.say(each.kind), "state": visit.say(each.state),
            "drafted_at": f"{each.drafted_at:%Y-%m-%d %H:%M}",
            "snapshot": snapshots[each.snapshot_id][:12],
        }
        for each in rows
    ]  # fmt: skip
    offered = [code for code in visit.watch.frame.mission.languages if code in LANGUAGES]
    return visit.show(
        "statements.html", "statements", statements=shown, statement_languages=offered or ["en"]
    )


@page(router, "/statements", "POST")
async def draft(visit: Visit) -> Response:
    """Draft a preliminary statement from what stands now."""
    body = (await visit.request.body())[:LONGEST].decode("utf-8", "replace")
    language = (parse_qs(body).get("language") or ["en"])[0]
    language = language if language in LANGUAGES else "en"
    async with _session(visit) as session:
        made = await draft_statement(session, visit.request.app.state.follower, visit.who, language)
    return RedirectResponse(f"{visit.base}/statements/{made.id}", 303)


@page(router, "/statements/{id}")
async def statement(visit: Visit) -> Response:
    """A statement as a document; each number is a link to what lies beneath it."""
    async with _session(visit) as session:
        row, snapshot = await _read(session, visit)
    blocks = BLOCKS.validate_python(row.blocks)
    return visit.show(
        "statement.html", "statements", statement=row, blocks=blocks,
        snapshot=snapshot, pictures=_pictures(blocks, snapshot, row.language),
        number_link=lambda number: f"{visit.base}/statements/{row.id}/numbers/{quote(number)}",
        moved=_moved(visit, row, snapshot),
    )  # fmt: skip


@page(router, "/statements/{id}/numbers/{number:path}")
async def number(visit: Visit) -> Response:
    """One number: how it came about, and the reports beneath it."""
    async with _session(visit) as session:
        row, snapshot = await _read(session, visit)
        code = visit.request.path_params["number"]
        frozen = snapshot.numbers.get(code)
        if frozen is None:
            raise Problem(NOT_FOUND)
        query = visible_findings(visit.who).where(
            col(Finding.snapshot_id) == snapshot.id, col(Finding.code) == code
        )
        finding = (await session.execute(query)).scalars().first()
    body: dict[str, Any] = finding.body if finding else {}
    plain = {k: v for k, v in frozen.items() if k not in ("query", "text")}
    return visit.show(
        "number.html", "statements", statement=row, code=code, text=frozen["text"], facts=plain,
        query=frozen.get("query", {}), reports=body.get("reports", []),
        phrase=(body.get("phrase") or {}).get(row.language)
        or (body.get("phrase") or {}).get("en", ""),
        wording=body.get("wording", {}),
        standards=[
            (each, catalogue()[each]) for each in body.get("standards", []) if each in catalogue()
        ],
    )  # fmt: skip


def _session(visit: Visit) -> Any:
    return mission_session(visit.request.app.state.engine, visit.who.mission_id)


async def _read(session: AsyncSession, visit: Visit) -> tuple[Statement, Snapshot]:
    try:
        identity = UUID(visit.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    query = visible_statements(visit.who).where(col(Statement.id) == identity)
    row = (await session.execute(query)).scalars().first()
    if row is None:
        raise Problem(NOT_FOUND)
    (snapshot,) = await _snapshots(session, visit, [row])
    return row, snapshot


async def _snapshots(session: AsyncSession, visit: Visit, rows: list[Statement]) -> list[Snapshot]:
    wanted = [each.snapshot_id for each in rows]
    query = select(Snapshot).where(
        Snapshot.mission_id == visit.who.mission_id, col(Snapshot.id).in_(wanted)
    )
    return list((await session.execute(query)).scalars())


def _pictures(
    blocks: list[Block], snapshot: Snapshot, language: str
) -> dict[int, tuple[tuple[str, str], ...]]:
    return {
        place: draw(block, snapshot.numbers, language=language, key=f"figure-{place}")
        for place, block in enumerate(blocks)
        if isinstance(block, Figure)
    }


def _moved(visit: Visit, row: Statement, snapshot: Snapshot) -> list[Moved]:
    """The numbers of a draft whose wording would be another now."""
    if visit.watch.sequence == snapshot.sequence:
        return []
    now = numbers_now(visit.watch, row.language)
    frozen = Frozen(snapshot.numbers, snapshot.sha256)
    same = {key: value for key, value in now.items() if key in snapshot.numbers}
    return [each for each in moved(frozen, same) if each.visible and each.now is not None]
