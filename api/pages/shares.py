"""The page Shared with partners: what they read, and sharing again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from analytics.charts import axis_for, coverage_bar
from analytics.numbers import Domain, Estimate, Number, ObservedCount, Unit
from analytics.observation.coverage import Coverage
from analytics.observation.irregularity_rates import Rate
from analytics.wording import WordedNumber
from api.figures.export import rates_as_csv
from api.figures.irregularities import LEAST_STATIONS, Irregularity, IrregularityFilter
from api.figures.reports import count_of
from api.pages.forms import read_form
from api.pages.page import PageRequest, serve_page
from api.pages.rows import Cell, cell, domain_of, phrase_of, table
from api.pages.statements import session_of
from api.problems import INVALID, NOT_FOUND, Problem
from api.registers.reading import standards_named
from api.sharing.freezing import PAGE, FrozenFigures, Row
from api.sharing.making import (
    MAX_REASON,
    Sharing,
    changed_between,
    figures_now,
    make_share,
    names_of,
    shares_of,
    upto_last_share,
)
from api.sharing.reading import SharedFigure, newest_figure, of_round, shared_figure, shared_rates
from schemas.checklist import Indicator
from schemas.mission import Kind
from schemas.rights import Right
from schemas.statement import Share, Shared
from schemas.words import N_

PARTNER_COLUMNS = ("area", "expected", "received")
"""The columns of coverage that a partner reads."""


@dataclass(frozen=True)
class SharedRate(Rate):
    """A rate as it was shared: with what was said of its number, by language."""

    said: Mapping[str, WordedNumber]


async def shared_coverage(page: PageRequest) -> Response:
    """The nation and the areas, as shared."""
    frozen = await _newest(page, Shared.COVERAGE)
    if frozen is None:
        return page.show("not_shared.html", "coverage")
    told = of_round(frozen, page.round_code)
    areas = [{**each, "name": _area(each), "bar": _bar(each)} for each in told["areas"]]
    return page.show(
        "coverage_outside.html", "coverage", told=told, areas=areas, as_of=_as_of(page, frozen)
    )


async def shared_coverage_rows(page: PageRequest) -> list[list[object]]:
    """The areas as rows of a file. Problem: 404 before the first share."""
    async with session_of(page) as session:
        frozen = await shared_figure(session, page.who, Shared.COVERAGE)
    areas = of_round(frozen, page.round_code)["areas"]
    return [
        [each["area"]["name"] if each["area"] else "", each["expected"], each["received"]]
        for each in areas
    ]


async def shared_irregularities(page: PageRequest, kind: Kind | None) -> Response:
    """Every irregularity by stage, as shared."""
    frozen = await _newest(page, Shared.IRREGULARITIES)
    if frozen is None:
        return page.show("not_shared.html", "irregularities")
    rows = shared_rates(frozen, page.who, IrregularityFilter(kind=kind), page.round_code)
    found = table(_irregularities(rows), page.language, exact=False)
    return page.show(
        "irregularities.html",
        "irregularities",
        table=found,
        kind=kind,
        stages=[],
        has_sample=bool(found.estimating),
        as_of=_as_of(page, frozen),
    )


async def shared_irregularities_file(page: PageRequest, wanted: IrregularityFilter) -> bytes:
    """The same as a file. Problem: 404 before the first share."""
    async with session_of(page) as session:
        frozen = await shared_figure(session, page.who, Shared.IRREGULARITIES)
    return rates_as_csv(shared_rates(frozen, page.who, wanted, page.round_code), page.language)


async def shared_irregularity(page: PageRequest, code: str) -> Response:
    """One irregularity by area, as shared. Problem: 404 where nothing of it was."""
    async with session_of(page) as session:
        frozen = await newest_figure(session, page.who, Shared.IRREGULARITIES)
        if frozen is None:
            return page.show("not_shared.html", "irregularities")
        by_area = shared_rates(frozen, page.who, IrregularityFilter(by="area"), page.round_code)
        nation = shared_rates(frozen, page.who, IrregularityFilter(), page.round_code)
        known = [each for each in (*nation, *by_area) if each["indicator"] == code]
        if not known:
            raise Problem(NOT_FOUND)
        standards = sorted({each for row in known for each in row.get("standards", ())})
        measured = await standards_named(session, page.who.mission_id, standards, page.language)
    checklists = dict.fromkeys(each["checklist"] for each in known)
    own = [each for each in by_area if each["indicator"] == code and each["area"]]
    return page.show(
        "irregularity.html",
        "irregularities",
        code=code,
        withheld=True,
        standards=measured,
        words=phrase_of(_indicator(known[0]), page.language),
        severity_level=known[0]["severity"],
        as_of=_as_of(page, frozen),
        checklists=[
            _by_area(page, name, [each for each in own if each["checklist"] == name])
            for name in checklists
        ],
    )


def _by_area(page: PageRequest, checklist: str, rows: list[Row]) -> dict[str, Any]:
    found = [(each["area"]["name"], _rate(each)) for each in rows]
    axis = axis_for(rate.number for _, rate in found if isinstance(rate.number, Estimate))
    shown: defaultdict[str, dict[str, Cell]] = defaultdict(dict)
    for area, rate in found:
        drawn = cell(rate, checklist, area, axis, page.language, exact=False)
        shown[area][f"{rate.kind}-{rate.part}"] = drawn
    kinds = ("domestic-sample", "international-sample", "domestic-visits", "international-visits")
    return {
        "title": page.checklist(checklist),
        "among": domain_of((rate for _, rate in found), page.language),
        "rows": sorted(shown.items()),
        "kinds": [key for key in kinds if any(key in row for row in shown.values())],
        "axis_end": round(100 * axis.end),
    }


def _irregularities(rows: Iterable[Row]) -> list[Irregularity]:
    """Rows as the irregularities of the table: most severe first, then most frequent."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for each in rows:
        groups[each["checklist"], each["indicator"]].append(each)
    found = [
        Irregularity(checklist, own[0][PAGE]["stage"], _indicator(own[0]), tuple(map(_rate, own)))
        for (checklist, _), own in groups.items()
    ]
    return sorted(found, key=lambda each: (-each.indicator.severity, -each.share))


