"""Places of which nothing can come: those that did not open, those that let no observer in."""

import numpy as np

from analytics.observation.code_matrix import KINDS
from api.figures.kept import kept
from api.figures.watch import Watch
from schemas.mission import Kind

ACCESS_DENIED = "access_denied"
"""The checklist of the library on which observers say that they were not let in."""


def refused_at(watch: Watch, kind: Kind) -> frozenset[int]:
    """Places where observers of a kind were denied access."""
    readings = watch.readings.get(ACCESS_DENIED)
    if readings is None:
        return frozenset()

    def make() -> frozenset[int]:
        own = readings.counted & (readings["kind"] == KINDS.index(kind))
        return frozenset(np.unique(readings["place"][own & (readings["place"] >= 0)]).tolist())

    return kept(watch, f"refused to {kind}", make, moved=readings.folds)


def closed_at(watch: Watch) -> frozenset[int]:
    """Places that did not open in the round."""
    return watch.frame.closed
