"""Lists in pages, answers that need not be sent again."""

import base64
import binascii
from typing import Annotated, Any

import orjson
from fastapi import Query, Request
from fastapi.responses import Response

from api.problems import INVALID, Problem

MOST = 1000
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[str | None, Query(max_length=400, description="The cursor of the page before.")]


def cursor(*values: str | int) -> str:
    """A cursor that stands behind an item with these sort keys."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(after: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The sort keys in a cursor. Raises a problem naming ``after`` where it is none of ours."""
    if not after:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (binascii.Error, ValueError, UnicodeError):
        values = None
    if (
        not isinstance(values, list)
        or len(values) != len(kinds)
        or any(type(value) is not kind for value, kind in zip(values, kinds, strict=True))
    ):
        raise Problem(INVALID, "This is no cursor that was given out.", "after")
    return tuple(values)


def answer(request: Request, content: Any, tag: str) -> Response:
    """JSON under an ETag; 304 where the asker has it already."""
    etag = f'W/"{tag}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    body = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS, default=str)
    return Response(body, media_type="application/json", headers=headers)
