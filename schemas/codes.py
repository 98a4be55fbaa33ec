"""One byte per indicator and report: the status code and the severity of an irregularity.

The status stands in the low four bits, the severity in the high four. A rate is
``IRREGULAR / (FINE + IRREGULAR)``; every other status is counted beside it.
"""

from enum import IntEnum


class Status(IntEnum):
    """What one report says of one indicator."""

    NOT_RELEVANT = 0
    FINE = 1
    IRREGULAR = 2
    IRREGULAR_TOLD = 3
    NOT_OBSERVED = 4
    UNANSWERED = 5
    NOT_APPLICABLE = 6


class Severity(IntEnum):
    """How grave an irregularity is; NONE where nothing irregular was said."""

    NONE = 0
    PROCEDURAL = 1
    SERIOUS = 2
    INTEGRITY = 3


STRENGTH: tuple[Status, ...] = (
    Status.IRREGULAR,
    Status.IRREGULAR_TOLD,
    Status.FINE,
    Status.NOT_OBSERVED,
    Status.UNANSWERED,
    Status.NOT_APPLICABLE,
    Status.NOT_RELEVANT,
)
"""Where several questions raise one indicator, the first of these wins."""

STATUS_MASK = 0x0F
SEVERITY_SHIFT = 4


def pack(status: Status, severity: Severity = Severity.NONE) -> int:
    """The byte (0 to 255) of a status and a severity."""
    return (severity << SEVERITY_SHIFT) | status


def status_of(code: int) -> Status:
    """The status in a byte made by :func:`pack`."""
    return Status(code & STATUS_MASK)


def severity_of(code: int) -> Severity:
    """The severity in a byte made by :func:`pack`."""
    return Severity(code >> SEVERITY_SHIFT)
