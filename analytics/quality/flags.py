"""Quality flags: what a supervisor should ask about, and never more than that.

A flag deletes nothing, enters no figure and names nobody in public. Each carries the inputs that
raised it, so that whoever calls can see why. Thresholds are arguments; the defaults are cautious.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

EARTH_M = 6_371_008.8
Codes = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]
UNLIKE = 127
"""An answer that nobody else gave: it was answered, and is like none."""


@dataclass(frozen=True)
class Flag:
    """One reason to call back: its code, the report, and the figures that it rests on."""

    code: str
    report: str
    inputs: Mapping[str, object]


@dataclass(frozen=True)
class NearDuplicates:
    """Two forms (rows of the matrix) whose answers are nearly the same; ``expected`` is the share
    that anybody's form would have in common with the first, where it is known how usual each answer
    is."""

    first: int
    second: int
    share: float
    compared: int
    expected: float | None = None


def near_identical(
    answers: Codes,
    at_least: float = 0.85,
    of: int = 20,
    block: int = 1024,
    usual: Floats | None = None,
) -> list[NearDuplicates]:
    """For each row of coded ``answers`` (rows, questions), the later or earlier row most like it.

    Codes below 0 are no answer, UNLIKE one that no other form has. Two forms are compared on the
    questions that both answered, at least ``of`` of them; the maximum share of equal answers is
    that of Kuriakose and Robbins (2016). Pairs at or above ``at_least``, each once, most alike
    first.

    Many honest forms are alike where nothing happened. ``usual`` (questions, codes) says with what
    chance anybody gives each answer; two forms are then named only where it is likelier that one
    was copied, with 1 − ``at_least`` of its answers changed, than that both were written apart: an
    answer that nearly everybody gives says next to nothing, a rare one much.
    """
    full = np.flatnonzero(np.sum(answers >= 0, axis=1) >= of)
    if len(full) < 2:
        return []
    forms = answers[full]
    given, coded, asked = _one_hot(forms)
    alike = np.flatnonzero(_has_like(given, coded, at_least, block))
    found: dict[tuple[int, int], NearDuplicates] = {}
    for start in range(0, len(alike), block):
        rows = alike[start : start + block]
        both = given[rows] @ given.T
        share = np.divide(coded[rows] @ coded.T, np.maximum(both, 1))
        share[both < of] = -1.0
        if usual is not None:
            share[_evidence(coded, rows, both, usual[asked], at_least) <= 0] = -1.0
        share[np.arange(len(rows)), rows] = -1.0
        partner = np.argmax(share, axis=1)
        best = share[np.arange(len(rows)), partner]
        for at in np.flatnonzero(best >= np.float32(at_least)).tolist():
            row, other = int(full[rows[at]]), int(full[partner[at]])
            pair = (min(row, other), max(row, other))
            found[pair] = NearDuplicates(
                *pair,
                round(float(best[at]), 6),
                int(both[at, partner[at]]),
                None if usual is None else _expected(forms, rows[at], partner[at], usual),
            )
    return sorted(found.values(), key=lambda twins: (-twins.share, twins.first, twins.second))


def _has_like(
    given: npt.NDArray[np.float32], coded: npt.NDArray[np.float32], at_least: float, block: int
) -> npt.NDArray[np.bool_]:
    """Which rows may have another at least so like them: equal answers less ``at_least`` times
    those compared, by one product a pair of blocks; few rows then need a closer look."""
    left = np.hstack([coded, given * np.float32(-at_least)])
    right = np.hstack([coded, given])
    best = np.full(len(given), -np.inf, dtype=np.float32)
    for start in range(0, len(given), block):
        rows = slice(start, start + block)
        excess = left[rows] @ right[start:].T
        np.fill_diagonal(excess, -np.inf)
        np.maximum(best[rows], excess.max(axis=1), out=best[rows])
        np.maximum(best[start:], excess.max(axis=0), out=best[start:])
    return best >= -1e-3


def _evidence(
    coded: npt.NDArray[np.float32],
    rows: npt.NDArray[np.intp],
    both: npt.NDArray[np.float32],
    chance: Floats,
    at_least: float,
) -> npt.NDArray[np.float32]:
    """By how much likelier, as a logarithm, each pair is a copy with few answers changed than two
    forms written apart; ``chance`` is that of each column's answer."""
    changed = 1 - at_least
    equal = np.log((at_least + changed * chance) / chance) - np.log(changed)
    found: npt.NDArray[np.float32] = (coded[rows] * equal.astype(np.float32)) @ coded.T
    return found + both * np.float32(np.log(changed))


def _expected(answers: Codes, one: int, other: int, usual: Floats) -> float:
    """The share of one form's answers that anybody else would have given too."""
    compared = np.flatnonzero((answers[one] >= 0) & (answers[other] >= 0))
    return round(float(np.mean(usual[compared, answers[one, compared]])), 6)


