"""The page of a block's history: every version, who wrote it, when, and why."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.page import PageRequest, serve_page
from api.pages.statement_asked import asked
from api.pages.statements import session_of
from api.statements.block_history import versions_out
from schemas.rights import Right

router = APIRouter()


@serve_page(router, "/statements/{id}/blocks/{block}/history", right=Right.SEE_DRAFTS)
async def history(page: PageRequest) -> Response:
    """Every version of a block: its text, who wrote it, when, and why."""
    block = page.request.path_params["block"]
    async with session_of(page) as session:
        of = await asked(session, page)
        versions = await versions_out(session, page.who, of.statement.id, block)
    return page.show(
        "statement_history.html",
        "statements",
        statement=of.statement,
        text_language=of.language,
        block=block,
        newest=versions[0]["version"],
        may_write=page.who.may(Right.WRITE_STATEMENTS),
        versions=[
            {**each, "at": page.moment(each["changed_at"]), "said": _said(each, of.language)}
            for each in versions
        ],
    )


def _said(version: Mapping[str, Any], language: str) -> str | None:
    """What a version said in a language; None where it had no text there."""
    parts = version["texts"].get(language)
    return None if parts is None else "".join(part["text"] for part in parts)
