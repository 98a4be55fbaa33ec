"""A station's voice: what its reports together say of an indicator, one status for each station.

Irregular where any report saw it, else fine where any answered; then reported to observers, not
observed, unanswered, not applicable, not asked. Within one report another order holds
(:data:`schemas.codes.STRENGTH`), on purpose: there told is stronger than fine.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints, Truths
from schemas.codes import Status

Voices = NDArray[np.uint8]
ORDER: tuple[Status, ...] = (
    Status.IRREGULAR,
    Status.FINE,
    Status.IRREGULAR_TOLD,
    Status.NOT_OBSERVED,
    Status.UNANSWERED,
    Status.NOT_APPLICABLE,
    Status.NOT_RELEVANT,
)
"""The first of these that any report of a station says is the station's voice."""
MISSING = len(Status)
"""The voice of a station from which no report came, and nobody says why."""
UNOBSERVED = MISSING + 1
"""That of one from which none came and of which is known why: it refused observers, was closed or
unsafe. A refused entry answers the indicators of access; this is what it says of all others."""
VOICES = UNOBSERVED + 1
"""How many voices there are."""


def _by_bits() -> Voices:
    """The voice of each set of statuses, a bit for each status; of none :data:`MISSING`."""
    found = np.full(1 << len(Status), MISSING, dtype=np.uint8)
    sets = np.arange(len(found))
    for status in reversed(ORDER):
        found[(sets >> status) & 1 == 1] = status
    return found


_VOICE = _by_bits()


def said_at(status: NDArray[np.uint8], first: Ints) -> NDArray[np.uint8]:
    """The statuses said at each station, a bit for each: shape (stations, indicators).

    ``status`` has the shape (reports, indicators), station by station; ``first`` is where each
    station's reports begin.
    """
    bits = np.left_shift(np.uint8(1), status)
    return np.asarray(np.bitwise_or.reduceat(bits, first, axis=0), dtype=np.uint8)


def voices(status: NDArray[np.uint8], first: Ints) -> Voices:
    """The voice of each station, shape (stations, indicators); arguments as of :func:`said_at`."""
    return _VOICE[said_at(status, first)]


@dataclass(frozen=True, eq=False)
class Silence:
    """What is known of the stations of a sample should no report come: ``voices``, shape (drawn,
    indicators); ``gone`` are those out of the frame, from which none is expected."""

    voices: Voices
    gone: Truths

    @classmethod
    def of(cls, drawn: int, indicators: int) -> "Silence":
        """Nothing is known: each is :data:`MISSING`."""
        return cls(
            np.full((drawn, indicators), MISSING, dtype=np.uint8), np.zeros(drawn, dtype=np.bool_)
        )


def voices_of_drawn(spoken: Voices, at: Ints, silent: Voices) -> Voices:
    """The voices of all stations of a sample, shape (drawn, indicators).

    ``spoken`` are those of the stations ``at`` these positions, from which reports came.
    ``silent``, of the shape of the result, is what is known of a station from which none came,
    such as that its access was refused.
    """
    found = silent.copy()
    found[at] = spoken
    return found


def answered(voice: Voices) -> NDArray[np.bool_]:
    """Where it was observed and answered: what a rate is out of."""
    return np.asarray((voice == Status.FINE) | (voice == Status.IRREGULAR))
