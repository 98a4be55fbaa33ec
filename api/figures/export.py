"""Figures as the JSON API shows them, and as CSV."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from analytics.numbers import Estimate, Number, about
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
    "area_name", "type", "unit", "domain", "domain_n", "value", "low", "high", "level", "seen",
    "of", "n", "missing", "not_asked", "not_observed", "unanswered", "told", "not_applicable",
    "stations", "other_unit", "other_seen", "other_of", "text",
)  # fmt: skip


BESIDE = ("not_asked", "not_observed", "unanswered", "told", "not_applicable")
"""What is counted beside a number, each by itself, and missing again by itself."""


def rates_as_csv(rows: Iterable[dict[str, Any]], language: str) -> bytes:
    """The rows of :func:`api.figures.irregularities.irregularity_rows`; one kind of number leaves
    the other's columns empty."""
    return as_csv(RATES, (_rate(row, language) for row in rows))


def _rate(row: dict[str, Any], language: str) -> list[object]:
    number, area, phrase = row["number"], row["area"] or {}, row.get("phrase", {})
    domain, other = number.get("domain") or {}, row.get("other") or {}
    among = domain.get("text", {})
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
        number.get("unit"),
        among.get(language) or among.get("en"),
        domain.get("n"),
        number.get("value"),
        number.get("low"),
        number.get("high"),
        number.get("level"),
        number.get("seen"),
        number.get("of"),
        number.get("n"),
        number.get("missing"),
        *(number.get(name) for name in BESIDE),
        row["stations"],
        other.get("unit"),
        other.get("seen"),
        other.get("of"),
        number["text"],
    ]


def number_out(
    number: Number, measure: Measure = "process", *, exact: bool = True
) -> dict[str, Any]:
    """A number with its type, unit and domain. Shares are between 0 and 1.

    Of a count ``n`` of ``of`` saw it; of an estimate ``n`` entered of ``of`` drawn. Without
    ``exact`` an estimate is as it is printed (:func:`as_printed`), and without what it could be
    computed back from (its standard error, degrees of freedom, design effect, how many saw it); a
    number is without what is counted beside it, and a count without how many more were asked.
    """
    text = say(number, measure=measure).text
    of_what = about(number)
    if not exact:
        of_what |= dict.fromkeys(BESIDE)
        of_what["domain"] = of_what["domain"] and of_what["domain"] | {"n": None}
    if not isinstance(number, Estimate):
        return {
            "type": "count",
            "n": number.seen,
            "seen": number.seen,
            "of": number.of,
            "stations": number.stations,
            "missing": number.missing if exact else None,
            "text": text,
            **of_what,
        }
    shown = number if exact else as_printed(number)
    return {
        "type": "estimate",
        "value": shown.value,
        "low": shown.low,
        "high": shown.high,
        "se": number.se if exact else None,
        "df": number.df if exact else None,
        "deff": number.deff if exact else None,
        "level": number.level,
        "seen": number.seen if exact else None,
        "n": number.n,
        "of": number.drawn,
        "missing": number.missing,
        "population": number.population,
        "design": number.design,
        "method": number.method,
        "text": text,
        **of_what,
    }


def as_printed(number: Estimate) -> Estimate:
    """An estimate as :func:`analytics.wording.say` prints it: to the whole percent; nearly none
    or nearly all to one decimal of it, the ends outwards, so that what was seen stays above
    nothing, and below all, and the interval holds."""
    value, low, high = number.value, number.low, number.high
    if 0 < round(100 * value) < 100:
        value, low, high = (round(100 * each) / 100 for each in (value, low, high))
        return replace(number, value=value, low=low, high=high)
    if value not in (0, 1):
        value = min(max(round(value, 3), 0.001), 0.999)
    low = min(math.floor(round(1000 * low, 6)) / 1000, low if low == 1 else 0.999)
    high = max(math.ceil(round(1000 * high, 6)) / 1000, high if high == 0 else 0.001)
    return replace(number, value=value, low=low, high=high)


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
        "ahead": row.ahead,
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
            "beside": asdict(rate.beside),
            "other": number_out(rate.other),
            "ranked_share": rate.ranked_share,
        }
    return row
