"""Photographs of a report: the file, and a small one for pages (``?small=1``)."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from api.database.sessions import mission_session
from api.intake.file_kinds import ENDINGS
from api.pages.page import PageRequest, serve_page
from api.problems import NOT_FOUND, Problem
from api.review.report_photo import StoredPhoto, photo_of, small
from schemas.rights import Right

router = APIRouter()
SHEET = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 190 128" role="img">
<rect width="190" height="128" fill="#F4F3EE"/><path d="M70 24h34l16 16v64H70z" fill="#FCFBF8"
stroke="#857F90" stroke-width="2"/><text x="95" y="84" font-family="sans-serif" font-size="15"
text-anchor="middle" fill="#1B1726">{kind}</text></svg>"""
"""What stands for a file that is no picture."""
HEADERS = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}


@serve_page(router, "/reports/{id}/photos/{sha256}", right=Right.SEE_INCIDENTS)
async def photo(page: PageRequest) -> Response:
    """One photograph, for whoever sees the report that names it."""
    named, state = page.request.path_params, page.request.app.state
    try:
        report = UUID(named["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None
    async with mission_session(state.engine, page.who.mission_id) as session:
        found = await photo_of(session, page.who, state.photos, report, named["sha256"])
    if not found.is_picture:
        return _other_file(page, found)
    if page.request.query_params.get("small"):
        return Response(await small(found), media_type="image/jpeg", headers=HEADERS)
    return FileResponse(found.path, media_type=found.media_type, headers=HEADERS)


def _other_file(page: PageRequest, found: StoredPhoto) -> Response:
    """A sound, a film or a document: downloaded, never shown; a sheet stands for it on pages."""
    ending = ENDINGS.get(found.media_type, "bin")
    if page.request.query_params.get("small"):
        drawn = SHEET.format(kind=ending.upper())
        return Response(drawn, media_type="image/svg+xml", headers=HEADERS)
    name = f"{found.path.name[:12]}.{ending}"
    return FileResponse(found.path, media_type=found.media_type, headers=HEADERS, filename=name)
