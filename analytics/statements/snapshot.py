"""The snapshot: every number of a statement as frozen, under one hash, and drawn as figures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from analytics.charts import SCREEN, IntervalRow, Palette, interval_chart, squares
from analytics.numbers import Estimate, ObservedCount, counted
from analytics.statements.blocks import Figure
from analytics.statements.ledger import from_data
from analytics.wording import ENGLISH, FORMATS, Format, say

Numbers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Snapshot:
    """Numbers by their id, and the SHA-256 of their canonical JSON, in hex."""

    numbers: Numbers
    sha256: str


@dataclass(frozen=True)
class MovedNumber:
    """A number that is another one now, such as 15% where the draft says 13%."""

    number_id: str
    was: str
    now: str


def numbers_moved(
    was: Numbers, now: Mapping[str, Estimate | ObservedCount], style: Format = ENGLISH
) -> list[MovedNumber]:
    """The frozen numbers whose value or interval is another one now, as precisely as they are
    printed. Both are said by today's rules: a number frozen when they were worded otherwise has not
    moved."""
    said = {
        key: (say(number_of(was, key), style=style).text, say(each, style=style).text)
        for key, each in sorted(now.items())
        if key in was
    }
    return [MovedNumber(key, *both) for key, both in said.items() if both[0] != both[1]]


def canonical(numbers: Mapping[str, Any]) -> bytes:
    """JSON in one form only: keys sorted, no spaces, UTF-8. Raises ValueError for NaN."""
    return json.dumps(
        numbers, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def freeze(numbers: Numbers) -> Snapshot:
    """Freeze numbers under their hash. What is hashed is what JSON can hold of them."""
    written = canonical(numbers)
    return Snapshot(numbers=json.loads(written), sha256=sha256(written).hexdigest())


def holds(snapshot: Snapshot) -> bool:
    """Whether the numbers are still those of the hash."""
    return sha256(canonical(snapshot.numbers)).hexdigest() == snapshot.sha256


def draw(
    figure: Figure,
    numbers: Numbers,
    *,
    language: str = "en",
    palette: Palette = SCREEN,
    key: str | None = None,
) -> tuple[tuple[str, str], ...]:
    """The figure's SVGs with a label each: one chart of intervals, or squares row by row.

    Raises KeyError where a number is not in the snapshot, TypeError where a row of intervals is
    a count.
    """
    rows = [(row.label, number_of(numbers, row.number_id)) for row in figure.rows]
    if figure.picture == "squares":
        return tuple(
            (
                label,
                squares(
                    counted(number), label=label, palette=palette, key=f"{key}-{n}" if key else None
                ),
            )
            for n, (label, number) in enumerate(rows)
        )
    drawn = interval_chart(
        [IntervalRow(label, _estimate(number)) for label, number in rows],
        title=figure.title,
        style=FORMATS.get(language, ENGLISH),
        palette=palette,
        key=key,
    )
    return ((figure.title, drawn),)


def number_of(numbers: Numbers, number_id: str) -> Estimate | ObservedCount:
    """An estimate or a count as it was frozen. Raises KeyError where there is none."""
    return from_data(numbers[number_id])


def worded(numbers: Numbers, number_id: str, language: str) -> str:
    """A frozen number as a language says it; a plain figure as it was frozen. Raises KeyError where
    there is none."""
    entry = numbers[number_id]
    if entry.get("type") not in ("estimate", "count"):
        return str(entry["text"])
    measure = entry.get("speaks", "process")
    return say(number_of(numbers, number_id), measure=measure, style=FORMATS[language]).text


def _estimate(number: Estimate | ObservedCount) -> Estimate:
    if not isinstance(number, Estimate):
        raise TypeError("figure: a count has no interval to draw")
    return number
