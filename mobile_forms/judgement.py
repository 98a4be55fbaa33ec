"""Judging a report once: what it says of each irregularity, and which checks do not hold.

Expressions are evaluated together (:mod:`mobile_forms.combined_xpath`); what an option means
is looked up. What a report says of an irregularity is one byte, see :mod:`schemas.codes`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from mobile_forms.answers import Blank, Read, Reader
from mobile_forms.columns import KNOWN as KNOWN
from mobile_forms.combined_xpath import (
    Truths,
    broken,
    differences_of,
    expressions_of,
    miscalculated,
)
from mobile_forms.expressions import ExpressionProblem, compile_expression, guarded
from mobile_forms.functions.values import TooSlow, look_at_the_time, number_of
from mobile_forms.patterns import PatternProblem
from schemas.checklist import Check, Definition, Indicator
from schemas.codes import STATUS_MASK, STRENGTH, Severity, Status, pack
from schemas.report import Reason

KNOWLEDGE = {"personally": "saw", "reported": "told"}

UNUSABLE = "The rule of this question cannot be evaluated: {why}"
"""A reason to hold, with the question: its author publishes another rule."""

MOST_ROWS_TO_AND_FRO = 200
"""Rows of a report, where an expression may read each for each."""

_Settled = tuple[etree._Element, str, dict[str, Any], Mapping[str, str]]
_IRREGULAR, _TOLD = int(Status.IRREGULAR), int(Status.IRREGULAR_TOLD)
_RESERVED = {
    "not_observed": pack(Status.NOT_OBSERVED),
    "not_applicable": pack(Status.NOT_APPLICABLE),
}
_NOT_RELEVANT, _UNANSWERED, _FINE = (
    pack(each) for each in (Status.NOT_RELEVANT, Status.UNANSWERED, Status.FINE)
)
_RANKS = tuple(-STRENGTH.index(status) for status in Status)
"""How strong a status is, by its number. Bytes, not enumerations: a hash of one is slow."""


@dataclass(frozen=True)
class Judgement:
    """What a report says. ``codes`` has one byte per indicator, in the definition's order.

    ``aside`` holds answers to questions that were not relevant: noted, not counted.
    """

    answers: dict[str, Any]
    codes: bytes
    flags: tuple[dict[str, Any], ...]
    reasons: tuple[Reason, ...]
    aside: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A source ready to be judged: what options mean, expressions as places in the truths."""

    question: str
    relevant: int
    meaning: Mapping[str, int]
    when: int
    judged: int
    irregular: int


