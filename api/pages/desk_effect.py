"""What an act of the desk would change, as lines of a table: each figure before it and after."""

from collections.abc import Mapping
from typing import Any

from api.pages.page import PageRequest
from schemas.words import N_

MAX_SHOWN = 12
MEMBERS = (
    ("received", N_("Reports received"), N_("{area}: received")),
    ("held", N_("Held for review"), N_("{area}: held for review")),
    ("flagged", N_("Flagged"), N_("{area}: flagged")),
    ("late", N_("Late"), N_("{area}: late")),
    ("unplanned", N_("Not planned"), N_("{area}: not planned")),
)
"""The figures of coverage that an act can move, of the nation and of an area."""


def effect_rows(page: PageRequest, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an act would change, one line a figure: before, after, and whether its text stays; of
    coverage each figure that moves, in the nation and in each area by its name."""
    reports, nation = found["reports"], found["coverage"]["nation"]
    rows = []
    if reports["before"] != reports["after"]:
        rows.append(_row(page.say(N_("Reports that count")), reports["before"], reports["after"]))
    if nation is not None:
        rows += _coverage(page, nation)
    for each in found["coverage"]["areas"]:
        name = each["area"]["name"] if each["area"] else page.say(N_("No place known"))
        rows += _coverage(page, each, name)
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


def _coverage(page: PageRequest, pair: Mapping[str, Any], area: str = "") -> list[dict[str, Any]]:
    """The figures of coverage that move; of what was nowhere before all were nothing."""
    before, after = pair["before"] or {}, pair["after"] or {}
    return [
        _row(
            page.say(words).format(area=area),
            before.get(name, 0),
            after.get(name, 0),
            after.get("expected") if name == "received" else None,
        )
        for name, nation, of_area in MEMBERS
        if before.get(name, 0) != after.get(name, 0)
        for words in [of_area if area else nation]
    ]


def _number(page: PageRequest, words: str, pair: Mapping[str, Any]) -> dict[str, Any]:
    texts = [each["text"] if each else "–" for each in (pair["before"], pair["after"])]
    row = _row(words[:1].upper() + words[1:], *texts)
    if row["stays"] and pair["before"] and pair["after"]:
        n = [f"{each.get('n')}" for each in (pair["before"], pair["after"])]
        row["n"] = f"{n[0]} → {n[1]}" if n[0] != n[1] else ""
    return row
