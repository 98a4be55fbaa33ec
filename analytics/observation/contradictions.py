"""Where the reports of several teams at one place contradict each other, question by question.

Only what is chosen, counted or timed can contradict: words, photographs and positions are each
team's own, and so is what a team says of its own access. Who did not observe, or did not answer,
contradicts nobody. Of the votes on a protocol each contestant's are compared, where both give them.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from schemas.checklist import KNOWN, VOTES, Definition, Question

COMPARED = frozenset(
    {"select_one", "select_multiple", "integer", "decimal", "date", "time", "datetime"}
)
"""Types of question whose answers can contradict each other."""
RESERVED = frozenset({"not_observed", "not_applicable"})
CONTEXT = "/data/context/"
"""The group of a form that says where and when; its answers are the envelope's."""
CONTESTANT, ROW_VOTES = "contestant", "votes"


def compared(definition: Definition) -> tuple[Question, ...]:
    """The questions on which two teams must agree, in the order of the checklist."""
    of_access = {
        source.question
        for indicator in definition.indicators
        if indicator.of_access
        for source in indicator.sources
    }
    return tuple(
        each
        for each in definition.questions
        if each.name == VOTES
        or (
            each.type in COMPARED
            and not each.repeat
            and not each.path.startswith(CONTEXT)
            and not each.name.endswith(KNOWN)
            and each.name not in of_access
        )
    )


def contradictions(
    questions: Sequence[Question], answers: Sequence[Mapping[str, Any]]
) -> tuple[Question, ...]:
    """Of these questions those to which two of the reports answer differently."""
    return tuple(
        question
        for question in questions
        if _differ([said(question, each.get(question.name)) for each in answers])
    )


def said(question: Question, answer: Any) -> Any:
    """What an answer says, in one form for all that say the same; None where it says nothing."""
    if question.name == VOTES:
        return _votes(answer)
    if isinstance(answer, list):
        chosen = frozenset(str(each) for each in answer) - RESERVED
        return chosen or None
    return None if answer in (None, "") or answer in RESERVED else answer


def severity(definition: Definition, question: Question, answers: Sequence[Any]) -> int:
    """The highest severity of an irregularity that any of these answers to a question may be."""
    chosen = {str(one) for each in answers for one in (each if isinstance(each, list) else [each])}
    return max(
        (
            value
            for indicator in definition.indicators
            for source in indicator.sources
            if source.question == question.name
            for value in (
                *([source.severity or indicator.severity] if source.when else []),
                *(grave for option, grave in source.options.items() if option in chosen),
            )
        ),
        default=0,
    )


def _votes(answer: Any) -> dict[str, Any] | None:
    rows = [each for each in answer if isinstance(each, dict)] if isinstance(answer, list) else []
    votes = {str(each.get(CONTESTANT)): each.get(ROW_VOTES) for each in rows}
    return {name: count for name, count in votes.items() if count is not None} or None


def _differ(meanings: Sequence[Any]) -> bool:
    given = [each for each in meanings if each is not None]
    return any(contradict(one, other) for one, other in combinations(given, 2))


def contradict(one: Any, other: Any) -> bool:
    """Whether two meanings of :func:`said` contradict each other."""
    if one is None or other is None:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return any(one[name] != other[name] for name in one.keys() & other.keys())
    return bool(one != other)
