"""Irregularities: what, and how often?"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.charts import Bar, axis_for, bar_chart
from analytics.numbers import Estimate
from analytics.observation.irregularity_rates import Rate
from api.figures.export import rates_as_csv
from api.figures.figures import indicators_of, rates_by_area
from api.figures.role_tables import Asked as Wanted
from api.figures.role_tables import By, irregularity_rows
from api.figures.watch import Watch
from api.pages.page import Visit, page
from api.pages.rows import STAGES, Asked, Table, cell, gather, key_of, phrase_of, table, told_to
from api.pages.shared import (
    shared_irregularities,
    shared_irregularities_file,
    shared_irregularity,
)
from api.pages.statements import session_of
from api.problems import NOT_FOUND, Problem
from api.registers.reading import standards_named
from schemas.checklist import Indicator
from schemas.mission import Kind
from schemas.rights import Right

router = APIRouter()


@page(router, "/irregularities", right=Right.SEE_AGGREGATES, partners=True)
async def irregularities(visit: Visit) -> Response:
    """Every irregularity by stage, each kind of observers in its own column."""
    kind = _kind(visit)
    if visit.is_partner:
        return await shared_irregularities(visit, kind)
    found, stages = await visit.compute(lambda watch: drawn(visit, watch, kind))
    return visit.show(
        "irregularities.html",
        "irregularities",
        table=found,
        kind=kind,
        stages=stages,
        reports=len(visit.watch.received),
        has_sample=visit.watch.frame.drawn is not None,
    )


def drawn(visit: Visit, watch: Watch, kind: Kind | None) -> tuple[Table, list[tuple[str, str]]]:
    """The table of irregularities as the visitor may see it, and a chart of the stages a kind of
    observers."""
    asked = gather(watch, kind, told_to(watch, visit.who))
    return table(asked, visit.language), _by_stage(visit, asked)


def _by_stage(visit: Visit, asked: Iterable[Asked]) -> list[tuple[str, str]]:
    """Answers that were irregular, of all answers, in each stage: a chart a kind of observers.
    A partner has none: sums would give away what is withheld."""
    sums: defaultdict[Kind, defaultdict[str, Counter[str]]]
    sums = defaultdict(lambda: defaultdict(Counter))
    for each in asked:
        for rate in each.rates:
            sums[rate.kind][each.stage].update(seen=rate.seen, of=rate.observations)
    title = visit.say("Answers that were irregular, by stage")
    charts = []
    for kind, stages in sorted(sums.items()):
        bars = [
            Bar(visit.say(stage.replace("_", " ").capitalize()), n["seen"], n["of"])
            for stage in STAGES
            if (n := stages.get(stage))
        ]
        charts.append(
            (visit.say(kind.capitalize()), bar_chart(bars, title=title, style=visit.style))
        )
    return charts


def _kind(visit: Visit) -> Kind | None:
    asked = visit.request.query_params.get("kind")
    return Kind(asked) if asked in set(Kind) else None


@page(router, "/irregularities.csv", right=Right.SEE_AGGREGATES, partners=True)
async def irregularities_csv(visit: Visit) -> Response:
    """The same numbers as a file, by region where asked."""
    kind = _kind(visit)
    by: By | None = "area" if visit.request.query_params.get("by") == "area" else None
    wanted = Wanted(by=by, kind=kind, stages=visit.who.sections)
    if visit.is_partner:
        file = await shared_irregularities_file(visit, wanted)
    else:
        rows = await visit.compute(lambda watch: irregularity_rows(watch, wanted, everything=True))
        file = rates_as_csv(rows, visit.language)
    headers = {
        "Content-Disposition": 'attachment; filename="irregularities.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(file, media_type="text/csv; charset=utf-8", headers=headers)


@page(router, "/irregularities/{code}", right=Right.SEE_AGGREGATES, partners=True)
async def irregularity(visit: Visit) -> Response:
    """One irregularity by area, under its standards. Areas of a count are not ranked."""
    code = visit.request.path_params["code"]
    if visit.is_partner:
        return await shared_irregularity(visit, code)
    values = await visit.compute(lambda watch: _values(visit, watch, code))
    async with session_of(visit) as session:
        values["standards"] = await standards_named(
            session, visit.who.mission_id, values["standards"], visit.language
        )
    return visit.show("irregularity.html", "irregularities", code=code, **values)


def _values(visit: Visit, watch: Watch, code: str) -> dict[str, Any]:
    known = [
        (name, indicator)
        for name in watch.frame.checklists
        for indicator in indicators_of(watch, name)
        if indicator.code == code
    ]
    if not known:
        raise Problem(NOT_FOUND)
    told = told_to(watch, visit.who, "area")
    standards = [each for _, indicator in known for each in indicator.standards]
    return {
        "words": phrase_of(known[0][1], visit.language),
        "severity_level": known[0][1].severity,
        "checklists": [_by_area(visit, watch, name, each, told) for name, each in known],
        "withheld": False,
        "standards": standards,
    }


def _by_area(
    visit: Visit, watch: Watch, checklist: str, indicator: Indicator, told: Any
) -> dict[str, Any]:
    found = [
        each
        for each in rates_by_area(watch, checklist)
        if each.indicator == indicator.code
        and each.area is not None
        and each.observations
        and (told is None or key_of(watch, checklist, each) in told)
    ]
    axis = axis_for(each.number for each in found if isinstance(each.number, Estimate))
    rows: dict[str, dict[str, Any]] = {}
    for each in found:
        area = watch.frame.areas[each.area or 0].name
        shown = cell(each, checklist, area, axis, visit.language)
        rows.setdefault(area, {})[_column(each)] = shown
    rules = watch.frame.newest(checklist)
    return {
        "title": visit.title(rules.definition.title) if rules else checklist,
        "rows": sorted(rows.items()),
        "kinds": [key for key in COLUMNS if any(key in row for row in rows.values())],
        "axis_end": round(100 * axis.end),
    }


COLUMNS = ("domestic-sample", "international-sample", "domestic-visits", "international-visits")


def _column(rate: Rate) -> str:
    return f"{rate.kind}-{rate.part}"
