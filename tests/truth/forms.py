"""Reads the library's workbooks and gives each answer its status: the oracle's own judge.

An indicator's status in one report is the strongest of its questions', in the order 2 (irregular,
seen), 3 (irregular, told), 1 (fine), 4 (not observed), 5 (unanswered), 6 (not applicable), 0 (not
asked). Nothing of the product is imported: the sheets are read as anybody reads them.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from tests.truth.expressions import Expression

LIBRARY = Path(__file__).parents[2] / "mobile_forms" / "library"
SEEN, TOLD, FINE, NOT_OBSERVED, UNANSWERED, NOT_APPLICABLE, NOT_ASKED = 2, 3, 1, 4, 5, 6, 0
STRONGEST = (SEEN, TOLD, FINE, NOT_OBSERVED, UNANSWERED, NOT_APPLICABLE, NOT_ASKED)
ENGLISH = "English (en)"
LISTS = "instance("
"""A condition over the mission's lists asks for the contest alone, which is in the envelope."""
CASES = frozenset({"incident", "access_denied", "complaint"})
"""What is sent only where something happened: always an observation, never a rate."""


@dataclass(frozen=True)
class Asked:
    """A question: when it is asked, and what raises what."""

    name: str
    type: str
    relevant: tuple[str, ...]
    """Its own condition and those of the groups around it."""
    options: dict[str, str] = field(default_factory=dict)
    """Option → the irregularity it raises, "" for none."""
    indicator: str = ""
    when: str = ""
    judged_when: str = ""

    @property
    def codes(self) -> set[str]:
        """The irregularities that it can raise."""
        return {each for each in (*self.options.values(), self.indicator) if each}


@dataclass(frozen=True)
class Said:
    """An irregularity: its stage, its sentences, and among which stations it speaks."""

    code: str
    stage: str
    severity: int
    phrase: str
    positive: str
    among: str
    """"" where nothing is said, "all", or a text such as "where a complaint was made"."""


@dataclass(frozen=True)
class Form:
    """A checklist of the library."""

    name: str
    stage: str
    per: str
    questions: tuple[Asked, ...]
    indicators: dict[str, Said]

    def judge(self, report: dict[str, Any]) -> dict[str, int]:
        """One status for each irregularity."""
        answers = self._relevant(report["answers"])
        told = {
            name for name, known in report.get("observed", {}).items() if known == "reported"
        } | {name[:-7] for name, known in answers.items() if known == "told"}
        found: dict[str, list[int]] = {code: [] for code in self.indicators}
        for question in self.questions:
            for code in question.codes:
                found[code].append(_status(question, code, answers, question.name in told))
        return {
            code: self._as_said(code, min(statuses, key=STRONGEST.index))
            for code, statuses in found.items()
        }

    def _as_said(self, code: str, status: int) -> int:
        """``among: all``: where it was not asked all is fine."""
        all_of_them = self.indicators[code].among == "all"
        return FINE if status == NOT_ASKED and all_of_them else status

    def conditional(self, code: str) -> bool:
        """Whether every question that raises it is asked under a condition only."""
        return all(each.relevant for each in self.questions if code in each.codes)

    def _relevant(self, given: dict[str, Any]) -> dict[str, Any]:
        """The answers to what was asked; None where a question was not."""
        answers: dict[str, Any] = {}
        rows = given.get("contestant_votes")
        if rows is not None:
            answers["votes"] = [each.get("votes", "") for each in rows]
        for question in self.questions:
            if all(Expression(each).of(_without_none(answers)) for each in question.relevant):
                value = given.get(question.name)
                answers[question.name] = "" if value is None else value
            else:
                answers[question.name] = None
        known = {name: value for name, value in given.items() if name.endswith("__known")}
        return answers | known


def _without_none(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: "" if value is None else value for name, value in answers.items()}


def _status(question: Asked, code: str, answers: dict[str, Any], told: bool) -> int:
    value = answers[question.name]
    if value is None:
        return NOT_ASKED
    if question.indicator == code:
        return _by_expression(question, _without_none(answers))
    chosen = value if isinstance(value, list) else [value] if value else []
    if not chosen:
        return UNANSWERED
    if any(question.options.get(each) == code for each in chosen):
        return TOLD if told else SEEN
    if "not_observed" in chosen:
        return NOT_OBSERVED
    return NOT_APPLICABLE if "not_applicable" in chosen else FINE


def _by_expression(question: Asked, answers: dict[str, Any]) -> int:
    if answers[question.name] == "":
        return UNANSWERED
    if question.judged_when and not Expression(question.judged_when).of(answers):
        return UNANSWERED
    return SEEN if Expression(question.when).of(answers) else FINE


@cache
def form(name: str) -> Form:
    """A checklist of the library by its name."""
    return read_form(LIBRARY / f"{name}.xlsx")


def read_form(file: Path) -> Form:
    """A checklist from its workbook."""
    book = openpyxl.load_workbook(file, read_only=True)
    sheets = {sheet.title: _rows(sheet) for sheet in book.worksheets}
    settings = sheets["settings"][0]
    name = settings["form_id"]
    return Form(
        name=name,
        stage=settings.get("stage", ""),
        per="observation" if name in CASES else settings.get("per", "") or "visit",
        questions=_questions(sheets["survey"], sheets["choices"]),
        indicators={each["code"]: _said(each) for each in sheets["indicators"]},
    )


def _rows(sheet: Any) -> list[dict[str, str]]:
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:] if any(row)]


def _questions(survey: list[dict[str, str]], choices: list[dict[str, str]]) -> tuple[Asked, ...]:
    conditions: list[str] = []
    found = []
    for row in survey:
        kind, _, rest = row["type"].partition(" ")
        if kind in ("begin_group", "begin_repeat"):
            conditions.append(row.get("relevant", ""))
        elif kind in ("end_group", "end_repeat"):
            conditions.pop()
        elif not kind.endswith("_from_file"):  # which contest it is of stands beside the answers
            relevant = (*conditions, row.get("relevant", ""))
            found.append(
                Asked(
                    name=row["name"],
                    type=kind,
                    relevant=tuple(each for each in relevant if each and LISTS not in each),
                    options={
                        each["name"]: each.get("irregularity", "")
                        for each in choices
                        if kind.startswith("select") and each["list_name"] == rest
                    },
                    indicator=row.get("indicator", ""),
                    when=row.get("irregular_when", ""),
                    judged_when=row.get("judged_when", ""),
                )
            )
    return tuple(found)


def _said(row: dict[str, str]) -> Said:
    among = row.get("among", "") or row.get(f"among::{ENGLISH}", "")
    return Said(
        row["code"],
        row["stage"],
        int(row["severity"]),
        row[f"phrase::{ENGLISH}"],
        row[f"positive_phrase::{ENGLISH}"],
        among,
    )
