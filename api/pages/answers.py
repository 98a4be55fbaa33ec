"""Pictures of plain answers: who was present, who refused, how it was rated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from analytics.charts import Bar, Rated, bar_chart, rating_chart
from api.figures.plain_answers import PRESENT, RATED, REFUSED, Answered
from api.figures.watch import Watch
from api.pages.page import Visit
from schemas.checklist import Choice, Question
from schemas.words import N_

MOST_GRADES = 5
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
    visit: Visit, watch: Watch, found: Sequence[Answered]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sections of pictures, each under what it is of; one of nothing is left out."""
    sections = {
        "present": _bars(visit, watch, found, PRESENT),
        "refused": _bars(visit, watch, found, REFUSED),
        **{name: _ratings(visit, watch, found, name) for name in RATED},
    }
    return [(visit.say(TITLES[name]), drawn) for name, drawn in sections.items() if drawn]


def _bars(
    visit: Visit, watch: Watch, found: Iterable[Answered], names: Sequence[str]
) -> list[tuple[str, str]]:
    """A chart for each checklist and kind of observers."""
    charts: defaultdict[str, list[Bar]] = defaultdict(list)
    for each in found:
        if each.question in names:
            charts[_under(visit, watch, each)] += _rows(visit, watch, each)
    return [
        (under, bar_chart(bars, title=under, style=visit.style))
        for under, bars in charts.items()
        if bars
    ]


def _rows(visit: Visit, watch: Watch, each: Answered) -> list[Bar]:
    """One bar of a question that says yes or no, else one of each choice."""
    if each.question in WHO:
        return [Bar(visit.say(WHO[each.question]), each.counts.get("yes", 0), each.of)]
    return [
        Bar(_label(visit, one), each.counts.get(one.name, 0), each.of)
        for one in _choices(watch, each)
    ]


def _ratings(
    visit: Visit, watch: Watch, found: Iterable[Answered], question: str
) -> list[tuple[str, str]]:
    """One chart for all checklists that share a scale."""
    scales: defaultdict[tuple[str, ...], list[Rated]] = defaultdict(list)
    for each in found:
        grades = _choices(watch, each) if each.question == question else ()
        if 1 <= len(grades) <= MOST_GRADES:
            counts = tuple(each.counts.get(grade.name, 0) for grade in grades)
            words = tuple(_label(visit, grade) for grade in grades)
            scales[words].append(Rated(_under(visit, watch, each), counts))
    title = visit.say(TITLES[question])
    return [
        ("", rating_chart(rows, words, title=title, style=visit.style))
        for words, rows in scales.items()
    ]


def _under(visit: Visit, watch: Watch, each: Answered) -> str:
    rules = watch.frame.newest(each.checklist)
    title = visit.title(rules.definition.title) if rules else each.checklist
    return f"{title}, {visit.say(each.kind.capitalize()).lower()}"


def _choices(watch: Watch, each: Answered) -> tuple[Choice, ...]:
    """What could be answered, without not having looked."""
    rules = watch.frame.newest(each.checklist)
    questions: Iterable[Question] = rules.definition.questions if rules else ()
    asked = next((one for one in questions if one.name == each.question), None)
    offered = asked.choices if asked else ()
    return tuple(one for one in offered if not one.name.startswith("not_"))


def _label(visit: Visit, choice: Choice) -> str:
    return visit.title(choice.label) or choice.name
