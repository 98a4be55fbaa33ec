"""How fast 40 indicators are estimated in the nation and 30 regions, and in how much memory.

Run: python -m tests.benchmarks.estimates [REPORTS …]
"""

import resource
import sys
import time
from collections.abc import Sequence

import numpy as np

from analytics.quality.flags import near_identical
from analytics.survey.design import make_design
from analytics.survey.estimates import estimate_proportions


def measure(reports: int) -> tuple[float, int]:
    """Seconds for both calls, and the greatest memory of the process so far in MB."""
    random = np.random.default_rng(1)
    region = random.integers(0, 30, reports)
    sizes = (3 * np.bincount(region, minlength=30)[region]).astype(np.float64)
    seen = random.random((reports, 40), dtype=np.float32) < 0.05
    answered = random.random((reports, 40), dtype=np.float32) < 0.97
    began = time.perf_counter()
    design = make_design(reports, strata=region, fpc=sizes)
    estimate_proportions(seen, answered, design)
    estimate_proportions(seen, answered, design, region, 30)
    took = time.perf_counter() - began
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(counts: Sequence[int] = (10_000, 100_000, 1_000_000)) -> None:
    """Print how long it took, and the greatest memory so far."""
    for count in counts:
        seconds, megabytes = measure(count)
        print(f"{count:>9,} reports  {seconds:6.3f} s  {megabytes} MB")


def measure_twins(forms: int = 10_000, questions: int = 40) -> float:
    """Seconds in which near-identical forms are found; the best of three."""
    answers = np.random.default_rng(1).integers(0, 4, (forms, questions)).astype(np.int8)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        near_identical(answers)
        took.append(time.perf_counter() - began)
    return min(took)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or (10_000, 100_000, 1_000_000))
    print(f"   10,000 forms of 40 answers compared  {measure_twins():6.3f} s")
