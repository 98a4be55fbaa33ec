"""Functions of texts."""

import base64
import hashlib
import math
import uuid
from binascii import Error as NotBase64
from collections.abc import Callable
from typing import Any

from mobile_forms.functions.values import (
    TooSlow,
    Value,
    look_at_the_time,
    text_of,
    texts_of,
    truth_of,
    whole_of,
)
from mobile_forms.patterns import matches

LONGEST_JOINED = 4_000_000
"""Characters that a calculated text may have."""


def _choose(_: Any, condition: Value, yes: Value, no: Value) -> Value:
    return yes if truth_of(condition) else no


def _coalesce(_: Any, first: Value, second: Value) -> str:
    return text_of(first) or text_of(second)


def _regex(_: Any, value: Value, pattern: Value) -> bool:
    look_at_the_time()
    return matches(text_of(value), text_of(pattern))


def _substr(_: Any, value: Value, start: Value, end: Value = math.inf) -> str:
    text = text_of(value)
    return text[whole_of(start, 0) : whole_of(end, len(text))]


def _join(_: Any, separator: Value, *values: Value) -> str:
    return _joined(text_of(separator), texts_of(values))


def _concat(_: Any, *values: Value) -> str:
    return _joined("", texts_of(values))


def _joined(separator: str, texts: list[str]) -> str:
    """Texts in one, no longer than a few reports: an answer may be put between all others."""
    if len(separator) * len(texts) + sum(map(len, texts)) > LONGEST_JOINED:
        raise TooSlow
    return separator.join(texts)


def _boolean_from_string(_: Any, value: Value) -> bool:
    return text_of(value).strip().lower() in ("true", "1")


def _ends_with(_: Any, value: Value, end: Value) -> bool:
    return text_of(value).endswith(text_of(end))


def _contains(_: Any, value: Value, part: Value) -> bool:
    return text_of(part) in text_of(value)


def _before(_: Any, value: Value, part: Value) -> str:
    text, end = text_of(value), text_of(part)
    return text.partition(end)[0] if end and end in text else ""


def _after(_: Any, value: Value, part: Value) -> str:
    text, begin = text_of(value), text_of(part)
    return text.partition(begin)[2] if begin else text


def _translate(_: Any, value: Value, given: Value, instead: Value) -> str:
    """Each character of ``given`` becomes that at its place in ``instead``, or nothing."""
    new = text_of(instead)
    table: dict[int, str] = {}
    for place, each in enumerate(text_of(given)):
        table.setdefault(ord(each), new[place : place + 1])
    return text_of(value).translate(table)


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
    "if": _choose,
    "coalesce": _coalesce,
    "regex": _regex,
    "substr": _substr,
    "join": _join,
    "odk-concat": _concat,
    "odk-contains": _contains,
    "odk-substring-before": _before,
    "odk-substring-after": _after,
    "odk-translate": _translate,
    "ends-with": _ends_with,
    "boolean-from-string": _boolean_from_string,
    "uuid": _uuid,
    "digest": _digest,
    "base64-decode": _base64_decode,
}
