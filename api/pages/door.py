"""``/``: the way in."""

from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.identity import Headers
from api.pages.frame import language_of, render, word
from schemas.credential import Purpose

router = APIRouter(include_in_schema=False)
LONGEST = 1000


@router.get("/")
async def door(request: Request) -> Response:
    """The sign-in page; whoever is signed in goes on to their mission."""
    token = Headers.of(request.scope).session
    if token:
        found = await request.app.state.doorkeeper.of_token(token, Purpose.SESSION)
        if found is not None:
            return RedirectResponse(f"/missions/{found.slug}/", 303)
    return render(request, "sign_in.html", problem="")


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Take a code that was typed instead of followed as a link."""
    body = (await request.body())[:LONGEST].decode("utf-8", "replace")
    code = (parse_qs(body).get("code") or [""])[0].strip().rsplit("/", 1)[-1]
    if code:
        return RedirectResponse(f"/sign-in/{quote(code, safe='')}", 303)
    return render(
        request, "sign_in.html", 422, problem=word(language_of(request), "Type the code first.")
    )
