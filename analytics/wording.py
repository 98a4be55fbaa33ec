"""How the house says a number: parts and unit words, never markup.

An estimate speaks "of polling stations" and carries its margin; a count carries what it is out
of, and speaks of what its unit is: polling stations, observations. What was seen is never rounded
away.
"""

import math
from dataclasses import dataclass
from typing import Literal

from analytics.numbers import Estimate, ObservedCount, Unit
from schemas.words import N_

ENOUGH_FOR_ESTIMATE = 30
"""The fewest answers from which a probability sample's estimate may be printed."""
ENOUGH_FOR_SHARE = 100
"""Under this many observations a count is x of N, never a percentage; an estimate from fewer
answers has no quantity word."""

Measure = Literal["process", "votes"]
"""Process indicators are whole percentages, vote shares and turnout have one decimal."""


@dataclass(frozen=True)
class Format:
    """How a language writes numbers: the mark of decimals, of thousands, and the percent.

    ``between`` writes the two ends of an interval, ``at_most`` an upper end alone. Integers of
    up to ``closed`` digits are written without a mark of thousands.
    """

    decimal: str = "."
    thousands: str = ","
    percent: str = "%"
    of: str = "of"
    between: str = "{low}–{high}{percent}"
    at_most: str = "no more than {high}"
    at_least: str = "no less than {low}"
    fewer: str = "fewer than {share}"
    more: str = "more than {share}"
    closed: int = 3

    def whole(self, value: int) -> str:
        """An integer with its thousands apart: ``1,234``."""
        mark = "" if len(str(abs(value))) <= self.closed else self.thousands
        return f"{value:,}".replace(",", mark)

    def interval(self, low: float, high: float, places: int) -> str:
        """The ends of an interval, in percent: ``8–13%``; from 0 the upper end alone."""
        top = self.decimals(high, places)
        if round(low, places) <= 0:
            return self.at_most.format(high=top + self.percent)
        return self.between.format(low=self.decimals(low, places), high=top, percent=self.percent)

    def decimals(self, value: float, places: int) -> str:
        """A figure with so many decimals, without a percent sign."""
        written = f"{value:,.{places}f}".replace(",", "\0").replace(".", self.decimal)
        return written.replace("\0", self.thousands)


ENGLISH = Format()
FRENCH = Format(
    decimal=",",
    thousands="\u202f",
    percent="\u202f%",
    of="sur",
    at_most="au plus {high}",
    at_least="au moins {low}",
    fewer="moins de {share}",
    more="plus de {share}",
)
ARABIC = Format(
    of="من",
    between="{low}{percent}–{high}{percent}",
    # Words from right to left with a number from left to right, whatever they stand in.
    at_most="\u2067لا أكثر من \u2066{high}\u2069\u2069",
    at_least="\u2067لا أقل من \u2066{low}\u2069\u2069",
    fewer="\u2067أقل من \u2066{share}\u2069\u2069",
    more="\u2067أكثر من \u2066{share}\u2069\u2069",
)
SPANISH = Format(
    decimal=",",
    thousands="\u202f",
    percent="\u202f%",
    of="de",
    at_most="como máximo {high}",
    at_least="como mínimo {low}",
    fewer="menos del {share}",
    more="más del {share}",
    closed=4,
)
PORTUGUESE = Format(
    decimal=",",
    thousands="\u202f",
    of="de",
    at_most="no máximo {high}",
    at_least="no mínimo {low}",
    fewer="menos de {share}",
    more="mais de {share}",
)
FORMATS: dict[str, Format] = {
    "en": ENGLISH,
    "fr": FRENCH,
    "ar": ARABIC,
    "es": SPANISH,
    "pt": PORTUGUESE,
}


@dataclass(frozen=True)
class WordedNumber:
    """A number as it is said: ``12%`` ``±2``, or ``23`` ``of 164``, and what it speaks of.

    ``kind`` decides the picture: only an estimate has a margin, which is its interval,
    ``(8–13%)``, where ± would name other ends; ``out_of`` belongs to a count.
    """

    kind: Literal["estimate", "count"]
    value: str
    margin: str
    out_of: str
    unit: str

    @property
    def text(self) -> str:
        """The number without its unit words."""
        return " ".join(part for part in (self.value, self.margin, self.out_of) if part)


OF_STATIONS = N_("of polling stations")
OF_VOTES = "of votes"
NOUNS: dict[Unit, tuple[str, str]] = {
    "station": (N_("polling station"), N_("polling stations")),
    "observation": (N_("observation"), N_("observations")),
    "report": (N_("report"), N_("reports")),
    "vote": (N_("vote"), N_("votes")),
}
"""What each unit is called: one of them, several."""


def noun(unit: Unit, many: int) -> str:
    """What so many units are called, in English; pages and statements translate it."""
    return NOUNS[unit][many != 1]


