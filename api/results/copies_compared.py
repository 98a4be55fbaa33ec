"""Comparing the copies of each observed station's result."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from analytics.results.four_copies import Comparison, compare_copies
from analytics.results.station_figures import first_copies
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.reference_data import ContestFacts
from api.results.official_figures import contest_id, official_figures


@figure
def copies_compared(edition: Edition, code: str, most: int, behind: str) -> dict[str, Any] | None:
    """The copies of each station from which observers brought one, as :func:`comparison_out`;
    None where the round has no such contest, or no sample."""
    contest = next((each for each in edition.reference.polling.contests if each.code == code), None)
    found = contest_id(edition, code)
    if contest is None or found is None or edition.reference.drawn is None:
        return None
    return comparison_out(*_compared(edition, found, contest), most, behind)


def _compared(
    edition: Edition, contest_id: UUID, contest: ContestFacts
) -> tuple[Comparison, Mapping[str, int]]:
    """The first copy that came from each station compared with what officials gave; and the codes
    of stations where something differs, in order, each with its place."""

    def make() -> tuple[Comparison, Mapping[str, int]]:
        observed = first_copies(edition.record.protocols, contest.contestants)
        official = official_figures(edition, contest_id)
        found = compare_copies({"observed": observed, **official}, observed.place)
        places = edition.reference.places
        return found, dict(sorted((places[at].code, at) for at in found.differing.tolist()))

    return edition.cached(f"copies compared {contest.code}", make)


def comparison_out(
    found: Comparison, codes: Mapping[str, int], most: int, behind: str = ""
) -> dict[str, Any]:
    """Pairs of copies, and each difference at so many stations behind one; ``more`` is the last of
    these stations where others follow. ``codes`` are those of the stations where something
    differs, in order, each with its place."""
    stations = [each for each in codes if each > behind]
    shown = [
        each for code in stations[:most] for each in found.of_station(codes[code], code).differences
    ]
    return {
        "pairs": [
            {
                "earlier": each.earlier,
                "later": each.later,
                "both": each.both,
                "equal": each.equal,
                "only_earlier": each.only_earlier,
                "only_later": each.only_later,
            }
            for each in found.pairs
        ],
        "items": [
            {
                "station": each.station,
                "figure": each.figure,
                "earlier": each.earlier,
                "later": each.later,
                "before": each.before,
                "after": each.after,
                "change": each.change,
            }
            for each in shown
        ],
        "more": shown[-1].station if len(stations) > most else None,
    }
