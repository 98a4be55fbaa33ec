"""Matrices of codes made of a few reports, and the rates of such a matrix, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.numbers import NOTHING_BESIDE, Beside, ObservedCount, Unit
from analytics.observation.code_matrix import KINDS, NOWHERE, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.ids import ID
from analytics.observation.irregularity_rates import Part, Rate, WhyCount, rates_in_groups
from analytics.observation.record import ROW, STATUSES
from analytics.observation.visits import Grouping
from schemas.checklist import Indicator
from schemas.mission import Kind
from schemas.report import ReportStatus


@dataclass(frozen=True)
class Said:
    """One report: what it says, byte by byte, and where it comes from."""

    codes: bytes
    kind: Kind = Kind.DOMESTIC
    place: int = NOWHERE
    area: int = NOWHERE
    assigned: bool = False
    status: ReportStatus = ReportStatus.RECEIVED
    arrived: int = NOWHERE
    visit: int | None = None
    team: int = 0
    changed: int = 0
    contest: int = -1


def matrix_of(indicators: tuple[str, ...], reports: Sequence[Said], **shape: bool) -> CodeMatrix:
    """A matrix of reports that were received one after another."""
    rows = np.zeros(len(reports), dtype=ROW)
    numbers = range(1, len(reports) + 1)
    rows["received"] = numbers
    rows["id"] = np.frombuffer(b"".join(at.to_bytes(16) for at in numbers), dtype=ID)
    rows["changed"] = [each.changed or at for at, each in zip(numbers, reports, strict=True)]
    rows["status"] = [STATUSES.index(each.status) for each in reports]
    rows["kind"] = [KINDS.index(each.kind) for each in reports]
    rows["visit"] = [
        1_000_000 + at if each.visit is None else each.visit
        for at, each in zip(numbers, reports, strict=True)
    ]
    for name in ("place", "area", "team", "arrived", "assigned", "contest"):
        rows[name] = [getattr(each, name) for each in reports]
    codes = np.frombuffer(b"".join([each.codes for each in reports]), dtype=np.uint8)
    return CodeMatrix.of(
        indicators,
        codes.reshape(len(reports), len(indicators)),
        rows,
        np.arange(len(reports)),
        **shape,
    )


def irregularities(
    matrix: CodeMatrix,
    indicators: Sequence[Indicator],
    *,
    samples: Sequence[DrawnSample] = (),
    threshold: float = 0.8,
    areas: AreaGroups | None = None,
    level: float = 0.95,
    unit: Unit = "station",
) -> tuple[Rate, ...]:
    """The rates of ``indicators`` in the nation, or in each group of ``areas``.

    ``samples`` holds at most one of each kind of observers, each estimated from its own assigned
    visits. Rows come by area, kind, part and indicator; a kind without reports has none. Indicators
    that the matrix does not hold are left out. An estimate's standard error comes from the full
    design, also in an area; ``threshold`` is the mission's least response, asked of every area.
    """
    grouping = None
    if areas is not None:
        grouping = Grouping(
            areas.group(matrix["area"]), lambda sample: areas.group(sample.area), areas.count
        )
    return rates_in_groups(
        matrix,
        indicators,
        grouping,
        samples=samples,
        threshold=threshold,
        level=level,
        unit=unit,
    )


def counted_rate(
    seen: int,
    of: int,
    *,
    kind: Kind = Kind.DOMESTIC,
    part: Part = "visits",
    area: int | None = None,
    why: WhyCount = "not_a_sample",
    stage: str = "voting",
    indicator: str = "VO-GROUP",
    unit: Unit = "station",
    beside: Beside = NOTHING_BESIDE,
) -> Rate:
    """The rate of an irregularity that was seen in so many of so many units: a count."""
    stations = ObservedCount(seen, of, of, unit="station", beside=beside)
    observations = ObservedCount(seen, of, of, unit="observation", beside=beside)
    return Rate(
        indicator=indicator,
        stage=stage,
        severity=2,
        kind=kind,
        part=part,
        area=area,
        number=stations if unit == "station" else observations,
        by_station=stations,
        by_observation=observations,
        ranked_share=seen / of if of else None,
        response=None,
        why_count=why,
    )
