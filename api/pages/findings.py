"""The findings page: what is found, what an analyst chooses of it, in which order it is said.

Every act is a plain form. What others change is shown as it happens; what is open for writing
stays as it is, and is refused with the newer version beside it where it is stale.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.audit.unit_of_work import Work, act_on
from api.pages.findings_shown import SIGNIFICANCES, FindingFilter
from api.pages.findings_view import findings_page
from api.pages.forms import Form, Given, read_form
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import CONFLICT, INVALID, NOT_FOUND, OUTDATED, Problem
from api.statements.choosing import (
    ChoiceIn,
    MergeIn,
    OrderIn,
    choose,
    merge,
    put_in_order,
    split,
    undo_choice,
)
from api.statements.finding_list import (
    FindingList,
    RoundFindings,
    list_findings,
    round_findings,
)
from schemas.rights import Right
from schemas.words import LANGUAGES

router = APIRouter()
REFUSED = (CONFLICT, INVALID, OUTDATED)
MOVES = {"up": -1, "down": 1}


@serve_page(router, "/findings", right=Right.SEE_DRAFTS)
async def findings(page: PageRequest) -> Response:
    """All findings with what was chosen of them."""
    return await findings_page(page)


@serve_page(router, "/findings/choose", "POST", right=Right.WRITE_STATEMENTS)
async def choose_one(page: PageRequest) -> Response:
    """Decide on one finding, and open the next to be reviewed where that is asked."""
    async with read_form(page.request) as form:
        given = form.given()
        code, choice = _code(given), _choice(given)
        every = await _every(page, code)
        if "keeps" in given:
            choice = _toggled(choice, every, code)
        known, references = every.candidates, every.references

        def write(work: Work) -> Any:
            return choose(work, every.round_id, code, choice, known, references)

        return await _done(page, form, code, write)


@serve_page(router, "/findings/merge", "POST", right=Right.WRITE_STATEMENTS)
async def merge_several(page: PageRequest) -> Response:
    """Say findings together with the one that is open."""
    async with read_form(page.request) as form:
        given = form.given()
        code = _code(given)
        every = await _every(page, code)
        known, codes = every.candidates, [code, *form.texts("with")]
        wanted = _typed(MergeIn, {"codes": codes, "version": given.get("version", "")})
        return await _done(
            page, form, code, lambda work: merge(work, every.round_id, wanted, known)
        )


@serve_page(router, "/findings/split", "POST", right=Right.WRITE_STATEMENTS)
async def split_merged(page: PageRequest) -> Response:
    """Say merged findings apart again."""
    async with read_form(page.request) as form:
        code, version = _code(form.given()), _version(form.given())
        round_id = (await _every(page, code)).round_id
        return await _done(page, form, code, lambda work: split(work, round_id, code, version))


@serve_page(router, "/findings/move", "POST", right=Right.WRITE_STATEMENTS)
async def move(page: PageRequest) -> Response:
    """Move a chosen finding one place up or down."""
    async with read_form(page.request) as form:
        given = form.given()
        code, step = _code(given), MOVES.get(given.get("to", ""), 0)
        round_id = (await _every(page, code)).round_id
        was = form.texts("was")
        if code not in was:
            raise Problem(INVALID, "It is not chosen.", "code")
        codes, at = list(was), was.index(code)
        there = min(max(at + step, 0), len(codes) - 1)
        codes.insert(there, codes.pop(at))
        if codes == was:
            return _back(page, form, code)
        wanted = _typed(OrderIn, {"codes": codes, "was": was})
        return await _done(page, form, code, lambda work: put_in_order(work, round_id, wanted))


@serve_page(router, "/findings/undo", "POST", right=Right.WRITE_STATEMENTS)
async def take_back(page: PageRequest) -> Response:
    """Take back what one has just decided."""
    async with read_form(page.request) as form:
        code, version = _code(form.given()), _version(form.given())
        round_id = (await _every(page, code)).round_id
        return await _done(
            page, form, code, lambda work: undo_choice(work, round_id, code, version), undone=True
        )


def _code(given: Given) -> str:
    if not given.get("code"):
        raise Problem(NOT_FOUND)
    return given["code"]


def _version(given: Given) -> int:
    text = given.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem(INVALID, "The version of the choice is needed.", "version")
    return int(text)


def _choice(given: Given) -> ChoiceIn:
    words = {each: given[f"words-{each}"] for each in LANGUAGES if given.get(f"words-{each}")}
    return ChoiceIn.model_validate(
        {
            "chosen": given.get("chosen") == "yes",
            "significance": _typed_significance(given.get("significance", "")),
            "reason": given.get("reason", "")[:4000],
            "words": {language: text[:4000] for language, text in words.items()},
            "version": _version(given),
        }
    )


def _typed_significance(text: str) -> str | None:
    return text if text in SIGNIFICANCES else None


def _toggled(choice: ChoiceIn, every: FindingList, code: str) -> ChoiceIn:
    """A choice of a row that is not open: all but whether it is chosen stays as it is."""
    rows = [*((each.code, each.choice) for each in every.listed)]
    rows += [(each.finding.code, each.choice) for each in every.added]
    standing = dict(rows).get(code)
    if standing is None:
        return choice
    kept = {"significance": standing.significance, "reason": standing.reason}
    return choice.model_copy(update=kept | {"words": standing.words})


def _typed(shape: Any, members: dict[str, Any]) -> Any:
    try:
        return shape.model_validate(members)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise Problem(INVALID, "This cannot be read.", field) from None


async def _every(page: PageRequest, code: str) -> FindingList:
    """The findings of the round as they are now. Problem: 404 where there is none of this code."""
    found: RoundFindings = await page.ask(round_findings)
    async with session_of(page) as session:
        every = await list_findings(session, page.who, found)
    if code not in every.candidates:
        raise Problem(NOT_FOUND)
    return every


async def _done(
    page: PageRequest,
    form: Form,
    code: str,
    write: Callable[[Work], Any],
    *,
    undone: bool = False,
) -> Response:
    """Do it and go on; what is refused is shown with all that was typed."""
    try:
        made = await act_on(page.request, page.who, write)
        version = getattr(made, "version", 0)
    except Problem as problem:
        if problem.kind not in REFUSED:
            raise
        return await findings_page(page, form.given(), problem)
    did = {} if undone or not version else {"did": f"{version}~{code}"}
    return _back(page, form, code, **did)


def _back(page: PageRequest, form: Form, code: str, **more: str) -> Response:
    """The page as it was looked at, with the same finding open or the one to come next."""
    given = form.given()
    wanted = FindingFilter.of(given).query()
    opened = given.get("next") or (code if given.get("open") else "")
    query = urlencode(wanted | ({"open": opened} if opened else {}) | more)
    anchor = "#open" if opened else ""
    return RedirectResponse(f"{page.base}/findings{f'?{query}' if query else ''}{anchor}", 303)
