"""How long a mission takes to bring in, and how much memory: 100,000 stations, 5,000 observers.

``python -m tests.benchmarks.imports``: in a fresh home with the embedded server, each file twice.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import orjson

VASTRIA = Path(__file__).parents[2] / "docs" / "missions" / "vastria.toml"
STATIONS = (10_000, 100_000, 300_000)
OBSERVERS = 5_000


def write_stations(file: Path, count: int) -> None:
    """A file of stations with areas, positions and two columns that become attributes."""
    with file.open("w") as out:
        out.write(
            "code,name,address,district_code,district_name,registered_voters,latitude,"
            "longitude,setting,accessible\n"
        )
        for n in range(count):
            out.write(
                f'S{n:06d},School no. {n},"Road {n % 977}, near the mill",D{n % 500:03d},'
                f"District {n % 500},{300 + n % 1500},{n % 90}.{n % 997:03d},"
                f"{n % 180}.{n % 991:03d},"
                f"{'urban' if n % 3 else 'rural'},{'yes' if n % 5 else 'no'}\n"
            )


def write_observers(file: Path, count: int) -> None:
    """A file of observers who pledged and declared on paper."""
    rows = (f"B-{n:05d},watch,fr en,yes,yes\n" for n in range(count))
    file.write_text("pseudonym,organisation,languages,pledged,declared\n" + "".join(rows))


def timed(*words: object) -> tuple[float, int, str]:
    """Run the command; seconds, its own peak memory in MB, and what it said last."""
    before = perf_counter()
    command = [sys.executable, "-m", "tests.benchmarks.imports", "--as", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return perf_counter() - before, int(done.stderr.splitlines()[-1]), done.stdout.splitlines()[0]


def as_command(words: list[str]) -> None:
    """The command line in this process, its own peak memory printed at the end."""
    from api.commands import main as indelible

    sys.argv = ["indelible", *words]
    try:
        indelible()
    finally:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(peak, file=sys.stderr)


def main() -> None:
    """Each file twice: what is there already changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INDELIBLE_HOME"] = str(Path(folder) / "home")
        os.environ.pop("DATABASE_URL", None)
        mission = orjson.loads(timed("mission", "create", VASTRIA, "--json")[2])["mission"]
        people = Path(folder) / "people.csv"
        write_observers(people, OBSERVERS)
        files = [("observers", people)]
        for count in STATIONS:
            file = Path(folder) / f"stations-{count}.csv"
            write_stations(file, count)
            files.append(("stations", file))
        for noun, file in files:
            for _ in range(2):
                seconds, peak, said = timed(noun, "import", mission, file)
                print(f"{file.name:24} {seconds:6.1f} s {peak:5} MB  {said}", flush=True)


if __name__ == "__main__":
    as_command(sys.argv[2:]) if sys.argv[1:2] == ["--as"] else main()
