"""Limits on requests: bodies by route (413 beyond them), and query strings."""

import re
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

from api.problems import FORBIDDEN_CHARACTER, TOO_LARGE, Problem
from api.server.security_headers import App, Message, Receive, Scope, Send
from mobile_forms.media import LONGEST_FILE, MAX_FILES

MAX_TABLE_BYTES = 64 * 1024 * 1024
"""Bytes of a table over the network: about 400,000 stations. The command takes more. So long may a
sealed outbox be too."""


MAX_BODY_BYTES = 4 * 1024 * 1024
"""Of anything else: a workbook has 2 MB, a piece of a photo 1 MiB."""
SURROUNDING = 64 * 1024
"""What a form adds to the table that it carries."""
FILES = MAX_FILES * (LONGEST_FILE + 4096)
"""Of all the pictures and lists of one form, chosen at once on its page."""
_FILES = re.compile(r"^/missions/[^/]+/checklists/[^/]+/[^/]+/media$")
_OUTBOXES = re.compile(r"^(/api/v1)?/missions/[^/]+/outboxes$")
_TABLES = re.compile(r"^(/api/v1)?/missions/[^/]+/tables(/[^/]+)?$")


class BodyLimits:
    """Stands before the framework, which reads bodies before it asks who sends them."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what says that it is too large is answered unread."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _most(scope["path"])
        if said_length(scope) > most:
            detail = f"At most {most} bytes."
            await Problem(TOO_LARGE, detail, "body").response()(scope, receive, send)
            return
        await self._app(scope, counted(receive, most, HTTPException(TOO_LARGE.status)), send)


def _most(path: str) -> int:
    if _TABLES.match(path) or _OUTBOXES.match(path):
        return MAX_TABLE_BYTES + SURROUNDING
    return FILES if _FILES.match(path) else MAX_BODY_BYTES


def said_length(scope: Scope) -> int:
    """The length that the request says it has."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else 0


def counted(receive: Receive, most: int, error: Exception) -> Receive:
    """The body, until it is longer than it may be: then ``error`` is raised. The framework lets
    its own HTTPException through."""
    seen = 0

    async def next_piece() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise error
        return message

    return next_piece


_SUSPECT = re.compile(rb"[\x00-\x1f\x7f-\x9f]|%(?:[01][0-9a-f]|7f|[89][0-9a-f])", re.IGNORECASE)
"""What may become a control character when it is decoded: few queries hold it."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def refuse_control_characters(scope: Scope) -> None:
    """Raise a problem (422) naming the parameter in which a control character stands."""
    query = scope.get("query_string", b"")
    if not _SUSPECT.search(query):
        return
    for name, value in parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True):
        if _CONTROL.search(name + value):
            field = _CONTROL.sub("", name)[:200] or "query"
            raise Problem(FORBIDDEN_CHARACTER, "A query holds no control characters.", field)
