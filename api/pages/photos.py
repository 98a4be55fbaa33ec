"""Photographs of a report: the file, and a small one for pages (``?small=1``)."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from api.database.sessions import mission_session
from api.pages.page import PageRequest, serve_page
from api.problems import NOT_FOUND, Problem
from api.review.report_photo import photo_of, small
from schemas.rights import Right

router = APIRouter()
HEADERS = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}


@serve_page(router, "/reports/{id}/photos/{sha256}", right=Right.SEE_REPORTS)
async def photo(page: PageRequest) -> Response:
    """One photograph, for whoever sees the report that names it."""
    named, state = page.request.path_params, page.request.app.state
    try:
        report = UUID(named["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    async with mission_session(state.engine, page.who.mission_id) as session:
        found = await photo_of(session, page.who, state.photos, report, named["sha256"])
    if page.request.query_params.get("small"):
        return Response(await small(found), media_type="image/jpeg", headers=HEADERS)
    return FileResponse(found.path, media_type=found.media_type, headers=HEADERS)
