"""The judge against a slow one that says the same in the plainest way."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import mobile_forms.expressions  # noqa: F401 - ODK's functions for lxml
from schemas.checklist import Definition, Indicator, Question, Source
from schemas.codes import STRENGTH, Severity, Status, pack
from tests.mobile_forms.spreadsheets import judge_of

SETTINGS = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def strategy(definition: Definition) -> st.SearchStrategy[dict[str, Any]]:
    asked = {
        each.name: _answers(each, definition)
        for each in definition.questions
        if not each.repeat and each.section != "context"
    }
    return st.fixed_dictionaries({}, optional=asked)


def _answers(question: Question, definition: Definition) -> st.SearchStrategy[Any]:
    names = [each.name for each in question.choices]
    if question.type == "select_one":
        return st.sampled_from(names)
    if question.type == "select_multiple":
        return st.lists(st.sampled_from(names), unique=True)
    if question.type == "repeat":
        rows = {
            each.name: _answers(each, definition)
            for each in definition.questions
            if each.repeat == question.name
        }
        return st.lists(st.fixed_dictionaries({}, optional=rows), max_size=3)
    return st.integers(0, 60) if question.type == "integer" else st.just("some words")


def instance(definition: Definition, answers: dict[str, Any]) -> etree._Element:
    """An instance, made node by node."""
    root = etree.Element("data")
    for question in definition.questions:
        value = answers.get(question.name)
        if question.repeat:
            continue
        if question.type != "repeat":
            text = " ".join(value) if isinstance(value, list) else str(value or "")
            node(root, question.path).text = "0" if value == 0 else text
        for row in value or () if question.type == "repeat" else ():
            group = node(root, question.path.rpartition("/")[0])
            element = etree.SubElement(group, question.name)
            for each in definition.questions:
                if each.repeat == question.name:
                    etree.SubElement(element, each.name).text = str(row.get(each.name, ""))
    return root


def node(root: etree._Element, path: str) -> etree._Element:
    for name in path.split("/")[2:]:
        found = root.find(name)
        root = etree.SubElement(root, name) if found is None else found
    return root


class Slow:
    """Each expression by itself, each question by itself."""

    def __init__(self, definition: Definition, answers: dict[str, Any]) -> None:
        self.questions = {each.name: each for each in definition.questions}
        self.answers = dict(answers)
        while True:
            self.tree = instance(definition, self.answers)
            idle = [each for each in self.answers if not self.relevant(each)]
            if not idle:
                break
            self.answers = {k: v for k, v in self.answers.items() if k not in idle}
        self.codes = bytes(self.code(each) for each in definition.indicators)

    def true(self, expression: str | None) -> bool:
        return expression is None or bool(self.tree.xpath(f"boolean({expression})"))

    def relevant(self, name: str) -> bool:
        return self.true(self.questions[name].relevant)

    def code(self, indicator: Indicator) -> int:
        said = [self.said(each) for each in indicator.sources]
        strongest = next(each for each in STRENGTH if each in {status for status, _ in said})
        grave = max(severity for status, severity in said if status == strongest)
        return pack(strongest, Severity(grave))

    def said(self, source: Source) -> tuple[Status, int]:
        value = self.answers.get(source.question)
        if not self.relevant(source.question):
            return Status.NOT_RELEVANT, 0
        if value in (None, [], "") or not self.true(source.judged_when):
            return Status.UNANSWERED, 0
        chosen = value if isinstance(value, list) else [value]
        graves = [source.options[each] for each in chosen if each in source.options]
        if source.when is not None and self.true(source.when):
            graves.append(source.severity)
        if graves:
            told = self.answers.get(f"{source.question}__known") == "told"
            return (Status.IRREGULAR_TOLD if told else Status.IRREGULAR), max(graves)
        if "not_observed" in chosen:
            return Status.NOT_OBSERVED, 0
        return (Status.NOT_APPLICABLE if "not_applicable" in chosen else Status.FINE), 0


@pytest.mark.parametrize("name", ["small", "voting", "counting"])
def test_the_judge_and_the_slow_one_agree(name: str) -> None:
    judge = judge_of(name)

    @SETTINGS
    @given(strategy(judge.definition))
    def agree(answers: dict[str, Any]) -> None:
        fast, slow = judge.judge(answers, {}), Slow(judge.definition, answers)
        assert fast.codes == slow.codes
        kept = {name: value for name, value in fast.answers.items() if value != ""}
        assert kept == slow.answers
        raised = {each["name"] for each in fast.flags}
        assert raised >= {
            check.name for check in judge.definition.checks if slow.true(check.flag_when)
        }

    agree()


@given(
    st.dictionaries(
        st.text(max_size=8) | st.sampled_from(["sealed", "seen", "late", "why"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
            st.lists,
            max_leaves=4,
        ),
        max_size=5,
    ),
    st.dictionaries(st.sampled_from(["sealed", "seen", "x"]), st.text(max_size=9)),
)
def test_nothing_that_an_answer_holds_breaks_the_judge(
    answers: dict[str, Any], observed: dict[str, str]
) -> None:
    judged = judge_of("small").judge(answers, observed)
    assert len(judged.codes) == 3
    given_up = {each.field for each in judged.reasons}
    for name, value in answers.items():
        if value is not None and value != "":
            assert name in judged.answers or name in judged.aside or name in given_up
