"""``serve`` as an operator meets it: started, wounded, killed, ended."""

import signal
from collections.abc import Iterator

import psutil
import psycopg
import pytest

from api.database.cluster import end
from api.supervisor import LONGEST_PAUSE, pause_after
from tests.serving import Serving, installation, wait_until


@pytest.fixture(scope="module")
def house() -> Iterator[Serving]:
    """An installation with two workers."""
    with installation(workers=2) as serving:
        yield serving


@pytest.fixture
def serving(house: Serving) -> Serving:
    """The installation, begun again where the test before ended it."""
    if house.process.poll() is not None:
        house.begin()
    return house


def test_a_second_serve_on_one_home_is_refused_by_name_and_others_join(serving: Serving) -> None:
    refused = serving.again()
    assert refused.returncode == 1
    assert str(serving.home) in refused.stderr
    assert "Traceback" not in refused.stderr
    with serving.embedded.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM mission").fetchone() == (0,)
    assert serving.ready() == 200


def test_asked_to_end_it_ends_workers_and_database_in_order(serving: Serving) -> None:
    workers, database = serving.worker_processes(), serving.database_processes()
    assert len(workers) == 2
    assert serving.stop() == 0
    assert not any(each.is_running() for each in [*workers, *database])
    assert not (serving.home / "database/data/postmaster.pid").exists()


def test_the_pause_before_a_restart_doubles_and_is_bounded() -> None:
    pauses = [pause_after(failures) for failures in range(2000)]
    assert pauses[:3] == [0.2, 0.4, 0.8]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_a_worker_that_dies_is_replaced(serving: Serving) -> None:
    before = {each.pid for each in serving.worker_processes()}
    psutil.Process(min(before)).kill()
    wait_until(lambda: len({each.pid for each in serving.worker_processes()} - before) == 1)
    wait_until(lambda: serving.listening() == 2)


def test_workers_outlive_a_killed_database_and_say_503_until_it_is_back(serving: Serving) -> None:
    workers = {each.pid for each in serving.worker_processes()}
    serving.process.send_signal(signal.SIGSTOP)
    end(serving.database_processes())
    wait_until(lambda: serving.ready() == 503)
    serving.process.send_signal(signal.SIGCONT)
    wait_until(lambda: serving.ready() == 200)
    assert {each.pid for each in serving.worker_processes()} == workers


def test_workers_die_with_the_supervisor_and_its_database_is_adopted(serving: Serving) -> None:
    workers, database = serving.worker_processes(), serving.database_processes()
    serving.process.kill()
    serving.process.wait()
    gone, alive = psutil.wait_procs(workers, timeout=30)
    assert (len(gone), alive) == (2, [])
    assert database[0].is_running()
    serving.begin()
    assert {each.pid for each in database} & {each.pid for each in serving.database_processes()}
    assert serving.stop() == 0
    assert serving.database_processes() == []
