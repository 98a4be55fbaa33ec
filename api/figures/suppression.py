"""What a partner may not be told: cells that rest on few stations, and all that would give
them away.

A row on fewer than ten stations is withheld. Where a total stands beside the rows, a single
withheld row is the total less the others, so further rows are withheld with it (complementary
suppression) until what remains hidden has many solutions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST_STATIONS = 10
"""The fewest stations on which a row may rest that leaves the mission."""
LEAST_HIDDEN = 2
"""The fewest rows to withhold beside a total: one alone is the total less the others."""


@dataclass(frozen=True)
class Cell:
    """One row of a table that adds up to a total.

    ``stations`` is what it rests on; ``parts`` are (numerator, denominator) pairs shown of it,
    each of which adds up over the table as well.
    """

    stations: int
    parts: tuple[tuple[int, int], ...] = ()


def withheld(cells: Sequence[Cell], least: int = LEAST_STATIONS) -> frozenset[int]:
    """The positions of the rows not to be shown beside their total.

    Either nothing of substance is withheld, or at least ``LEAST_HIDDEN`` rows that together rest
    on at least ``least`` stations, and whose hidden numerators are neither all nothing nor all of
    their denominators. Where even withholding every row does not reach that, all are withheld.
    """
    hidden = {index for index, cell in enumerate(cells) if cell.stations < least}
    shown = sorted(set(range(len(cells))) - hidden, key=lambda index: cells[index].stations)
    while shown and not _well_hidden([cells[index] for index in hidden], least):
        hidden.add(shown.pop(0))
    return frozenset(hidden)


def _well_hidden(cells: Iterable[Cell], least: int) -> bool:
    """Whether the sums of what is hidden leave every hidden row open."""
    real = [cell for cell in cells if cell.stations]
    if not real:
        return True
    stations = sum(cell.stations for cell in real)
    if len(real) < LEAST_HIDDEN or stations < least or stations <= len(real):
        return False
    return all(_open(part) for part in zip(*(cell.parts for cell in real), strict=True))


def _open(parts: Iterable[tuple[int, int]]) -> bool:
    """Whether a hidden numerator could be another one, the sums being known."""
    pairs = [pair for pair in parts if pair[1]]
    seen, of = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return not pairs or (len(pairs) >= LEAST_HIDDEN and 0 < seen < of)
