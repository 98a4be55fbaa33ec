"""The app's first load on a poor phone: seconds to the day screen, and bytes over the wire.

Run: python -m tests.benchmarks.first_load [RUNS]. A real Chromium with an empty profile opens an
enrolment address of a real installation: 400 kbit/s, 400 ms, its processor four times slower.
Measured twice: `page`, throttled by the browser itself, which lets the service worker's own
fetches through unthrottled; and `link`, where everything shares one slow link. `bytes` are what
went over the sockets from the server, headers included, until the day stands and until the app
is wholly kept on the phone.
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page

from api.settings import Settings
from tests.benchmarks.link import Link, linked
from tests.journeys.browser import browsing
from tests.journeys.mission import SLUG, found
from tests.serving import Serving, installation

BITS_PER_SECOND, LATENCY, SLOWER = 400_000, 0.4, 4
DAY = """() => document.body.dataset.screen === 'day' ||
  [...document.querySelectorAll('main button')].some(
    each => /^Start: /.test(each.ariaLabel ?? each.textContent))"""
KEPT = "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'"
ENGINE = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
  return kept.flat().some(each => /session-/.test(each.url));
}"""
"""Whether the form engine, the largest file, is kept."""


@dataclass(frozen=True)
class Load:
    """One first load."""

    day: float
    day_bytes: int
    whole: float
    whole_bytes: int

    def __str__(self) -> str:
        return (
            f"day screen {self.day:5.1f} s, {self.day_bytes / 1e6:.2f} MB; "
            f"kept whole {self.whole:5.1f} s, {self.whole_bytes / 1e6:.2f} MB"
        )


def load(link: Link, code: str, *, by_browser: bool) -> Load:
    """Open an enrolment address with an empty profile."""
    with tempfile.TemporaryDirectory() as folder, browsing(Path(folder) / "phone") as phone:
        page = phone.new_page()
        _slow_down(page, by_browser)
        link.down = 0
        began = time.perf_counter()
        page.goto(f"http://127.0.0.1:{link.port}/field/#enrol={code}", wait_until="commit")
        page.wait_for_function(DAY, timeout=180_000, polling=50)
        day, day_bytes = time.perf_counter() - began, link.down
        page.wait_for_function(KEPT, timeout=180_000)
        page.wait_for_function(ENGINE, timeout=180_000)
        whole = time.perf_counter() - began
        while time.perf_counter() < link.last + 3:
            page.wait_for_timeout(200)
        return Load(day, day_bytes, whole, link.down)


def _slow_down(page: Page, by_browser: bool) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    if by_browser:
        session.send("Network.enable")
        each_way = BITS_PER_SECOND / 8
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY * 1000,
                "downloadThroughput": each_way,
                "uploadThroughput": each_way,
            },
        )


def measure(serving: Serving, code: str, *, by_browser: bool) -> Load:
    """One load, throttled by the browser or by the link."""
    slow = () if by_browser else (BITS_PER_SECOND, LATENCY)
    with linked(serving.port, *slow) as link:
        return load(link, code, by_browser=by_browser)


def enrolment(serving: Serving, token: str) -> str:
    """A fresh enrolment code of the mission's observer, as a data manager makes it."""
    address = f"http://127.0.0.1:{serving.port}/api/v1/missions/{SLUG}/observers/S-2041/enrolment"
    headers = {"Authorization": f"Bearer {token}"}
    made = httpx.post(address, headers=headers, json={"means": "sheet"}).raise_for_status()
    return str(made.json()["address"]).partition("#enrol=")[2]


def main(runs: int = 2) -> None:
    """Each way of throttling, several times, in one installation."""
    with installation() as serving:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        token = found(settings).tokens["data_manager"]
        for by_browser in (True, False):
            for _ in range(runs):
                took = measure(serving, enrolment(serving, token), by_browser=by_browser)
                print(f"  {'page' if by_browser else 'link'}: {took}", flush=True)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
