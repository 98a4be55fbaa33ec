"""How fast the lead's figures are at a million reports of 40 codes, and how fast news is folded.

Run: python -m tests.benchmarks.lead [REPORTS …]. Each figure is made anew RUNS times, each after a
commit; bars: p95 under 100 ms, folding 5,000 reports under 50 ms.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from analytics.coverage import Expected
from analytics.sampling import DrawnStratum
from analytics.selection import RULES
from api.pages.rows import gather, table
from api.reading import figures
from api.reading.watch import (
    ContestFacts,
    Drawn,
    Frame,
    Polling,
    PublishedRules,
    ReportRow,
    StationFacts,
    Watch,
)
from schemas.checklist import Definition, Indicator, Source
from schemas.columns import new_id
from schemas.mission import Kind, Mission
from schemas.place import Area
from schemas.report import ReportStatus
from schemas.sample import Sample

REGIONS, INDICATORS, RUNS, NEWS = 30, 40, 20, 5000
MISSION, ROUND, RULES_ID = (UUID(int=at) for at in (1, 2, 3))
TEAMS = (UUID(int=4), UUID(int=5))
OPENS = datetime(2026, 11, 22, 6, tzinfo=UTC)
VISITS = 4
"""Reports of each station."""


def frame_of(stations: int) -> Frame:
    """A frame of so many stations in 30 regions, a third of them drawn, all in the plan."""
    areas = tuple(
        Area(mission_id=MISSION, id=new_id(), code=f"{at:02}", name=f"Region {at}", level="region")
        for at in range(REGIONS)
    )
    places = tuple(
        StationFacts(UUID(int=100 + at), f"{at:06}", f"School {at}", at % REGIONS)
        for at in range(stations)
    )
    expected = tuple(
        Expected(place=at, area=at % REGIONS, checklist="voting", due_at=OPENS + timedelta(hours=h),
                 kind=Kind.DOMESTIC, observer=f"team {at}", stage="voting", deployment=str(at),
                 ended="")
        for at in range(stations) for h in range(VISITS)
    )  # fmt: skip
    sample = Sample(mission_id=MISSION, round_id=ROUND, code="main", seed=1, size=stations // 3,
                    frame_size=stations, frame_sha256="", method=RULES["stratified"],
                    drawn_at=OPENS)  # fmt: skip
    drawn = {at: at % REGIONS for at in range(stations) if (at // REGIONS) % 3 == 0}
    sizes = np.bincount([at % REGIONS for at in range(stations)], minlength=REGIONS)
    many = np.bincount(list(drawn.values()), minlength=REGIONS)
    strata = tuple(DrawnStratum(f"{h:02}", int(sizes[h]), int(many[h])) for h in range(REGIONS))
    return Frame(
        setting=1, mission=_mission(), areas=areas, places=places, expected=expected,
        organisations={TEAMS[0]: ("Citizens", Kind.DOMESTIC), TEAMS[1]: ("Abroad",
                       Kind.INTERNATIONAL)}, rules={RULES_ID: _rules()}, posted={},
        samples=(Drawn(sample, strata, drawn, Kind.DOMESTIC),),
        polling=Polling(ROUND, "first", "First", ("2026-11-22",), OPENS,
                        OPENS + timedelta(hours=12), "UTC",
                        (ContestFacts("p", "President", "valid", (("run-off", 0.5),),
                                      (("A", "Ann"), ("B", "Bob"))),)),
    )  # fmt: skip


def _mission() -> Mission:
    return Mission(mission_id=MISSION, slug="large", title="Large", country="Large",
                   kind="domestic", languages=["en"], created_at=OPENS)  # fmt: skip


def _rules() -> PublishedRules:
    indicators = tuple(
        Indicator(code=f"i{at}", stage="voting", severity=1 + at % 3, standards=(),
                  phrase={"en": f"irregularity {at} was seen"}, positive_phrase={"en": "not"},
                  sources=(Source(question="q", options={"no": 1}),))
        for at in range(INDICATORS)
    )  # fmt: skip
    definition = Definition(
        name="voting", version="1", title={"en": "Voting"}, languages=("en",), stage="voting",
        questions=(), indicators=indicators, checks=(),
    )  # fmt: skip
    return PublishedRules(RULES_ID, definition, 1, "")


def rows_of(first: int, count: int, stations: int) -> list[ReportRow]:
    """Reports ``first`` onwards: each station in turn, one in twenty from abroad, some counts."""
    random = np.random.default_rng(first)
    codes = random.choice(
        np.array([1, 2, 3, 4, 5], dtype=np.uint8), (count, INDICATORS),
        p=[0.88, 0.05, 0.01, 0.03, 0.03],
    )  # fmt: skip
    return [
        ReportRow(
            id=UUID(int=10_000_000 + first + at), changed=first + at + 1,
            status=ReportStatus.RECEIVED, version=1, checklist="voting", rules_id=RULES_ID,
            place_id=UUID(int=100 + (first + at) % stations), visit_id=None,
            observer_id=UUID(int=50_000_000 + (first + at) % stations),
            organisation_id=TEAMS[at % 20 == 0], arrived_at=OPENS, came_at=OPENS + timedelta(
                seconds=(first + at) % 43_200),
            codes=codes[at].tobytes(), figures=None,
        )
        for at in range(count)
    ]  # fmt: skip


def filled(reports: int) -> Watch:
    """A watch that holds so many reports."""
    stations = reports // VISITS
    watch = Watch(frame_of(stations))
    for first in range(0, reports, 50_000):
        count = min(50_000, reports - first)
        watch.fold(rows_of(first, count, stations), first + count)
    return watch


def pages(watch: Watch) -> dict[str, Callable[[], Any]]:
    """Each figure of the lead's pages."""
    return {
        "coverage": lambda: figures.coverage_of_all(watch),
        "coverage by area": lambda: figures.coverage_by_area(watch),
        "coverage by hour": lambda: figures.coverage_by_hour(watch),
        "coverage by checklist": lambda: figures.coverage_by_checklist(watch),
        "dispositions": lambda: figures.dispositions(watch),
        "arrivals": lambda: figures.arrival_curve(watch),
        "rates": lambda: figures.rates(watch, "voting"),
        "rates by area": lambda: figures.rates_by_area(watch, "voting"),
        "table of irregularities": lambda: table(gather(watch), "en"),
        "quick counts": lambda: figures.quick_counts(watch),
    }


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile in milliseconds."""
    return 1000 * float(np.quantile(seconds, 0.95))


def timed(work: Callable[[], Any], before: Callable[[], Any], runs: int = RUNS) -> float:
    """p95 of some runs, each after ``before``; a run over 5 s is not repeated."""
    took: list[float] = []
    for _ in range(runs):
        before()
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
        if took[-1] > 5:
            break
    return p95(took)


def measure(reports: int) -> dict[str, float]:
    """p95 in ms of each figure after a commit of 250 reports, and of folding 5,000 new ones.

    The first making of all, at the start of a process, is given in seconds by itself.
    """
    stations = reports // VISITS
    watch = filled(reports)
    began = time.perf_counter()
    for work in pages(watch).values():
        work()
    found = {"all, the first time": 1000 * (time.perf_counter() - began)}
    gc.collect()
    gc.freeze()
    come = reports

    def commit(count: int = 250) -> None:
        nonlocal come
        rows = rows_of(come, count, stations)
        come += count
        watch.fold(rows, come)

    found |= {name: timed(work, commit) for name, work in pages(watch).items()}
    news = [rows_of(come + at * NEWS, NEWS, stations) for at in range(10)]
    left = iter(news)
    found["fold 5,000"] = timed(lambda: watch.fold(next(left), 10**9), lambda: None, len(news))
    return found


def main(counts: Sequence[int] = (1_000_000,)) -> None:
    """Print every figure's p95."""
    for count in counts:
        for name, milliseconds in measure(count).items():
            print(f"{count:>9,} reports  {name:<26} {milliseconds:8.1f} ms")
        print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or (1_000_000,))
