"""``registers``: conditions, contacts, complaints, funding and the others, all in one way."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.compliance.duties import Duty, ledger_now
from api.database.sessions import mission_session
from api.figures.export import as_csv
from api.registers.catalogue import REGISTERS, register_named
from api.registers.register import Register
from api.registers.writing import add_row, change_row, rows_of
from api.routes.asking import After, Limit, answer, digest, facts_of
from api.server.cursors import cursor, read_cursor
from schemas.rights import Right
from schemas.standards import catalogue

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["registers"])
Who = Annotated[Principal, Depends(principal)]
Given = Annotated[dict[str, Any], Body(description="Fields by their names.")]


@router.get("/registers")
async def registers(who: Who) -> dict[str, Any]:
    """The registers that the asker may read, with their fields."""
    return {"items": [_described(each) for each in REGISTERS if each.may_read(who)], "next": None}


@router.get("/registers/{name}")
async def read_register(
    request: Request, who: Who, name: str, after: After = None, limit: Limit = 200
) -> Response:
    """A register's rows, newest first."""
    register = register_named(name)
    behind = read_cursor(after, UUID)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await rows_of(session, who, register, behind[0] if behind else None, limit + 1)
    more = cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
    return answer(request, {"items": rows[:limit], "next": more}, f"{name}-{digest(rows)}")


@router.get("/registers/{name}/csv")
async def register_as_csv(request: Request, who: Who, name: str) -> Response:
    """The whole register as a file for spreadsheets."""
    register = register_named(name)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await rows_of(session, who, register, limit=100_000)
    headers = {
        "Content-Disposition": f'attachment; filename="{register.name}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(_csv(register, rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/registers/{name}", status_code=201)
async def add(request: Request, who: Who, name: str, given: Given) -> dict[str, Any]:
    """Add a row. Entries are not changed: a mistake is corrected by a newer row."""
    register = register_named(name)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await add_row(session, who, register, given)


@router.patch("/registers/{name}/{row_id}")
async def change(
    request: Request, who: Who, name: str, row_id: UUID, given: Given
) -> dict[str, Any]:
    """Fill in what comes later: a decision, an outcome."""
    register = register_named(name)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await change_row(session, who, register, row_id, given)


def _described(register: Register) -> dict[str, Any]:
    return {
        "name": register.name,
        "title": register.title,
        "standards": register.standards,
        "fields": [
            {
                "name": each.name,
                "kind": each.kind,
                "required": each.required and not each.later,
                "later": each.later,
                "choices": [value for value, _ in each.choices],
            }
            for each in register.fields
        ],
    }


def _csv(register: Register, rows: Sequence[dict[str, Any]]) -> bytes:
    names = [each.name for each in register.fields]
    return as_csv(names, ([_cell(row[name]) for name in names] for row in rows))


def _cell(value: Any) -> object:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else value if isinstance(value, int | float) else str(value)


@router.get("/compliance")
async def compliance(request: Request, who: Annotated[Principal, Depends(principal)]) -> Response:
    """What the mission has on record for each principle and duty, and what is missing."""
    who.must(Right.SEE_REGISTERS)
    facts = await facts_of(request, who)
    items = [_out(each) for each in await ledger_now(request.app.state.pool, facts)]
    return answer(request, {"items": items, "next": None}, f"compliance-{digest(items)}")


def _out(duty: Duty) -> dict[str, Any]:
    standard = catalogue()[duty.standard]
    found = [
        {
            "found": each.found,
            "on_record": each.on_record.format(**duty.values),
            "missing": each.missing.format(**duty.values) if each in duty.outstanding else "",
        }
        for each in duty.evidence
    ]
    return {
        "standard": duty.standard,
        "instrument": standard.instrument,
        "says": standard.says,
        "state": duty.state,
        "on_record": " ".join(each["on_record"] for each in found),
        "missing": " ".join(each["missing"] for each in found if each["missing"]),
        "evidence": found,
    }
