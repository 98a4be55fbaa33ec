"""The code book of a checklist: what its questions and options are called, and what they raise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import Session
from sqlmodel import col, select

from api.problems import NOT_FOUND, Problem
from schemas.checklist import Choice, Definition, Indicator, Question
from schemas.published import Checklist, ChecklistVersion, Rules, RulesState
from schemas.words import LANGUAGES

CONTEXT = "context"
"""The group of a form for what is known and not asked: no answer, and no column."""


def published_definitions(session: Session, checklist: str) -> dict[UUID, Definition]:
    """All published rules of a checklist in the session's mission, the newest last."""
    versions = and_(
        col(ChecklistVersion.mission_id) == col(Rules.mission_id),
        col(ChecklistVersion.id) == col(Rules.version_id),
    )
    named = and_(
        col(Checklist.mission_id) == col(ChecklistVersion.mission_id),
        col(Checklist.id) == col(ChecklistVersion.checklist_id),
    )
    query = (
        select(Rules.id, Rules.definition)
        .join(ChecklistVersion, versions)
        .join(Checklist, named)
        .where(Checklist.name == checklist, Rules.state == RulesState.PUBLISHED)
        .order_by(col(ChecklistVersion.published_at), col(Rules.revision))
    )
    return {rules: Definition.model_validate(each) for rules, each in session.execute(query)}


def questions_of(newest_first: Iterable[Definition]) -> list[Question]:
    """The questions of all versions by name, in the order of the newest, those that only earlier
    ones have behind. So stand the options of each."""
    found: dict[str, Question] = {}
    for definition in newest_first:
        for question in definition.questions:
            if question.section == CONTEXT:
                continue
            known = found.setdefault(question.name, question)
            names = {each.name for each in known.choices}
            more = tuple(each for each in question.choices if each.name not in names)
            if more:
                choices = (*known.choices, *more)
                found[question.name] = known.model_copy(update={"choices": choices})
    return list(found.values())


def codebook(session: Session, checklist: str) -> list[dict[str, Any]]:
    """The questions of a checklist, each with labels, options, and the indicators that it raises.
    Problem: 404 where the mission has no such checklist."""
    definitions = list(published_definitions(session, checklist).values())
    if not definitions:
        raise Problem(NOT_FOUND)
    newest_first = definitions[::-1]
    raised = _raised(newest_first)
    return [_question(each, raised.get(each.name, [])) for each in questions_of(newest_first)]


def _raised(newest_first: Iterable[Definition]) -> dict[str, list[Indicator]]:
    """The indicators that each question raises, as the newest version that has them says it."""
    found: dict[str, dict[str, Indicator]] = {}
    for definition in newest_first:
        for indicator in definition.indicators:
            for source in indicator.sources:
                found.setdefault(source.question, {}).setdefault(indicator.code, indicator)
    return {name: list(of.values()) for name, of in found.items()}


def _question(question: Question, raised: Sequence[Indicator]) -> dict[str, Any]:
    return {
        "name": question.name,
        "type": question.type,
        "section": question.section,
        "repeat": question.repeat,
        "required": question.required,
        "label": question.label,
        "choices": [_choice(each) for each in question.choices],
        "indicators": [
            {
                "code": each.code,
                "stage": each.stage,
                "severity": each.severity,
                "standards": list(each.standards),
                "phrase": each.phrase,
                "positive_phrase": each.positive_phrase,
                **each.model_dump(include={"noun", "label", "rel", "unread"}, mode="json"),
            }
            for each in raised
        ],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "name": choice.name,
        "label": choice.label,
        "indicator": choice.irregularity,
        "severity": choice.severity,
        "standards": list(choice.standards),
    }


def codebook_table(questions: Sequence[Mapping[str, Any]]) -> list[list[str | int | None]]:
    """The same as rows under a head: a row a question, below it one for each of its options."""
    spoken = {each for question in questions for each in question["label"]}
    languages = [
        *(each for each in LANGUAGES if each in spoken),
        *sorted(spoken - LANGUAGES.keys()),
    ]
    head: list[str | int | None] = [
        *("question", "type", "section", "repeat"),
        *(f"label::{each}" for each in languages),
        "choice",
        *(f"choice_label::{each}" for each in languages),
        *("indicator", "severity", "standards"),
    ]
    rows = (row for each in questions for row in _rows(each, languages))
    return [head, *rows]


def _rows(
    question: Mapping[str, Any], languages: Sequence[str]
) -> Iterator[list[str | int | None]]:
    about = [question[each] for each in ("name", "type", "section", "repeat")]
    about += [question["label"].get(each) for each in languages]
    raised = question["indicators"]
    yield [
        *about,
        None,
        *[None] * len(languages),
        " ".join(each["code"] for each in raised) or None,
        max((each["severity"] for each in raised), default=None),
        " ".join(dict.fromkeys(one for each in raised for one in each["standards"])) or None,
    ]
    for each in question["choices"]:
        labels = [each["label"].get(one) for one in languages]
        yield [
            *about,
            each["name"],
            *labels,
            each["indicator"],
            each["severity"] or None,
            " ".join(each["standards"]) or None,
        ]
