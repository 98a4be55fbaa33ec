"""The layout of every page: language, direction, nonce, navigation."""

import secrets
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analytics.wording import ENGLISH, FORMATS
from schemas.words import LANGUAGES, choose_language, direction, translations

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
