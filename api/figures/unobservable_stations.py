"""Places of which nothing can come: those that did not open, those that let no observer in."""

import numpy as np

from analytics.observation.code_matrix import KINDS
from api.figures.edition import Edition
from schemas.mission import Kind

ACCESS_DENIED = "access_denied"
"""The checklist of the library on which observers say that they were not let in."""


def refused_at(edition: Edition, kind: Kind) -> frozenset[int]:
    """Places where observers of a kind were denied access."""
    matrix = edition.record.matrices.get(ACCESS_DENIED)
    if matrix is None:
        return frozenset()

    def make() -> frozenset[int]:
        own = matrix.counted & (matrix["kind"] == KINDS.index(kind)) & (matrix["place"] >= 0)
        return frozenset(np.unique(matrix["place"][own]).tolist())

    return edition.cached(("refused to", kind), make)


def closed_at(edition: Edition) -> frozenset[int]:
    """Places that did not open in the round."""
    return edition.reference.closed
