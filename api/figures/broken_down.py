"""One checklist from one side, as its page shows it: groups, both kinds of observers, areas."""

from dataclasses import dataclass

from analytics.observation.breakdowns import AreaSeverity, IrregularityAgreement
from api.figures.ask import figure
from api.figures.breakdowns import Broken, Dimension, agreements, ranking, rates_in
from api.figures.edition import Edition


@dataclass(frozen=True)
class RankedArea:
    """An area of the ranking, with its name."""

    name: str
    ranked: AreaSeverity


@figure
def rates_by(edition: Edition, checklist: str, by: Dimension) -> Broken:
    """The rates of a checklist that somebody was asked about, in the groups of one dimension."""
    found = rates_in(edition, checklist, by)
    return Broken(found.labels, tuple(each for each in found.rates if each.observations))


@figure
def agreed(edition: Edition, checklist: str) -> tuple[IrregularityAgreement, ...]:
    """How far both kinds of observers agree, those that do least first."""
    return tuple(
        sorted(
            agreements(edition, checklist),
            key=lambda each: (each.agreement.agree - each.agreement.stations, each.indicator),
        )
    )


@figure
def ranked_areas(edition: Edition, checklist: str) -> tuple[RankedArea, ...]:
    """The areas in order, where the sample allows one."""
    areas = edition.reference.areas
    return tuple(RankedArea(areas[each.area].name, each) for each in ranking(edition, checklist))
