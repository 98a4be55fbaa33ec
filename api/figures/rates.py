"""The rates of a mission's irregularities, in the nation and by area of any depth."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from analytics.numbers import Unit
from analytics.observation.code_matrix import CodeMatrix
from analytics.observation.drawn_sample import AreaGroups
from analytics.observation.irregularity_rates import Rate, rates_of
from analytics.observation.visits import Visits, count_visits
from api.figures.edition import Edition
from api.figures.unobserved import refusals, silence
from schemas.checklist import CASES, Indicator
from schemas.place import Area

OUTSIDE = -1


def level(areas: Sequence[Area], within: Area | None = None) -> tuple[int, ...]:
    """For each area the index of the one that it is summed into, −1 where there is none.

    Without ``within`` it is the outermost area that it lies in; where one area holds all others,
    such as the nation, it is that one's part. With ``within`` it is the part of that area that it
    lies in, and the area itself for what lies in none of its parts. The groups never overlap.
    """
    index = {each.id: number for number, each in enumerate(areas)}
    top = within or _whole(areas)
    return tuple(_group(areas, index, each, top, strict=within is not None) for each in areas)


def inside(areas: Sequence[Area], within: Area) -> frozenset[int]:
    """The indices of an area and of all that lie in it, however deep."""
    return frozenset(number for number, into in enumerate(level(areas, within)) if into != OUTSIDE)


def groups(areas: Sequence[Area], within: Area | None = None) -> AreaGroups:
    """The same for areas given by index."""
    return AreaGroups(np.array(level(areas, within), dtype=np.int64), len(areas))


def _whole(areas: Sequence[Area]) -> Area | None:
    """The one area that all others lie in, where there is one."""
    roots = [each for each in areas if each.parent_id is None]
    return roots[0] if len(roots) == 1 and len(areas) > 1 else None


def _group(
    areas: Sequence[Area], index: dict[UUID, int], area: Area, top: Area | None, *, strict: bool
) -> int:
    wanted = top.id if top else None
    at = area
    for _ in areas:
        if at.id == wanted or at.parent_id == wanted:
            return index[at.id]
        above = index.get(at.parent_id) if at.parent_id else None
        if above is None:
            return OUTSIDE if strict else index[at.id]
        at = areas[above]
    return OUTSIDE


def has_parts(areas: Sequence[Area]) -> frozenset[UUID]:
    """The areas that others lie in."""
    return frozenset(Counter(each.parent_id for each in areas if each.parent_id))


def indicators_of(edition: Edition, checklist: str) -> tuple[Indicator, ...]:
    """The indicators of a checklist's newest rules, each with where it is asked."""
    rules = edition.reference.newest(checklist)
    return rules.definition.in_domains() if rules else ()


def unit_of(edition: Edition, checklist: str) -> Unit:
    """What a checklist's counts are of, by its newest rules."""
    rules = edition.reference.newest(checklist)
    return rules.definition.unit if rules else "observation"


def matrix_of(edition: Edition, checklist: str) -> CodeMatrix | None:
    """What the reports of a checklist say; None where nothing came, and of cases, which have no
    rates."""
    found: CodeMatrix | None = edition.record.matrices.get(checklist)
    return None if checklist in CASES else found


def rates(edition: Edition, checklist: str) -> tuple[Rate, ...]:
    """The nation's rates of one checklist, by kind of observer and part."""
    return edition.cached(("rates", checklist), lambda: rates_of_cells(edition, checklist, None))


def rates_by_area(edition: Edition, checklist: str, within: Area | None = None) -> tuple[Rate, ...]:
    """The rates of one checklist in each area of one level, as
    :func:`api.figures.coverage.coverage_by_area`; ``Rate.area`` is an index into the areas."""

    def make() -> tuple[Rate, ...]:
        reference = edition.reference
        by_area = reference.cells.by_area(groups(reference.areas, within))
        found = rates_of_cells(edition, checklist, by_area)
        return tuple(each for each in found if within is None or each.area != OUTSIDE)

    return edition.cached(("rates", checklist, "area", within and within.code), make)


def rates_of_cells(edition: Edition, checklist: str, groups: AreaGroups | None) -> tuple[Rate, ...]:
    """The rates of a checklist in groups of the cells of places; None: in the nation."""
    visits = visits_of(edition, checklist)
    if visits is None:
        return ()
    return rates_of(
        visits,
        indicators_of(edition, checklist),
        groups,
        threshold=edition.reference.mission.response_threshold,
        unit=unit_of(edition, checklist),
    )


def visits_of(edition: Edition, checklist: str) -> Visits | None:
    """The visits that rates are made of, counted by the cells of their places; None as of
    :func:`matrix_of`."""
    matrix = matrix_of(edition, checklist)
    if matrix is None:
        return None
    reference = edition.reference

    def make() -> Visits:
        grouping = reference.cells.grouping(matrix["place"])
        stations = reference.places.station
        return count_visits(
            matrix,
            grouping,
            reference.drawn_samples,
            stations,
            lambda sample: silence(edition, checklist, matrix.indicators, sample),
            refusals(edition).get(checklist),
        )

    return edition.cached(("visits", checklist), make)
