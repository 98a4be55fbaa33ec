"""Write the synthetic samples that R and our estimator are both asked about.

Run once: ``python tests/analytics/r/make_samples.py`` beside this file, then ``Rscript oracle.R``.
The numbers come from hashes, not from a generator that a new release may change.
"""

import csv
import hashlib
from pathlib import Path

HERE = Path(__file__).parent


def chance(*what: object) -> float:
    """A number between 0 and 1 that only depends on what it is for."""
    digest = hashlib.sha256(":".join(map(str, what)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def write(name: str, rows: list[dict[str, object]]) -> None:
    with (HERE / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def values(*key: object, lean: float) -> dict[str, object]:
    """Votes for one of several, votes cast, and a yes-or-no that one in nine did not answer."""
    cast = 200 + int(1300 * chance("cast", *key))
    votes = int(cast * min(0.95, lean * (0.7 + 0.6 * chance("votes", *key))))
    missing = chance("missing", *key) < 0.11
    late = int(chance("late", *key) < lean / 2)
    group = "abc"[int(3 * chance("group", *key))]
    return {
        "votes": votes,
        "cast": cast,
        "late": "" if missing else late,
        "group": group,
        "never": "" if missing else 0,
    }


def stratified() -> list[dict[str, object]]:
    """Stations drawn in seven strata; the last has a single one."""
    rows: list[dict[str, object]] = []
    for place, (size, drawn) in enumerate(
        [(120, 18), (310, 33), (45, 9), (77, 12), (502, 41), (20, 20), (6, 1)]
    ):
        for unit in range(drawn):
            rows.append(
                {
                    "stratum": f"s{place}",
                    "size": size,
                    "weight": repr(size / drawn),
                    "station": f"{place}-{unit}",
                    **values("strat", place, unit, lean=0.3 + place / 20),
                }
            )
    return rows


def clustered() -> list[dict[str, object]]:
    """Areas drawn in four strata, one to six visits in each, weights that differ by visit."""
    rows: list[dict[str, object]] = []
    for place, (size, drawn) in enumerate([(40, 9), (25, 7), (60, 12), (18, 6)]):
        for unit in range(drawn):
            for visit in range(1 + int(6 * chance("visits", place, unit))):
                weight = size / drawn * (1 + chance("weight", place, unit, visit))
                rows.append(
                    {
                        "stratum": f"s{place}",
                        "size": size,
                        "weight": repr(weight),
                        "area": f"{place}-{unit}",
                        **values("clus", place, unit, visit, lean=0.25 + place / 10),
                    }
                )
    return rows


def two_stages() -> list[dict[str, object]]:
    """Areas, then stations within them, both from finite populations; one area gave one."""
    rows: list[dict[str, object]] = []
    for place, (size, drawn) in enumerate([(14, 6), (30, 8)]):
        for area in range(drawn):
            inside = 4 + int(20 * chance("inside", place, area))
            taken = 1 if area == 3 else min(inside, 2 + int(5 * chance("taken", place, area)))
            for station in range(taken):
                rows.append(
                    {
                        "stratum": f"s{place}",
                        "areas": size,
                        "area": f"{place}-{area}",
                        "stations": inside,
                        "station": f"{place}-{area}-{station}",
                        **values("two", place, area, station, lean=0.35 + place / 8),
                    }
                )
    return rows


if __name__ == "__main__":
    write("stratified.csv", stratified())
    write("clustered.csv", clustered())
    write("two_stages.csv", two_stages())
