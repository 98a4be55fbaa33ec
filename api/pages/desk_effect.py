"""What an act of the desk would change, as lines of a table: each figure before it and after."""

from collections.abc import Mapping
from typing import Any

from api.pages.page import PageRequest
from schemas.words import N_

MAX_SHOWN = 8


def effect_rows(page: PageRequest, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an act would change, one line a figure: before, after, and whether its text stays."""
    reports, nation = found["reports"], found["coverage"]["nation"]
    rows = []
    if reports["before"] != reports["after"]:
        rows.append(_row(page.say(N_("Reports that count")), reports["before"], reports["after"]))
    if nation is not None:
        rows.append(_coverage(page.say(N_("Reports received")), nation))
    rows += [
        _coverage(each["area"]["name"], each)
        for each in found["coverage"]["areas"]
        if each["area"] and each["before"] and each["after"]
    ]
    rows += [
        _number(page, page.title(each["phrase"]) or each["indicator"], each)
        for each in found["indicators"]
    ]
    for contest in found["quick_counts"]:
        rows.append(_pair(page.say(N_("Quick count, stations used")), contest["received"]))
        rows += [_number(page, each["name"], each) for each in contest["shares"]]
    return rows[:MAX_SHOWN]


def _row(words: str, before: Any, after: Any, of: Any = None) -> dict[str, Any]:
    row = {"words": words, "before": before, "after": after, "of": of, "n": ""}
    return row | {"stays": before == after}


def _pair(words: str, pair: Mapping[str, Any]) -> dict[str, Any]:
    return _row(words, pair["before"], pair["after"])


def _coverage(words: str, pair: Mapping[str, Any]) -> dict[str, Any]:
    before, after = pair["before"] or {}, pair["after"] or {}
    return _row(words, before.get("received"), after.get("received"), after.get("expected"))


def _number(page: PageRequest, words: str, pair: Mapping[str, Any]) -> dict[str, Any]:
    texts = [each["text"] if each else "–" for each in (pair["before"], pair["after"])]
    row = _row(words[:1].upper() + words[1:], *texts)
    if row["stays"] and pair["before"] and pair["after"]:
        n = [f"{each.get('n')}" for each in (pair["before"], pair["after"])]
        row["n"] = f"{n[0]} → {n[1]}" if n[0] != n[1] else ""
    return row
