"""Irregularities: what, and how often?"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.figures import axis_for
from analytics.numbers import Estimate
from api.pages.page import Visit, page
from api.pages.rows import cell, stages
from api.problems import NOT_FOUND, Problem
from api.reading.figures import indicators_of, rates_by_area
from api.reading.watch import Watch
from schemas.mission import Kind
from schemas.standards import catalogue

router = APIRouter()


@page(router, "/irregularities")
async def irregularities(visit: Visit) -> Response:
    """Every irregularity by stage, two kinds of observers side by side."""
    asked = visit.request.query_params.get("kind")
    kind = Kind(asked) if asked in set(Kind) else None
    found, axis = await visit.compute(lambda watch: stages(watch, visit.language, kind))
    return visit.show(
        "irregularities.html", "irregularities", stages=found, axis_end=round(100 * axis.end),
        kind=kind, reports=len(visit.watch.received),
        sample_kind=visit.watch.frame.sample_kind, has_sample=visit.watch.frame.drawn is not None,
    )  # fmt: skip


@page(router, "/irregularities/{code}")
async def irregularity(visit: Visit) -> Response:
    """One irregularity by area, under its standards. Areas of a count are not ranked."""
    code = visit.request.path_params["code"]
    values = await visit.compute(lambda watch: _values(visit, watch, code))
    return visit.show("irregularity.html", "irregularities", **values)


def _values(visit: Visit, watch: Watch, code: str) -> dict[str, Any]:
    for name in watch.frame.checklists:
        for indicator in indicators_of(watch, name):
            if indicator.code == code:
                return _by_area(visit, watch, name, code) | {
                    "code": code,
                    "severity": indicator.severity,
                    "words": indicator.phrase.get(visit.language) or indicator.phrase["en"],
                    "standards": [
                        (each, catalogue()[each]) for each in indicator.standards
                        if each in catalogue()
                    ],
                }  # fmt: skip
    raise Problem(NOT_FOUND)


def _by_area(visit: Visit, watch: Watch, checklist: str, code: str) -> dict[str, Any]:
    found = [each for each in rates_by_area(watch, checklist) if each.indicator == code]
    estimates = [each.number for each in found if isinstance(each.number, Estimate)]
    axis = axis_for(estimates)
    rows: dict[int, dict[str, Any]] = {}
    for each in found:
        if each.area is None or not each.observations:
            continue
        area = watch.frame.areas[each.area].name
        shown = cell(each, checklist, area, axis, visit.language)
        rows.setdefault(each.area, {"area": area})[f"{each.kind}-{each.part}"] = shown
    kinds = [key for key in ("domestic-sample", "international-sample", "domestic-visits",
                             "international-visits")
             if any(key in row for row in rows.values())]  # fmt: skip
    return {"rows": [rows[key] for key in sorted(rows, key=lambda key: rows[key]["area"])],
            "kinds": kinds, "axis_end": round(100 * axis.end)}  # fmt: skip
