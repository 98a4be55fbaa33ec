"""The page Breakdowns: rates by hour, type of station and kind of observers, areas ranked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.charts import Bar, IntervalRow, RatingRow, bar_chart, interval_chart, rating_chart
from analytics.observation.irregularity_rates import Rate
from analytics.wording import NOUNS, say
from api.figures.breakdowns import DIMENSIONS, Broken, agreed, ranked_areas, rates_by
from api.figures.plain_answers import (
    PRESENT,
    RATED,
    REFUSED,
    AnswerCounts,
    WomenAmongStaff,
    answered,
    women_among_staff,
)
from api.pages.page import PageRequest, serve_page
from api.pages.rows import basis_of, with_domain
from api.pages.side_by_side import kinds_side_by_side, missions_side_by_side
from api.problems import NOT_FOUND, Problem
from schemas.checklist import CASES, Choice, Question
from schemas.rights import Right
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


router = APIRouter()
VIEWS = {
    "hour": N_("By hour of arrival"),
    "setting": N_("By setting"),
    "sort": N_("By type of station"),
    "agreement": N_("Both kinds of observers"),
    "earlier": N_("Earlier missions"),
    "ranking": N_("Areas in order"),
    "staff": N_("Women among staff"),
    "answers": N_("Present and rated"),
}
OF_ANSWERS = ("staff", "answers")
COLUMNS = {
    ("domestic", "sample"): N_("Domestic, the sample"),
    ("international", "sample"): N_("International, the sample"),
    ("domestic", "visits"): N_("Domestic, other visits"),
    ("international", "visits"): N_("International, visits"),
}
LABELS = {
    "": N_("not said"),
    "urban": N_("urban"),
    "rural": N_("rural"),
    "ordinary": N_("ordinary"),
    "prison": N_("prison"),
    "hospital": N_("hospital"),
    "abroad": N_("abroad"),
}


@serve_page(router, "/breakdowns", right=Right.SEE_AGGREGATES)
async def breakdowns(page: PageRequest) -> Response:
    """One checklist from one side: hours, settings, both kinds side by side, areas in order."""
    given = page.request.query_params
    view = given.get("view", "hour")
    known = _checklists(page)
    checklist = given.get("checklist") or next(iter(known), "")
    if view not in VIEWS or (known and checklist not in known):
        raise Problem(NOT_FOUND)
    values: dict[str, Any] = {
        "tables": [],
        "agreed": [],
        "ranked": [],
        "women": [],
        "chart": "",
        "compared": [],
        "answers": [],
    }
    if view in OF_ANSWERS:
        values |= await _of_answers(page, view)
    elif view == "earlier":
        values["compared"] = await missions_side_by_side(page, checklist)
    elif checklist:
        values |= await _values(page, view, checklist)
    return page.show(
        "breakdowns.html",
        "breakdowns",
        view=view,
        checklist=checklist,
        checklists=known,
        views=[(name, page.say(words)) for name, words in VIEWS.items()],
        of_answers=view in OF_ANSWERS,
        has_sample=page.facts.samples,
        **values,
    )


async def _of_answers(page: PageRequest, view: str) -> dict[str, Any]:
    """What no indicator holds, read from the answers themselves."""
    if view == "staff":
        found = await page.ask(women_among_staff)
        return {"women": [_women(page, each) for each in found]}
    said = await page.ask(answered, page.who.sections)
    return {"answers": answer_pictures(page, said)}


def _checklists(page: PageRequest) -> dict[str, str]:
    """Checklists with indicators in the visitor's sections, by title; the voting one first."""
    found = {}
    for name in page.facts.checklists:
        rules = page.facts.newest(name)
        stages = page.who.sections
        if (
            rules
            and name not in CASES
            and rules.definition.indicators
            and (not stages or rules.definition.stage in stages)
        ):
            found[name] = (rules.definition.stage != "voting", page.title(rules.definition.title))
    return {name: title for name, (_, title) in sorted(found.items(), key=lambda each: each[1])}


async def _values(page: PageRequest, view: str, checklist: str) -> dict[str, Any]:
    dimension = next((each for each in DIMENSIONS if each == view), None)
    if dimension is not None:
        broken = await page.ask(rates_by, checklist, dimension)
        return {"tables": _tables(page, broken, _words(page, checklist))}
    if view == "agreement":
        return await _agreement(page, checklist)
    found = await page.ask(ranked_areas, checklist)
    rows = [IntervalRow(each.name, each.ranked.estimate) for each in found]
    title = page.say("Severity of what was seen, of all that could have been")
    return {
        "ranked": [
            (each.name, say(each.ranked.estimate, style=page.style), each.ranked) for each in found
        ],
        "chart": interval_chart(rows, title=title, style=page.style) if rows else "",
    }


async def _agreement(page: PageRequest, checklist: str) -> dict[str, Any]:
    found, words = await page.ask(agreed, checklist), _words(page, checklist)
    return {
        "agreed": [(*words[each.indicator], each.agreement) for each in found],
        "compared": await kinds_side_by_side(page, checklist),
    }


def _words(page: PageRequest, checklist: str) -> dict[str, tuple[str, int]]:
    """Of each of a checklist's irregularities what it is, in words, and how grave."""
    return {
        each.code: (with_domain(each, page.language), each.severity)
        for each in page.facts.indicators_of(checklist)
    }


def _tables(
    page: PageRequest, broken: Broken, words: dict[str, tuple[str, int]]
) -> list[dict[str, Any]]:
    """A table for each kind of observers and part: irregularities down, groups across."""
    tables = []
    for (kind, part), title in COLUMNS.items():
        own = [each for each in broken.rates if (each.kind, each.part) == (kind, part)]
        groups = sorted({each.area or 0 for each in own})
        rows: dict[str, dict[int, Any]] = {}
        for each in own:
            rows.setdefault(each.indicator, {})[each.area or 0] = _cell(page, each)
        if own:
            tables.append(
                {
                    "title": page.say(title),
                    "estimates": any(e.why_count is None for e in own),
                    "noun": page.say(NOUNS[own[0].number.unit][1]),
                    "heads": [
                        page.say(LABELS.get(name := broken.labels[g], name) or "–") for g in groups
                    ],
                    "rows": [
                        (*words[code], [cells.get(g) for g in groups])
                        for code, cells in sorted(rows.items(), key=lambda i: words[i[0]])
                    ],
                }
            )
    return tables


def _cell(page: PageRequest, rate: Rate) -> dict[str, Any]:
    """A rate as it is said; an estimate with what it rests on beside it."""
    said = say(rate.number, style=page.style)
    return {"said": said, "basis": basis_of(rate, page.style) if said.kind == "estimate" else ""}


def _women(page: PageRequest, found: WomenAmongStaff) -> dict[str, Any]:
    style = page.style
    return {
        "kind": page.say(found.kind.capitalize()),
        "women": found.women,
        "staff": found.staff,
        "stations": found.stations,
        "set_aside": found.set_aside,
        "said": say(found.estimate, style=style) if found.estimate else None,
    }
