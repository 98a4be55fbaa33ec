"""Panels of the desk that decide on a report: verify it, or exclude it."""

from functools import partial

from api.pages.desk_panels import OpenItem, Panel, Values, Write, reason_of
from api.pages.desk_shown import notable_questions
from api.pages.forms import Form
from api.pages.page import PageRequest
from api.pages.report_words import plain_answers
from api.problems import INVALID, Problem
from api.review.decide import Decided, DecisionIn
from api.review.decide_answers import decision
from schemas.report import ReportStatus
from schemas.words import N_

CHIPS = {
    "verified": (
        N_("Called the team."),
        N_("Consistent with the visit's other reports."),
    ),
    "quarantined": (
        N_("Sent twice."),
        N_("A test."),
        N_("The team says that it was not there."),
    ),
}
"""Reasons that are often given; the words are a person's to change."""
WITH_PHOTO = N_("A photo shows it.")


async def _values(to: Decided, page: PageRequest, open_item: OpenItem) -> Values:
    definition, answers = open_item.definition, open_item.shown.get("answers", {})
    notable = notable_questions(open_item)
    rows = plain_answers(page, answers, definition) if definition else []
    held = open_item.report is not None and open_item.report.status == ReportStatus.HELD
    chips = [*CHIPS[to]]
    if to == "verified" and open_item.has_photo:
        chips.append(WITH_PHOTO)
    return {
        "to": to,
        "chips": [page.say(each) for each in chips],
        "answers": [] if held else sorted(rows, key=lambda each: each["name"] not in notable),
        "results": definition is not None and definition.is_protocol and not held,
    }


async def _write(to: Decided, page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    given = form.given()
    number, scope = given.get("number", ""), given.get("scope", "all")
    questions = form.texts("question") if scope == "answers" else []
    if scope == "answers" and not questions:
        raise Problem(INVALID, page.say(N_("Choose the answers.")), "questions")
    asked = DecisionIn(
        status=to,
        scope="results" if scope == "results" else "all",
        questions=questions,
        reason=reason_of(given),
        number=int(number) if number.isascii() and number.isdigit() else None,
    )
    return await decision(page.request, page.who, open_item.report_id, asked)


VERIFY = Panel(
    name="verify",
    title=N_("Verify"),
    says=N_("confirmed by you; phones change it no more"),
    key="V",
    values=partial(_values, "verified"),
    write=partial(_write, "verified"),
    template="decide",
)
EXCLUDE = Panel(
    name="exclude",
    title=N_("Exclude"),
    says=N_("kept, in no figure"),
    key="X",
    values=partial(_values, "quarantined"),
    write=partial(_write, "quarantined"),
    template="decide",
)
