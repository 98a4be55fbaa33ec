"""Screening reports for all quality flags of :mod:`analytics.quality.flags`, with the cause.

A form is compared with those of its own observer, checklist and contest from other places, the
last of each: a second visit to a station may be like the first, and one observer sending the same
form from every station is what somebody should call about. Many honest forms are alike where
nothing happened: how usual an answer is among the other observers' forms of the checklist says how
much it means that two have it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from analytics.quality.flags import (
    UNLIKE,
    Codes,
    Flag,
    Floats,
    Protocol,
    flag_arithmetic,
    flag_before_opening,
    flag_far,
    flag_same_photo,
    flag_straight_line,
    flag_too_fast,
    flag_twins,
)
from schemas.checklist import Definition, Question
from schemas.report import LARGEST_COUNT

COMPARED = frozenset({"select_one", "select_multiple", "integer", "decimal", "time"})
"""Types of question whose answers are held against one another."""
RESERVED = frozenset({"not_observed", "not_applicable"})
FIGURES_MAY_BE = 10
"""A figure or a time is taken to be one of so many, until others have given theirs."""
LEAST_SCALE = 4
"""So many options make a scale; yes and no are none."""
AFTER_OPENING = frozenset({"voting", "closing", "counting", "tabulation"})
VOTES, ROW_VOTES = "contestant_votes", "votes"


@dataclass(frozen=True)
class Form:
    """One report as it is screened. Positions are (latitude, longitude), here with the error."""

    report: str
    observer: str
    checklist: str
    answers: Mapping[str, Any]
    place: str = ""
    contest: str = ""
    began: datetime | None = None
    finished: datetime | None = None
    position: tuple[float, float, float] | None = None
    station: tuple[float, float] | None = None
    opens: datetime | None = None
    photos: tuple[str, ...] = ()


def screen(
    forms: Sequence[Form], checklists: Mapping[str, Definition], only: str | None = None
) -> list[Flag]:
    """Every flag of these forms, given oldest first; in no order. A form of an unknown checklist
    is compared with none, and has only the flags that need no questions. With ``only`` the flags
    of one report: the others are what it is compared with."""
    asked = {name: _Asked.of(definition) for name, definition in checklists.items()}
    alone = [form for form in forms if only in (None, form.report)]
    found = [flag for form in alone for flag in _alone(form, asked.get(form.checklist))]
    together: defaultdict[tuple[str, str, str], dict[str, Form]] = defaultdict(dict)
    for form in forms:
        if form.observer and form.checklist in checklists:
            own = together[form.observer, form.checklist, form.contest]
            own[form.place or form.report] = form
    answered = {name: _Answered.of(forms, definition) for name, definition in checklists.items()}
    for (observer, name, _), by_place in together.items():
        same = list(by_place.values())
        if len(same) < 2:
            continue
        codes, values = _numbered(same, answered[name].asked)
        usual = answered[name].usual(observer, values)
        found += flag_twins([each.report for each in same], codes, usual=usual)
    photos = ((form.report, digest) for form in forms for digest in form.photos)
    found += flag_same_photo(photos)
    return [each for each in found if only in (None, each.report)]


@dataclass(frozen=True)
class _Asked:
    """What a checklist asks, as each of its forms is held against it."""

    compared: frozenset[str]
    scales: Mapping[tuple[str, ...], tuple[str, ...]]
    after_opening: bool

    @classmethod
    def of(cls, definition: Definition) -> "_Asked":
        compared = frozenset(each.name for each in definition.questions if each.type in COMPARED)
        return cls(compared, scales(definition), definition.stage in AFTER_OPENING)


def _alone(form: Form, asked: _Asked | None) -> Iterator[Flag]:
    """The flags that one form has by itself."""
    if form.position and form.station:
        yield from _one(flag_far(form.report, form.position, form.station))
    if asked is None:
        return
    answered = len(asked.compared & form.answers.keys())
    if form.began and form.finished:
        yield from _one(flag_too_fast(form.report, form.began, form.finished, answered))
    if form.finished and form.opens and asked.after_opening:
        yield from _one(flag_before_opening(form.report, form.finished, form.opens))
    for options, names in asked.scales.items():
        given = [form.answers.get(name) for name in names]
        numbers = [options.index(each) if each in options else None for each in given]
        yield from _one(flag_straight_line(form.report, numbers))
    if VOTES in form.answers:
        yield from flag_arithmetic(form.report, protocol_of(form.answers))


def _one(flag: Flag | None) -> Iterable[Flag]:
    return () if flag is None else (flag,)


def scales(definition: Definition) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The questions that share one scale of answers, by the scale's options."""
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in definition.questions:
        options = tuple(one.name for one in each.choices if one.name not in RESERVED)
        if each.type == "select_one" and len(options) >= LEAST_SCALE:
            found[options].append(each.name)
    return {options: tuple(names) for options, names in found.items() if len(names) > 1}


