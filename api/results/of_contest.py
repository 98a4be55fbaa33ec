"""What of a round belongs to one contest: its stations, its protocols, its part of the sample."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.observation.protocols import Protocols
from analytics.survey.design import Ints, Truths
from api.figures.columns import columns_of, columns_statement, id_column, number_column
from api.figures.edition import Edition
from api.figures.reference_data import ContestFacts, SampleOfRound

FRAME = {
    "place": id_column("s.place_id"),
    "stratum": number_column("array_position(%(strata)s::text[], h.code::text) - 1"),
}
FROM_FRAME = """
FROM sampled_station s JOIN stratum h ON h.mission_id = s.mission_id AND h.id = s.stratum_id
WHERE s.mission_id = %(m)s AND s.sample_id = %(sample)s"""


@dataclass(frozen=True)
class SampleOfContest:
    """The stations of a sample that vote in a contest: ``stratum`` of each drawn, by place.

    ``outside`` counts the others that were drawn of each stratum, ``frame`` the stations of the
    frame that vote in it; both are None where all do.
    """

    stratum: Mapping[int, int]
    outside: Ints | None = None
    frame: Ints | None = None


def contest_of(edition: Edition, code: str) -> ContestFacts | None:
    """A contest of the round by its code."""
    contests = edition.reference.polling.contests
    return next((each for each in contests if each.code == code), None)


def stations_of(edition: Edition, contest: ContestFacts) -> Truths:
    """Which places are stations that vote in a contest."""
    return edition.reference.voting[edition.reference.polling.contests.index(contest)]


def protocols_of(edition: Edition, contest: ContestFacts) -> Protocols:
    """The protocols of a contest: those of its stations, and of no station that is known."""

    def make() -> Protocols:
        at = edition.reference.polling.contests.index(contest)
        return edition.record.protocols.of_contest(at, stations_of(edition, contest))

    return edition.cached(f"protocols {contest.code}", make)


def sample_of(edition: Edition, contest: ContestFacts, drawn: SampleOfRound) -> SampleOfContest:
    """The part of a sample that votes in a contest."""

    def make() -> SampleOfContest:
        reference, voting = edition.reference, stations_of(edition, contest)
        if voting[reference.places.station].all():
            return SampleOfContest(drawn.stratum)
        inside = {at: of for at, of in drawn.stratum.items() if at < 0 or voting[at]}
        outside = [of for at, of in drawn.stratum.items() if at not in inside]
        given = {"sample": drawn.sample.id, "strata": [each.code for each in drawn.strata]}
        rows = edition.rows_of(columns_statement(FRAME, FROM_FRAME), given)
        frame = next(columns_of(FRAME, rows))
        here = np.append(voting, False)[reference.places.ids.find(frame["place"])]
        counts = (
            np.bincount(np.asarray(each, dtype=np.int64), minlength=len(drawn.strata))
            for each in (outside, frame["stratum"][here])
        )
        return SampleOfContest(inside, *counts)

    return edition.once(f"sample {drawn.sample.id} {contest.id}", make)
