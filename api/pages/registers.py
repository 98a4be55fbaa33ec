"""Registers: what the mission notes beside its checklists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.pages.page import Visit, page
from api.pages.statements import session_of
from api.problems import INVALID, NOT_FOUND, Problem
from api.registers.catalogue import REGISTERS, register_named
from api.registers.keeping import add_row, change_row, rows_of
from api.registers.register import Field, Register
from schemas.rights import Right

router = APIRouter()
SHOWN = 200
INPUTS = {"date": "date", "moment": "datetime-local"}
"""Kinds of field that a browser has an own input for."""


@page(router, "/registers", right=Right.SEE_REGISTERS, press=True)
async def registers(visit: Visit) -> Response:
    """All registers that the visitor may read."""
    shown = [
        {"name": each.name, "title": visit.say(each.title), "says": visit.say(each.says),
         "standards": each.standards}
        for each in REGISTERS if each.may_read(visit.who)
    ]  # fmt: skip
    return visit.show("registers.html", "registers", registers=shown)


@page(router, "/registers/{name}", right=Right.SEE_REGISTERS, press=True)
async def register(visit: Visit) -> Response:
    """One register: its rows, and a form for the next one."""
    return await _shown(visit, register_named(visit.request.path_params["name"]))


async def _shown(
    visit: Visit, register: Register, given: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:  # fmt: skip
    async with session_of(visit) as session:
        rows = await rows_of(session, visit.who, register, limit=SHOWN)
        await session.commit()
    response = visit.show(
        "register.html", "registers", register=register, title=visit.say(register.title),
        says=visit.say(register.says), rows=[_cells(visit, register, row) for row in rows],
        fields=[_form(visit, each) for each in register.fields if not each.later],
        later=[_form(visit, each) for each in register.later()], given=given or {},
        problem=problem, may_write=visit.who.may(register.write),
        headings=[visit.say(each.label) for each in register.fields],
    )  # fmt: skip
    response.status_code = problem.kind.status if problem else 200
    return response


@page(router, "/registers/{name}", "POST", right=Right.SEE_REGISTERS)
async def write(visit: Visit) -> Response:
    """Add a row, or fill in what comes later; what cannot be used comes back with its field."""
    register = register_named(visit.request.path_params["name"])
    async with visit.request.form() as form:
        given = {name: str(value) for name, value in form.items()}
    row_id = given.pop("row", "")
    try:
        async with session_of(visit) as session:
            if row_id:
                await change_row(session, visit.who, register, _identity(row_id), given)
            else:
                await add_row(session, visit.who, register, given)
            await session.commit()
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return await _shown(visit, register, given, problem)
    return RedirectResponse(f"{visit.base}/registers/{register.name}", 303)


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(NOT_FOUND) from None


def _form(visit: Visit, field: Field) -> dict[str, Any]:
    return {
        "name": field.name, "label": visit.say(field.label), "kind": field.kind,
        "input": INPUTS.get(field.kind, "text"), "required": field.required and not field.later,
        "choices": [(value, visit.say(word)) for value, word in field.choices],
    }  # fmt: skip


def _cells(visit: Visit, register: Register, row: dict[str, Any]) -> dict[str, Any]:
    open_fields = [each for each in register.later() if _is_open(row[each.name])]
    return {
        "id": row["id"], "open": bool(open_fields),
        "cells": [_cell(visit, each, row[each.name]) for each in register.fields],
    }  # fmt: skip


def _is_open(value: Any) -> bool:
    return value in (None, "", False, "pending", "not_assessed")


def _cell(visit: Visit, field: Field, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if field.kind == "choice":
        return visit.say(dict(field.choices).get(value, value))
    if isinstance(value, datetime):
        return visit.clock(value, "%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return visit.say("yes") if value else visit.say("no")
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return visit.title(value)
    return visit.style.decimals(value, 2) if isinstance(value, float) else str(value)
