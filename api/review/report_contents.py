"""What a report says, for whoever reads it: notable answers first, the others by section.

Not observed, not answered and not asked are told apart: the observer was there and could not see
it; it was asked and left open; another answer made it needless.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from api.checklists.codebook import CONTEXT
from api.review.question_numbers import not_asked
from mobile_forms.judgement import KNOWN
from mobile_forms.numbering import SILENT, question_numbers
from schemas.checklist import Definition, Indicator, Question, Source


class Answered(StrEnum):
    """How a question was answered."""

    ANSWERED = "answered"
    NOT_OBSERVED = "not_observed"
    NOT_APPLICABLE = "not_applicable"
    NOT_ANSWERED = "not_answered"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Answer:
    """A question and its answer; ``number`` is the one that the observer saw on the phone;
    None of a question that was not asked.

    ``told`` says whether it was reported to the observer; None where nobody said. ``inner`` are
    the questions of a repeat.
    """

    number: int | None
    question: Question
    value: Any
    state: Answered
    told: bool | None = None
    inner: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Notable:
    """An irregularity that was seen, or reported to the observer, and the answers that say so:
    each by itself, or ``together`` under a rule that reads them."""

    indicator: Indicator
    severity: int
    told: bool
    answers: tuple[Answer, ...]
    together: bool = False


@dataclass(frozen=True)
class Section:
    """The questions of one section, in the form's order, without those that are notable."""

    name: str | None
    answers: tuple[Answer, ...]

    @property
    def counts(self) -> Counter[Answered]:
        """How many were answered in which way."""
        return Counter(each.state for each in self.answers)


@dataclass(frozen=True)
class ReportContents:
    """A report as it is read."""

    notable: tuple[Notable, ...]
    sections: tuple[Section, ...]
    remarks: tuple[Answer, ...]
    """What the observer wrote in words."""
    others: Mapping[str, Any]
    """Answers to questions that the form has not, as they came."""
    asked: int
    """The questions of the form."""
    noted: int
    """Of these the questions whose own answer is notable; they stand in no section."""

    @property
    def counts(self) -> Counter[Answered]:
        """How the questions that are not notable were answered."""
        return sum((each.counts for each in self.sections), Counter())


def contents_of(
    definition: Definition, answers: Mapping[str, Any], codes: Iterable[Mapping[str, Any]]
) -> ReportContents:
    """A report's answers under the definition that judged it; ``codes`` are its irregularities as
    :func:`api.figures.reports.shown` gives them."""
    given = _answers(definition, answers)
    by_name = {each.question.name: each for each in given}
    notable = _notable(definition, by_name, codes)
    noted = {each.question.name for row in notable if not row.together for each in row.answers}
    rest = [each for each in given if each.question.name not in noted]
    known = {each.name for each in definition.questions}
    written = [each for each in given if each.question.type == "text"]
    return ReportContents(
        notable,
        tuple(
            Section(name, tuple(of))
            for name, of in groupby(rest, lambda each: each.question.section)
        ),
        tuple(each for each in written if each.state is Answered.ANSWERED),
        {name: value for name, value in answers.items() if name not in known},
        len(given),
        len(noted),
    )


def _answers(definition: Definition, answers: Mapping[str, Any]) -> list[Answer]:
    needless = not_asked(definition, answers)
    numbers = question_numbers(definition, needless)
    found: list[Answer] = []
    for question in _shown(definition, answers):
        value = answers.get(question.name)
        told = {"told": True, "saw": False}.get(str(answers.get(f"{question.name}{KNOWN}")))
        inner = [each for each in definition.questions if each.repeat == question.name]
        state = _state(value, question.name in needless)
        found.append(Answer(numbers.get(question.name), question, value, state, told, tuple(inner)))
    return found


def _shown(definition: Definition, answers: Mapping[str, Any]) -> Iterable[Question]:
    """The questions that have a line of their own: how an answer is known stands beside it."""
    names = {each.name for each in definition.questions}
    for each in definition.questions:
        follows = each.name.endswith(KNOWN) and each.name.removesuffix(KNOWN) in names
        silent = each.type in SILENT and answers.get(each.name) is None
        if not (follows or silent or each.repeat or each.section == CONTEXT):
            yield each


def _state(value: Any, needless: bool) -> Answered:
    if value is None or value in ("", []):
        return Answered.NOT_ASKED if needless else Answered.NOT_ANSWERED
    chosen = value if isinstance(value, list) else [value]
    for state in (Answered.NOT_OBSERVED, Answered.NOT_APPLICABLE):
        if chosen == [state.value]:
            return state
    return Answered.ANSWERED


def _notable(
    definition: Definition, answers: Mapping[str, Answer], codes: Iterable[Mapping[str, Any]]
) -> tuple[Notable, ...]:
    """What is irregular, the gravest first."""
    indicators = {each.code: each for each in definition.indicators}
    found = []
    for each in codes:
        indicator = indicators.get(each["indicator"])
        if indicator is not None and each["status"].startswith("irregular"):
            told = each["status"] == "irregular_told"
            behind = _behind(indicator.sources, answers)
            found.append(Notable(indicator, each["severity"], told, *behind))
    return tuple(sorted(found, key=lambda each: (-each.severity, each.told)))


def _behind(
    sources: Sequence[Source], answers: Mapping[str, Answer]
) -> tuple[tuple[Answer, ...], bool]:
    """The answers that raise an indicator: an option that is irregular, else whatever a rule
    reads; whether it is a rule that reads several."""
    given = [
        (each, answers[each.question])
        for each in sources
        if each.question in answers and answers[each.question].state is Answered.ANSWERED
    ]
    chosen = tuple(answer for source, answer in given if _chosen(source, answer.value))
    read = tuple(answer for source, answer in given if source.when)
    return (chosen, False) if chosen else (read, len(read) > 1)


def _chosen(source: Source, value: Any) -> bool:
    options = value if isinstance(value, list) else [value]
    return any(isinstance(each, str) and each in source.options for each in options)
