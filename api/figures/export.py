"""Figures as the JSON API shows them, and as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analytics.numbers import Estimate, Number
from analytics.observation.coverage import Coverage
from analytics.observation.irregularity_rates import Rate
from analytics.wording import Measure, say
from schemas.checklist import Indicator
from schemas.place import Area

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With one of these in front a spreadsheet may take a text for a formula and run it."""
UNSEEN = " \u00a0\ufeff"
"""These before it are passed over."""
SUSPECT = frozenset((*FORMULA, *UNSEEN))


def inert(value: object) -> object:
    """A cell that stays text in every spreadsheet; numbers are left as they are."""
    if not isinstance(value, str) or value[:1] not in SUSPECT:
        return value
    if value.lstrip(UNSEEN).startswith(FORMULA):
        return f"'{value}"
    return value


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8 with a byte order mark, which spreadsheets need to see."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([inert(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


RATES = (
    "checklist", "indicator", "phrase", "stage", "severity", "kind", "part", "area_code",
    "area_name", "type", "value", "low", "high", "seen", "of", "n", "stations", "text",
)  # fmt: skip


def rates_as_csv(rows: Iterable[dict[str, Any]], language: str) -> bytes:
    """The rows of :func:`api.figures.irregularities.irregularity_rows`; one kind of number leaves
    the other's columns empty."""
    return as_csv(RATES, (_rate(row, language) for row in rows))


def _rate(row: dict[str, Any], language: str) -> list[object]:
    number, area, phrase = row["number"], row["area"] or {}, row.get("phrase", {})
    return [
        row["checklist"],
        row["indicator"],
        phrase.get(language) or phrase.get("en", ""),
        row["stage"],
        row["severity"],
        row["kind"],
        row["part"],
        area.get("code"),
        area.get("name"),
        number["type"],
        number.get("value"),
        number.get("low"),
        number.get("high"),
        number.get("seen"),
        number.get("of"),
        number.get("n"),
        row["stations"],
        number["text"],
    ]


def number_out(
    number: Number, measure: Measure = "process", *, exact: bool = True
) -> dict[str, Any]:
    """A number with its type. Shares are between 0 and 1.

    Without ``exact`` an estimate is as it is printed, in whole percent, and without what it
    could be computed back from (its standard error, degrees of freedom, design effect); a count
    is without how many more were asked.
    """
    text = say(number, measure=measure).text
    if not isinstance(number, Estimate):
        return {
            "type": "count",
            "seen": number.seen,
            "of": number.of,
            "stations": number.stations,
            "missing": number.missing if exact else None,
            "text": text,
        }
    value, low, high = number.value, number.low, number.high
    if not exact:
        value, low, high = round(value, 2), round(low, 2), round(high, 2)
    return {
        "type": "estimate",
        "value": value,
        "low": low,
        "high": high,
        "se": number.se if exact else None,
        "df": number.df if exact else None,
        "deff": number.deff if exact else None,
        "level": number.level,
        "n": number.n,
        "missing": number.missing,
        "population": number.population,
        "method": number.method,
        "text": text,
    }


def as_printed(number: Estimate) -> Estimate:
    """An estimate to the whole percent; what was seen stays above nothing, and below all."""

    def printed(share: float) -> float:
        rounded = round(share, 2)
        return rounded if share in (0, 1) else min(max(rounded, 0.001), 0.999)

    return replace(
        number, value=printed(number.value), low=printed(number.low), high=printed(number.high)
    )


def area_out(area: Area | None) -> dict[str, str] | None:
    """An area by its code and name; None for the nation, or for what could not be placed."""
    return None if area is None else {"code": area.code, "name": area.name}


def coverage_out(row: Coverage) -> dict[str, Any]:
    """The figures of one coverage row, in reports."""
    return {
        "expected": row.expected,
        "received": row.received,
        "missing": row.missing,
        "used": row.used,
        "held": row.held,
        "flagged": row.flagged,
        "late": row.late,
        "unplanned": row.unplanned,
        "share": row.share,
        "withdrawn": row.withdrawn,
        "refused": row.refused,
        "closed": row.closed,
        "unsafe": row.unsafe,
    }


def rate_out(
    areas: Sequence[Area],
    checklist: str,
    indicator: Indicator | None,
    rate: Rate,
    *,
    exact: bool = True,
) -> dict[str, Any]:
    """One rate with what it rests on; ``areas`` are the mission's. Not ``exact``: only what a
    partner may see."""
    says: Mapping[str, Any] = (
        {}
        if indicator is None
        else {"phrase": indicator.phrase, "standards": list(indicator.standards)}
    )
    row = {
        "checklist": checklist,
        "indicator": rate.indicator,
        "stage": rate.stage,
        "severity": rate.severity,
        "kind": rate.kind,
        "part": rate.part,
        "area": None if rate.area is None else area_out(areas[rate.area]),
        "number": number_out(rate.number, exact=exact),
        "stations": rate.stations,
        "why_count": rate.why_count,
        **says,
    }
    if exact:
        row |= {
            "seen": rate.seen,
            "observations": rate.observations,
            "missing": rate.missing,
            "response": rate.response,
            "beside": vars(rate.beside),
        }
    return row
