"""Reads the figures that the product gives as JSON and holds them against the oracle's.

A difference says where it stands, which number, what the product says and what was counted.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.truth.counting import Count, Key, Number
from tests.truth.estimating import Interval
from tests.truth.feeding import Asking
from tests.truth.protocols import copies, protocols, quick_count
from tests.truth.settling import Settlement

CLOSE = 1e-9
"""Two calculations of one share agree to so much."""


@dataclass(frozen=True)
class Difference:
    """One thing that is said otherwise than it was counted."""

    what: str
    """The kind of figure: irregularities, coverage, quick counts, …"""
    where: str
    field: str
    says: Any
    counted: Any

    def __str__(self) -> str:
        said = f"says {self.says!r}, counted {self.counted!r}"
        return f"{self.what}: {self.where}: {self.field}: {said}"


Found = list[Difference]


async def of_figures(asking: Asking, settlement: Settlement) -> Found:
    """Everything in which the product's figures differ from what was counted."""
    found = await _of_reports(asking, settlement)
    for each in settlement.mission.rounds:
        count = Count(settlement, each.code)
        found += await _of_irregularities(asking, count)
        found += await _of_coverage(asking, count)
        found += await _of_quick_counts(asking, count)
        found += await _of_copies(asking, count)
    return found


async def _of_reports(asking: Asking, settlement: Settlement) -> Found:
    items = (await asking.json("reports", limit=1000))["items"]
    said = {each["id"]: each["status"].replace("flagged", "received") for each in items}
    counted = {each.id: each.status for each in settlement.kept}
    return [
        each
        for report in sorted(said.keys() | counted.keys())
        for each in unequal(
            "reports",
            report,
            {"status": said.get(report)},
            {"status": counted.get(report)},
        )
    ]


def unequal(
    what: str, where: str, said: dict[str, Any], counted: dict[str, Any]
) -> Iterator[Difference]:
    """A difference for each field that is not the same."""
    for name in sorted(said.keys() | counted.keys()):
        if not _same(said.get(name), counted.get(name)):
            yield Difference(what, where, name, said.get(name), counted.get(name))


def _same(said: Any, counted: Any) -> bool:
    if isinstance(said, float) and isinstance(counted, float):
        return math.isclose(said, counted, rel_tol=CLOSE, abs_tol=CLOSE)
    return bool(said == counted)


async def _of_irregularities(asking: Asking, count: Count) -> Found:
    found: Found = []
    counted = count.irregularities()
    for by, whole in (("area", False), ("stage", True), ("kind", True)):
        where = f"irregularities?by={by}"
        items = (await asking.json("irregularities", by=by, round=count.round))["items"]
        said = {_key(each): each for each in items}
        wanted = {key: each for key, each in counted.items() if (key[-1] is None) == whole}
        if len(said) != len(items):
            found.append(Difference("irregularities", where, "items", len(items), len(said)))
        silent = {key for key, each in wanted.items() if each.of == 0} - said.keys()
        for key in sorted((said.keys() | wanted.keys()) - silent, key=str):
            told, ours = _told(said.get(key)), fields_of(wanted.get(key))
            found += unequal("irregularities", f"{where} {key}", told, ours)
    return found


def _key(item: dict[str, Any]) -> Key:
    area = item["area"]
    code = area["code"] if isinstance(area, dict) else area
    return item["checklist"], item["indicator"], item["kind"], item["part"], code


def _told(item: dict[str, Any] | None) -> dict[str, Any]:
    if item is None:
        return {}
    return number_said(item["number"]) | {
        f"beside {name}": value for name, value in item["beside"].items()
    }


def number_said(number: dict[str, Any]) -> dict[str, Any]:
    """What the JSON of a number says, as the oracle has it."""
    said = {name: number.get(name) for name in ("type", "unit", "n", "of", "missing")}
    domain = number.get("domain")
    said["domain"] = domain and (domain["text"]["en"], domain["n"])
    if number["type"] == "estimate":
        said |= {end: number[end] for end in ("value", "low", "high")}
    return said


def fields_of(number: Number | None) -> dict[str, Any]:
    """The fields of a counted number, as its JSON has them."""
    if number is None:
        return {}
    said = {
        "type": "estimate" if number.interval else "count",
        "unit": number.unit,
        "n": number.n,
        "of": number.of,
        "missing": number.missing,
        "domain": number.domain,
    }
    if number.interval:
        ends = (number.interval.value, number.interval.low, number.interval.high)
        said |= dict(zip(("value", "low", "high"), ends, strict=True))
    return said | {f"beside {name}": value for name, value in number.beside.items()}


async def _of_coverage(asking: Asking, count: Count) -> Found:
    answer = await asking.json("coverage", round=count.round)
    said = {None: answer["nation"]} | {
        each["area"]["code"]: each for each in answer["areas"] if each["area"]
    }
    counted = count.coverage()
    names = ("expected", "received", "missing")
    return [
        line
        for area in sorted(said.keys() | counted.keys(), key=str)
        for line in unequal(
            "coverage",
            f"{count.round} {area}",
            {name: said.get(area, {}).get(name, 0) for name in names},
            dict(zip(names, counted.get(area, (0, 0, 0)), strict=True)),
        )
    ]


async def _of_quick_counts(asking: Asking, count: Count) -> Found:
    found: Found = []
    for contest in count.mission.contests:
        if contest.round != count.round or count.sample("domestic") is None:
            continue
        where = f"quick-counts/{contest.code}?round={count.round}"
        answer = await asking.json(f"quick-counts/{contest.code}", round=count.round)
        counted = quick_count(count, contest.code)
        raw = quick_count(count, contest.code, adjusted=False)
        read = protocols(count, contest.code)
        received = {"received": answer["received"]}
        found += unequal("quick counts", where, received, {"received": len(read)})
        for share in answer["shares"]:
            name = share["contestant"]
            for said, ours in (("number", counted), ("raw", raw)):
                told = share[said] and {end: share[said][end] for end in ("value", "low", "high")}
                ends = _ends(ours.get(name))
                found += unequal("quick counts", f"{where} {name} {said}", told or {}, ends)
    return found


async def _of_copies(asking: Asking, count: Count) -> Found:
    found: Found = []
    for round_code, code in count.mission.official:
        contest = next(each for each in count.mission.contests if each.code == code)
        if round_code != count.round:
            continue
        where = f"quick-counts/{contest.code}/copies?round={count.round}"
        asked = {"round": count.round, "limit": 1000}
        reply = await asking.get(f"quick-counts/{contest.code}/copies", **asked)
        if reply.status_code != 200:
            found.append(Difference("copies", where, "answer", reply.status_code, 200))
            continue
        answer = reply.json()
        both, equal, differ = copies(count, contest.code)
        pair = next(
            each
            for each in answer["pairs"]
            if (each["earlier"], each["later"]) == ("observed", "published")
        )
        said = {"both": pair["both"], "equal": pair["equal"]}
        said["differ"] = sorted({(each["station"], each["figure"]) for each in answer["items"]})
        counted = {"both": both, "equal": equal, "differ": sorted(differ)}
        found += unequal("copies", where, said, counted)
    return found


def _ends(interval: Interval | None) -> dict[str, float]:
    if interval is None:
        return {}
    return {"value": interval.value, "low": interval.low, "high": interval.high}
