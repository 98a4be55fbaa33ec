"""Irregularities: what, and how often?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.charts import Bar, axis_for, bar_chart
from analytics.numbers import Estimate
from analytics.observation.irregularity_rates import Rate
from api.figures.export import rates_as_csv
from api.figures.irregularities import (
    By,
    Irregularity,
    IrregularityFilter,
    irregularities_now,
    irregularity_by_area,
)
from api.figures.irregularities import irregularities as all_irregularities
from api.pages.page import Visit, page
from api.pages.rows import STAGES, cell, phrase_of, table
from api.pages.shared import (
    shared_irregularities,
    shared_irregularities_file,
    shared_irregularity,
)
from api.pages.statements import session_of
from api.problems import NOT_FOUND, Problem
from api.registers.reading import standards_named
from schemas.mission import Kind
from schemas.rights import Right

router = APIRouter()


@page(router, "/irregularities", right=Right.SEE_AGGREGATES, partners=True)
async def irregularities(visit: Visit) -> Response:
    """Every irregularity by stage, each kind of observers in its own column."""
    kind = _kind(visit)
    if visit.is_partner:
        return await shared_irregularities(visit, kind)
    found = await visit.ask(all_irregularities, kind, visit.who.sections)
    return visit.show(
        "irregularities.html",
        "irregularities",
        table=table(found, visit.language),
        kind=kind,
        stages=_by_stage(visit, found),
        reports=visit.facts.reports,
        has_sample=visit.facts.samples,
    )


def _by_stage(visit: Visit, found: Iterable[Irregularity]) -> list[tuple[str, str]]:
    """Answers that were irregular, of all answers, in each stage: a chart a kind of observers.
    A partner has none: sums would give away what is withheld."""
    sums: defaultdict[Kind, defaultdict[str, Counter[str]]]
    sums = defaultdict(lambda: defaultdict(Counter))
    for each in found:
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
    wanted = IrregularityFilter(by=by, kind=kind, stages=visit.who.sections)
    if visit.is_partner:
        file = await shared_irregularities_file(visit, wanted)
    else:
        file = rates_as_csv(await visit.ask(irregularities_now, wanted), visit.language)
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
    known = [
        (name, indicator)
        for name in visit.facts.checklists
        for indicator in visit.facts.indicators_of(name)
        if indicator.code == code
    ]
    if not known:
        raise Problem(NOT_FOUND)
    found = await visit.ask(irregularity_by_area, code, visit.who.sections)
    named = [each for _, indicator in known for each in indicator.standards]
    async with session_of(visit) as session:
        standards = await standards_named(session, visit.who.mission_id, named, visit.language)
    return visit.show(
        "irregularity.html",
        "irregularities",
        code=code,
        words=phrase_of(known[0][1], visit.language),
        severity_level=known[0][1].severity,
        checklists=[_by_area(visit, name, found.get(name, ())) for name, _ in known],
        withheld=False,
        standards=standards,
    )


def _by_area(visit: Visit, checklist: str, found: Sequence[tuple[str, Rate]]) -> dict[str, Any]:
    """The rates of each area on one axis, each under the name of its area."""
    axis = axis_for(rate.number for _, rate in found if isinstance(rate.number, Estimate))
    rows: dict[str, dict[str, Any]] = {}
    for area, rate in found:
        shown = cell(rate, checklist, area, axis, visit.language)
        rows.setdefault(area, {})[_column(rate)] = shown
    return {
        "title": visit.checklist(checklist),
        "rows": sorted(rows.items()),
        "kinds": [key for key in COLUMNS if any(key in row for row in rows.values())],
        "axis_end": round(100 * axis.end),
    }


COLUMNS = ("domestic-sample", "international-sample", "domestic-visits", "international-visits")


def _column(rate: Rate) -> str:
    return f"{rate.kind}-{rate.part}"