def _one_hot(
    answers: Codes,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], tuple[Columns, Columns]]:
    """Whether each question was answered, a column for each answer that was ever given, and of
    each column its question and its answer."""
    form, question = np.nonzero((answers >= 0) & (answers < UNLIKE))
    different, column = np.unique(
        question * (UNLIKE + 1) + answers[form, question], return_inverse=True
    )
    coded = np.zeros((len(answers), len(different)), dtype=np.float32)
    coded[form, column] = 1
    return (answers >= 0).astype(np.float32), coded, np.divmod(different, UNLIKE + 1)


def flag_twins(
    reports: Sequence[str],
    answers: Codes,
    at_least: float = 0.85,
    of: int = 20,
    usual: Floats | None = None,
) -> list[Flag]:
    """:func:`near_identical` as flags, one for each of the two reports."""
    return [
        Flag(
            "near-identical",
            reports[one],
            {"like": reports[other], "share": twins.share, "answers": twins.compared}
            | ({} if twins.expected is None else {"by_chance": twins.expected}),
        )
        for twins in near_identical(answers, at_least, of, usual=usual)
        for one, other in ((twins.first, twins.second), (twins.second, twins.first))
    ]


def flag_too_fast(
    report: str, began: datetime, finished: datetime, answered: int, seconds: float = 2.0
) -> Flag | None:
    """Fewer seconds an answer than anybody reads in; also a form that ended before it began."""
    took = (finished - began).total_seconds()
    if answered == 0 or took >= answered * seconds:
        return None
    return Flag("too-fast", report, {"seconds": took, "answers": answered, "least": seconds})


def flag_straight_line(report: str, ratings: Sequence[int | None], of: int = 6) -> Flag | None:
    """The same value in every item of one scale, of at least ``of`` answered."""
    given = [each for each in ratings if each is not None]
    if len(given) < of or len(set(given)) > 1:
        return None
    return Flag("straight-line", report, {"value": given[0], "items": len(given)})


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres along the great circle (haversine)."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.radians(other_lon - lon) / 2
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(half) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(chord, 1.0)))


def flag_far(
    report: str,
    position: tuple[float, float, float],
    station: tuple[float, float],
    beyond_m: float = 500.0,
) -> Flag | None:
    """A position (latitude, longitude, error in metres) far from its station.

    Twice the error stated by the phone, some 95 %, is allowed for before ``beyond_m``.
    """
    lat, lon, accuracy = position
    away = distance_m(lat, lon, *station)
    if away - 2 * max(accuracy, 0.0) <= beyond_m:
        return None
    return Flag(
        "far-away", report, {"metres": round(away), "accuracy_m": accuracy, "beyond_m": beyond_m}
    )


def flag_before_opening(report: str, finished: datetime, opens: datetime) -> Flag | None:
    """A form on the voting finished before the station was to open."""
    if finished >= opens:
        return None
    return Flag(
        "before-opening", report, {"finished": finished.isoformat(), "opens": opens.isoformat()}
    )


def flag_same_photo(photos: Iterable[tuple[str, str]]) -> list[Flag]:
    """Reports that sent the very same photograph: pairs of report and SHA-256 of the file."""
    reports: dict[str, list[str]] = defaultdict(list)
    for report, digest in photos:
        if report not in reports[digest]:
            reports[digest].append(report)
    return [
        Flag(
            "same-photo",
            report,
            {"sha256": digest, "also": [each for each in held if each != report]},
        )
        for digest, held in reports.items()
        if len(held) > 1
        for report in held
    ]


@dataclass(frozen=True)
class Protocol:
    """The figures of one results protocol; None where it does not say."""

    votes: tuple[int | None, ...]
    valid: int | None = None
    invalid: int | None = None
    in_box: int | None = None
    issued: int | None = None
    signed: int | None = None
    received: int | None = None
    unused: int | None = None
    spoiled: int | None = None
    registered: int | None = None


def flag_arithmetic(report: str, protocol: Protocol) -> list[Flag]:
    """The sums of a protocol that do not come out, each with both sides.

    What the copy shows may be the commission's mistake or the observer's: hence a call-back.
    """
    return [
        Flag("arithmetic", report, {"rule": rule, "left": left, "right": right})
        for rule, left, right, holds in _rules(protocol)
        if not holds
    ]


def _rules(p: Protocol) -> Iterator[tuple[str, int, int, bool]]:
    def total(*parts: int | None) -> int | None:
        return None if None in parts else sum(part for part in parts if part is not None)

    equal = (
        ("votes = valid", total(*p.votes) if p.votes else None, p.valid),
        ("valid + invalid = in box", total(p.valid, p.invalid), p.in_box),
        ("issued + unused + spoiled = received", total(p.issued, p.unused, p.spoiled), p.received),
    )
    at_most = (
        ("in box ≤ issued", p.in_box, p.issued),
        ("in box ≤ signatures", p.in_box, p.signed),
        ("signatures ≤ registered", p.signed, p.registered),
        ("in box ≤ registered", p.in_box, p.registered),
    )
    for rule, left, right in equal:
        if left is not None and right is not None:
            yield rule, left, right, left == right
    for rule, left, right in at_most:
        if left is not None and right is not None:
            yield rule, left, right, left <= right
