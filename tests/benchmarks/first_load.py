"""The app's first load on a poor phone: what it weighs, and the seconds to the first answer.

Run: python -m tests.benchmarks.first_load [RUNS]. First the size of each part, as it is and as it
is sent. Then a real Chromium with an empty profile opens an enrolment address of a real
installation: 400 kbit/s, 400 ms, its processor four times slower. It waits for the day screen,
opens the voting form and answers its first question; the network goes; it opens another form,
and loads the app anew.
Measured twice: `page`, throttled by the browser itself, which lets the service worker's own
fetches through unthrottled; and `link`, where everything shares one slow link. `bytes` are what
went over the sockets from the server, headers included.
"""

import gzip
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from api.server.static_files import DIST
from api.settings import Settings
from tests.benchmarks.link import Link, linked
from tests.journeys import observer
from tests.journeys.browser import browsing
from tests.journeys.mission import SLUG, found
from tests.serving import Serving, installation

BITS_PER_SECOND, LATENCY, SLOWER = 400_000, 0.4, 4
DAY = """() => document.body.dataset.screen === 'day' ||
  [...document.querySelectorAll('main button')].some(
    each => /^(Start|Continue): /.test(each.ariaLabel ?? each.textContent))"""
KEPT = "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'"
CACHED = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
  return kept.flat().some(each => /session-/.test(each.url));
}"""
"""Whether the form engine, the largest file, is kept."""
FIRST = "Were you let in"
"""The first question of the voting form."""
BARS = {"day, br kB": 300, "first answer, s": 8.0, "offline reload, s": 1.5}
TO_THE_DAY = ("page", "code", "styles", "checklists")
"""What the day screen needs; the engine comes beside it."""


@dataclass(frozen=True)
class Load:
    """One first load, in seconds since the address was opened and bytes until then."""

    day: float
    day_bytes: int
    answered: float
    whole: float
    whole_bytes: int
    reload: float

    def __str__(self) -> str:
        return (
            f"day screen {self.day:5.1f} s, {self.day_bytes / 1e3:.0f} kB over the wire; "
            f"first question answered {self.answered:5.1f} s; "
            f"kept whole {self.whole:5.1f} s, {self.whole_bytes / 1e3:.0f} kB; "
            f"another form opened offline; reload offline {self.reload:.2f} s"
        )


def parts() -> dict[str, tuple[int, int, int]]:
    """The built app by part: bytes as they are, by gzip, by brotli."""
    found = dict.fromkeys(
        ("page", "code", "styles", "engine", "worker", "later", "icons"), (0, 0, 0)
    )
    for file in sorted(DIST.rglob("*")):
        if not file.is_file() or file.suffix in (".br", ".gz") or file.name.startswith("."):
            continue
        part = _part(file)
        found[part] = _sum(
            [found[part], (file.stat().st_size, _coded(file, ".gz"), _coded(file, ".br"))]
        )
    return found


def _coded(file: Path, suffix: str) -> int:
    coded = file.with_name(file.name + suffix)
    return (coded if coded.exists() else file).stat().st_size


def _part(file: Path) -> str:
    if file.suffix == ".wasm" or file.name.startswith("session-"):
        return "engine"
    if file.suffix == ".js" and file.name != "sw.js" and not file.name.startswith("index-"):
        return "later"
    by_name = {"index.html": "page", "sw.js": "worker"}
    by_kind = {".js": "code", ".css": "styles"}
    return by_name.get(file.name) or by_kind.get(file.suffix, "icons")


def checklists(serving: Serving, token: str) -> tuple[int, int, int]:
    """What a phone takes of the mission's checklists. JSON goes out by gzip, whoever asks."""
    base = f"http://127.0.0.1:{serving.port}/api/v1/missions/{SLUG}/checklists"
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
        listed = client.get(base).raise_for_status()
        names = [each["name"] for each in listed.json()["items"]]
        given = [client.get(f"{base}/{name}?only=form").raise_for_status() for name in names]
    sent = [each.content for each in (listed, *given)]
    coded = sum(len(gzip.compress(each, 6)) for each in sent)
    return sum(map(len, sent)), coded, coded


def load(link: Link, code: str, *, by_browser: bool) -> Load:
    """Open an enrolment address with an empty profile, and answer a first question."""
    with tempfile.TemporaryDirectory() as folder, browsing(Path(folder) / "phone") as phone:
        page = phone.new_page()
        _slow_down(page, by_browser)
        link.down = 0
        began = time.perf_counter()
        page.goto(f"http://127.0.0.1:{link.port}/field/#enrol={code}", wait_until="commit")
        page.wait_for_function(DAY, timeout=180_000, polling=50)
        day, day_bytes = time.perf_counter() - began, link.down
        observer.start(page, "Voting")
        observer.pick(page, FIRST, "Yes, freely")
        expect(page.get_by_role("radiogroup", name=FIRST).get_by_role("radio").first).to_be_checked(
            timeout=180_000
        )
        answered = time.perf_counter() - began
        page.wait_for_function(KEPT, timeout=180_000)
        page.wait_for_function(CACHED, timeout=180_000)
        whole = time.perf_counter() - began
        while time.perf_counter() < link.last + 3:
            page.wait_for_timeout(200)
        whole_bytes = link.down
        return Load(day, day_bytes, answered, whole, whole_bytes, _offline(page))


def _offline(page: Page) -> float:
    """Without a network: seconds from loading anew to the day screen, and a form that was never
    opened opens."""
    page.context.set_offline(True)
    page.goto(page.url.split("#")[0] + "#day")
    page.wait_for_function(DAY, timeout=180_000)
    began = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_function(DAY, timeout=180_000, polling=50)
    took = time.perf_counter() - began
    observer.start(page, "Counting")
    expect(page.get_by_role("radiogroup").first).to_be_visible(timeout=180_000)
    return took


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


def weigh(serving: Serving, token: str) -> None:
    """Print the size of each part, and of what the day screen needs."""
    found = parts() | {"checklists": checklists(serving, token)}
    print(f"  {'':12}{'raw':>9}{'gzip':>9}{'br':>9}  kB")
    found["to the day"] = _sum([found[part] for part in TO_THE_DAY])
    found["with engine"] = _sum([found["to the day"], found["engine"]])
    for part, sizes in found.items():
        print(f"  {part:12}" + "".join(f"{size / 1e3:9.1f}" for size in sizes))


def _sum(sizes: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    raw, gzipped, by_brotli = (sum(each) for each in zip(*sizes, strict=True))
    return raw, gzipped, by_brotli


def main(runs: int = 2) -> None:
    """The sizes, then each way of throttling, several times, in one installation."""
    with installation() as serving:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        token = found(settings).tokens["data_manager"]
        weigh(serving, token)
        for by_browser in (True, False):
            for _ in range(runs):
                took = measure(serving, enrolment(serving, token), by_browser=by_browser)
                print(f"  {'page' if by_browser else 'link'}: {took}", flush=True)
        print("  bars: " + ", ".join(f"{name} {bar}" for name, bar in BARS.items()))


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