def _indicator(row: Row) -> Indicator:
    return Indicator(
        code=row["indicator"],
        stage=row["stage"],
        severity=row["severity"],
        standards=tuple(row.get("standards", ())),
        phrase=row.get("phrase", {}),
        positive_phrase={},
        sources=(),
    )


def _rate(row: Row) -> SharedRate:
    printed, number = row[PAGE], _number(row)
    share = number.value if isinstance(number, Estimate) else number.seen / max(number.of, 1)
    return SharedRate(
        indicator=row["indicator"],
        stage=row["stage"],
        severity=row["severity"],
        kind=Kind(row["kind"]),
        part=row["part"],
        area=None,
        number=number,
        by_station=_count(row, "station"),
        by_observation=_count(row, "observation"),
        ranked_share=printed.get("ranked_share", share),
        response=None,
        why_count=row["why_count"],
        said={name: WordedNumber(*parts) for name, parts in printed["said"].items()},
    )


def _count(row: Row, unit: Unit) -> ObservedCount:
    """What a number rests on, as far as it was shared."""
    seen, of = row[PAGE]["count"] or (0, 0)
    return ObservedCount(seen, of, row["stations"], unit=unit)


def _number(row: Row) -> Number:
    number, printed = row["number"], row[PAGE]
    domain = number.get("domain")
    among = None if domain is None else Domain(domain["text"], domain["n"] or 0)
    if number["type"] == "count":
        return ObservedCount(
            *(number["seen"], number["of"], number["stations"]),
            unit=number.get("unit", "observation"),
            domain=among,
        )
    value, low, high = printed["printed"]
    return Estimate(
        value=value,
        se=0.0,
        low=low,
        high=high,
        level=number["level"],
        n=number["n"],
        df=0.0,
        deff=None,
        method=number["method"],
        missing=number["missing"],
        seen=(printed["count"] or [None])[0],
        population=number["population"],
        domain=among,
    )


async def _newest(page: PageRequest, kind: Shared) -> SharedFigure | None:
    async with session_of(page) as session:
        return await newest_figure(session, page.who, kind)


def _as_of(page: PageRequest, frozen: SharedFigure) -> str:
    return page.when(frozen.as_of)


def _area(row: Row) -> str:
    return row["area"]["name"] if row["area"] else "–"


