"""Functions of dates and times."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from mobile_forms.functions.values import (
    Value,
    days_of,
    instant_of,
    moment_of,
    number_of,
    text_of,
)


def _today(_: Any) -> str:
    return datetime.now(UTC).date().isoformat()


def _now(_: Any) -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _date(_: Any, value: Value) -> str:
    moment = instant_of(value)
    return moment.date().isoformat() if moment else ""


def _date_time(_: Any, value: Value) -> str:
    moment = instant_of(value)
    return moment.isoformat(timespec="milliseconds") if moment else ""


def _decimal_date_time(_: Any, value: Value) -> float:
    moment = moment_of(text_of(value))
    return days_of(moment) if moment else number_of(value)


def _decimal_time(_: Any, value: Value) -> float:
    parts = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?.*", text_of(value))
    if parts is None:
        return math.nan
    hours, minutes, seconds = parts.groups(default="0")
    return (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) / 86_400


_AS_FORMATTED: dict[str, Callable[[datetime], str]] = {
    "%n": lambda moment: str(moment.month),
    "%e": lambda moment: str(moment.day),
    "%h": lambda moment: str(moment.hour),
    "%3": lambda moment: f"{moment.microsecond // 1000:03}",
    **{
        code: lambda moment, code=code: moment.strftime(code)  # type: ignore[misc]
        for code in ("%Y", "%y", "%m", "%d", "%H", "%M", "%S", "%b", "%a")
    },
}


def _format_date(_: Any, value: Value, pattern: Value) -> str:
    moment = instant_of(value)
    if moment is None:
        return ""

    def part(match: re.Match[str]) -> str:
        write = _AS_FORMATTED.get(match[0])
        return write(moment) if write else ""

    return re.sub(r"%[A-Za-z3]", part, text_of(pattern))


MOMENTS: dict[str, Callable[..., Value]] = {
    "today": _today,
    "now": _now,
    "date": _date,
    "date-time": _date_time,
    "decimal-date-time": _decimal_date_time,
    "decimal-time": _decimal_time,
    "format-date": _format_date,
    "format-date-time": _format_date,
}