class Judge:
    """A checklist version, prepared to judge many reports. Holds nothing between them."""

    def __init__(self, definition: Definition, xform: str = "") -> None:
        self.definition, self._xform = definition, xform
        self._reader = Reader.of(definition)
        expressions = (*expressions_of(definition), *differences_of(definition))
        self._blank = Blank.of(definition, expressions)
        self._truths = truths = Truths.of(definition)
        self._relevance = {
            each.name: truths.place(each.relevant)
            for each in definition.questions
            if each.relevant and not each.repeat
        }
        self._broken = [
            (each, truths.place(broken(each))) for each in definition.questions if each.constraint
        ]
        self._calculated = [
            (each, truths.place(miscalculated(each)))
            for each in definition.questions
            if each.calculation
        ]
        self._checks = [
            (each, truths.place(each.flag_when), _difference_of(each, definition))
            for each in definition.checks
        ]
        self._owners = dict(_owners(definition))
        self._plans = [(self._planned(each), each.among_all) for each in definition.indicators]
        self._questions = frozenset(each.name for each in definition.questions)
        self._irregular = _irregular_options(definition)
        self._follow_ups = [(name, f"{name}{KNOWN}") for name in self._irregular]

    def judge(self, answers: Mapping[str, Any], observed: Mapping[str, str]) -> Judgement:
        """Judge answers as sent. ``observed`` maps a question to personally or reported.

        Never raises for what an answer holds: what cannot be judged is a reason. Raises
        :class:`mobile_forms.functions.values.TooSlow` where a time limit is set and exceeded.
        """
        read = self._reader.read(answers)
        told = self._knowledge(read, observed)
        tree, truths, aside, unusable = self._settle(read.answers)
        for expression, why in unusable.items():
            if expression in self._owners:
                read.blame(self._owners[expression], "rule_unusable", UNUSABLE.format(why=why))
        codes = bytes(
            [
                _FINE if code == _NOT_RELEVANT and of_all else code
                for plans, of_all in self._plans
                for code in (_code(plans, read.answers, told, truths),)
            ]
        )
        flags = (
            *self._broken_constraints(truths, read.answers),
            *self._miscalculated(truths, read.answers),
            *self._checks_not_held(tree, truths, read.answers),
        )
        return Judgement(read.answers, codes, flags, tuple(read.reasons), aside)

    def unjudged(self, answers: Mapping[str, Any]) -> Judgement:
        """The same answers only read, each by its question's type: no codes, no flags."""
        read = self._reader.read(answers)
        return Judgement(read.answers, b"", (), tuple(read.reasons))

    def not_asked(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """The questions that other answers made needless; rows of repeats are not looked at."""
        truths = self._settle(self._reader.read(answers).answers)[1]
        return frozenset(name for name, at in self._relevance.items() if truths[at] == "0")

    def another(self) -> "Judge":
        """The same judge with evaluators of its own, for another thread: lxml lets one thread at a
        time use one."""
        return Judge(self.definition, self._xform)

    def _planned(self, indicator: Indicator) -> tuple[_Plan, ...]:
        place = self._truths.place
        return tuple(
            _Plan(
                each.question,
                self._relevance.get(each.question, -1),
                _meaning(each.options),
                place(each.when),
                place(each.judged_when),
                _irregular(each.severity),
            )
            for each in indicator.sources
        )

    def _knowledge(self, read: Read, observed: Mapping[str, str]) -> frozenset[str]:
        """The questions whose answer was reported to the observer; ``observed`` is shorthand."""
        told = {name for name, known in self._follow_ups if read.answers.get(known) == "told"}
        for question, word in observed.items():
            follow_up, known = f"{question}{KNOWN}", KNOWLEDGE.get(word)
            if question not in self._questions:
                message = "observed names no question of the checklist."
                read.blame(f"observed.{question}", "unknown_question", message)
            elif known is None:
                message = "One of personally, reported is needed."
                read.blame(f"observed.{question}", "wrong_type", message)
            elif read.answers.get(follow_up, known) != known:
                message = f"observed says {word}, {follow_up} says otherwise."
                read.blame(f"observed.{question}", "contradicts", message)
            elif known == "told":
                told.add(question)
            if known and self._is_irregular(question, read.answers.get(question)):
                read.answers.setdefault(follow_up, known)
        return frozenset(told)

    def _is_irregular(self, question: str, value: Any) -> bool:
        options = self._irregular.get(question)
        chosen = value if isinstance(value, list) else [value]
        return options is not None and not options.isdisjoint(chosen)

    def _settle(self, answers: dict[str, Any]) -> _Settled:
        """The instance, its truths, the answers to irrelevant questions, set aside, and the
        expressions that could not be evaluated.

        Setting one aside may make another irrelevant, so it is repeated until none is: at most
        once per question. A phone that keeps the rules needs no second time.
        """
        aside: dict[str, Any] = {}
        rows = sum(len(each) for each in answers.values() if isinstance(each, list))
        if self._truths.wide and rows > MOST_ROWS_TO_AND_FRO:
            raise TooSlow
        while True:
            look_at_the_time()
            tree = self._blank.filled(answers)
            truths, unusable = self._evaluated(tree)
            idle = [
                name
                for name, place in self._relevance.items()
                if truths[place] == "0" and name in answers
            ]
            if not idle:
                return tree, truths, aside, unusable
            aside |= {name: answers.pop(name) for name in idle}

    def _evaluated(self, tree: etree._Element) -> tuple[str, Mapping[str, str]]:
        try:
            return self._truths.of_tree(tree), self._truths.unusable
        except PatternProblem:
            return self._truths.one_by_one(tree)

    def _broken_constraints(self, truths: str, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            _flag(
                f"constraint:{question.name}",
                (question.repeat or question.name,),
                question.constraint or "",
                answers,
            )
            for question, place in self._broken
            if truths[place] == "1"
        ]

    def _miscalculated(self, truths: str, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What a phone calculated otherwise than the server: noted beside the answer as sent."""
        return [
            _flag(
                f"calculation:{question.name}",
                (question.name,),
                question.calculation or "",
                answers,
            )
            for question, place in self._calculated
            if truths[place] == "1"
        ]

    def _checks_not_held(
        self, tree: etree._Element, truths: str, answers: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        flags = []
        for check, place, evaluate in self._checks:
            if truths[place] == "1":
                difference = _difference(evaluate, tree)
                if difference is None or abs(difference) > check.tolerance:
                    flag = _flag(check.name, check.inputs, check.formula, answers)
                    flags.append(flag | {"difference": difference, "tolerance": check.tolerance})
        return flags


def _code(
    plans: tuple[_Plan, ...], answers: Mapping[str, Any], told: frozenset[str], truths: str
) -> int:
    """The strongest of what an indicator's questions say; among equals the gravest."""
    if len(plans) == 1:
        return _said(plans[0], answers, told, truths)
    return max((_said(plan, answers, told, truths) for plan in plans), key=_strength)


def _strength(code: int) -> tuple[int, int]:
    return _RANKS[code & STATUS_MASK], code


def _said(plan: _Plan, answers: Mapping[str, Any], told: frozenset[str], truths: str) -> int:
    """What one question says of an indicator."""
    if plan.relevant >= 0 and truths[plan.relevant] == "0":
        return _NOT_RELEVANT
    value = answers.get(plan.question)
    if value is None or value == [] or (plan.judged >= 0 and truths[plan.judged] == "0"):
        return _UNANSWERED
    if plan.when >= 0 and truths[plan.when] == "1":
        code = plan.irregular
    elif isinstance(value, list):
        code = _of_several(plan, value)
    else:
        code = plan.meaning.get(value, _FINE)
    if code & STATUS_MASK == _IRREGULAR and plan.question in told:
        return code - _IRREGULAR + _TOLD
    return code


def _of_several(plan: _Plan, chosen: list[Any]) -> int:
    """The gravest irregularity chosen, else a reserved option, else fine."""
    codes = [plan.meaning[each] for each in chosen if each in plan.meaning]
    return max(codes, key=lambda code: (code & STATUS_MASK == _IRREGULAR, code), default=_FINE)


def _irregular(severity: int) -> int:
    return pack(Status.IRREGULAR, Severity(severity))


def _meaning(options: Mapping[str, int]) -> dict[str, int]:
    """The byte of each option that is not simply fine."""
    return _RESERVED | {name: _irregular(severity) for name, severity in options.items()}


def _irregular_options(definition: Definition) -> dict[str, frozenset[str]]:
    """The irregular options of each question that has a follow-up."""
    known = {each.name for each in definition.questions}
    return {
        each.name: frozenset(option.name for option in each.choices if option.irregularity)
        for each in definition.questions
        if f"{each.name}{KNOWN}" in known
    }


def _owners(definition: Definition) -> Iterable[tuple[str, str]]:
    """Whose each rule is: the question, or the check, that is blamed where it is unusable. A
    calculation is only noted where it differs, and blames nobody."""
    for check in definition.checks:
        yield check.flag_when, check.name
    for indicator in definition.indicators:
        for source in indicator.sources:
            yield from (
                (each, source.question) for each in (source.when, source.judged_when) if each
            )
    for question in definition.questions:
        if question.constraint:
            yield broken(question), question.name
        if question.relevant:
            yield question.relevant, question.name


def _difference_of(check: Check, definition: Definition) -> etree.XPath | None:
    """How a check's difference is calculated; None where it has none that can be."""
    if check.difference is None:
        return None
    try:
        compile_expression(check.difference)
    except ExpressionProblem:
        return None
    repeats = [each.path for each in definition.questions if each.type == "repeat"]
    return etree.XPath(guarded(check.difference, (), repeats))


def _difference(evaluate: etree.XPath | None, tree: etree._Element) -> float | None:
    if evaluate is None:
        return None
    try:
        value = number_of(evaluate(tree))
    except PatternProblem:
        return None
    return value if math.isfinite(value) else None


def _flag(
    name: str, inputs: tuple[str, ...], formula: str, answers: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "inputs": {each: answers.get(each) for each in inputs},
        "formula": formula,
        "difference": None,
        "tolerance": 0.0,
    }