def _bar(row: Row) -> str:
    expected, received = row["expected"], row["received"]
    drawn = Coverage(
        group=row["area"] and row["area"]["code"],
        expected=expected,
        received=received,
        missing=expected - received,
        held=0,
        flagged=0,
        late=0,
        unplanned=0,
        set_aside=0,
    )
    return coverage_bar(drawn, label=_area(row), desc="")


router = APIRouter()
WORDS = {
    Shared.COVERAGE: N_("Coverage"),
    Shared.IRREGULARITIES: N_("Irregularities"),
    Shared.REPORTS: N_("Reports"),
    Shared.FINDINGS: N_("Findings"),
}
FEW_REPORTS = LEAST_STATIONS
"""With fewer reports than this since the last share, single ones can be worked out."""


@serve_page(router, "/shares", right=Right.SHARE)
async def shares(page: PageRequest) -> Response:
    """What was shared and when, what would be shared now, and the form to share it."""
    return await _show(page)


@serve_page(router, "/shares", "POST", right=Right.SHARE)
async def share(page: PageRequest) -> Response:
    """Share what is chosen as it is now."""
    async with read_form(page.request) as form:
        reason = form.given().get("reason", "")
        chosen = set(form.texts("what"))
    try:
        what = [Shared(each) for each in sorted(chosen)]
    except ValueError:
        raise Problem(INVALID, "This is nothing that is shared.", "what") from None
    try:
        await make_share(Sharing.of(page.request), page.who, what, reason)
    except Problem as problem:
        if problem.field not in ("what", "reason"):
            raise
        return await _show(page, 422, problem.detail or "", chosen, reason)
    return RedirectResponse(f"{page.base}/shares", 303)


async def _show(
    page: PageRequest,
    status: int = 200,
    amiss: str = "",
    chosen: set[str] | None = None,
    reason: str = "",
) -> Response:
    figures = await figures_now(page.request.app.state.figures, page.who)
    async with session_of(page) as session:
        found = await shares_of(session, page.who)
        names = await names_of(session, page.who, found)
        after = await upto_last_share(session, page.who)
        every, new = [
            await count_of(session, changed_between(page.who, since, figures.upto))
            for since in (0, after)
        ]
    shown = page.show(
        "shares.html",
        "shares",
        shares=[_row(page, each, names) for each in found],
        kinds=[
            (each.value, page.say(WORDS[each]), words)
            for each, words in _preview(page, figures, every, new).items()
        ],
        chosen={each.value for each in Shared} if chosen is None else chosen,
        reason=reason,
        amiss=page.say(amiss),
        max_reason=MAX_REASON,
        new=new,
        few=bool(found) and 0 < new < FEW_REPORTS,
        least=FEW_REPORTS,
    )
    shown.status_code = status
    return shown


def _row(page: PageRequest, row: Share, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": page.moment(row.as_of),
        "what": page.listed([page.say(WORDS[Shared(each)]) for each in row.what]),
        "by": names.get(row.shared_by, ""),
        "reason": row.reason,
        "reports": row.reports if Shared.REPORTS in row.what else None,
    }


def _preview(page: PageRequest, figures: FrozenFigures, every: int, new: int) -> dict[Shared, str]:
    """What partners would read of each, in words."""
    coverage = figures.coverage["rounds"][figures.coverage["round"]]
    rates = figures.irregularities["rounds"][figures.irregularities["round"]]
    whole = page.style.whole
    nation = coverage["nation"]
    return {
        Shared.COVERAGE: (
            page.say(
                N_(
                    "{received} of {expected} planned reports; areas shown: {areas}, "
                    "withheld: {withheld}"
                )
            ).format(
                received=whole(nation["received"]),
                expected=whole(nation["expected"]),
                areas=whole(len(coverage["areas"])),
                withheld=whole(coverage["withheld"]),
            )
            if nation
            else page.say(N_("Not enough stations to say"))
        ),
        Shared.IRREGULARITIES: page.say(
            N_("{nation} rows for the whole country, {areas} by area")
        ).format(nation=whole(len(rates["nation"])), areas=whole(len(rates["areas"]))),
        Shared.REPORTS: page.say(
            N_(
                "{reports} reports, without station, person, time or words; "
                "new or changed since last shared: {new}"
            )
        ).format(reports=whole(every), new=whole(new)),
        Shared.FINDINGS: page.say(N_("{findings} findings on the whole country")).format(
            findings=whole(len(figures.findings))
        ),
    }
