"""Refusing query strings with control characters."""

import re
from urllib.parse import parse_qsl

from api.problems import FORBIDDEN_CHARACTER, Problem
from api.server.security_headers import Scope

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
