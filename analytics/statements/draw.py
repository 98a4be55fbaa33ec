"""Draw a statement's figures from its frozen numbers, for a page or for a document."""

from analytics.charts import SCREEN, IntervalRow, Palette, interval_chart, squares
from analytics.numbers import Estimate, ObservedCount
from analytics.statements.blocks import Figure
from analytics.statements.ledger import from_data
from analytics.statements.snapshot import Numbers
from analytics.wording import ENGLISH, FORMATS


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
                    _count(number), label=label, palette=palette, key=f"{key}-{n}" if key else None
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


def _estimate(number: Estimate | ObservedCount) -> Estimate:
    if not isinstance(number, Estimate):
        raise TypeError("figure: a count has no interval to draw")
    return number


def _count(number: Estimate | ObservedCount) -> ObservedCount:
    """A count as it is; an estimate from too few answers as the count it is said as."""
    if isinstance(number, ObservedCount):
        return number
    return ObservedCount(number.seen or 0, number.n, number.n, number.missing)
