"""One PostgreSQL for a test run, a migrated template, a database of its own for each test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import hypothesis
import psycopg
import pytest

from api.database.embedded import Embedded
from api.database.locks import locked
from api.database.opening import migrate
from api.database.roles import app_url
from api.settings import Settings
from tests.folders import temporary_folder

SECRET = "a secret of the tests"
GIVEN = "INDELIBLE_TEST_DATABASE_URL"
"""A superuser's login to run the tests on, instead of a server of their own."""
RUN = "INDELIBLE_TEST_RUN"
"""Where a run's processes find the folder of their server."""
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")  # how long a test takes says nothing of the code
os.environ.setdefault("INDELIBLE_FIELD_DATA", str(Path(__file__).parents[2] / "shared" / "data"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults",
        choices=["few", "full"],
        default="few",
        help="how many kills and simulated days: few in make test, full in make faults",
    )


def pytest_configure(config: pytest.Config) -> None:
    """One folder for the run's server, made by the process that the others are started by."""
    if not hasattr(config, "workerinput"):
        home = temporary_folder("indelible-tests-")
        home.chmod(0o711)
        os.environ[RUN] = str(home)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it after the last of them."""
    if not hasattr(config, "workerinput"):
        if os.environ.get(GIVEN):
            _drop_template(os.environ[GIVEN])
        shutil.rmtree(os.environ.pop(RUN), ignore_errors=True)


@dataclass(frozen=True)
class Database:
    """A database of one test: the login that may migrate, and the application's."""

    admin_url: str
    app_url: str


@pytest.fixture(scope="session")
def field_data() -> Path:
    """The folder of real input. Tests of it are skipped where it is absent, saying so."""
    folder = Path(os.environ["INDELIBLE_FIELD_DATA"])
    if not folder.is_dir():
        pytest.skip(f"no field data in {folder} (INDELIBLE_FIELD_DATA)")
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The server's superuser URL: one server for all workers of this run, ended with the last."""
    home = Path(os.environ[RUN])
    with ExitStack() as held:
        url = os.environ.get(GIVEN) or held.enter_context(Embedded(home, fsync=False).running())
        with locked(home / "template.lock", 120):
            _make_template(url)
        yield url


@pytest.fixture
def database(server: str) -> Iterator[Database]:
    """A fresh, migrated, empty database."""
    yield from _fresh(server)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation on this test's database."""
    return Settings(home=tmp_path, secret=SECRET, database_url=database.admin_url)


def _fresh(server: str) -> Iterator[Database]:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_template()} STRATEGY FILE_COPY")
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO indelible_app")
    url = named(server, name)
    yield Database(url, app_url(url, SECRET))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _template() -> str:
    """The name of this run's migrated template."""
    return Path(os.environ[RUN]).name.replace("-", "_")


def _make_template(server: str) -> None:
    template = _template()
    with psycopg.connect(server, autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, (template,)).fetchone():
            return
        connection.execute(f"CREATE DATABASE {template}_making")
        migrate(named(server, f"{template}_making"), SECRET)
        connection.execute(f"ALTER DATABASE {template}_making RENAME TO {template}")


def _drop_template(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {_template()}")


def named(url: str, database: str) -> str:
    """The login at another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
