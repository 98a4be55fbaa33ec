"""Election day in the country: what each team saw, as the reports its phone would send."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from api.demonstration.country import CANDIDATES, Country, Truth
from api.demonstration.mission import ROUND, Team
from mobile_forms.columns import KNOWN
from mobile_forms.judgement import Judge
from schemas.checklist import Definition, Question

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
DOORS: tuple[dict[str, Any], ...] = (
    {
        "access": "denied",
        "access__known": "saw",
        "refused_by": "chair",
        "agents_hindered": "no",
        "reason": "The chair asked for a stamp that no accreditation has.",
        "by_whom": "The chair",
    },
    {
        "access": "sent_out",
        "access__known": "saw",
        "refused_by": "police",
        "agents_hindered": "yes",
        "agents_hindered__known": "saw",
        "reason": "Observers were told to wait outside until the count was over.",
    },
)
"""Where observers were not let in."""


def incidents_of(
    country: Country, teams: list[Team], versions: dict[str, str], polling_day: date, seed: int
) -> Iterator[dict[str, Any]]:
    """The reports of these; the same for the same seed, whatever else happens on the day."""
    chance = np.random.default_rng([seed, 5])
    cases = [("incident", each) for each in CASES] + [("access_denied", each) for each in DOORS]
    for (checklist, answers), (team, station) in zip(
        cases, _somewhere(teams, chance), strict=False
    ):
        arrived = _at(polling_day, float(chance.uniform(8.5, 17)))
        place = country.stations[station]
        yield {
            "id": str(_identity(chance)),
            "checklist": checklist,
            "version": versions[checklist],
            "round": ROUND,
            "station": place.code,
            "observer": team.observers[0],
            "with": list(team.observers[1:]),
            "visit": str(_identity(chance)),
            "arrived_at": arrived.isoformat(),
            "finalised_at": (arrived + timedelta(minutes=12)).isoformat(),
            "position": {"lat": place.latitude, "lon": place.longitude, "accuracy_m": 12},
            "device": {"id": f"phone-{team.observers[0]}"},
            "answers": answers,
        }


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


def _at(day: date, hours: float) -> datetime:
    return datetime.combine(day, time(0), UTC) + timedelta(hours=hours)


def _identity(chance: np.random.Generator) -> UUID:
    return UUID(bytes=chance.bytes(16), version=4)


CUT_OFF = frozenset({"Keshal", "Galden", "Dorrin"})
"""Regions where the network failed on the day: more silence, later counts."""
SILENT, SILENT_THERE = 0.03, 0.08
"""Static teams that were never heard of."""
NO_COUNT = 0.03
LATER_THERE = 45.0
UNSEEN = 0.06
"""Questions whose matter the observer did not see: not observed, or told by others."""
TOLD_SHARE = 0.4
UNANSWERED = 0.01
WRONG_STATION, WORDS_FOR_A_NUMBER = 0.004, 0.001
CONFLICTS = 2
MISREAD = 20
"""Votes that the second team of a conflict wrote to another candidate."""
BALLOTS = 50
VOTING_HOURS = (10, 13, 16)
COMMON = {"complaint_made": "no"}
"""What is answered mostly where the first choice is not the usual one."""

Report = dict[str, Any]


@dataclass
class ElectionDay:
    """Makes the reports; the same for the same country, truth and seed."""

    country: Country
    truth: Truth
    checklists: dict[str, Definition]
    polling_day: date
    seed: int
    chance: np.random.Generator = field(init=False)
    judges: dict[str, Judge] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng([self.seed, 4])
        self.judges = {name: Judge(each) for name, each in self.checklists.items()}

    def reports(self, teams: list[Team], most: int) -> list[Report]:
        """At most so many reports, in the order in which phones finished them."""
        made = [report for team in teams for report in self._of_team(team)]
        _put_in_conflict([report for _, report in made])
        versions = {name: each.version for name, each in self.checklists.items()}
        made += [
            (0, each)
            for each in incidents_of(self.country, teams, versions, self.polling_day, self.seed)
        ]
        made.sort(key=lambda each: (each[0], each[1]["finalised_at"]))
        return sorted((report for _, report in made[:most]), key=lambda one: one["finalised_at"])

    def _of_team(self, team: Team) -> Iterator[tuple[int, Report]]:
        """Its reports, each with a rank: where fewer are wanted, the lowest are kept."""
        if not team.domestic:
            yield from self._mobile(team)
        elif self.chance.random() >= (SILENT_THERE if self._cut_off(team) else SILENT):
            yield from self._static(team)

    def _static(self, team: Team) -> Iterator[tuple[int, Report]]:
        station = team.stations[0]
        visit = self._identity()
        arrived = self._at(6, 30, spread=20)
        for rank, hour in enumerate(VOTING_HOURS, 1):
            finished = self._at(hour, 0, 50)
            yield rank, self._report("voting", team, station, visit, arrived, finished)
        if self.chance.random() >= NO_COUNT:
            finished = self._at(21, 20 + LATER_THERE * self._cut_off(team), 45)
            yield 0, self._report("counting", team, station, visit, arrived, finished)

    def _mobile(self, team: Team) -> Iterator[tuple[int, Report]]:
        for number, station in enumerate(team.stations):
            visit = self._identity()
            arrived = self._at(7, 10 + 68 * number, spread=12)
            done = arrived + timedelta(minutes=float(self.chance.uniform(20, 45)))
            yield 4, self._report("voting", team, station, visit, arrived, done)
            if station == team.stations[-1]:
                end = self._at(21, 40, 50)
                yield 0, self._report("counting", team, station, visit, arrived, end)

    def _cut_off(self, team: Team) -> bool:
        region = self.country.stations[team.stations[0]].region
        return self.country.regions[region].name in CUT_OFF

    def _report(
        self,
        checklist: str,
        team: Team,
        station: int,
        visit: UUID,
        arrived: datetime,
        finished: datetime,
    ) -> Report:
        place = self.country.stations[station]
        answers = self._answers(checklist, station)
        if self.chance.random() < WORDS_FOR_A_NUMBER:
            answers["registered"] = "see the list"
        wrong = self.chance.random() < WRONG_STATION
        return {
            "id": str(self._identity()),
            "checklist": checklist,
            "version": self.checklists[checklist].version,
            "round": ROUND,
            "station": f"9{place.code}" if wrong else place.code,
            "observer": team.observers[0],
            "with": list(team.observers[1:]),
            "visit": str(visit),
            "arrived_at": arrived.isoformat(),
            "finalised_at": finished.isoformat(),
            "position": {
                "lat": round(place.latitude + float(self.chance.normal(0, 2e-4)), 6),
                "lon": round(place.longitude + float(self.chance.normal(0, 2e-4)), 6),
                "accuracy_m": 12,
            },
            "device": {"id": f"phone-{team.observers[0]}"},
            "answers": answers,
        }

    def _answers(self, checklist: str, station: int) -> dict[str, Any]:
        """Every question that is asked there, and how what is irregular is known."""
        definition = self.checklists[checklist]
        bad = self._irregular_options(definition, station)
        told: set[str] = set()
        answers: dict[str, Any] = {}
        for question in definition.questions:
            name, base = question.name, question.name.removesuffix(KNOWN)
            if question.section in (None, "context") or question.repeat:
                continue
            if name != base:
                value: Any = "told" if base in told else "saw"
            elif self._unseen(question):
                if name in bad and self.chance.random() < TOLD_SHARE:
                    told.add(name)
                value = bad[name] if name in told else "not_observed"
            else:
                value = self._answer(question, bad.get(name), station)
            if value is not None:
                answers[name] = value
        if checklist == "counting":
            answers |= self._figures(station)
        aside = self.judges[checklist].judge(answers, {}).aside
        return {name: value for name, value in answers.items() if name not in aside}

    def _unseen(self, question: Question) -> bool:
        """Whether the observer looked does not hang on what happened: rates stay unbiased."""
        possible = any(each.name == "not_observed" for each in question.choices)
        return possible and bool(self.chance.random() < UNSEEN)

    def _irregular_options(self, definition: Definition, station: int) -> dict[str, str]:
        """The questions at which this station's irregularities show, and the option to tick."""
        return {
            source.question: self._pick(list(source.options))
            for indicator in definition.indicators
            if self.truth.happened(indicator.code, station)
            for source in indicator.sources
            if source.options
        }

    def _answer(self, question: Question, bad: str | None, station: int) -> Any:
        if question.type == "integer":
            return self._number(question.name, station)
        if question.type != "select_one":
            return None
        if not question.required and self.chance.random() < UNANSWERED:
            return None
        if bad is not None:
            return bad
        fine = [
            each.name
            for each in question.choices
            if each.irregularity is None and not each.name.startswith("not_")
        ]
        usual = COMMON.get(question.name, fine[0])
        return usual if self.chance.random() < 0.85 else self._pick(fine)

    def _number(self, name: str, station: int) -> int | None:
        voted = int(self.truth.voted[station])
        numbers = {
            "registered": self.country.stations[station].registered,
            "voted_so_far": int(voted * self.chance.uniform(0.2, 0.7)),
            "officials": 7,
            "officials_women": int(self.chance.integers(1, 7)),
            "booths": int(self.chance.integers(2, 6)),
            "turned_away_number": 2,
            "suspended_minutes": 20,
        }
        return numbers.get(name)

    def _figures(self, station: int) -> dict[str, Any]:
        """The figures of the protocol; where it does not reconcile one of them is off."""
        voted, invalid = int(self.truth.voted[station]), int(self.truth.invalid[station])
        votes = self.truth.votes[station].tolist()
        received = self.country.stations[station].registered + BALLOTS
        spoiled = int(self.chance.integers(0, 4))
        off = int(self.chance.integers(1, 4)) if self.truth.happened("CO-ARITH", station) else 0
        return {
            "registered": self.country.stations[station].registered,
            "supplementary": 0,
            "received": received,
            "issued": voted,
            "used": voted,
            "spoiled": spoiled,
            "unused": received - voted - spoiled,
            "signatures": voted,
            "in_box": voted + off,
            "invalid": invalid,
            "valid": sum(votes),
            "contestant_votes": [
                {"contestant": code, "votes": count}
                for (code, _), count in zip(CANDIDATES, votes, strict=True)
            ],
        }

    def _pick(self, options: list[str]) -> str:
        return options[int(self.chance.integers(len(options)))]

    def _identity(self) -> UUID:
        return UUID(bytes=self.chance.bytes(16), version=4)

    def _at(self, hour: int, minute: float, spread: float) -> datetime:
        start = datetime.combine(self.polling_day, time(0), UTC)
        minutes = 60 * hour + minute + float(self.chance.normal(0, spread))
        return start + timedelta(minutes=float(np.clip(minutes, 330, 1500)))


def _put_in_conflict(reports: list[Report]) -> None:
    """At a few stations the second team read other figures than the first."""
    first: dict[str, Report] = {}
    conflicts = 0
    for report in reports:
        if report["checklist"] != "counting":
            continue
        other = first.setdefault(report["station"], report)
        votes = report["answers"]["contestant_votes"]
        if other is report or conflicts == CONFLICTS or votes[0]["votes"] < MISREAD:
            continue
        votes[0]["votes"] -= MISREAD
        votes[1]["votes"] += MISREAD
        conflicts += 1
