"""How a counted number may be written, and which noun may follow it.

``objections`` takes a text as it stands in a sentence and the number that was counted, and says
what in it is not so. Written from the forms of numbers in the house's grammar: n of N; v% ±d only
where both rounded ends are v − d and v + d; v% (low–high%); bounds rounded away from the value.
"""

import math
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from tests.truth.counting import Number
from tests.truth.estimating import Interval

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
NOUNS = {"station": "polling station", "observation": "observation", "report": "report"}
NOUN = re.compile(
    r"^\s*(?:of )?(polling stations?|stations?|observations?|visits?|planned visits?|"
    r"reports?|planned reports?)\b"
)


WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def objections(text: str, number: Number, positive: bool = False) -> Iterator[str]:
    """What a text says that was not counted; ``positive`` where it speaks of the contrary. A
    sentence may part a count: "nine" and "126" of "nine of the 126 counts"."""
    interval = turned(number.interval) if positive and number.interval else number.interval
    seen = number.answered - number.seen if positive else number.seen
    of = re.fullmatch(r"(\d[\d,]*) of (\d[\d,]*)", text)
    if of:
        said = tuple(int(each.replace(",", "")) for each in of.groups())
        if said != (seen, number.answered):
            yield f"{text!r} is {seen} of {number.answered}"
        return
    part = str(1 + WORDS.index(text)) if text in WORDS else text
    if re.fullmatch(r"\d[\d,]*", part):
        if int(part.replace(",", "")) not in (seen, number.answered):
            yield f"{text!r} is neither {seen} nor {number.answered}"
        return
    if interval is None:
        if [int(each.replace(",", "")) for each in FIGURE.findall(text)] != [number.answered]:
            yield f"{text!r} is no count of {number.answered}"
    elif "±" in text:
        yield from _margin(text, interval)
    else:
        contrary = (turned(interval),) if positive else ()
        yield from _interval(text, (interval, *contrary), {seen, number.answered})


def _interval(text: str, among: tuple[Interval, ...], counts: set[int]) -> Iterator[str]:
    """A sentence of the contrary may give the bound of the thing itself: "at no more than 4.3%"."""
    interval = among[0]
    for figure in FIGURE.findall(text):
        if not any(_is_one_of(figure, each, counts) for each in among):
            yield f"{figure} of {text!r} is in no rounding of {interval}"
    if "(" in text and "–" in text:
        yield from _ends(text, interval)


def turned(interval: Interval) -> Interval:
    """The share of the contrary."""
    return Interval(1 - interval.value, 1 - interval.high, 1 - interval.low)


def _places(figure: str) -> int:
    return len(figure.partition(".")[2])


def rounded(value: float, places: int) -> set[Decimal]:
    """A share as a percentage, rounded; a half may be rounded either way."""
    step = Decimal(1).scaleb(-places)
    return {
        Decimal(repr(hundred)).quantize(step, way)
        for hundred in (100 * value, round(100 * value, 9))
        for way in (ROUND_HALF_EVEN, ROUND_HALF_UP)
    }


def _margin(text: str, interval: Interval) -> Iterator[str]:
    value, margin = (Decimal(each) for each in FIGURE.findall(text)[:2])
    places = _places(FIGURE.findall(text)[0])
    ends = (rounded(interval.low, places), rounded(interval.high, places))
    if value not in rounded(interval.value, places):
        yield f"{value} of {text!r} is {100 * interval.value}"
    if value - margin not in ends[0] or value + margin not in ends[1]:
        yield f"the ends of {text!r} are {100 * interval.low} and {100 * interval.high}"
    if value - margin <= 0 or value + margin >= 100:
        yield f"{text!r} reaches a bound"


def _ends(text: str, interval: Interval) -> Iterator[str]:
    within = FIGURE.findall(text[text.index("(") :])[:2]
    for figure, end in zip(within, (interval.low, interval.high), strict=True):
        if Decimal(figure) not in rounded(end, _places(figure)):
            yield f"{figure} of {text!r} is {100 * end}"


def _is_one_of(figure: str, interval: Interval, counts: set[int]) -> bool:
    places, said = _places(figure), Decimal(figure.replace(",", ""))
    step = 10.0**-places
    outward = {
        Decimal(str(round(math.ceil(100 * interval.high / step - 1e-9) * step, places))),
        Decimal(str(round(math.floor(100 * interval.low / step + 1e-9) * step, places))),
    }
    near = {
        each
        for end in (interval.value, interval.low, interval.high)
        for each in rounded(end, places)
    }
    smallest = interval.value < 0.01 and said == 1
    largest = interval.value > 0.99 and said == 99
    return said in near | outward or said in counts or smallest or largest


def noun_after(words: str) -> str:
    """The noun that stands right after a number, "" where none does."""
    found = NOUN.match(words)
    return found.group(1) if found else ""


def wrong_noun(noun: str, number: Number, text: str) -> str:
    """Why a noun does not fit the unit, or the number before it; "" where it does."""
    right = NOUNS[number.unit]
    if noun.removesuffix("s") != right:
        return f"{noun!r} after {text!r}, of which the unit is {number.unit}"
    last = text.split()[-1]
    if last == "1" and noun.endswith("s") and "%" not in text:
        return f"{noun!r} after {text!r}"
    return ""
