"""The rates of a mission's irregularities, in the nation and by area."""

from analytics.observation.code_matrix import CodeMatrix
from analytics.observation.drawn_sample import AreaGroups
from analytics.observation.irregularity_rates import Rate, rates_of
from analytics.observation.visits import Visits, count_visits
from api.figures.areas import OUTSIDE, groups
from api.figures.edition import Edition
from schemas.checklist import CASES, Indicator
from schemas.place import Area


def indicators_of(edition: Edition, checklist: str) -> tuple[Indicator, ...]:
    """The indicators of a checklist's newest rules."""
    rules = edition.reference.newest(checklist)
    return rules.definition.indicators if rules else ()


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
        return count_visits(matrix, grouping, reference.drawn_samples)

    return edition.cached(("visits", checklist), make)
