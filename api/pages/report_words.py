"""The words of the page of one report: how questions were answered, values, checks."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from api.pages.page import PageRequest
from api.review.report_contents import Answered
from schemas.checklist import Definition
from schemas.words import N_

NONE = "–"
SEEN, TOLD = N_("seen"), N_("reported to the observer")
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
MEMBERS = {
    "station": N_("Station"),
    "place": N_("Place"),
    "round": N_("Round"),
    "contest": N_("Contest"),
    "observer": N_("Observer"),
    "arrived_at": N_("Arrival"),
    "departed_at": N_("Departure"),
    "finalised_at": N_("Finished"),
    "position": N_("Position"),
    "version": N_("Version of the checklist"),
    "visit": N_("Visit"),
    "with": N_("With"),
    "report": N_("Report"),
}


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


FLAGS = {
    "clock_ahead": N_("Dated ahead of when it came in"),
    "clock_order": N_("Left before it arrived"),
    "clock_day": N_("Arrival on no polling day"),
    "before_polling": N_("Came before polling began"),
    "same_team": N_("Another phone of the team was here at the same time"),
    "constraint": N_("A value that the form does not allow"),
    "calculation": N_("Calculated otherwise by the phone"),
}
"""Flags that no check of a checklist raises; the last two are followed by their question."""


def flag_rows(
    page: PageRequest, flags: Sequence[Mapping[str, Any]], definition: Definition | None
) -> list[dict[str, Any]]:
    """The checks that did not hold: in words, with the figures that they read and the
    difference."""
    said = definition.checks if definition else ()
    checks = {each.name: page.title(each.explanation) for each in said}
    questions = definition.questions if definition else ()
    labels = {each.name: page.title(each.label) for each in questions}
    rows = []
    for flag in flags:
        inputs, difference = flag["inputs"], flag.get("difference")
        given = inputs.items() if isinstance(inputs, dict) else [(name, "") for name in inputs]
        name = str(flag["name"])
        kind = FLAGS.get(name.partition(":")[0], name)
        rows.append(
            {
                "words": checks.get(name) or page.say(kind),
                "inputs": [
                    (
                        labels.get(each) or page.say(MEMBERS.get(str(each), str(each))),
                        _input(page, value),
                    )
                    for each, value in given
                ],
                "difference": f"{difference:+g}" if difference is not None else "",
            }
        )
    return rows


def _input(page: PageRequest, value: Any) -> str:
    """What a check read; a moment as pages write it."""
    if isinstance(value, str) and "T" in value:
        with suppress(ValueError, OverflowError):
            return page.when(datetime.fromisoformat(value))
    return dash(plain(value))
