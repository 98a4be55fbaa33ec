"""Election day in the country: what each team saw, as the reports its phone would send."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from api.demonstration.country import Country
from api.demonstration.mission import ROUND, Team
from api.demonstration.truth import CANDIDATES, RATES, Truth
from schemas.checklist import Definition, Question

SILENT = 0.04
"""Static teams that were never heard of."""
UNSEEN = 0.04
"""Questions answered "not observed" where that can be said."""
UNANSWERED = 0.01
TOLD = 0.03
WRONG_STATION = 0.004
BALLOTS = 50


@dataclass
class ElectionDay:
    """Makes the reports; the same for the same country, truth and seed."""

    country: Country
    truth: Truth
    checklists: dict[str, Definition]
    polling_day: date
    seed: int
    chance: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng([self.seed, 4])

    def reports(self, teams: list[Team], most: int) -> list[dict[str, Any]]:
        """At most so many reports, in the order in which phones finished them."""
        made = [report for team in teams for report in self._of_team(team)]
        chosen = sorted(made, key=lambda each: (each["_rank"], each["finalised_at"]))[:most]
        for report in chosen:
            del report["_rank"]
        return sorted(chosen, key=lambda each: str(each["finalised_at"]))

    def _of_team(self, team: Team) -> Iterator[dict[str, Any]]:
        if team.domestic:
            if self.chance.random() >= SILENT:
                yield from self._static(team)
        else:
            yield from self._mobile(team)

    def _static(self, team: Team) -> Iterator[dict[str, Any]]:
        station = team.stations[0]
        visit = self._identity()
        arrived = self._at(6, 30, spread=20)
        for hour, rank in ((10, 1), (15, 2)):
            report = self._report("voting", team, station, visit, arrived, self._at(hour, 0, 70))
            yield report | {"_rank": rank}
        if self.chance.random() < 0.97:
            report = self._report("counting", team, station, visit, arrived, self._at(21, 30, 55))
            yield report | {"_rank": 0}

    def _mobile(self, team: Team) -> Iterator[dict[str, Any]]:
        for number, station in enumerate(team.stations):
            visit = self._identity()
            arrived = self._at(7, 10 + 68 * number, spread=12)
            done = arrived + timedelta(minutes=float(self.chance.uniform(20, 45)))
            yield self._report("voting", team, station, visit, arrived, done) | {"_rank": 3}
            if station == team.stations[-1]:
                end = self._at(21, 40, 50)
                report = self._report("counting", team, station, visit, arrived, end)
                yield report | {"_rank": 3}

    def _report(
        self, checklist: str, team: Team, station: int, visit: UUID,
        arrived: datetime, finished: datetime,
    ) -> dict[str, Any]:  # fmt: skip
        place = self.country.stations[station]
        answers = self._answers(self.checklists[checklist], station)
        if checklist == "counting":
            answers |= self._figures(station)
        wrong = self.chance.random() < WRONG_STATION
        return {
            "id": str(self._identity()), "checklist": checklist,
            "version": self.checklists[checklist].version, "round": ROUND,
            "station": f"9{place.code}" if wrong else place.code, "observer": team.observers[0],
            "with": list(team.observers[1:]), "visit": str(visit),
            "arrived_at": arrived.isoformat(), "finalised_at": finished.isoformat(),
            "position": {"lat": round(place.latitude + float(self.chance.normal(0, 2e-4)), 6),
                         "lon": round(place.longitude + float(self.chance.normal(0, 2e-4)), 6),
                         "accuracy_m": 12},
            "device": {"id": f"phone-{team.observers[0]}", "sequence": len(checklist)},
            "answers": answers,
        }  # fmt: skip

    def _answers(self, definition: Definition, station: int) -> dict[str, Any]:
        bad = self._irregular_options(definition, station)
        answers: dict[str, Any] = {}
        for question in definition.questions:
            if question.section in (None, "context") or question.repeat or question.relevant:
                continue
            value = self._answer(question, bad.get(question.name), station)
            if value is not None:
                answers[question.name] = value
        self._follow_up(definition, answers)
        return answers

    def _irregular_options(self, definition: Definition, station: int) -> dict[str, str]:
        """The questions at which this station's irregularities show, and the option to tick."""
        found = {}
        for indicator in definition.indicators:
            happened = indicator.code in RATES and bool(
                self.truth.irregular[station, self.truth.codes.index(indicator.code)]
            )
            for source in indicator.sources:
                if happened and source.options:
                    found[source.question] = self._pick(list(source.options))
        return found

    def _answer(self, question: Question, bad: str | None, station: int) -> Any:
        if self.chance.random() < UNANSWERED and not question.required:
            return None
        if question.type == "integer":
            return self._number(question.name, station)
        if question.type != "select_one":
            return None
        names = [each.name for each in question.choices]
        if "not_observed" in names and self.chance.random() < UNSEEN:
            return "not_observed"
        if bad is not None:
            return bad
        fine = [each.name for each in question.choices
                if each.irregularity is None and not each.name.startswith("not_")]  # fmt: skip
        return fine[0] if self.chance.random() < 0.75 else self._pick(fine)

    def _number(self, name: str, station: int) -> int | None:
        voted = int(self.truth.voted[station])
        numbers = {
            "registered": self.country.stations[station].registered,
            "voted_so_far": int(voted * self.chance.uniform(0.2, 0.7)),
            "officials": 7, "officials_women": int(self.chance.integers(1, 7)),
            "booths": int(self.chance.integers(2, 6)), "turned_away_number": 2,
            "suspended_minutes": 20,
        }  # fmt: skip
        return numbers.get(name)

    def _follow_up(self, definition: Definition, answers: dict[str, Any]) -> None:
        """How it is known, and what is asked only after another answer."""
        irregular = {
            (source.question, option)
            for indicator in definition.indicators
            for source in indicator.sources
            for option in source.options
        }
        for name, value in list(answers.items()):
            if (name, value) in irregular:
                answers[f"{name}__known"] = "told" if self.chance.random() < TOLD else "saw"
        if answers.get("complaint_made") == "yes":
            answers["complaint_accepted"] = "yes"

    def _figures(self, station: int) -> dict[str, Any]:
        """The figures of the protocol; where it does not reconcile one of them is off."""
        voted, invalid = int(self.truth.voted[station]), int(self.truth.invalid[station])
        votes = self.truth.votes[station].tolist()
        received = self.country.stations[station].registered + BALLOTS
        spoiled = int(self.chance.integers(0, 4))
        wrong = self.truth.irregular[station, self.truth.codes.index("CO-ARITH")]
        off = int(self.chance.integers(1, 4)) if wrong else 0
        return {
            "registered": self.country.stations[station].registered, "supplementary": 0,
            "received": received, "issued": voted, "used": voted, "spoiled": spoiled,
            "unused": received - voted - spoiled, "signatures": voted, "in_box": voted + off,
            "invalid": invalid, "valid": sum(votes),
            "contestant_votes": [
                {"contestant": code, "votes": count}
                for (code, _), count in zip(CANDIDATES, votes, strict=True)
            ],
        }  # fmt: skip

    def _pick(self, options: list[str]) -> str:
        return options[int(self.chance.integers(len(options)))]

    def _identity(self) -> UUID:
        return UUID(bytes=self.chance.bytes(16), version=4)

    def _at(self, hour: int, minute: float, spread: float) -> datetime:
        start = datetime.combine(self.polling_day, time(0), UTC)
        minutes = 60 * hour + minute + float(self.chance.normal(0, spread))
        return start + timedelta(minutes=float(np.clip(minutes, 330, 1500)))
