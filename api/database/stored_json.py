"""The JSON loader of every connection: numbers that no exit could write are read as texts.

Every connection of a process reads by this one function (:mod:`api.database`). JSON is written by
orjson, which writes whole numbers of 64 bits and no larger ones; PostgreSQL gives ``1e300`` back as
a one and three hundred zeros. So a larger number is read as the nearest double, and one that no
double holds as its text.
"""

import json
from math import isfinite
from typing import Any

import orjson

_LEAST, _MOST = -(2**63), 2**64 - 1


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text; no whole number in it is longer than 64 bits."""
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text, parse_int=_whole, parse_float=_decimal)


def _whole(digits: str) -> int | float | str:
    # Python refuses to read thousands of digits as a whole number, and needs long for them.
    if len(digits) <= 20 and _LEAST <= int(digits) <= _MOST:
        return int(digits)
    return _decimal(digits)


def _decimal(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits
