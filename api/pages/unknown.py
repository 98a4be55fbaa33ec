"""The page for addresses below a mission that do not exist (404).

This module's name keeps its router behind those of the other pages.
"""

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.page import PageRequest, serve_page
from api.problems import NOT_FOUND, Problem

router = APIRouter()


@serve_page(router, "/{rest:path}", right=None)
async def unknown(page: PageRequest) -> Response:
    """No page has this address."""
    raise Problem(NOT_FOUND)
