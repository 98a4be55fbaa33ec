"""The page Breakdowns: rates by hour, type of station and kind of observers, areas ranked."""

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
from api.pages.page import PageRequest, serve_page
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
    title = page.say("Gravity of what was seen, of all that could have been")
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
        each.code: (phrase_of(each, page.language), each.severity)
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
