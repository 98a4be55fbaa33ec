"""The number of each question of a form, as the app's ``numbersOf`` counts it on the phone."""

from collections.abc import Collection

from mobile_forms.judgement import KNOWN
from mobile_forms.outline import CONTEXT
from schemas.checklist import Definition, Question

SILENT = frozenset({"calculate", "hidden"})
"""Types of questions that nobody is asked."""


def is_numbered(question: Question) -> bool:
    """Whether it counts at all: not how an answer is known, not what is said of the whole report,
    and of a repeat only the repeat."""
    follows = question.name.endswith(KNOWN)
    apart = question.repeat is not None or question.section == CONTEXT
    return not (question.type in SILENT or follows or apart)


def question_numbers(definition: Definition, not_asked: Collection[str] = ()) -> dict[str, int]:
    """The questions that are asked, counted from 1 without a gap, by name. ``not_asked`` are those
    that other answers made needless."""
    names = [each.name for each in definition.questions if is_numbered(each)]
    return {name: n for n, name in enumerate((x for x in names if x not in not_asked), 1)}
