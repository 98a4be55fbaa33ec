"""What every page loads: styles, the tokens shared with the app, three small scripts."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

import schemas
from api.problems import NOT_FOUND, Problem

HERE = Path(__file__).parent / "static"
FILES = {
    "pages.css": HERE / "pages.css",
    "live.js": HERE / "live.js",
    "passkeys.js": HERE / "passkeys.js",
    "icon.svg": HERE / "icon.svg",
    "htmx.min.js": HERE / "vendor" / "htmx.min.js",
    "tokens.css": Path(schemas.__file__).parent / "design" / "tokens.css",
}

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}")
async def static_file(name: str) -> FileResponse:
    """One of the files that pages load; nothing else can be named."""
    file = FILES.get(name)
    if file is None or not file.is_file():
        raise Problem(NOT_FOUND)
    return FileResponse(file, headers={"Cache-Control": "no-cache"})
