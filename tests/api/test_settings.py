"""What the environment says, and what is made where it says nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from api.settings import Settings

AT_ONCE = 8


def test_commands_that_start_at_once_in_a_new_home_share_one_secret(tmp_path: Path) -> None:
    for number in range(20):
        home, ready = tmp_path / str(number), Barrier(AT_ONCE)

        def start(_: int, home: Path = home, ready: Barrier = ready) -> str:
            ready.wait()
            return Settings.from_environment({"INDELIBLE_HOME": str(home)}).secret

        with ThreadPoolExecutor(AT_ONCE) as threads:
            found = set(threads.map(start, range(AT_ONCE)))
        assert len(found) == 1
        assert [each.name for each in home.iterdir()] == ["secret"]
        assert (home / "secret").stat().st_mode & 0o777 == 0o600
