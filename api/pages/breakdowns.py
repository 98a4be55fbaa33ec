"""Breakdowns: when, at what stations, by whom, and where most?"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.charts import IntervalRow, interval_chart
from analytics.observation.irregularity_rates import Rate
from analytics.wording import say
from api.figures.breakdowns import DIMENSIONS, Broken, agreed, ranked_areas, rates_by
from api.figures.plain_answers import WomenAmongStaff, answered, women_among_staff
from api.pages.answers import answer_pictures
from api.pages.comparison import kinds_side_by_side, missions_side_by_side
from api.pages.page import Visit, page
from api.pages.rows import basis_of, phrase_of
from api.problems import NOT_FOUND, Problem
from schemas.checklist import CASES
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
VIEWS = {
    "hour": N_("By hour of arrival"),
    "setting": N_("By setting"),
    "sort": N_("By sort of station"),
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


@page(router, "/breakdowns", right=Right.SEE_AGGREGATES)
async def breakdowns(visit: Visit) -> Response:
    """One checklist from one side: hours, settings, both kinds side by side, areas in order."""
    given = visit.request.query_params
    view = given.get("view", "hour")
    known = _checklists(visit)
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
        values |= await _of_answers(visit, view)
    elif view == "earlier":
        values["compared"] = await missions_side_by_side(visit, checklist)
    elif checklist:
        values |= await _values(visit, view, checklist)
    return visit.show(
        "breakdowns.html",
        "breakdowns",
        view=view,
        checklist=checklist,
        checklists=known,
        views=[(name, visit.say(words)) for name, words in VIEWS.items()],
        of_answers=view in OF_ANSWERS,
        has_sample=visit.facts.samples,
        **values,
    )


async def _of_answers(visit: Visit, view: str) -> dict[str, Any]:
    """What no indicator holds, read from the answers themselves."""
    if view == "staff":
        found = await visit.ask(women_among_staff)
        return {"women": [_women(visit, each) for each in found]}
    said = await visit.ask(answered, visit.who.sections)
    return {"answers": answer_pictures(visit, said)}


def _checklists(visit: Visit) -> dict[str, str]:
    """Checklists with indicators in the visitor's sections, by title; the voting one first."""
    found = {}
    for name in visit.facts.checklists:
        rules = visit.facts.newest(name)
        stages = visit.who.sections
        if (
            rules
            and name not in CASES
            and rules.definition.indicators
            and (not stages or rules.definition.stage in stages)
        ):
            found[name] = (rules.definition.stage != "voting", visit.title(rules.definition.title))
    return {name: title for name, (_, title) in sorted(found.items(), key=lambda each: each[1])}


async def _values(visit: Visit, view: str, checklist: str) -> dict[str, Any]:
    dimension = next((each for each in DIMENSIONS if each == view), None)
    if dimension is not None:
        broken = await visit.ask(rates_by, checklist, dimension)
        return {"tables": _tables(visit, broken, _words(visit, checklist))}
    if view == "agreement":
        return await _agreement(visit, checklist)
    found = await visit.ask(ranked_areas, checklist)
    rows = [IntervalRow(each.name, each.ranked.estimate) for each in found]
    title = visit.say("Gravity of what was seen, of all that could have been")
    return {
        "ranked": [
            (each.name, say(each.ranked.estimate, style=visit.style), each.ranked) for each in found
        ],
        "chart": interval_chart(rows, title=title, style=visit.style) if rows else "",
    }


async def _agreement(visit: Visit, checklist: str) -> dict[str, Any]:
    found, words = await visit.ask(agreed, checklist), _words(visit, checklist)
    return {
        "agreed": [(*words[each.indicator], each.agreement) for each in found],
        "compared": await kinds_side_by_side(visit, checklist),
    }


def _words(visit: Visit, checklist: str) -> dict[str, tuple[str, int]]:
    """Of each of a checklist's irregularities what it is, in words, and how grave."""
    return {
        each.code: (phrase_of(each, visit.language), each.severity)
        for each in visit.facts.indicators_of(checklist)
    }


def _tables(
    visit: Visit, broken: Broken, words: dict[str, tuple[str, int]]
) -> list[dict[str, Any]]:
    """A table for each kind of observers and part: irregularities down, groups across."""
    tables = []
    for (kind, part), title in COLUMNS.items():
        own = [each for each in broken.rates if (each.kind, each.part) == (kind, part)]
        groups = sorted({each.area or 0 for each in own})
        rows: dict[str, dict[int, Any]] = {}
        for each in own:
            rows.setdefault(each.indicator, {})[each.area or 0] = _cell(visit, each)
        if own:
            tables.append(
                {
                    "title": visit.say(title),
                    "estimates": any(e.why_count is None for e in own),
                    "heads": [
                        visit.say(LABELS.get(name := broken.labels[g], name) or "–") for g in groups
                    ],
                    "rows": [
                        (*words[code], [cells.get(g) for g in groups])
                        for code, cells in sorted(rows.items(), key=lambda i: words[i[0]])
                    ],
                }
            )
    return tables


def _cell(visit: Visit, rate: Rate) -> dict[str, Any]:
    """A rate as it is said; an estimate with what it rests on beside it."""
    said = say(rate.number, style=visit.style)
    return {"said": said, "basis": basis_of(rate, visit.style) if said.kind == "estimate" else ""}


def _women(visit: Visit, found: WomenAmongStaff) -> dict[str, Any]:
    style = visit.style
    return {
        "kind": visit.say(found.kind.capitalize()),
        "women": found.women,
        "staff": found.staff,
        "stations": found.stations,
        "set_aside": found.set_aside,
        "said": say(found.estimate, style=style) if found.estimate else None,
    }
