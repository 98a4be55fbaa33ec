"""ETags (304) and the paging of lists."""

import hashlib
from decimal import Decimal
from typing import Annotated, Any

import orjson
from fastapi import Query, Request
from fastapi.responses import Response

MAX_PER_PAGE = 1000
Limit = Annotated[int, Query(ge=1, le=MAX_PER_PAGE, description="How many at most.")]
After = Annotated[str | None, Query(max_length=400, description="The cursor of the page before.")]


def unchanged(request: Request, tag: str) -> Response | None:
    """304 where the client already has the content of this tag."""
    etag = _etag(tag)
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    if etag in known or etag.removeprefix("W/") in known or "*" in known:
        return Response(status_code=304, headers=_headers(etag))
    return None


def answer(request: Request, content: Any, tag: str) -> Response:
    """JSON under an ETag; 304 where the asker has it already."""
    body = _written(content)
    fresh = Response(body, media_type="application/json", headers=_headers(_etag(tag)))
    return unchanged(request, tag) or fresh


def digest(content: Any) -> str:
    """A tag for what has no clock: a digest of the content."""
    return hashlib.sha256(_written(content)).hexdigest()[:24]


def _written(content: Any) -> bytes:
    """JSON, also of a figure worked out in memory that is longer than the 64 bits orjson writes."""
    try:
        return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS, default=str)
    except TypeError:
        bounded = _bounded(content)
        return orjson.dumps(bounded, option=orjson.OPT_NON_STR_KEYS, default=str)


def _bounded(value: Any) -> Any:
    """The same with whole numbers beyond 64 bits as texts."""
    if isinstance(value, dict):
        return {name: _bounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(each) for each in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return f"{Decimal(value):.6e}"
    return value


def _etag(tag: str) -> str:
    """A tag as the header has it: a digest, for some tags hold what somebody asked for."""
    return f'W/"{hashlib.sha256(tag.encode("utf-8", "backslashreplace")).hexdigest()[:24]}"'


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
