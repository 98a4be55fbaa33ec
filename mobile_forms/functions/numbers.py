"""Functions of numbers."""

import math
import random
from collections.abc import Callable
from typing import Any

from mobile_forms.functions.values import Value, number_of, numbers_of, text_of, whole_of


def _int(_: Any, value: Value) -> float:
    number = number_of(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _number(_: Any, value: Value) -> float:
    return number_of(value)


def _round(_: Any, value: Value, digits: Value = 0.0) -> float:
    number, scale = number_of(value), 10.0 ** max(-15, min(15, whole_of(digits, 0)))
    if not math.isfinite(number):
        return number
    # Halves go away from zero, as on phones.
    return math.copysign(math.floor(abs(number) * scale + 0.5) / scale, number)


def _minimum(_: Any, *values: Value) -> float:
    return min(numbers_of(values))


def _maximum(_: Any, *values: Value) -> float:
    return max(numbers_of(values))


def _power(_: Any, base: Value, exponent: Value) -> float:
    try:
        return float(number_of(base) ** number_of(exponent))
    except (OverflowError, ZeroDivisionError, TypeError):
        return math.nan


def _two_angles(_: Any, y: Value, x: Value) -> float:
    return math.atan2(number_of(y), number_of(x))


def _of_one(function: Callable[[float], float]) -> Callable[..., float]:
    def apply(_: Any, value: Value) -> float:
        try:
            return function(number_of(value))
        except (ValueError, OverflowError):
            return math.nan

    return apply


def _differs(_: Any, sent: Value, calculated: Value) -> bool:
    """Whether a calculated answer was sent as something else; figures may differ by rounding."""
    one, other = text_of(sent), text_of(calculated)
    if not one or one == other:
        return False
    return not math.isclose(number_of(one), number_of(other), rel_tol=1e-9, abs_tol=1e-9)


NUMBERS: dict[str, Callable[..., Value]] = {
    "int": _int,
    "odk-number": _number,
    "odk-round": _round,
    "min": _minimum,
    "max": _maximum,
    "pow": _power,
    "odk-differs": _differs,
    "atan2": _two_angles,
    "pi": lambda _: math.pi,
    "random": lambda _: random.random(),
    "exp10": _of_one(lambda x: 10.0**x),
    "abs": _of_one(abs),
    **{
        name: _of_one(getattr(math, name))
        for name in (
            "sqrt",
            "exp",
            "log",
            "log10",
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "atan",
        )
    },
}
