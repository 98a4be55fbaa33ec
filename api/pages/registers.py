"""The pages of registers: lists and entry forms."""

from collections import Counter
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.compliance.duties import Duty, ledger_now
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import CONFLICT, INVALID, NOT_FOUND, Problem
from api.registers.catalogue import REGISTERS, register_named
from api.registers.register import Field, Register
from api.registers.writing import add_row, change_row, rows_of
from api.statements.listing import statements_newest_first
from schemas.rights import Right
from schemas.standards import catalogue
from schemas.statement import Statement
from schemas.words import N_

router = APIRouter()
ROWS_SHOWN = 200
WIDEST = 8
"""A register with more fields than these fits on no screen as a table: its rows are shown as
records, each with what is filled in."""
INPUTS = {"date": "date", "moment": "datetime-local"}
"""Kinds of field that a browser has an own input for."""
Titles = dict[UUID, str]
"""The statements that the visitor may see, by their ids."""


@serve_page(router, "/registers", right=Right.SEE_REGISTERS, press=True)
async def registers(page: PageRequest) -> Response:
    """All registers that the visitor may read."""
    shown = [
        {
            "name": each.name,
            "title": page.say(each.title),
            "says": page.say(each.says),
            "standards": each.standards,
        }
        for each in REGISTERS
        if each.may_read(page.who)
    ]
    return page.show("registers.html", "registers", registers=shown)


@serve_page(router, "/registers/{name}", right=Right.SEE_REGISTERS, press=True)
async def register(page: PageRequest) -> Response:
    """One register: its rows, and a form for the next one."""
    return await _shown(page, register_named(page.request.path_params["name"]))


async def _shown(
    page: PageRequest,
    register: Register,
    given: dict[str, str] | None = None,
    problem: Problem | None = None,
    completed: str = "",
) -> Response:
    async with session_of(page) as session:
        rows = await rows_of(session, page.who, register, limit=ROWS_SHOWN)
        titles = await _titles(session, page, register)
    response = page.show(
        "register.html",
        "registers",
        register=register,
        title=page.say(register.title),
        says=page.say(register.says),
        rows=[_cells(page, register, row, titles) for row in rows],
        fields=[
            _form(page, each, titles)
            for each in register.fields
            if not each.later and (titles or each.kind != "statement")
        ],
        later=[_form(page, each, titles) for each in register.later()],
        given=given or {},
        completed=completed,
        problem=problem,
        may_write=page.who.may(register.write),
        as_records=len(register.fields) > WIDEST,
        headings=[page.say(each.label) for each in register.fields],
    )
    response.status_code = problem.kind.status if problem else 200
    return response


@serve_page(router, "/registers/{name}", "POST", right=Right.SEE_REGISTERS, press=True)
async def write(page: PageRequest) -> Response:
    """Add a row, or fill in what comes later; what cannot be used comes back with its field."""
    register = register_named(page.request.path_params["name"])
    given = await typed_in(page.request)
    row_id = given.pop("row", "")
    try:
        async with session_of(page) as session:
            if row_id:
                await change_row(session, page.who, register, _identity(row_id), given)
            else:
                await add_row(session, page.who, register, given)
    except Problem as problem:
        if problem.kind not in (INVALID, CONFLICT):
            raise
        return await _shown(page, register, given, problem, row_id)
    return RedirectResponse(f"{page.base}/registers/{register.name}", 303)


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(NOT_FOUND) from None


async def _titles(session: AsyncSession, page: PageRequest, register: Register) -> Titles:
    if not any(each.kind == "statement" for each in register.fields):
        return {}
    found = await statements_newest_first(session, page.who)
    return {each.id: _called(page, each) for each in found}


def _called(page: PageRequest, statement: Statement) -> str:
    drafted = page.when(statement.drafted_at)
    return f"{statement.title} ({statement.language}, {drafted})"


def _form(page: PageRequest, field: Field, titles: Titles) -> dict[str, Any]:
    choices = [(value, page.say(word)) for value, word in field.choices]
    if field.kind == "statement":
        choices = [(str(id), title) for id, title in titles.items()]
    return {
        "name": field.name,
        "label": page.say(field.label),
        "kind": field.kind,
        "input": INPUTS.get(field.kind, "text"),
        "required": field.required and not field.later,
        "choices": choices,
        "example": field.example,
    }


def _cells(
    page: PageRequest, register: Register, row: dict[str, Any], titles: Titles
) -> dict[str, Any]:
    open_fields = [each for each in register.later() if _is_open(row[each.name])]
    return {
        "id": str(row["id"]),
        "open": bool(open_fields),
        "cells": [_cell(page, each, row[each.name], titles) for each in register.fields],
    }


def _is_open(value: Any) -> bool:
    return value in (None, "", False, "pending", "not_assessed")


def _cell(page: PageRequest, field: Field, value: Any, titles: Titles) -> dict[str, str]:
    known = field.kind == "statement" and value in titles
    return {
        "head": page.say(field.label),
        "kind": field.kind,
        "text": titles[value] if known else _text(page, field, value),
        "path": f"statements/{value}" if known else "",
        "awaited": page.say(field.awaited),
    }


def _text(page: PageRequest, field: Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if field.kind in ("sha256", "statement"):
        return str(value)[:12]
    if field.kind == "choice":
        return page.say(dict(field.choices).get(value, value))
    if isinstance(value, datetime):
        return page.moment(value)
    if isinstance(value, bool):
        return page.say("yes") if value else page.say("no")
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return page.title(value)
    return page.style.decimals(value, 2) if isinstance(value, float) else str(value)


WORDS = {
    "met": N_("met"),
    "partly_met": N_("partly met"),
    "outstanding": N_("outstanding"),
    "not_due": N_("not due"),
}
UNNUMBERED = "coc"
"""The Code's headings have no numbers in the original: the page prints their sense alone."""


@serve_page(router, "/compliance", right=Right.SEE_REGISTERS)
async def compliance(page: PageRequest) -> Response:
    """Each paragraph of the Declaration and each duty of the Code, and what is on record."""
    duties = await ledger_now(page.request.app.state.pool, page.facts)
    groups = [
        (title, [_rule_shown(page, each) for each in rows])
        for title, rows in groupby(duties, lambda duty: catalogue()[duty.standard].instrument)
    ]
    counts = Counter[str](each.state for each in duties)
    return page.show(
        "compliance.html",
        "compliance",
        groups=groups,
        counts={state: counts[state] for state in WORDS},
        total=len(duties),
    )


def _rule_shown(page: PageRequest, duty: Duty) -> dict[str, Any]:
    instrument, _, number = duty.standard.partition(":")
    values = {
        name: page.style.whole(each) if isinstance(each, int) else page.say(str(each))
        for name, each in duty.values.items()
    }
    return {
        "number": "" if instrument == UNNUMBERED else number,
        "says": page.say(catalogue()[duty.standard].says),
        "state": duty.state,
        "word": page.say(WORDS[duty.state]),
        "evidence": [
            {
                "on_record": page.say(each.on_record).format(**values),
                "missing": page.say(each.missing) if each in duty.outstanding else "",
                "where": each.where,
            }
            for each in duty.evidence
        ],
    }
