"""The background process as people meet it: killed and stopped while reports come in."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from api.background.process import NICENESS
from tests.api.small import SmallMission, sow
from tests.serving import START_SECONDS, Serving, installation, wait_until

SEALED = "SELECT coalesce(max(upto), 0) FROM seal WHERE mission_id = %s"
AS_OF = re.compile(r'id="as-of">([^<]*)<')


class House:
    """An installation with one worker, a mission in it, and its lead's browser."""

    def __init__(self, serving: Serving, url: str, mission: SmallMission) -> None:
        self.serving, self.mission, self.url = serving, mission, url
        address = f"http://127.0.0.1:{serving.port}"
        self.lead = httpx.Client(base_url=address, headers=mission.bearer("lead"), timeout=60)
        self.sender = httpx.Client(
            base_url=address, headers=mission.bearer("data_manager"), timeout=60
        )

    @property
    def background(self) -> psutil.Process:
        """The background process."""
        found = self.serving.background_process()
        assert found is not None
        return found

    def post(self) -> int:
        """Send one report; the status of the answer."""
        return self.sender.post(self.mission.reports, json=self.mission.report()).status_code

    def page(self) -> str:
        """The control room."""
        answer = self.lead.get(f"/missions/{self.mission.slug}/")
        assert answer.status_code == 200
        return answer.text

    def clock(self) -> int:
        """The mission's clock that the control room is of."""
        found = re.search(r'data-sequence="(\d+)"', self.page())
        assert found is not None
        return int(found[1])

    def as_of(self) -> str:
        """What the control room says of the moment it is of."""
        found = AS_OF.search(self.page())
        assert found is not None
        return found[1]

    def sealed(self) -> int:
        """The mission's clock up to which is sealed."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(SEALED, (self.mission.mission_id,)).fetchone()
        return int(row[0]) if row else 0

    def answers(self) -> bool:
        """Whether the background process answers."""
        return bool(self.lead.get("/readyz").json()["background"]["answers"])


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with installation() as serving, serving.embedded.running() as url:
        house = House(serving, url, sow(url))
        with house.lead, house.sender:
            yield house


class Phones(threading.Thread):
    """Sends report after report, and notes how each was answered, and after how long."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self.house, self.done = house, False
        self.answers: list[tuple[int, float]] = []
        self.start()

    def run(self) -> None:
        while not self.done:
            began = time.monotonic()
            status = self.house.post()
            self.answers.append((status, time.monotonic() - began))
            time.sleep(0.02)


def test_a_report_is_in_the_figures_soon(house: House) -> None:
    before = house.clock()
    assert house.post() in (201, 202)
    wait_until(lambda: house.clock() > before, 10)
    assert house.as_of().startswith("As of ")
    assert "ago" not in house.as_of()


def test_who_acts_is_told_what_it_changes_and_reads_figures_of_it_at_once(house: House) -> None:
    report = house.mission.report(answers={"queue": 4, "sealed": "no"})
    assert house.sender.post(house.mission.reports, json=report).status_code == 201
    base = f"/api/v1/missions/{house.mission.slug}"

    def seen() -> int:
        items = house.sender.get(f"{base}/irregularities").json()["items"]
        return sum(each["number"]["n"] for each in items)

    wait_until(lambda: seen() == 1, 20)
    for status, after in (("quarantined", 0), ("received", 1)) * 2:
        given = {"status": status, "reason": "Called the team."}
        address = f"{base}/reports/{report['id']}/decision"
        told = house.sender.post(f"{address}?preview=true", json=given)
        assert told.status_code == 200, told.text
        (rate,) = told.json()["effect"]["indicators"]
        assert rate["after"] is None or rate["after"]["n"] == after
        assert house.sender.post(address, json=given).status_code == 200
        assert seen() == after


def test_killed_under_load_reports_are_taken_and_pages_show_the_last_figures(house: House) -> None:
    before = house.clock()
    phones, killed = Phones(house), house.background
    wait_until(lambda: house.clock() > before)
    killed.kill()
    wait_until(lambda: not house.answers(), 20)
    stood, counted = house.clock(), len(phones.answers)
    assert stood > before
    wait_until(lambda: len(phones.answers) > counted + 20)
    wait_until(lambda: house.answers() and house.clock() > stood, START_SECONDS)
    phones.done = True
    phones.join()
    assert {status for status, _ in phones.answers} <= {201, 202}
    assert house.background.pid != killed.pid


def test_stopped_figures_tell_their_age_and_nothing_is_sealed_meanwhile(house: House) -> None:
    assert house.post() in (201, 202)
    wait_until(lambda: house.sealed() >= house.clock() > 0)
    sealed, stopped = house.sealed(), house.background
    stopped.send_signal(signal.SIGSTOP)
    try:
        assert house.post() in (201, 202)
        began = time.monotonic()
        wait_until(lambda: "ago" in house.as_of())
        time.sleep(max(0.0, began + 12 - time.monotonic()))
        assert house.sealed() == sealed
        assert house.post() in (201, 202)
    finally:
        stopped.send_signal(signal.SIGCONT)
    wait_until(lambda: house.sealed() > sealed)
    wait_until(lambda: "ago" not in house.as_of())


def test_metrics_tell_of_it(house: House) -> None:
    house.page()
    told = house.lead.get("/metrics").text
    assert "indelible_background_answers 1.0" in told
    age = re.search(r"^indelible_figures_age_seconds (\S+)$", told, re.MULTILINE)
    assert age is not None
    assert float(age[1]) < 60


def test_workers_are_given_the_processors_first(house: House) -> None:
    (worker,) = house.serving.worker_processes()
    assert house.background.nice() == worker.nice() + NICENESS


def test_a_second_one_is_refused(house: House) -> None:
    command = [sys.executable, "-c", "from api.commands import main; main()", "worker"]
    refused = subprocess.run(
        command,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"INDELIBLE_HOME": str(house.serving.home)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert refused.returncode == 1
    assert "runs already" in refused.stderr
    assert house.answers()


def test_it_dies_with_the_supervisor(house: House) -> None:
    background = house.background
    house.serving.process.kill()
    house.serving.process.wait()
    gone, alive = psutil.wait_procs([background], timeout=30)
    assert (len(gone), alive) == (1, [])
