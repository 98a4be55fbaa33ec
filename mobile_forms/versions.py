"""The difference between two versions of a checklist."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from schemas.checklist import Choice, Definition, Question

FORM_OF_CHOICE = ("name", "label")
OURS_OF_CHOICE = ("irregularity", "severity", "standards", "station_is")


@dataclass(frozen=True)
class Change:
    """One thing that became another. ``before`` None: it was added; ``after`` None: removed."""

    kind: str
    """question, option, indicator, check or setting"""
    name: str
    """Of an option: ``question.option``."""
    what: str
    """The part that changed, such as ``label`` or ``relevant``; empty for the whole."""
    before: Any
    after: Any


@dataclass(frozen=True)
class Changes:
    """Changes of the form that phones carry, and of the rules that the server judges by."""

    form: tuple[Change, ...]
    rules: tuple[Change, ...]

    @property
    def only_rules(self) -> bool:
        """Whether this is a new revision of the rules beneath the same version."""
        return bool(self.rules) and not self.form


def compare(before: Definition, after: Definition) -> Changes:
    """The changes from one definition to another, in the order of the new one.

    Follow-ups that the compiler adds where an option becomes irregular change the form.
    """
    rules = [
        *_parts("setting", before.name, before, after, ("stage", "policy")),
        *_options(before, after, OURS_OF_CHOICE, whole=False),
        *_each("indicator", "code", before.indicators, after.indicators),
        *_each("check", "name", before.checks, after.checks),
    ]
    form = [
        *_parts("setting", before.name, before, after, ("name", "title", "languages")),
        *_each("question", "name", before.questions, after.questions, without="choices"),
        *_options(before, after, FORM_OF_CHOICE, whole=True),
    ]
    return Changes(tuple(form), tuple(rules))


def _each(
    kind: str, key: str, before: tuple[Any, ...], after: tuple[Any, ...], without: str = ""
) -> Iterator[Change]:
    old = {getattr(each, key): each for each in before}
    new = {getattr(each, key): each for each in after}
    for name in [*new, *(name for name in old if name not in new)]:
        if name not in old or name not in new:
            yield Change(kind, name, "", _plain(old.get(name)), _plain(new.get(name)))
        else:
            columns = tuple(each for each in type(new[name]).model_fields if each != without)
            yield from _parts(kind, name, old[name], new[name], columns)


def _options(
    before: Definition, after: Definition, columns: tuple[str, ...], whole: bool
) -> Iterator[Change]:
    """Changed options of questions that stand in both; ``whole`` with those come and gone."""
    questions = {each.name: each for each in before.questions}
    for question in after.questions:
        if question.name in questions:
            old, new = _by_name(questions[question.name]), _by_name(question)
            for name in dict.fromkeys([*new, *old]):
                full = f"{question.name}.{name}"
                if name in old and name in new:
                    yield from _parts("option", full, old[name], new[name], columns)
                elif whole:
                    found = _plain(old.get(name)), _plain(new.get(name))
                    yield Change("option", full, "", *found)


def _by_name(question: Question) -> dict[str, Choice]:
    return {each.name: each for each in question.choices}


def _parts(
    kind: str, name: str, before: BaseModel, after: BaseModel, columns: tuple[str, ...]
) -> Iterator[Change]:
    for column in columns:
        old, new = getattr(before, column), getattr(after, column)
        if old != new:
            yield Change(kind, name, column, old, new)


def _plain(value: BaseModel | None) -> dict[str, Any] | None:
    return None if value is None else value.model_dump(mode="json")
