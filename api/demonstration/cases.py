"""Cases: incidents, and stations at which nobody could observe."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from api.demonstration.country import Country
from api.demonstration.mission import ROUND, Team
from api.demonstration.sending import Form, Planted, Report
from schemas.checklist import Unobserved

CASES: tuple[dict[str, Any], ...] = (
    {"nature": "control", "danger": "no", "source": "observed", "violence": "no",
     "intimidation": "yes", "intimidation__known": "saw", "vote_buying": "no",
     "description": "Men at the door asked voters whom they had chosen, and wrote it down.",
     "affected": ["anyone"], "who": "Four men without badges", "remedied": "no"},
    {"nature": "control", "danger": "no", "source": "citizen", "violence": "no",
     "intimidation": "yes", "intimidation__known": "told", "vote_buying": "not_observed",
     "description": "Two voters told us that they had been asked for a photograph of their ballot.",
     "affected": ["women", "youth"], "remedied": "not_observed"},
    {"nature": "conflict", "danger": "yes", "source": "observed", "violence": "yes",
     "violence__known": "saw", "intimidation": "yes", "intimidation__known": "saw",
     "description": "A fight in the queue; the police came after twenty minutes.",
     "affected": ["agents", "anyone"], "remedied": "yes"},
    {"nature": "fraud", "danger": "no", "source": "contestant", "violence": "no",
     "intimidation": "no", "vote_buying": "yes", "vote_buying__known": "told",
     "description": "An agent says that fuel coupons are given out behind the market.",
     "affected": ["anyone"], "witnesses": "Agents of two lists", "remedied": "no"},
    {"nature": "campaigning", "danger": "no", "source": "observed", "violence": "no",
     "intimidation": "no", "vote_buying": "no", "internet_off": "no",
     "description": "Leaflets of one candidate lay on the table of the commission.",
     "affected": ["anyone"], "remedied": "yes"},
    {"nature": "procedural", "danger": "unknown", "source": "official", "internet_off": "yes",
     "internet_off__known": "saw", "violence": "no", "intimidation": "no",
     "description": "No network in the whole town since noon; nobody says why.",
     "affected": ["anyone"], "remedied": "no"},
)  # fmt: skip
"""Incidents. The first two are of one station, from two teams: two sources of one matter."""
NOT_OBSERVED: dict[Unobserved, tuple[dict[str, Any], ...]] = {
    "refused": (
        {"access": "denied", "access__known": "saw", "refused_by": "chair",
         "stage": "voting", "agents_hindered": "no", "by_whom": "The chair",
         "reason": "The chair asked for a stamp that no accreditation has."},
        {"access": "sent_out", "access__known": "saw", "refused_by": "police",
         "stage": "voting", "agents_hindered": "yes", "agents_hindered__known": "saw",
         "reason": "Observers were told to leave before the first voter came."},
    ),
    "closed": (
        {"access": "closed", "reason": "The door is locked. A neighbour says: moved, no notice."},
    ),
    "unsafe": (
        {"access": "unsafe", "reason": "Shots in the street; we left on the advice of the police."},
    ),
}  # fmt: skip
"""What a team says of a station at which it could not observe."""


def incidents_of(
    country: Country, teams: list[Team], versions: dict[str, str], polling_day: date, seed: int
) -> Iterator[Form]:
    """The incidents' forms; the same for the same seed, whatever else happens on the day."""
    chance = np.random.default_rng([seed, 5])
    for answers, (team, station) in zip(CASES, _somewhere(teams, chance), strict=False):
        arrived = datetime.combine(polling_day, time(0), UTC) + timedelta(
            hours=float(chance.uniform(8.5, 17))
        )
        place = country.stations[station]
        report: Report = {
            "id": str(UUID(bytes=chance.bytes(16), version=4)),
            "checklist": "incident",
            "version": versions["incident"],
            "round": ROUND,
            "station": place.code,
            "observer": team.observers[0],
            "with": list(team.observers[1:]),
            "visit": str(UUID(bytes=chance.bytes(16), version=4)),
            "arrived_at": arrived.isoformat(),
            "finalised_at": (arrived + timedelta(minutes=12)).isoformat(),
            "position": {"lat": place.latitude, "lon": place.longitude, "accuracy_m": 12},
            "device": {"id": f"phone-{team.observers[0]}"},
            "answers": answers,
        }
        yield Form(0, report, (Planted.INCIDENT,))


def _somewhere(teams: list[Team], chance: np.random.Generator) -> Iterator[tuple[Team, int]]:
    """Two teams at one station where two meet, then teams at their own, each once."""
    staying = {team.stations[0]: team for team in teams if team.domestic}
    meeting = next(
        (
            (staying[at], team, at)
            for team in teams
            if not team.domestic
            for at in team.stations
            if at in staying
        ),
        None,
    )
    if meeting is not None:
        first, second, station = meeting
        yield first, station
        yield second, station
    for index in chance.permutation(len(teams)).tolist():
        if meeting is None or teams[index] not in meeting:
            yield teams[index], teams[index].stations[0]