def say(
    number: Estimate | ObservedCount, *, measure: Measure = "process", style: Format = ENGLISH
) -> WordedNumber:
    """Say a number by the house's rules.

    An estimate from fewer than 30 answers is said as the count it rests on, where it has one.
    """
    if isinstance(number, ObservedCount):
        return _count(number.seen, number.of, number.unit, style)
    if number.n < ENOUGH_FOR_ESTIMATE and number.seen is not None:
        return _count(number.seen, number.n, number.unit, style)
    value, margin = _estimate(number, 0 if measure == "process" else 1, style)
    unit = OF_STATIONS if measure == "process" else OF_VOTES
    return WordedNumber("estimate", value, margin, "", unit)


def say_interval(number: Estimate, *, measure: Measure = "process", style: Format = ENGLISH) -> str:
    """The interval of an estimate by itself, where it stands beside the value: ``10–14%``,
    ``no more than 0.3%``. Its ends are those that :func:`say` names."""
    places = 0 if measure == "process" else 1
    value, low, high = 100 * number.value, 100 * number.low, 100 * number.high
    if value <= 0:
        return style.at_most.format(high=_bound(high, style))
    if value >= 100:
        return style.at_least.format(low=_bound(low, style, of=100.0))
    if not 0 < round(value, places) < 100:
        return _ends(low, high, style)[1:-1]
    return style.interval(low, high, places)


def say_difference(
    value: float, low: float, high: float, *, style: Format = ENGLISH
) -> tuple[str, str]:
    """A difference of two shares in points, and its interval: ``+4.2``, ``(+1.1, +7.3)``.

    One decimal; a bound that keeps off 0 is not rounded onto it.
    """
    ends = [
        0.1 if 0 < each < 0.05 else -0.1 if -0.05 < each < 0 else each
        for each in (100 * low, 100 * high)
    ]
    return _signed(100 * value, style), f"({_signed(ends[0], style)}, {_signed(ends[1], style)})"


def _signed(points: float, style: Format) -> str:
    shown = round(points, 1)
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return sign + style.decimals(abs(shown), 1)


def _count(seen: int, n: int, unit: Unit, style: Format) -> WordedNumber:
    out_of = f"{style.of} {style.whole(n)}"
    return WordedNumber("count", style.whole(seen), "", out_of, noun(unit, n))


def _estimate(number: Estimate, places: int, style: Format) -> tuple[str, str]:
    """Value and margin of an estimate, with ``places`` decimals."""
    unit = 10.0**-places
    value, low, high = 100 * number.value, 100 * number.low, 100 * number.high
    shown = round(value, places)
    if value <= 0:
        return "0", f"≤{_bound(high, style)}"
    if shown <= 0:
        return style.fewer.format(share=_percent(unit, places, style)), _ends(low, high, style)
    if value >= 100:
        return f"100{style.percent}", f"≥{_bound(low, style, of=100.0)}"
    if shown >= 100:
        share = _percent(100 - unit, places, style)
        return style.more.format(share=share), _ends(low, high, style)
    return _percent(shown, places, style), _margin(value, low, high, places, style)


def _ends(low: float, high: float, style: Format) -> str:
    """The interval of a share that is nearly none or nearly all, to one decimal outwards; an end
    that would be printed as none or all is left out."""
    bottom = min(math.floor(round(10 * low, 6)) / 10, 99.9)
    top = max(math.ceil(round(10 * high, 6)) / 10, 0.1)
    if top >= 100:
        return f"({style.at_least.format(low=_percent(bottom, 1, style))})"
    return f"({style.interval(bottom, top, 1)})"


def _margin(value: float, low: float, high: float, places: int, style: Format) -> str:
    """± where it names the ends of the interval as they are rounded, else the interval itself."""
    per_unit = 10**places
    middle, bottom, top = (round(round(x, places) * per_unit) for x in (value, low, high))
    margin = top - middle
    if bottom != middle - margin or bottom <= 0 or top >= 100 * per_unit:
        return f"({style.interval(low, high, places)})"
    if margin == 0:
        return f"±<{style.decimals(1 / per_unit, places)}"
    return f"±{style.decimals(margin / per_unit, places)}"


def _percent(value: float, places: int, style: Format) -> str:
    return style.decimals(value, places) + style.percent


def _bound(value: float, style: Format, of: float = 0.0) -> str:
    shown = value if value == of else bound_shown(value, of)
    return style.decimals(shown, 1) + style.percent


def bound_shown(value: float, of: float = 0.0) -> float:
    """A bound in percent to one decimal, away from the end (0 or 100) that it keeps open: what is
    printed holds too."""
    outward = math.floor if of else math.ceil
    return min(max(outward(round(10 * value, 6)) / 10, 0.1), 99.9)
