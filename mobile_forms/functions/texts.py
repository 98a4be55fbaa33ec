"""Functions of texts."""

import base64
import hashlib
import math
import re
import uuid
from binascii import Error as NotBase64
from collections.abc import Callable
from typing import Any

from mobile_forms.functions.values import Value, text_of, texts_of, truth_of, whole_of

LONGEST_MATCHED = 4_000
"""Characters of a text that a regular expression looks at."""


def _choose(_: Any, condition: Value, yes: Value, no: Value) -> Value:
    return yes if truth_of(condition) else no


def _coalesce(_: Any, first: Value, second: Value) -> str:
    return text_of(first) or text_of(second)


def _regex(_: Any, value: Value, pattern: Value) -> bool:
    return re.fullmatch(text_of(pattern), text_of(value)[:LONGEST_MATCHED]) is not None


def _substr(_: Any, value: Value, start: Value, end: Value = math.inf) -> str:
    text = text_of(value)
    return text[whole_of(start, 0) : whole_of(end, len(text))]


def _join(_: Any, separator: Value, *values: Value) -> str:
    return text_of(separator).join(texts_of(values))


def _concat(_: Any, *values: Value) -> str:
    return "".join(texts_of(values))


def _boolean_from_string(_: Any, value: Value) -> bool:
    return text_of(value).strip().lower() in ("true", "1")


def _ends_with(_: Any, value: Value, end: Value) -> bool:
    return text_of(value).endswith(text_of(end))


def _uuid(_: Any) -> str:
    return str(uuid.uuid4())


def _digest(_: Any, value: Value, algorithm: Value, encoding: Value = "base64") -> str:
    """A hash of a text, as hexadecimal digits or in base 64."""
    name = text_of(algorithm).replace("-", "").lower()
    if name not in ("md5", "sha1", "sha256", "sha384", "sha512"):
        return ""
    found = hashlib.new(name, text_of(value).encode(), usedforsecurity=False).digest()
    return found.hex() if text_of(encoding) == "hex" else base64.b64encode(found).decode()


def _base64_decode(_: Any, value: Value) -> str:
    try:
        return base64.b64decode(text_of(value), validate=True).decode(errors="replace")
    except (NotBase64, ValueError):
        return ""


TEXTS: dict[str, Callable[..., Value]] = {
    "if": _choose, "coalesce": _coalesce, "regex": _regex, "substr": _substr, "join": _join,
    "odk-concat": _concat, "ends-with": _ends_with, "boolean-from-string": _boolean_from_string,
    "uuid": _uuid, "digest": _digest, "base64-decode": _base64_decode,
}  # fmt: skip
