"""A phone over several days: the server is killed in every sync, the tab at any moment, and each
report arrives, once, with its photo."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation

PLAN = b"station,observers,expect voting\n0471,S-2041,%d\n"
FREELY = "Were you let in, and could you observe freely?"
PHOTO_SECTION = 6
SIZE = (1700, 510)
"""Of a picture of noise: it is made smaller, and its photo is larger than a piece of an upload."""
SMALLER = (1600, 480)
CAMERA = 0x0110
"""The tag of EXIF in which a camera writes what it is."""


@pytest.fixture
def days(pytestconfig: pytest.Config) -> int:
    """A report a day: few in every run, ten when asked for."""
    return 10 if pytestconfig.getoption("--faults") == "full" else 2


@pytest.fixture
def serving() -> Iterator[Serving]:
    with installation() as serving:
        yield serving


@dataclass
class Phone:
    """A browser whose tab may be killed at any moment, and is opened again."""

    context: BrowserContext
    address: str
    chance: random.Random
    page: Page

    def perhaps_killed(self) -> None:
        """Every second time the tab is gone, without a word to the page, and comes back."""
        if self.chance.random() < 0.5:
            self.page.close(run_before_unload=False)
            self.page = self.context.new_page()
            self.page.goto(f"{self.address}/field/")

    def observe(self, picture: Path) -> None:
        """Fill a report with a photo and finish it, whatever happens to the tab meanwhile."""
        observer.go_on(self.page, "Voting")
        observer.pick(self.page, FREELY, "Yes, freely")
        expect(self.page.get_by_text("Saved on this phone")).to_be_visible()
        self.perhaps_killed()
        if not self.page.get_by_role("button", name="All sections").is_visible():
            observer.go_on(self.page, "Voting")
        expect(self.page.get_by_role("radio", name="Yes, freely")).to_be_checked()
        for _ in range(PHOTO_SECTION):
            observer.next_section(self.page)
        observer.take_photo(self.page, picture)
        observer.to_the_end(self.page)
        observer.finish(self.page)

    def send_all(self, days: int) -> None:
        """Try until every report has its receipt and no photo is on this phone only."""
        observer.open_outbox(self.page)
        received = self.page.get_by_text("Received. Receipt")
        alone = self.page.get_by_text("on this phone only")
        for _ in range(30):
            self.page.wait_for_timeout(2000)
            if received.count() == days and alone.count() == 0:
                return
            button = self.page.get_by_role("button", name="Try now")
            if button.is_visible() and button.is_enabled():
                button.click()
        raise AssertionError(self.page.locator("main").inner_text())


def test_each_report_of_a_phone_arrives_once_though_server_and_tab_are_killed(
    serving: Serving, tmp_path: Path, days: int
) -> None:
    settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
    mission = found(settings, deployments=PLAN % days)
    address = f"http://127.0.0.1:{serving.port}"
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    with browsing(tmp_path / "phone") as context:
        phone = Phone(context, address, random.Random(seed), context.new_page())
        observer.enrol(phone.page, address, mission.codes[0])
        for day in range(days):
            context.clock.set_system_time(datetime.now(UTC) - timedelta(days=days - 1 - day))
            phone.observe(noise(tmp_path / f"{day}.jpg", seed + day))
            phone.page.wait_for_timeout(phone.chance.uniform(0, 900))
            phone.perhaps_killed()
            serving.kill_everything()
            serving.begin()
        phone.send_all(days)
    arrived(serving, mission, days)


def noise(file: Path, seed: int) -> Path:
    """A picture unlike any other, as a camera writes it: that does not become small."""
    content = random.Random(seed).randbytes(SIZE[0] * SIZE[1] * 3)
    written = Image.Exif()
    written[CAMERA] = "a phone that could be told"
    Image.frombytes("RGB", SIZE, content).save(file, exif=written)
    return file


def arrived(serving: Serving, mission: JourneyMission, days: int) -> None:
    """As many reports as days, each once, and each with a photo of its own that is what its name
    says."""
    headers = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}
    base = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports"
    items: list[Any] = httpx.get(base, headers=headers).raise_for_status().json()["items"]
    answers = [httpx.get(f"{base}/{each['id']}", headers=headers).json() for each in items]
    sequences = [each["device"]["sequence"] for each in answers]
    assert sorted(sequences) == list(range(1, days + 1))
    names = {each["answers"]["station_photo"].split(".")[0] for each in answers}
    files = [*(serving.home / "media").glob("*/[0-9a-f][0-9a-f]/*")]
    pictures = [Image.open(BytesIO(each.read_bytes())) for each in files]
    said = [(each.size, dict(each.getexif())) for each in pictures]
    assert said == [(SMALLER, {})] * days
    kept = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files}
    assert kept == {name: name for name in names}
    assert len(names) == days
