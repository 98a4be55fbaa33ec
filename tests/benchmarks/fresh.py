"""How soon a report that is committed stands in a lead's figure, a million being held.

Run: python -m tests.benchmarks.fresh [REPORTS]. The real application takes reports into a real
database; a follower, as each worker has one, holds a large mission besides. From each receipt on it
is measured until a lead who asks has figures with it in them, or until an open page is told of it.
The bar is one second.
"""

import asyncio
import gc
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np

from api.app import create_app
from api.database.embedded import Embedded
from api.database.opening import migrate
from api.database.roles import app_url
from api.database.sessions import open_engine
from api.figures.figures import coverage_by, coverage_by_area, dispositions
from api.figures.follower import Follower
from api.figures.watch import Watch
from api.settings import Settings
from tests.api.conftest import awake
from tests.api.small import SmallMission, sow
from tests.benchmarks.forms import json_report, publish
from tests.benchmarks.intake import SECRET
from tests.benchmarks.large import VISITS, frame_of, results_of, rows_of

RUNS = 20
PATIENCE = 60


async def hold(follower: Follower, mission: SmallMission, reports: int) -> Watch:
    """A watch on the mission that holds a large one besides."""
    small, stations = await follower.of(mission.mission_id), reports // VISITS
    large, real = frame_of(stations), small.frame
    area = len(large.areas)
    frame = replace(
        large,
        setting=real.setting,
        mission=real.mission,
        rules={**large.rules, **real.rules},
        polling=replace(large.polling, round_id=real.polling.round_id, code=real.polling.code),
        rounds=real.rounds,
        areas=(*large.areas, *real.areas),
        expected=(*large.expected, *(replace(each, place=None, area=-1) for each in real.expected)),
        places=(
            *large.places,
            *(
                replace(each, area=each.area + area if each.area >= 0 else -1)
                for each in real.places
            ),
        ),
    )
    watch = Watch(frame)
    for first in range(0, reports, 50_000):
        watch.fold(rows_of(first, min(50_000, reports - first), stations), 0)
    watch.fold(results_of(0, reports // 10, stations), 0)
    watch.sequence = small.sequence
    follower._watches[mission.mission_id, None] = watch
    gc.freeze()
    return watch


async def asked(follower: Follower, mission: SmallMission, reports: int) -> float:
    """Seconds until a lead who asks is told of so many reports: how they cover the plan, by area,
    and how the plans stand."""
    began = time.perf_counter()
    while time.perf_counter() < began + PATIENCE:
        watch = await follower.of(mission.mission_id)
        rows = await asyncio.to_thread(coverage_by, watch, "nation")
        await asyncio.to_thread(coverage_by_area, watch)
        await asyncio.to_thread(dispositions, watch, "stage")
        if rows[0].received + rows[0].unplanned >= reports:
            return time.perf_counter() - began
    raise TimeoutError(f"{reports} reports are not in the figures after {PATIENCE} s")


async def told(queue: "asyncio.Queue[Any]", reports: int) -> float:
    """Seconds until an open page is told that so many are known."""
    began = time.perf_counter()
    while (await queue.get()).reports < reports:
        pass
    return time.perf_counter() - began


async def measure(settings: Settings, mission: SmallMission, reports: int) -> dict[str, Any]:
    """Seconds of each run: asked by a lead, told to an open page."""
    app: Any = create_app(settings)
    found: dict[str, list[float]] = {"asked": [], "told": []}
    engine = open_engine(settings.database_url or "")
    follower = Follower(engine, settings.database_url or "")
    transport = httpx.ASGITransport(app=app)
    async with (
        awake(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://indelible", headers=mission.bearer("observer")
        ) as observer,
    ):
        watch = await hold(follower, mission, reports)
        await follower.start()
        await asked(follower, mission, len(watch.received))
        for run in range(2 * RUNS):
            known = len(watch.received) + 1
            async with follower.listening(mission.mission_id) as queue:
                kept = await observer.post(mission.reports, json=json_report(str(uuid4())))
                assert kept.status_code == 201, kept.text
                if run % 2:
                    found["told"].append(await asyncio.wait_for(told(queue, known), PATIENCE))
                else:
                    found["asked"].append(await asked(follower, mission, known))
            await asyncio.sleep(0.4)
        assert await follower.of(mission.mission_id) is watch
        await follower.stop()
    await engine.dispose()
    return found


def main(reports: int = 1_000_000) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="indelible-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        with Embedded(home).running() as url:
            migrate(url, SECRET)
            mission = sow(url)
            publish(url, mission)
            settings = Settings(home=home, secret=SECRET, database_url=app_url(url, SECRET))
            found = asyncio.run(measure(settings, mission, reports))
    for name, seconds in found.items():
        middle, late = np.quantile(seconds, [0.5, 0.95])
        print(
            f"{reports:,} held, from receipt to figure, {name}: "
            f"p50 {1000 * middle:.0f} ms  p95 {1000 * late:.0f} ms"
        )


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
