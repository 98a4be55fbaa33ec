"""What is shown of a rate, kept for as long as the rate is the same one."""

from typing import Any

from analytics.observation.irregularity_rates import Rate
from api.figures.json import rate_out
from api.figures.reference_data import Frame
from schemas.checklist import Indicator

MOST = 4_000
"""So many rows are kept; beyond that the oldest is made again when it is asked for."""
Row = dict[str, Any]


class ShownRates:
    """Rows as :func:`api.figures.json.rate_out` makes them. They are not to be changed: one is
    shown to many."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._rows: dict[tuple[Any, ...], tuple[Rate, Row]] = {}

    def row(self, checklist: str, indicator: Indicator | None, rate: Rate, *, exact: bool) -> Row:
        """How a rate of a checklist is shown. Not ``exact``: to a partner."""
        key = checklist, rate.area, rate.indicator, rate.kind, rate.part, exact
        of, row = self._rows.get(key, (None, {}))
        if of is not rate:
            row = rate_out(self._frame, checklist, indicator, rate, exact=exact)
            self._rows[key] = rate, row
            if len(self._rows) > MOST:
                del self._rows[next(iter(self._rows))]
        return row
