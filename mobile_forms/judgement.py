"""Judging a report once: what it says of each irregularity, and which checks do not hold.

All expressions of a checklist version, relevances, rules and checks, are one XPath that gives
a string of truths. What an option means is looked up. See decision 4.
"""

import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from mobile_forms.answers import Read, Reader, lexical
from mobile_forms.expressions import compile_expression, native, number_of
from mobile_forms.outline import ROOT
from schemas.checklist import Check, Definition, Indicator, Question, Source
from schemas.codes import STRENGTH, Severity, Status, pack
from schemas.report import Reason

KNOWLEDGE = {"personally": "saw", "reported": "told"}
_RANK = {status: -place for place, status in enumerate(STRENGTH)}


@dataclass(frozen=True)
class Judged:
    """What a report says. ``codes`` has one byte per indicator, in the definition's order."""

    answers: dict[str, Any]
    codes: bytes
    flags: tuple[dict[str, Any], ...]
    reasons: tuple[Reason, ...]


class Judge:
    """A checklist version, prepared to judge many reports."""

    def __init__(self, definition: Definition, xform: str = "") -> None:
        self.definition = definition
        self._reader = Reader.of(definition)
        self._questions = {each.name: each for each in definition.questions}
        self._constrained = {
            each.name: each for each in definition.questions if each.constraint and not each.repeat
        }
        self._template, self._places = _template(definition)
        self._truths = _Truths.of(definition)

    def judge(self, answers: Mapping[str, Any], observed: Mapping[str, str]) -> Judged:
        """Judge answers as sent. ``observed`` maps a question to personally or reported.

        Never raises for what an answer holds: what cannot be judged is a reason.
        """
        read = self._reader.read(answers)
        told = self._knowledge(read, observed)
        tree, truths = self._settle(read.answers)
        codes = bytes(
            self._code(indicator, read.answers, told, truths)
            for indicator in self.definition.indicators
        )
        flags = self._constraints(truths, read.answers) + self._checks(tree, truths, read.answers)
        return Judged(read.answers, codes, tuple(flags), tuple(read.reasons))

    def _knowledge(self, read: Read, observed: Mapping[str, str]) -> frozenset[str]:
        """The questions whose answer was reported to the observer; ``observed`` is shorthand."""
        for question, word in observed.items():
            follow_up, known = f"{question}__known", KNOWLEDGE.get(word, "saw")
            if question not in self._questions:
                message = "observed names no question of the checklist."
                read.reasons.append(_reason(question, "unknown_question", message))
            elif read.answers.get(follow_up, known) != known:
                message = f"observed says {word}, {follow_up} says otherwise."
                read.reasons.append(_reason(f"observed.{question}", "contradicts", message))
            elif follow_up in self._questions and question in read.answers:
                read.answers[follow_up] = known
        said = {name for name, word in observed.items() if word == "reported"}
        return frozenset(
            name for name in self._questions
            if read.answers.get(f"{name}__known", "told" if name in said else "saw") == "told"
        )  # fmt: skip

    def _fill(self, answers: Mapping[str, Any]) -> etree._Element:
        tree = deepcopy(self._template)
        nodes = list(tree.iter())
        for name, value in answers.items():
            if self._questions[name].type == "repeat":
                self._fill_repeat(nodes[self._places[name]], name, value)
            else:
                nodes[self._places[name]].text = lexical(value)
        return tree

    def _fill_repeat(
        self, holder: etree._Element, name: str, rows: list[dict[str, Any]]
    ) -> None:
        for row in rows:
            element = etree.SubElement(holder, name)
            for child, question in self._reader.children.get(name, {}).items():
                etree.SubElement(element, question.name).text = lexical(row.get(child, ""))

    def _settle(self, answers: dict[str, Any]) -> tuple[etree._Element, str]:
        """The instance and its truths, with the answers to irrelevant questions set aside.

        Setting one aside may make another irrelevant, so it is repeated, at most once per
        question; a phone that keeps the rules needs no second time.
        """
        tree = self._fill(answers)
        for _ in range(len(self._questions) + 1):
            truths = self._truths.of_tree(tree)
            idle = [name for name in answers if not self._truths.relevant(name, truths)]
            if not idle:
                break
            for name in idle:
                del answers[name]
            tree = self._fill(answers)
        return tree, truths

    def _code(
        self, indicator: Indicator, answers: Mapping[str, Any], told: frozenset[str], truths: str
    ) -> int:
        """The strongest of what its questions say, with the highest severity among equals."""
        best, severity = Status.NOT_RELEVANT, 0
        for source in indicator.sources:
            status, grave = self._say(source, answers, told, truths)
            if _RANK[status] > _RANK[best]:
                best, severity = status, grave
            elif status == best:
                severity = max(severity, grave)
        return pack(best, Severity(severity))

    def _say(
        self, source: Source, answers: Mapping[str, Any], told: frozenset[str], truths: str
    ) -> tuple[Status, int]:
        if not self._truths.relevant(source.question, truths):
            return Status.NOT_RELEVANT, 0
        value = answers.get(source.question)
        if value is None or value == []:
            return Status.UNANSWERED, 0
        chosen = value if isinstance(value, list) else [value]
        grave = self._gravity(source, chosen, truths)
        if grave:
            seen = Status.IRREGULAR_TOLD if source.question in told else Status.IRREGULAR
            return seen, grave
        if "not_observed" in chosen:
            return Status.NOT_OBSERVED, 0
        if "not_applicable" in chosen:
            return Status.NOT_APPLICABLE, 0
        return Status.FINE, 0

    def _gravity(self, source: Source, chosen: list[Any], truths: str) -> int:
        """How grave what was answered is: 0 where it is not irregular."""
        if source.when is not None:
            return source.severity if self._truths.holds(source.when, truths) else 0
        named = (each for each in chosen if isinstance(each, str))
        return max((source.options.get(each, 0) for each in named), default=0)

    def _constraints(self, truths: str, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            _flag(f"constraint:{name}", (name,), question.constraint or "", answers)
            for name, question in self._constrained.items()
            if name in answers and not self._truths.holds(_kept(question), truths)
        ]

    def _checks(
        self, tree: etree._Element, truths: str, answers: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        flags = []
        for check in self.definition.checks:
            if self._truths.holds(check.flag_when, truths):
                flags.append(_flag(check.name, check.inputs, check.formula, answers)
                             | {"difference": _difference(check, tree),
                                "tolerance": check.tolerance})  # fmt: skip
        return flags


@dataclass(frozen=True)
class _Truths:
    """The one XPath, and at which place of its string each expression stands."""

    xpath: etree.XPath
    places: Mapping[str, int]
    relevants: Mapping[str, str]

    @classmethod
    def of(cls, definition: Definition) -> "_Truths":
        relevants = {each.name: each.relevant for each in definition.questions if each.relevant}
        whens = [source.when for each in definition.indicators for source in each.sources]
        expressions = dict.fromkeys(
            [*relevants.values(), *(when for when in whens if when),
             *(check.flag_when for check in definition.checks),
             *(_kept(each) for each in definition.questions if each.constraint)]
        )  # fmt: skip
        for expression in expressions:
            compile_expression(expression)
        digits = "".join(
            f", substring('01', 1 + boolean({native(each)}), 1)" for each in expressions
        )
        xpath = etree.XPath(f"concat('', ''{digits})")
        return cls(xpath, {each: place for place, each in enumerate(expressions)}, relevants)

    def of_tree(self, tree: etree._Element) -> str:
        return str(self.xpath(tree))

    def holds(self, expression: str, truths: str) -> bool:
        return truths[self.places[expression]] == "1"

    def relevant(self, question: str, truths: str) -> bool:
        expression = self.relevants.get(question)
        return expression is None or self.holds(expression, truths)


def _kept(question: Question) -> str:
    """True where the question's constraint holds: there, ``.`` is the question's own node."""
    return f"{question.path}[{question.constraint}]"


def _template(definition: Definition) -> tuple[etree._Element, dict[str, int]]:
    """An empty instance, and where in document order each question's node stands.

    A repeat's place is that of the element that its rows are added to.
    """
    root = etree.Element(ROOT)
    made = {f"/{ROOT}": root}
    wanted: dict[str, etree._Element] = {}
    for question in definition.questions:
        if question.repeat:
            continue
        holder = _holder(made, question.path.rpartition("/")[0])
        if question.type == "repeat":
            wanted[question.name] = holder
        else:
            wanted[question.name] = made[question.path] = etree.SubElement(holder, question.name)
    order = {id(element): place for place, element in enumerate(root.iter())}
    return root, {name: order[id(element)] for name, element in wanted.items()}


def _holder(made: dict[str, etree._Element], path: str) -> etree._Element:
    if path not in made:
        above, _, name = path.rpartition("/")
        made[path] = etree.SubElement(_holder(made, above), name)
    return made[path]


def _difference(check: Check, tree: etree._Element) -> float | None:
    if check.difference is None:
        return None
    value = number_of(compile_expression(check.difference)(tree))
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


def _reason(field: str, code: str, message: str) -> Reason:
    return Reason(field=field[:200], code=code, message=message)
