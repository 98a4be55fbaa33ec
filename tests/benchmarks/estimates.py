"""How fast 40 indicators are estimated in the nation and 30 regions, and in how much memory.

Run: python -m tests.benchmarks.estimates [REPORTS …]
"""

import resource
import sys
import time

import numpy as np

from analytics.design import make_design
from analytics.estimates import estimate_proportions


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


if __name__ == "__main__":
    for count in [int(each) for each in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        seconds, megabytes = measure(count)
        print(f"{count:>9,} reports  {seconds:6.3f} s  {megabytes} MB")
