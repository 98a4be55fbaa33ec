"""Charts of answer counts: who was present, who refused, how it was rated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from analytics.charts import Bar, RatingRow, bar_chart, rating_chart
from api.figures.plain_answers import PRESENT, RATED, REFUSED, AnswerCounts
from api.pages.page import PageRequest
from schemas.checklist import Choice, Question
from schemas.words import N_

MAX_GRADES = 5
WHO = {
    "chair_present": N_("Chair"),
    "agents_present": N_("Contestants' agents"),
    "citizens_present": N_("Citizen observers"),
}
TITLES = {
    "present": N_("Who was present"),
    "refused": N_("Who refused access"),
    "rating": N_("How it was rated"),
    "grasp": N_("How well officials knew the procedures"),
}


def answer_pictures(
    page: PageRequest, found: Sequence[AnswerCounts]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sections of pictures, each under what it is of; one of nothing is left out."""
    sections = {
        "present": _bars(page, found, PRESENT),
        "refused": _bars(page, found, REFUSED),
        **{name: _ratings(page, found, name) for name in RATED},
    }
    return [(page.say(TITLES[name]), drawn) for name, drawn in sections.items() if drawn]


def _bars(
    page: PageRequest, found: Iterable[AnswerCounts], names: Sequence[str]
) -> list[tuple[str, str]]:
    """A chart for each checklist and kind of observers."""
    charts: defaultdict[str, list[Bar]] = defaultdict(list)
    for each in found:
        if each.question in names:
            charts[_under(page, each)] += _rows(page, each)
    return [
        (under, bar_chart(bars, title=under, style=page.style))
        for under, bars in charts.items()
        if bars
    ]


def _rows(page: PageRequest, each: AnswerCounts) -> list[Bar]:
    """One bar of a question that says yes or no, else one of each choice."""
    if each.question in WHO:
        return [Bar(page.say(WHO[each.question]), each.counts.get("yes", 0), each.of)]
    return [
        Bar(_label(page, one), each.counts.get(one.name, 0), each.of)
        for one in _choices(page, each)
    ]


def _ratings(
    page: PageRequest, found: Iterable[AnswerCounts], question: str
) -> list[tuple[str, str]]:
    """One chart for all checklists that share a scale."""
    scales: defaultdict[tuple[str, ...], list[RatingRow]] = defaultdict(list)
    for each in found:
        grades = _choices(page, each) if each.question == question else ()
        if 1 <= len(grades) <= MAX_GRADES:
            counts = tuple(each.counts.get(grade.name, 0) for grade in grades)
            words = tuple(_label(page, grade) for grade in grades)
            scales[words].append(RatingRow(_under(page, each), counts))
    title = page.say(TITLES[question])
    return [
        ("", rating_chart(rows, words, title=title, style=page.style))
        for words, rows in scales.items()
    ]


def _under(page: PageRequest, each: AnswerCounts) -> str:
    return f"{page.checklist(each.checklist)}, {page.say(each.kind.capitalize()).lower()}"


def _choices(page: PageRequest, each: AnswerCounts) -> tuple[Choice, ...]:
    """What could be answered, without not having looked."""
    rules = page.facts.newest(each.checklist)
    questions: Iterable[Question] = rules.definition.questions if rules else ()
    asked = next((one for one in questions if one.name == each.question), None)
    offered = asked.choices if asked else ()
    return tuple(one for one in offered if not one.name.startswith("not_"))


def _label(page: PageRequest, choice: Choice) -> str:
    return page.title(choice.label) or choice.name
