"""The way of a statement to publication: what must be done, and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth.members import handles_of, handles_with_right
from api.pages.forms import Given, typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statement_asked import FIRST_SECTION, Asked, asked, lint_shown, road_of
from api.pages.statement_gates import gates_of, languages_gate
from api.pages.statement_steps import STEPS
from api.pages.statement_turn import turn_said
from api.pages.statement_wrong import WrongNumber, wrong_numbers
from api.pages.statements import session_of
from api.problems import CONFLICT, INVALID, NOT_FOUND, Problem
from api.statements.blocks import by_language, is_open
from api.statements.correcting import corrections_of
from api.statements.editor import editor_sections
from api.statements.issue import languages_written
from api.statements.languages_read import languages_read
from api.statements.lint_reasons import reasons_out
from api.statements.linting import writers_of
from api.statements.listing import list_statements
from api.statements.turns import people_of
from schemas.rights import Right
from schemas.statement import Statement, StatementState
from schemas.words import N_

router = APIRouter()


@dataclass(frozen=True)
class Refused:
    """A step that was not done: ``act`` is which, ``says`` why, ``given`` what was typed."""

    act: str
    says: str
    given: Given

    def typed(self, act: str, field: str, stands: str = "") -> str:
        """What was typed into a field of this step, else what stands there."""
        return self.given.get(field, "") if act == self.act else stands

    def is_of(self, act: str, of: Mapping[str, str]) -> bool:
        """Whether it is this step, of the form with these hidden fields."""
        return act == self.act and all(self.given.get(name, "") == of[name] for name in of)


@dataclass(frozen=True)
class ReleaseView:
    """All that the page of a statement's release reads."""

    at: str
    title: str
    reference: str
    languages: list[str]
    turn: str
    road: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    lint: list[dict[str, Any]]
    errors: int
    lint_by_section: list[tuple[str, list[dict[str, Any]]]]
    may_reason: bool
    reasons: list[dict[str, Any]]
    corrects: UUID | None
    corrections: list[Statement]
    may_correct: bool
    wrong: list[WrongNumber]
    effects: list[tuple[str, str]]


@serve_page(router, "/statements/{id}/release", right=Right.SEE_DRAFTS)
async def way(page: PageRequest) -> Response:
    """What a statement waits for, what still breaks a rule, and the acts that lead on."""
    return await _shown(page)


@serve_page(router, "/statements/{id}/release/{act}", "POST", right=Right.WRITE_STATEMENTS)
async def step(page: PageRequest) -> Response:
    """One step: a warning's reason, review and back, approval, embargo, publication, correction."""
    given = await typed_in(page.request)
    made = STEPS.get(page.request.path_params["act"])
    if made is None:
        raise Problem(NOT_FOUND)
    try:
        identity = UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    try:
        leads_to = await made(page, given, identity)
    except Problem as problem:
        if problem.kind not in (CONFLICT, INVALID):
            raise
        refused = Refused(page.request.path_params["act"], problem.detail, given)
        return await _shown(page, refused, problem.kind.status)
    return RedirectResponse(leads_to or f"{page.base}/statements/{identity}/release", 303)


EFFECTS = (
    ("stands", N_("the sentence stands")),
    ("stands_weaker", N_("it stands, weaker")),
    ("changes", N_("it changes to:")),
    ("withdrawn", N_("it is withdrawn")),
)


async def _shown(page: PageRequest, refused: Refused | None = None, status: int = 200) -> Response:
    async with session_of(page) as session:
        of = await asked(session, page)
        view = await _view(session, page, of)
    shown = page.show("statement_release.html", "statements", view=view, refused=refused)
    shown.status_code = status
    return shown


async def _view(session: AsyncSession, page: PageRequest, of: Asked) -> ReleaseView:
    row = of.statement
    lint = await lint_shown(session, page, row)
    writers = await writers_of(session, row)
    approvers = [UUID(each["by"]) for each in row.approvals]
    read = languages_read(row, by_language(of.blocks, row.written_in))
    readers = [UUID(each["by"]) for each in read.values()]
    names = await handles_of(
        session, row.mission_id, {*people_of([row]), row.review_by, *approvers, *readers}
    )
    may_approve = await handles_with_right(session, row.mission_id, Right.DIRECT)
    errors = sum(each["severity"] == "error" for each in lint)
    return ReleaseView(
        at=f"{page.base}/statements/{row.id}",
        title=row.title,
        reference=row.language,
        languages=row.written_in,
        turn=turn_said(page, row, names),
        road=road_of(page, row),
        gates=[
            languages_gate(page, row, await languages_written(session, row)),
            *gates_of(page, row, names, writers, read, errors, may_approve),
        ],
        lint=lint,
        errors=errors,
        lint_by_section=_by_section(page, of, lint),
        may_reason=page.who.may(Right.WRITE_STATEMENTS) and is_open(row),
        reasons=await reasons_out(session, page.who, row.id),
        corrects=row.corrects,
        corrections=await _corrections(session, page, row),
        may_correct=row.state == StatementState.RELEASED and page.who.may(Right.WRITE_STATEMENTS),
        wrong=await wrong_numbers(session, page, of),
        effects=[(code, page.say(words)) for code, words in EFFECTS],
    )


async def _corrections(session: AsyncSession, page: PageRequest, row: Statement) -> list[Statement]:
    """The statements that correct this one."""
    ids = set(await corrections_of(session, row, page.who))
    listed = await list_statements(session, page.who) if ids else []
    return [each.statement for each in listed if each.statement.id in ids]


WHOLE = N_("The statement as a whole")


def _by_section(
    page: PageRequest, of: Asked, lint: Sequence[dict[str, Any]]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """What the lint finds by the title of the section that it is in."""
    sections = editor_sections(of.blocks, of.snapshot, of.statement.language)
    titles = {each.now.section: section.title for section in sections for each in section.blocks}
    first = page.say(FIRST_SECTION)
    found: dict[str, list[dict[str, Any]]] = {}
    for each in lint:
        code = each["section"] or ""
        title = (titles.get(code, code) or first) if code else page.say(WHOLE)
        found.setdefault(title, []).append(each)
    return list(found.items())
