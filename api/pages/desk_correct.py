"""The panel of the desk that corrects answers: a new version in the name of whoever does it."""

from typing import Any

from api.pages.desk_panels import OpenItem, Panel, Values, Write, has_reason, reason_of
from api.pages.desk_shown import notable_questions
from api.pages.forms import Form
from api.pages.page import PageRequest
from api.problems import INVALID, Problem
from api.review.correct import CorrectionIn, correction
from schemas.checklist import Question
from schemas.words import N_

NUMBERS = {"integer": int, "decimal": float}
CHOSEN = ("select_one", "select_multiple")
TYPED = ("text", "integer", "decimal", "date", "time", "dateTime")
NOTHING = N_("Change an answer first.")
REASON_ALONE = N_("The reason is written. Now change the answer that it is for.")
PHOTO_SHOWS = N_("The photo shows another figure.")
PREFIX = "a."


async def _values(page: PageRequest, open_item: OpenItem) -> Values:
    definition, answers = open_item.definition, open_item.shown.get("answers", {})
    if definition is None:
        return {"first": [], "others": [], "unanswered": [], "chips": []}
    first = notable_questions(open_item) | {
        each["field"].removeprefix("answers.").split(".")[0] for each in open_item.item.reasons
    }
    rows = [_row(page, each, answers.get(each.name)) for each in definition.questions]
    others = [each for each in rows if each["name"] not in first]
    return {
        "first": [each for each in rows if each["name"] in first],
        "others": [each for each in others if each["words"]],
        "unanswered": [each for each in others if not each["words"]],
        "chips": [
            page.say(each)
            for each in (
                N_("A typing slip."),
                N_("Confirmed by phone."),
                *((PHOTO_SHOWS,) if open_item.has_photo else ()),
            )
        ],
    }


def _row(page: PageRequest, question: Question, answer: Any) -> dict[str, Any]:
    chosen = answer if isinstance(answer, list) else [answer]
    kind = question.type if question.type in (*CHOSEN, *TYPED) else "other"
    options = [
        (each.name, page.title(each.label) or each.name, each.name in chosen)
        for each in question.choices
    ]
    value = "" if answer is None else _said(answer)
    return {
        "name": question.name,
        "label": page.title(question.label) or question.name,
        "kind": kind,
        "options": options,
        "value": value,
        "words": page.say(N_(", ")).join(words for _, words, on in options if on) or value,
    }


def _said(answer: Any) -> str:
    return " ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


async def _write(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    definition, answers = open_item.definition, open_item.shown.get("answers", {})
    given = form.given()
    changed = {}
    for question in definition.questions if definition else ():
        name = PREFIX + question.name
        if name not in given:
            continue
        typed = _typed(question, form.texts(name))
        if typed != answers.get(question.name):
            changed[question.name] = typed
    if not changed:
        said = REASON_ALONE if has_reason(given) else NOTHING
        raise Problem(INVALID, page.say(said), "answers")
    number = open_item.item.number
    asked = CorrectionIn(answers=changed, reason=reason_of(given), number=number)
    return await correction(page.request, page.who, open_item.report_id, asked)


def _typed(question: Question, texts: list[str]) -> Any:
    """What was typed as an answer; a number that is none stays as it was typed, and is refused by
    name."""
    if question.type == "select_multiple":
        return [each for each in texts if each] or None
    text = texts[0].strip()
    if not text:
        return None
    number = NUMBERS.get(question.type)
    if number is None:
        return text
    try:
        return number(text)
    except ValueError:
        return text


CORRECT = Panel(
    name="correct",
    title=N_("Correct"),
    says=N_("new version under your name"),
    key="E",
    values=_values,
    write=_write,
)
