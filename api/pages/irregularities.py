"""The pages of irregularities: their rates, and one irregularity by area."""

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
from api.pages.page import PageRequest, serve_page
from api.pages.rows import STAGES, cell, domain_of, phrase_of, table
from api.pages.shares import (
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


@serve_page(router, "/irregularities", right=Right.SEE_AGGREGATES, partners=True)
async def irregularities(page: PageRequest) -> Response:
    """Every irregularity by stage, each kind of observers in its own column."""
    kind = _kind(page)
    if page.is_partner:
        return await shared_irregularities(page, kind)
    found = await page.ask(all_irregularities, kind, page.who.sections)
    return page.show(
        "irregularities.html",
        "irregularities",
        table=table(found, page.language),
        kind=kind,
        stages=_by_stage(page, found),
        reports=page.facts.reports,
        has_sample=page.facts.samples,
    )


def _by_stage(page: PageRequest, found: Iterable[Irregularity]) -> list[tuple[str, str]]:
    """Answers that were irregular, of all answers, in each stage: a chart a kind of observers.
    A partner has none: sums would give away what is withheld."""
    sums: defaultdict[Kind, defaultdict[str, Counter[str]]]
    sums = defaultdict(lambda: defaultdict(Counter))
    for each in found:
        for rate in each.rates:
            sums[rate.kind][each.stage].update(seen=rate.seen, of=rate.observations)
    title = page.say("Answers that were irregular, by stage")
    charts = []
    for kind, stages in sorted(sums.items()):
        bars = [
            Bar(page.say(stage.replace("_", " ").capitalize()), n["seen"], n["of"])
            for stage in STAGES
            if (n := stages.get(stage))
        ]
        charts.append((page.say(kind.capitalize()), bar_chart(bars, title=title, style=page.style)))
    return charts


def _kind(page: PageRequest) -> Kind | None:
    asked = page.request.query_params.get("kind")
    return Kind(asked) if asked in set(Kind) else None


@serve_page(router, "/irregularities.csv", right=Right.SEE_AGGREGATES, partners=True)
async def irregularities_csv(page: PageRequest) -> Response:
    """The same numbers as a file, by region where asked."""
    kind = _kind(page)
    by: By | None = "area" if page.request.query_params.get("by") == "area" else None
    wanted = IrregularityFilter(by=by, kind=kind, stages=page.who.sections)
    if page.is_partner:
        file = await shared_irregularities_file(page, wanted)
    else:
        file = rates_as_csv(await page.ask(irregularities_now, wanted), page.language)
    headers = {
        "Content-Disposition": 'attachment; filename="irregularities.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(file, media_type="text/csv; charset=utf-8", headers=headers)


@serve_page(router, "/irregularities/{code}", right=Right.SEE_AGGREGATES, partners=True)
async def irregularity(page: PageRequest) -> Response:
    """One irregularity by area, under its standards. Areas of a count are not ranked."""
    code = page.request.path_params["code"]
    if page.is_partner:
        return await shared_irregularity(page, code)
    known = [
        (name, indicator)
        for name in page.facts.checklists
        for indicator in page.facts.indicators_of(name)
        if indicator.code == code
    ]
    if not known:
        raise Problem(NOT_FOUND)
    found = await page.ask(irregularity_by_area, code, page.who.sections)
    named = [each for _, indicator in known for each in indicator.standards]
    async with session_of(page) as session:
        standards = await standards_named(session, page.who.mission_id, named, page.language)
    return page.show(
        "irregularity.html",
        "irregularities",
        code=code,
        words=phrase_of(known[0][1], page.language),
        severity_level=known[0][1].severity,
        checklists=[_by_area(page, name, found.get(name, ())) for name, _ in known],
        withheld=False,
        standards=standards,
    )


def _by_area(
    page: PageRequest, checklist: str, found: Sequence[tuple[str, Rate]]
) -> dict[str, Any]:
    """The rates of each area on one axis, each under the name of its area."""
    axis = axis_for(rate.number for _, rate in found if isinstance(rate.number, Estimate))
    rows: dict[str, dict[str, Any]] = {}
    for area, rate in found:
        shown = cell(rate, checklist, area, axis, page.language)
        rows.setdefault(area, {})[_column(rate)] = shown
    return {
        "title": page.checklist(checklist),
        "among": domain_of((rate for _, rate in found), page.language),
        "rows": sorted(rows.items()),
        "kinds": [key for key in COLUMNS if any(key in row for row in rows.values())],
        "axis_end": round(100 * axis.end),
    }


COLUMNS = ("domestic-sample", "international-sample", "domestic-visits", "international-visits")


def _column(rate: Rate) -> str:
    return f"{rate.kind}-{rate.part}"
