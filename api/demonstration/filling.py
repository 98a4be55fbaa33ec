"""How the observers answer a form at a station: what is true there, as far as they saw it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from api.demonstration.country import ASSEMBLY, CONTESTANTS, PRESIDENT, Country, Truth
from mobile_forms.columns import KNOWN
from mobile_forms.judgement import Judge
from schemas.checklist import VOTES, Definition, Question

UNSEEN = 0.06
"""Questions whose matter the observer did not see: not observed, or told by others."""
TOLD_SHARE = 0.4
UNANSWERED = 0.01
BALLOTS = 50
PROTOCOLS = ("counting", "results")
COMMON = {"complaint_made": "no"}
"""What is answered mostly where the first choice is not the usual one."""


@dataclass
class Answers:
    """Answers to forms; the same for the same country, truth and state of ``chance``."""

    country: Country
    truth: Truth
    checklists: dict[str, Definition]
    chance: np.random.Generator
    judges: dict[str, Judge] = field(init=False)

    def __post_init__(self) -> None:
        self.judges = {name: Judge(each) for name, each in self.checklists.items()}

    def of(self, checklist: str, station: int, contest: str | None = None) -> dict[str, Any]:
        """Every question that is asked there, and how what is irregular is known; on a protocol
        with the votes of a contest, if one is given."""
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
        if checklist in PROTOCOLS:
            asked = {each.name for each in definition.questions}
            figures = self._figures(checklist, station, contest)
            answers |= {name: each for name, each in figures.items() if name in asked}
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

    def _figures(self, checklist: str, station: int, contest: str | None) -> dict[str, Any]:
        """The figures of a protocol, the president's where no contest is given. Where the
        president's does not reconcile one of them is off."""
        voted = int(self.truth.voted[station])
        result = self.truth.results[contest or PRESIDENT]
        invalid, votes = int(result.invalid[station]), result.votes[station].tolist()
        received = self.country.stations[station].registered + BALLOTS
        spoiled = int(self.chance.integers(0, 4))
        figures: dict[str, Any] = {
            "registered": self.country.stations[station].registered,
            "supplementary": 0,
            "received": received,
            "issued": voted,
            "used": voted,
            "spoiled": spoiled,
            "unused": received - voted - spoiled,
            "signatures": voted,
            "in_box": voted,
            "invalid": invalid,
            "valid": sum(votes),
        }
        if contest != ASSEMBLY and self.truth.happened("CO-ARITH", station):
            figures["in_box" if checklist == "counting" else "valid"] += 1 + station % 3
        if contest is None:
            return figures
        lines = [
            {"contestant": code, "votes": count}
            for (code, _), count in zip(CONTESTANTS[contest], votes, strict=True)
        ]
        return figures | {VOTES: lines}

    def _pick(self, options: list[str]) -> str:
        return options[int(self.chance.integers(len(options)))]
