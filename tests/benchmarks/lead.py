"""How fast the lead's figures are at a million reports of 40 codes, and how fast news is folded.

Run: python -m tests.benchmarks.lead [REPORTS …]. Each figure is made anew RUNS times, each after a
commit; bars: p95 under 100 ms, folding 5,000 reports under 50 ms.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from analytics.observation.irregularity_rates import Beneath
from api.figures import figures, rates
from api.figures.breakdowns import DIMENSIONS
from api.figures.broken_down import agreed, ranked_areas, rates_by
from api.figures.coverage_shown import coverage_now, coverage_within
from api.figures.irregularities import (
    foremost_irregularities,
    irregularities,
    irregularity_by_area,
)
from api.figures.lasting import Lasting
from api.figures.mission_facts import mission_facts
from api.figures.newest_reports import newest_reports
from api.figures.reports_behind import newest_behind
from api.figures.role_tables import Asked, coverage_table, irregularity_rows
from api.figures.watch import Watch
from api.pages import control_room, coverage, quick_count
from api.results.forensics import _look_at
from api.results.quick_counts import contests_shown
from api.samples.representativity import arrived_at
from api.statements.comparison import kinds_of_samples
from api.statements.draft import numbers_moved
from tests.benchmarks.large import MISSION, VISITS, filled, results_of, rows_of

RUNS, NEWS, COMMIT = 20, 5000, 250


def pages(watch: Watch) -> dict[str, Callable[[], Any]]:
    """What the lead's pages ask for, page by page, figure by figure."""
    region = Beneath("v0", area=3)
    contest = watch.frame.polling.contests[0]
    return {
        "frame of every page": lambda: mission_facts(watch),
        "control room, coverage": lambda: coverage_now(watch),
        "control room, irregularities": lambda: foremost_irregularities(watch),
        "control room, newest": lambda: newest_reports(watch, control_room.LATEST),
        "coverage": lambda: figures.coverage_of_all(watch),
        "coverage by area": lambda: figures.coverage_by_area(watch),
        "coverage by hour": lambda: figures.coverage_by_hour(watch),
        "coverage by checklist": lambda: figures.coverage_by_checklist(watch),
        "arrivals": lambda: figures.arrival_curve(watch),
        "dispositions": lambda: figures.dispositions(watch, "stage"),
        "whom to call": lambda: figures.to_call(watch, coverage.CALLED),
        "coverage page, whole": lambda: coverage_within(watch, ""),
        "coverage as JSON, whole": lambda: coverage_table(watch, everything=True),
        "coverage for a partner": lambda: coverage_table(watch, everything=False),
        "rates": lambda: rates.rates(watch, "voting"),
        "rates by area": lambda: rates.rates_by_area(watch, "voting"),
        "irregularities, whole": lambda: irregularities(watch),
        "one irregularity by area": lambda: irregularity_by_area(watch, "v1"),
        "irregularities by area, JSON": lambda: irregularity_rows(
            watch, Asked("area"), everything=True
        ),
        **{f"breakdown, {by}": lambda by=by: rates_by(watch, "voting", by) for by in DIMENSIONS},
        "breakdown, agreement": lambda: agreed(watch, "voting"),
        "breakdown, both kinds": lambda: kinds_of_samples(watch, "voting"),
        "breakdown, ranking": lambda: ranked_areas(watch, "voting"),
        "quick count, whole": lambda: contests_shown(watch, quick_count.LEFT_OUT_SHOWN),
        "results as observers copied them": lambda: _look_at(watch, MISSION, contest, "observed"),
        "sample, what arrived": lambda: arrived_at(watch),
        "reports beneath a number": lambda: newest_behind(watch, Beneath("v0"), None, None),
        "reports beneath, of an area": lambda: newest_behind(watch, region, None, None),
        "a draft's numbers as of now": lambda: numbers_moved(watch, "en", -1, {}),
    }


Took = tuple[float, float]
"""p95 in milliseconds: as a clock on the wall says, and of this thread's own time."""


def timed(work: Callable[[], Any], before: Callable[[], Any], runs: int = RUNS) -> Took:
    """p95 of some runs, each after ``before``; a run over 2 s is not repeated.

    On a machine with nothing else to do both times are the same.
    """
    took: list[Took] = []
    for _ in range(runs):
        before()
        wall, own = time.perf_counter(), time.thread_time()
        work()
        took.append((1000 * (time.perf_counter() - wall), 1000 * (time.thread_time() - own)))
        if took[-1][0] > 2000:
            break
    return p95(took)


class Intake:
    """What keeps coming: reports, and with them results of the count."""

    def __init__(self, watch: Watch, reports: int, results: int) -> None:
        self._watch, self._stations = watch, reports // VISITS
        self._reports, self._results, self._clock = reports, results, reports

    def commit(self, count: int = COMMIT) -> None:
        """A commit of so many reports, one in twenty of them a result."""
        self._clock += count
        self._watch.fold(self.news(count), self._clock)

    def fold(self) -> Took:
        """How long folding 5,000 new reports takes."""
        rows = self.news(NEWS)
        return timed(lambda: self._watch.fold(rows, 10**9), lambda: None, 1)

    def news(self, count: int) -> list[Any]:
        """So many reports more, not yet folded."""
        results = count // 20
        rows = rows_of(self._reports, count - results, self._stations)
        rows += results_of(self._results, results, self._stations)
        self._reports += count - results
        self._results += results
        return rows


def measure(reports: int) -> dict[str, Took]:
    """p95 in ms of each figure after a commit of 250 reports, and of folding 5,000 new ones.

    The first making of all, at the start of a process, is given in seconds by itself.
    """
    results = reports // 10
    watch = filled(reports, results)
    intake = Intake(watch, reports, results)
    first = timed(lambda: [work() for work in pages(watch).values()], lambda: None, 1)
    found = {"all, the first time": first}
    gc.collect()
    gc.freeze()
    Lasting().start()
    found |= {name: timed(work, intake.commit) for name, work in pages(watch).items()}
    found["fold 5,000"] = p95([intake.fold() for _ in range(RUNS)])
    return found


def p95(took: Sequence[Took]) -> Took:
    """Of each clock's times."""
    wall, own = np.quantile(took, 0.95, axis=0).tolist()
    return wall, own


def main(counts: Sequence[int] = (1_000_000,)) -> None:
    """Print every figure's p95."""
    for count in counts:
        print(f"{count:,} reports, p95 in ms: by the clock, and of the thread's own time")
        for name, (wall, own) in measure(count).items():
            print(f"{name:<30} {wall:9.1f} {own:9.1f}")
        print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or (1_000_000,))
