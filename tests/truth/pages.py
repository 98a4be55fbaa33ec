"""Reads the pages of figures, their charts and the CSV files, and holds them against the oracle's.

A chart is read by the title and description that it carries for those who cannot see it, and by the
places of its dot and ends; a cell by the link to the reports behind it.
"""

import csv
import html
import io
import re
from collections.abc import Iterator
from typing import Any

from tests.truth.comparing import Difference, Found, fields_of, unequal
from tests.truth.counting import Count, Key, Number
from tests.truth.feeding import Asking
from tests.truth.wording import noun_after, objections, wrong_noun

CHART = re.compile(
    r'<title id="p-(?P<code>[A-Z]+-[A-Z]+)-(?P<checklist>\w+)-(?P<kind>\w+)-(?P<part>\w+)'
    r'-(?P<row>\w+)-title">(?P<title>[^<]*)</title><desc[^>]*>(?P<desc>[^<]*)</desc>'
    r"(?P<marks>.*?)</svg>"
)
CELL = re.compile(
    r"/reports\?checklist=(?P<checklist>\w+)&amp;indicator=(?P<code>[A-Z]+-[A-Z]+)"
    r'&amp;kind=(?P<kind>\w+)&amp;part=(?P<part>\w+)">(?P<cell>.*?)</a>'
)
SAYING = re.compile(r"(?:^|: )(?P<number>\d[\d,]* of \d[\d,]*|[<>]?\d[^:]*%\)?[^:]*)(?P<after>.*)$")
WIDTH = re.compile(r'M0.5 0v16.*?<path d="M([\d.]+) 8H([\d.]+).*?<circle cx="([\d.]+)"')
PLANNED = re.compile(
    r"(\d+) of (\d+) planned reports? (?:has|have) come; "
    r"(\d+) (?:is|are) late, (\d+) (?:is|are) to come"
)
DRAWN = re.compile(r"(\d+) received by [^;]*; the plan had (\d+) by then")


async def of_pages(asking: Asking, count: Count) -> Found:
    """The round's pages of irregularities and of coverage, and the CSV of irregularities."""
    counted = count.irregularities()
    found = await _of_csv(asking, count, counted)
    page = (await asking.page(f"rounds/{count.round}/irregularities")).text
    found += _of_irregularities(page, counted)
    found += _of_coverage((await asking.page(f"rounds/{count.round}/coverage")).text, count)
    return found


async def _of_csv(asking: Asking, count: Count, counted: dict[Key, Number]) -> Found:
    found: Found = []
    for by in ("area", "stage"):
        answer = await asking.get("irregularities.csv", by=by, round=count.round)
        for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))):
            area = row["area_code"] or None
            key = (row["checklist"], row["indicator"], row["kind"], row["part"], area)
            number = counted.get(key)
            if number is None:
                found.append(Difference("csv", str(key), "row", row["text"], None))
                continue
            found += unequal("csv", f"by={by} {key}", _row(row), _as_row(number))
            for each in objections(row["text"], number):
                found.append(Difference("csv", f"by={by} {key}", "text", row["text"], each))
    return found


def _row(row: dict[str, str]) -> dict[str, Any]:
    whole = ("seen", "of", "n", "missing", "domain_n", "told", "not_observed", "unanswered")
    said: dict[str, Any] = {
        name: int(row[name]) if row[name] else None
        for name in (*whole, "not_applicable", "not_asked")
    }
    said["other"] = (row["other_unit"], int(row["other_seen"]), int(row["other_of"]))
    said |= {end: float(row[end]) if row[end] else None for end in ("value", "low", "high")}
    return said | {"type": row["type"], "unit": row["unit"], "domain": row["domain"]}


def _as_row(number: Number) -> dict[str, Any]:
    fields = fields_of(number)
    ends = {end: fields.get(end) for end in ("value", "low", "high")}
    names = ("type", "unit", "n", "of", "missing")
    text, asked = number.domain or ("", None)
    return (
        {name: fields[name] for name in names}
        | ends
        | {"seen": number.seen, "other": number.other, "domain": text, "domain_n": asked}
        | dict(number.beside)
    )


def _of_irregularities(page: str, counted: dict[Key, Number]) -> Iterator[Difference]:
    for chart in CHART.finditer(page):
        number = counted.get(_nation(chart))
        where = "-".join(map(str, _nation(chart)[:4]))
        title, desc = (html.unescape(chart[each]) for each in ("title", "desc"))
        if number is None:
            yield Difference("chart", where, "number", title, None)
            continue
        yield from _of_saying("chart", where, title, number)
        yield from _of_marks(where, chart["marks"], number)
        if desc.startswith("Seen"):
            yield from _of_saying("chart", where, re.sub("^Seen (at|in) ", "", desc), number)
    for cell in CELL.finditer(page):
        number = counted.get(_nation(cell))
        text = html.unescape(re.sub("<[^>]+>", "", cell["cell"]))
        where = "-".join(map(str, _nation(cell)[:4]))
        if number is None:
            yield Difference("irregularities page", where, "cell", text, None)
        else:
            yield from _of_saying("irregularities page", where, text, number)


def _nation(found: re.Match[str]) -> Key:
    return found["checklist"], found["code"], found["kind"], found["part"], None


def _of_saying(what: str, where: str, text: str, number: Number) -> Iterator[Difference]:
    """The number at the end of a text, with the noun after it."""
    found = SAYING.search(text)
    if found is None:
        yield Difference(what, where, "number", text, None)
        return
    for each in objections(found["number"].strip(), number):
        yield Difference(what, where, "digits", text, each)
    noun = noun_after(found["after"])
    wrong = wrong_noun(noun, number, found["number"]) if noun else ""
    if wrong:
        yield Difference(what, where, "noun", text, wrong)


def _of_marks(where: str, marks: str, number: Number) -> Iterator[Difference]:
    """The dot stands between its ends as the value between its limits."""
    found = WIDTH.search(marks)
    if found is None or number.interval is None:
        return
    low, high, dot = map(float, found.groups())
    each = number.interval
    if high - low > 2 and each.low > 0 and high < 119:
        drawn, counted = (
            (dot - low) / (high - low),
            (each.value - each.low) / (each.high - each.low),
        )
        if abs(drawn - counted) > 0.2 / (high - low):
            yield Difference("chart", where, "place of the dot", round(drawn, 3), counted)


def _of_coverage(page: str, count: Count) -> Iterator[Difference]:
    expected, received, missing = count.coverage()[None]
    text = html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page)))
    found = PLANNED.search(text)
    if found is None:
        if expected:
            yield Difference("coverage page", count.round, "sentence", None, expected)
    else:
        came, planned, late, later = map(int, found.groups())
        said = {"received": came, "expected": planned, "missing": late + later}
        counted = {"received": received, "expected": expected, "missing": missing}
        yield from unequal("coverage page", count.round, said, counted)
    drawn = DRAWN.search(text)
    if drawn is not None:
        said = {"received": int(drawn[1]), "expected": int(drawn[2])}
        counted = {"received": received, "expected": expected if count.begun() else 0}
        yield from unequal("coverage chart", count.round, said, counted)
