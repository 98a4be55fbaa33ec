"""The words of the page of one report: how questions were answered, values, checks."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.pages.page import PageRequest
from api.review.checks_in_words import CheckShown, CheckWords
from api.review.envelope_words import FLAGS
from api.review.report_contents import Answered
from schemas.checklist import Definition
from schemas.words import N_

WORDS = {
    "near-identical": N_("Near-duplicate of another form of this observer"),
    "too-fast": N_("Filled in faster than anybody reads"),
    "straight-line": N_("Straight-lining: one value through a whole scale"),
    "far-away": N_("Far from the station"),
    "before-opening": N_("Finished before the station was to open"),
    "same-photo": N_("The same photograph in another report"),
    "arithmetic": N_("Figures of the protocol that do not reconcile"),
}
"""Quality flags by their code."""
NONE = "–"
SEEN, TOLD, NOT_SEEN = N_("seen"), N_("reported to the observer"), N_("{name}: not seen")
STATES = {
    Answered.NOT_OBSERVED: N_("not observed"),
    Answered.NOT_APPLICABLE: N_("does not apply"),
    Answered.NOT_ANSWERED: N_("not answered"),
    Answered.NOT_ASKED: N_("not asked"),
}
MEANT = {
    Answered.ANSWERED: N_("nothing to note"),
    Answered.NOT_OBSERVED: N_("not observed: the observer was there and could not see it"),
    Answered.NOT_APPLICABLE: N_("does not apply here, says the observer"),
    Answered.NOT_ANSWERED: N_("not answered: asked, left open"),
    Answered.NOT_ASKED: N_("not asked: another answer made them needless"),
}
CHANNELS = {
    "json": N_("by the app or the API"),
    "openrosa": N_("by Collect"),
    "file": N_("from a file"),
    "sms": N_("by text message"),
}


def left_to_right(value: str) -> str:
    """A figure with its unit, which reads from left to right in any text."""
    return f"\u2066{value}\u2069"


def dash(value: str) -> str:
    """A dash where nothing was said."""
    return NONE if value in ("", "None") else value


def plain(value: Any, labels: Mapping[str, str] | None = None) -> str:
    """A value as words."""
    if isinstance(value, list):
        return "; ".join(plain(each, labels) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {plain(value[key], labels)}" for key in sorted(value))
    return (labels or {}).get(value, value) if isinstance(value, str) else str(value)


def plain_answers(
    page: PageRequest, answers: Mapping[str, Any], definition: Definition | None
) -> list[dict[str, str]]:
    """The answers in the form's order, each with its question's label and in words."""
    questions = {each.name: each for each in definition.questions} if definition else {}
    order = {name: place for place, name in enumerate(questions)}
    rows = []
    for name in sorted(answers, key=lambda each: order.get(each, len(order))):
        question = questions.get(name)
        choices = question.choices if question else ()
        labels = {each.name: page.title(each.label) for each in choices}
        label = page.title(question.label) if question else ""
        rows.append({"name": name, "label": label or name, "value": plain(answers[name], labels)})
    return rows


def flag_words(
    page: PageRequest, flags: Sequence[Mapping[str, Any]], definition: Definition | None
) -> list[str]:
    """The checks that did not hold, each by what its author says of it."""
    said = definition.checks if definition else ()
    checks = {each.name: page.title(each.explanation) for each in said}
    names = [str(each["name"]) for each in flags]
    return [checks.get(each) or page.say(FLAGS.get(each.partition(":")[0], each)) for each in names]


def checks_of(
    page: PageRequest, shown: Mapping[str, Any], definition: Definition | None
) -> list[CheckShown]:
    """The checks of a report in words, with their figures: those that do not hold first."""
    if definition is None:
        return []
    words = CheckWords(definition, page.say, page.title, page.when)
    return words.of_report(shown["answers"], shown["flags"])