@dataclass(frozen=True)
class _Answered:
    """How often each answer of a checklist was given: in all, and by each observer."""

    asked: tuple[Question, ...]
    given: tuple[Counter[str], ...]
    own: Mapping[str, tuple[Counter[str], ...]]

    @classmethod
    def of(cls, forms: Iterable[Form], definition: Definition) -> "_Answered":
        asked = _compared(definition)
        own: dict[str, tuple[Counter[str], ...]] = {}
        for form in forms:
            if form.checklist != definition.name:
                continue
            counts = own.setdefault(form.observer, tuple(Counter() for _ in asked))
            for question, count in zip(asked, counts, strict=True):
                value = _value(form.answers, question)
                if value is not None:
                    count[value] += 1
        given = tuple(Counter[str]() for _ in asked)
        for counts in own.values():
            for count, more in zip(given, counts, strict=True):
                count.update(more)
        return cls(asked, given, own)

    def usual(self, observer: str, values: Sequence[Sequence[str]]) -> Floats:
        """The chance that anybody but this observer gives each of these answers, by question and
        number. Where few have answered, every option is as likely as the others."""
        chance = np.zeros((len(self.asked), UNLIKE + 1))
        nobody = tuple(Counter[str]() for _ in self.asked)
        own = self.own.get(observer, nobody)
        for at, question in enumerate(self.asked):
            total, mine = self.given[at], own[at]
            others = total.total() - mine.total() + (len(question.choices) or FIGURES_MAY_BE)
            for number, value in enumerate(values[at]):
                chance[at, number] = (total[value] - mine[value] + 1) / others
        return chance


def _compared(definition: Definition) -> tuple[Question, ...]:
    """The questions whose answers are held against one another."""
    return tuple(each for each in definition.questions if each.type in COMPARED and not each.repeat)


def coded(forms: Sequence[Form], definition: Definition) -> Codes:
    """Answers as small numbers, shape (forms, questions); −1 none, UNLIKE one that nobody shares.

    Of a question with more answers in common than fit, the most usual keep their number: what
    is alike is never overstated.
    """
    return _numbered(forms, _compared(definition))[0]


def _numbered(forms: Sequence[Form], asked: Sequence[Question]) -> tuple[Codes, list[list[str]]]:
    """The same, with the answer that each number of a question stands for."""
    codes = np.full((len(forms), len(asked)), -1, dtype=np.int8)
    numbered: list[list[str]] = []
    for column, question in enumerate(asked):
        values = [_value(form.answers, question) for form in forms]
        many = Counter(value for value in values if value is not None)
        shared = [value for value, count in many.items() if count > 1]
        if len(shared) > UNLIKE:
            shared = [value for value, _ in many.most_common(UNLIKE)]
        number = {value: at for at, value in enumerate(shared)}
        codes[:, column] = [-1 if v is None else number.get(v, UNLIKE) for v in values]
        numbered.append(shared)
    return codes, numbered


def _value(answers: Mapping[str, Any], question: Question) -> str | None:
    value = answers.get(question.name)
    if value in (None, "", []):
        return None
    return "\x1f".join(sorted(map(str, value))) if isinstance(value, list) else str(value)


def _count(value: Any) -> int | None:
    """A whole number that an answer may be; None for anything else."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and abs(value) <= LARGEST_COUNT else None


def protocol_of(answers: Mapping[str, Any]) -> Protocol:
    """The results protocol in a counting form's answers; what is no count is left out."""

    def count(name: str) -> int | None:
        return _count(answers.get(name))

    listed = answers.get(VOTES)
    rows = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    votes = tuple(_count(each.get(ROW_VOTES)) for each in rows)
    listed, added = count("registered"), count("supplementary")
    return Protocol(
        votes=votes,
        valid=count("valid"),
        invalid=count("invalid"),
        in_box=count("in_box"),
        signed=count("signatures"),
        received=count("received"),
        unused=count("unused"),
        spoiled=count("spoiled"),
        issued=count("issued"),
        registered=None if listed is None else listed + (added or 0),
    )
