"""The layout of every page: language, direction, nonce, navigation."""

import re
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import schemas
from analytics.wording import ENGLISH, FORMATS
from api.problems import NOT_FOUND, Problem
from api.server.security_headers import Scope
from api.server.static_files import CompressedFiles
from schemas.words import LANGUAGES, choose_language, direction, translations, word

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "indelible_language"


@cache
def environment(language: str) -> Environment:
    """The templates in one language. Values are escaped; an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = FORMATS.get(language, ENGLISH)
    made.filters["whole"] = style.whole
    made.globals["word_in"] = word
    made.install_gettext_translations(translations(language), newstyle=False)  # type: ignore[attr-defined]
    return made


def language_of(request: Request) -> str:
    """The language asked for in the address, kept in a cookie, or accepted by the browser."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return choose_language(asked, request.headers.get("accept-language"))


def address_of(request: Request) -> str:
    """The address of this installation as people reach it, without a slash at its end."""
    return (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")


def is_secure(request: Request) -> bool:
    """Whether people reach this installation by https, also where a proxy ends it before us."""
    return "https" in (request.url.scheme, address_of(request).partition(":")[0])


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page under a strict policy: scripts by nonce, nothing from elsewhere."""
    language = language_of(request)
    nonce = secrets.token_urlsafe(16)
    text = (
        environment(language)
        .get_template(template)
        .render(
            language=language,
            direction=direction(language),
            languages=LANGUAGES,
            nonce=nonce,
            **values,
        )
    )
    response = HTMLResponse(text, status)
    response.headers["Content-Security-Policy"] = _policy(nonce)
    response.headers["Cache-Control"] = "no-store"
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax")
    return response


def _policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


STATIC = Path(__file__).parent / "static"
FILES = {
    "pages.css": STATIC / "pages.css",
    "live.js": STATIC / "live.js",
    "desk.css": STATIC / "desk.css",
    "findings.css": STATIC / "findings.css",
    "findings.js": STATIC / "findings.js",
    "desk.js": STATIC / "desk.js",
    "editor.css": STATIC / "editor.css",
    "editor.js": STATIC / "editor.js",
    "incidents.css": STATIC / "incidents.css",
    "map.css": STATIC / "map.css",
    "map.js": STATIC / "map.js",
    "passkeys.js": STATIC / "passkeys.js",
    "icon.svg": STATIC / "icon.svg",
    "htmx.min.js": STATIC / "vendor" / "htmx.min.js",
    "tokens.css": Path(schemas.__file__).parent / "design" / "tokens.css",
}

SERVED = CompressedFiles(directory=STATIC, check_dir=False)

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


ADDRESS = re.compile(r"(/missions/[^/]+)/rounds/([^/]+)(/.*)?", re.DOTALL)
NAMED = "indelible.round"


def in_round(scope: Scope) -> Scope:
    """The request as one for the page itself, its round beside it."""
    match = ADDRESS.fullmatch(scope["path"])
    if match is None:
        return scope
    mission, code, page = match.groups()
    return {**scope, "path": mission + (page or "/"), NAMED: code}


def round_of(scope: Scope) -> str | None:
    """The code of the round that the address names."""
    code: str | None = scope.get(NAMED)
    return code
