"""Everything killed at once, under load and while starting: the next start has what was said."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from api.database.cluster import end
from api.settings import Settings
from tests.api.small import sow
from tests.faults.test_intake_kills import nothing_is_lost, under_fire
from tests.serving import Serving, installation, temporary_home

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def kills(pytestconfig: pytest.Config) -> int:
    """How often: few in every run, more when asked for."""
    return 20 if pytestconfig.getoption("--faults") == "full" else 5


@pytest.fixture
def serving() -> Iterator[Serving]:
    """An installation with one worker, its database syncing."""
    with installation() as serving:
        yield serving


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that nothing has used yet."""
    with temporary_home() as home:
        yield home


async def test_reports_outlive_the_death_of_everything_at_once(
    serving: Serving, kills: int
) -> None:
    def strike() -> None:
        serving.kill_everything()
        serving.begin()

    with serving.embedded.running() as url:
        mission = sow(url)
    phones = await under_fire(serving, mission, strike, kills)
    with serving.embedded.running() as url:
        nothing_is_lost(url, phones)


class Writer(threading.Thread):
    """Adds one row after another, and notes each that was acknowledged."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.acknowledged, self.done = url, set[str](), False
        self.start()

    def run(self) -> None:
        while not self.done:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url) as connection:
                self._write(connection)
            time.sleep(0.02)

    def _write(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        while not self.done:
            row = str(uuid4())
            connection.execute("INSERT INTO written VALUES (%s)", (row,))
            connection.commit()
            self.acknowledged.add(row)


def test_rows_outlive_kills_of_postgresql(serving: Serving, kills: int) -> None:
    serving.stop()
    with serving.embedded.running() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE written (id text PRIMARY KEY)")
        writers = [Writer(url) for _ in range(4)]
        for _ in range(kills):
            time.sleep(0.3)
            end(serving.database_processes())
            serving.embedded.ensure()
        for writer in writers:
            writer.done = True
            writer.join(20)
        with psycopg.connect(url) as connection:
            kept = {row[0] for row in connection.execute("SELECT id FROM written")}
    acknowledged = set[str]().union(*(writer.acknowledged for writer in writers))
    assert len(acknowledged) > kills
    assert acknowledged <= kept


def test_a_start_killed_at_any_moment_leaves_a_home_that_starts(home: Path, kills: int) -> None:
    Settings.from_environment({"INDELIBLE_HOME": str(home)})
    program = (
        "import sys; from pathlib import Path; from api.settings import Settings\n"
        "from api.database.opening import running_database\n"
        "settings = Settings.from_environment({'INDELIBLE_HOME': sys.argv[1]})\n"
        "print('begins', flush=True)\n"
        "with running_database(settings): print('ready', flush=True)"
    )
    command = [sys.executable, "-c", program, str(home)]
    moments = random.Random(7)
    for _ in range(kills):
        starting = subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE)
        assert starting.stdout is not None
        starting.stdout.readline()
        time.sleep(moments.uniform(0.0, 2.5))
        starting.send_signal(signal.SIGKILL)
        starting.wait(20)
        starting.stdout.close()
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["begins", "ready"]), done.stderr
