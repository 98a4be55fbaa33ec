"""Pictures of plain answers: who was present, who refused, how it was rated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from analytics.charts import Bar, RatingRow, bar_chart, rating_chart
from api.figures.plain_answers import PRESENT, RATED, REFUSED, AnswerCounts
from api.pages.page import Visit
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
    visit: Visit, found: Sequence[AnswerCounts]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sections of pictures, each under what it is of; one of nothing is left out."""
    sections = {
        "present": _bars(visit, found, PRESENT),
        "refused": _bars(visit, found, REFUSED),
        **{name: _ratings(visit, found, name) for name in RATED},
    }
    return [(visit.say(TITLES[name]), drawn) for name, drawn in sections.items() if drawn]


def _bars(
    visit: Visit, found: Iterable[AnswerCounts], names: Sequence[str]
) -> list[tuple[str, str]]:
    """A chart for each checklist and kind of observers."""
    charts: defaultdict[str, list[Bar]] = defaultdict(list)
    for each in found:
        if each.question in names:
            charts[_under(visit, each)] += _rows(visit, each)
    return [
        (under, bar_chart(bars, title=under, style=visit.style))
        for under, bars in charts.items()
        if bars
    ]


def _rows(visit: Visit, each: AnswerCounts) -> list[Bar]:
    """One bar of a question that says yes or no, else one of each choice."""
    if each.question in WHO:
        return [Bar(visit.say(WHO[each.question]), each.counts.get("yes", 0), each.of)]
    return [
        Bar(_label(visit, one), each.counts.get(one.name, 0), each.of)
        for one in _choices(visit, each)
    ]


def _ratings(visit: Visit, found: Iterable[AnswerCounts], question: str) -> list[tuple[str, str]]:
    """One chart for all checklists that share a scale."""
    scales: defaultdict[tuple[str, ...], list[RatingRow]] = defaultdict(list)
    for each in found:
        grades = _choices(visit, each) if each.question == question else ()
        if 1 <= len(grades) <= MAX_GRADES:
            counts = tuple(each.counts.get(grade.name, 0) for grade in grades)
            words = tuple(_label(visit, grade) for grade in grades)
            scales[words].append(RatingRow(_under(visit, each), counts))
    title = visit.say(TITLES[question])
    return [
        ("", rating_chart(rows, words, title=title, style=visit.style))
        for words, rows in scales.items()
    ]


def _under(visit: Visit, each: AnswerCounts) -> str:
    return f"{visit.checklist(each.checklist)}, {visit.say(each.kind.capitalize()).lower()}"


def _choices(visit: Visit, each: AnswerCounts) -> tuple[Choice, ...]:
    """What could be answered, without not having looked."""
    rules = visit.facts.newest(each.checklist)
    questions: Iterable[Question] = rules.definition.questions if rules else ()
    asked = next((one for one in questions if one.name == each.question), None)
    offered = asked.choices if asked else ()
    return tuple(one for one in offered if not one.name.startswith("not_"))


def _label(visit: Visit, choice: Choice) -> str:
    return visit.title(choice.label) or choice.name
