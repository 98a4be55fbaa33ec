"""Protocols of one contest: the quick count's shares, and the observers' copies beside others'."""

from collections import Counter
from dataclasses import replace

from tests.truth.counting import Count
from tests.truth.estimating import Drawn, Interval, ratio
from tests.truth.settling import Kept


def protocols(count: Count, contest: str, kind: str = "domestic") -> dict[str, Kept]:
    """Of each station drawn, the protocol of a contest that the team sent there read."""
    return {
        each.report["station"]: each
        for each in sorted(count.reports, key=lambda each: each.order)
        if each.checklist == "results"
        and each.contest == contest
        and count.kind_of(each) == kind
        and count.assigned(each, kind)
    }


def quick_count(
    count: Count, contest: str, kind: str = "domestic", adjusted: bool = True
) -> dict[str, Interval]:
    """Each contestant's share of the valid votes; nothing where too little came.

    Adjusted, what came of a stratum stands for all of it; raw, only for what was drawn.
    """
    here = {
        each.code
        for each in count.mission.stations
        if contest in count.mission.contests_at(count.round, each.code)
    }
    design = [each for each in count.design(kind) if each.code in here]
    read = protocols(count, contest, kind)
    if not design or not count.enough(design, set(read), set(count.mission.closed)):
        return {}
    received = [each for each in _opened(count, design) if each.code in read]
    if adjusted:
        came = Counter(each.stratum for each in received)
        received = [replace(each, drawn=came[each.stratum]) for each in received]
    names = next(
        each.contestants
        for each in count.mission.contests
        if (each.round, each.code) == (count.round, contest)
    )
    return {
        name: ratio(
            received,
            {station: (_votes(each, name), _valid(each)) for station, each in read.items()},
        )
        for name in names
    }


def copies(count: Count, contest: str) -> tuple[int, int, set[tuple[str, str]]]:
    """Of how many stations both the observers' copy and the published result are there, at
    how many they are equal, and (station, figure) where they are not."""
    published = count.mission.official.get((count.round, contest), {})
    read = {
        each.report["station"]: each
        for each in sorted(count.reports, key=lambda each: each.order)
        if each.checklist == "results" and each.contest == contest
    }
    both = set(published) & set(read)
    differ = set()
    for station in both:
        said = published[station] | {"valid": sum(published[station].values())}
        for figure, value in said.items():
            seen = _valid(read[station]) if figure == "valid" else _votes(read[station], figure)
            if seen != value:
                differ.add((station, figure))
    return len(both), len(both - {station for station, _ in differ}), differ


def _opened(count: Count, design: list[Drawn]) -> list[Drawn]:
    """The stations drawn that opened: the closed stand for others that were closed."""
    opened = [each for each in design if each.code not in count.mission.closed]
    left = Counter(each.stratum for each in opened)
    return [
        replace(each, population=each.weight * left[each.stratum], drawn=left[each.stratum])
        for each in opened
    ]


def _votes(kept: Kept, contestant: str) -> float:
    rows = kept.report["answers"]["contestant_votes"]
    return float(sum(each["votes"] for each in rows if each["contestant"] == contestant))


def _valid(kept: Kept) -> float:
    return float(kept.report["answers"]["valid"])
