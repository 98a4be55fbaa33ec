"""Each observed station's copies of its result held against one another, kept up as protocols come.

What officials gave is read of the stations where something changed, and of no others: it changes
only with an import, and then the frame is another.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from analytics.results.four_copies import Figures, Hand, StandingComparison
from api.figures.ask import figure
from api.figures.copies import StandingCopies
from api.figures.protocols import Protocol
from api.figures.reference_data import ContestFacts
from api.figures.watch import Watch
from api.results.forensics import contest_id

COPIES = text("""
SELECT o.place_id, o.source, o.figures, o.votes FROM official_result o
WHERE o.mission_id = :mission AND o.contest_id = :contest AND o.place_id = ANY (:places)""")
AT_ONCE = 500
"""The copies of so many stations are read together."""


@dataclass
class _Held:
    """What is compared so far, up to so many changes of protocols, as the mission is set."""

    setting: int
    standing: StandingComparison = field(default_factory=StandingComparison)
    changes: int = 0


@figure
def copies_compared(watch: Watch, code: str, most: int, behind: str) -> dict[str, Any] | None:
    """The copies of each station from which observers brought one, as :func:`comparison_out`;
    None where the round has no such contest, or no sample."""
    contest = next((each for each in watch.frame.polling.contests if each.code == code), None)
    found = contest_id(watch, code)
    if contest is None or found is None or watch.frame.drawn is None:
        return None
    return comparison_out(_compare_copies(watch, found, contest), most, behind)


def _compare_copies(watch: Watch, contest_id: UUID, contest: ContestFacts) -> StandingComparison:
    held: _Held = watch.compared.setdefault(f"copies of {contest.code}", _Held(watch.setting))
    if held.setting != watch.setting:
        held = watch.compared[f"copies of {contest.code}"] = _Held(watch.setting)
    lines, changes = _lines(watch, contest), watch.protocols.changes
    touched = [(at, lines.get(at)) for at in watch.protocols.touched_after(held.changes) if at >= 0]
    for first in range(0, len(touched), AT_ONCE):
        _compare(watch, contest_id, held.standing, touched[first : first + AT_ONCE])
    held.changes = changes
    return held.standing


def _compare(
    watch: Watch,
    contest_id: UUID,
    standing: StandingComparison,
    touched: Sequence[tuple[int, Figures | None]],
) -> None:
    places = watch.frame.places
    values = {
        "mission": watch.frame.mission.mission_id,
        "contest": contest_id,
        "places": [places[at].id for at, _ in touched],
    }
    given: defaultdict[UUID, dict[Hand, Figures]] = defaultdict(dict)
    for row in watch.rows_of(COPIES, values):
        given[row.place_id][row.source] = row.figures | row.votes
    for at, line in touched:
        here = places[at]
        copies = None if line is None else {"observed": line, **given[here.id]}
        standing.put(here.code, copies)


def _lines(watch: Watch, contest: ContestFacts) -> Mapping[int, Figures]:
    """The observers' copies by place, each station's first, under the contestants' codes."""
    codes = {name: code for code, name in contest.contestants} | {
        code: code for code, _ in contest.contestants
    }

    def read(place: int, here: Sequence[Protocol]) -> Figures | None:
        if not here:
            return None
        first = min(here, key=lambda one: (one.came_at, one.report))
        return _named(first.figures, first.votes, codes)

    name = f"first copies {contest.code}"
    return watch.copies.setdefault(name, StandingCopies(read)).update(watch.protocols)


def _named(
    figures: Mapping[str, int], votes: Mapping[str, int], codes: Mapping[str, str]
) -> dict[str, int]:
    said = {name: figures[name] for name in ("registered", "valid", "invalid") if name in figures}
    if "in_box" in figures:
        said["cast"] = figures["in_box"]
    return said | {codes[name]: count for name, count in votes.items() if name in codes}


def comparison_out(found: StandingComparison, most: int, behind: str = "") -> dict[str, Any]:
    """Pairs of copies, and each difference at so many stations behind one; ``more`` is the last of
    these stations where others follow."""
    stations = found.differing(most + 1, behind)
    shown = [each for station in stations[:most] for each in station.differences]
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
