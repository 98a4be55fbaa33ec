"""Static files of every page: styles, the tokens shared with the app, scripts."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

import schemas
from api.problems import NOT_FOUND, Problem
from api.server.static_files import CompressedFiles

HERE = Path(__file__).parent / "static"
FILES = {
    "pages.css": HERE / "pages.css",
    "live.js": HERE / "live.js",
    "passkeys.js": HERE / "passkeys.js",
    "icon.svg": HERE / "icon.svg",
    "htmx.min.js": HERE / "vendor" / "htmx.min.js",
    "tokens.css": Path(schemas.__file__).parent / "design" / "tokens.css",
}

SERVED = CompressedFiles(directory=HERE, check_dir=False)

router = APIRouter(include_in_schema=False)


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
async def static_file(request: Request, name: str) -> Response:
    """One of the files that pages load; nothing else can be named."""
    file = FILES.get(name)
    if file is None or not file.is_file():
        raise Problem(NOT_FOUND)
    response = SERVED.file_response(file, file.stat(), request.scope)
    response.headers["Cache-Control"] = "no-cache"
    return response
