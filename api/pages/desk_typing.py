"""Panel of the desk for a protocol: its figures typed a second time from the photograph, unseen.

Where they differ from the first typing a third look decides: the figures of both stand side by
side, and what is typed then corrects the report, or says that the first typing was right.
"""

from collections.abc import Sequence
from typing import Any

from api.audit.unit_of_work import Work
from api.pages.desk_panels import OpenItem, Panel, Values, Write, reason_of
from api.pages.forms import Form, Given
from api.pages.page import PageRequest
from api.problems import INVALID, Problem
from api.review.checks_in_words import CheckWords
from api.review.correct import CorrectionIn, correction
from api.review.queues import desk_of
from api.review.second_typing import (
    NO_COUNT,
    Difference,
    TypingIn,
    differences,
    figures_of,
    last_typing,
    type_again,
)
from schemas.checklist import VOTES, Definition, Question
from schemas.words import N_

FIGURE, LINE = "figure.", "votes."
"""What the names of the form's fields begin with: of a question, of a contestant."""
CHIPS = (
    N_("Read from the photograph."),
    N_("Read from the photograph, with the team on the phone."),
)


async def _values(page: PageRequest, open_item: OpenItem) -> Values:
    definition = open_item.definition
    assert definition is not None
    assert open_item.report is not None
    answers = open_item.shown.get("answers", {})
    async with desk_of(page.request, page.who) as desk:
        typing = await last_typing(desk.session, open_item.report)
    differs = () if typing is None else differences(definition, answers, typing.answers)
    words = CheckWords(definition, page.say, page.title)
    return {
        "photos": [each for each in open_item.shown.get("photos", []) if each["arrived_at"]],
        "figures": [_figure(page, each) for each in figures_of(definition) if each.name != VOTES],
        "lines": _lines(page, open_item),
        "differs": [_difference(page, open_item, each) for each in differs],
        "rules": [rule for each in definition.checks if (rule := words.rule(each))],
        "checks": words.of_report(answers, open_item.shown.get("flags", [])) if differs else [],
        "chips": [page.say(each) for each in CHIPS],
    }


def _figure(page: PageRequest, question: Question) -> dict[str, str]:
    label = page.title(question.label) or question.name
    return {"field": f"{FIGURE}{question.name}", "label": label}


def _contestants(open_item: OpenItem) -> list[str]:
    """The contestants as the first typing names them; their votes are not shown."""
    rows = open_item.shown.get("answers", {}).get(VOTES)
    listed = [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []
    names = [str(each.get("contestant", "")) for each in listed]
    return [*dict.fromkeys(each for each in names if each)]


def _lines(page: PageRequest, open_item: OpenItem) -> list[dict[str, str]]:
    names = contestants_of(page, open_item.item.contest)
    return [
        {"field": f"{LINE}{each}", "label": names.get(each, each)}
        for each in _contestants(open_item)
    ]


def contestants_of(page: PageRequest, contest: str | None) -> dict[str, str]:
    """The names of a contest's contestants, by code."""
    found = [each for each in page.facts.polling.contests if each.code == contest]
    return {
        code: name for each in found for code, name in each.contestants_in(page.language).items()
    }


def _difference(page: PageRequest, open_item: OpenItem, each: Difference) -> dict[str, Any]:
    label = page.title(each.label) or each.question
    names = {line["field"]: line["label"] for line in _lines(page, open_item)}
    field = f"{FIGURE}{each.question}"
    if each.contestant is not None:
        field = f"{LINE}{each.contestant}"
        label = names.get(field, each.contestant)
    return {
        "field": field,
        "label": label,
        "first": "–" if each.first is None else str(each.first),
        "second": "–" if each.second is None else str(each.second),
    }


async def _write(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    definition, report = open_item.definition, open_item.report
    assert definition is not None
    assert report is not None
    given, answers = form.given(), open_item.shown.get("answers", {})
    async with desk_of(page.request, page.who) as desk:
        typing = await last_typing(desk.session, report)
    known = () if typing is None else differences(definition, answers, typing.answers)
    typed = _typed(definition, given, open_item, known)
    reason = reason_of(given)
    if known and typing is not None:
        decided = _decided(typed, answers, known)
        changed = {name: value for name, value in decided.items() if value != answers.get(name)}
        if changed:
            asked = CorrectionIn(answers=changed, reason=reason, number=report.version)
            return await correction(page.request, page.who, report.id, asked)
        typed = {each.name: answers.get(each.name) for each in figures_of(definition)}
    again = TypingIn(answers=typed, reason=reason, number=report.version)

    def write(work: Work) -> Any:
        return type_again(work, page.who, report.id, again)

    return write


def _typed(
    definition: Definition, given: Given, open_item: OpenItem, known: Sequence[Difference]
) -> dict[str, Any]:
    """The figures of the form by question. Problem: 422 naming what is no figure."""
    wanted = {each.question for each in known} or {each.name for each in figures_of(definition)}
    found: dict[str, Any] = {
        each.name: _number(given, f"{FIGURE}{each.name}", each.type == "decimal")
        for each in figures_of(definition)
        if each.name != VOTES and each.name in wanted
    }
    if VOTES in wanted and any(each.name == VOTES for each in definition.questions):
        names = [each.contestant for each in known if each.contestant] or _contestants(open_item)
        rows = [{"contestant": each, "votes": _number(given, f"{LINE}{each}")} for each in names]
        if rows:
            found[VOTES] = rows
    return found


def _number(given: Given, field: str, decimal: bool = False) -> float | int | None:
    """A figure as it was typed; none where the field was left empty."""
    written = given.get(field, "").strip().replace(" ", "").replace("\u202f", "")
    if not written:
        return None
    try:
        return float(written) if decimal else int(written)
    except ValueError:
        raise Problem(INVALID, NO_COUNT, field) from None


def _decided(
    typed: dict[str, Any], answers: dict[str, Any], known: Sequence[Difference]
) -> dict[str, Any]:
    """The answers with the figures that a third look decided put in."""
    decided = {name: value for name, value in typed.items() if name != VOTES}
    if VOTES not in typed:
        return decided
    put = {each["contestant"]: each["votes"] for each in typed[VOTES]}
    rows = [dict(each) for each in answers.get(VOTES, []) if isinstance(each, dict)]
    for row in rows:
        if row.get("contestant") in put:
            row["votes"] = put.pop(row["contestant"])
    rows += [{"contestant": name, "votes": votes} for name, votes in put.items()]
    return decided | {VOTES: [_without_none(each) for each in rows]}


def _without_none(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


TYPING = Panel(
    name="typing",
    title=N_("Type again"),
    says=N_("from the photograph, without the first figures"),
    key="V",
    values=_values,
    write=_write,
    previews=False,
)
