"""A database that DATABASE_URL names: set up by its login, served without its powers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from api.database.binaries import DatabaseProblem
from api.database.opening import running_database
from api.database.roles import app_url, prepare_roles, refuse_powerful_login
from api.settings import Settings
from tests.conftest import SECRET, Database, _fresh

MAY_CREATE_ROLES = "LOGIN CREATEROLE PASSWORD 'p w'"


def login(server: str, name: str, database: str) -> str:
    parts = urlsplit(server)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:p%20w@{host}", path=f"/{database}"))


@pytest.fixture
def given(server: str) -> Iterator[str]:
    """A new login that owns a new, empty database."""
    name = f"given_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} {MAY_CREATE_ROLES}")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        connection.execute(f"GRANT indelible_owner, indelible_app TO {name} WITH ADMIN OPTION")
    yield login(server, name, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"DROP ROLE {name}")


def test_a_login_that_is_no_superuser_sets_it_up_and_workers_get_less(
    given: str, settings: Settings
) -> None:
    for scheme in ("postgres://", "postgresql+psycopg://"):
        asked = replace(settings, database_url=given.replace("postgresql://", scheme))
        with running_database(asked) as database:
            assert database.embedded is None
            refuse_powerful_login(database.app_url)
            with psycopg.connect(database.app_url) as connection:
                assert connection.execute("SELECT count(*) FROM report").fetchone() == (0,)


def test_a_login_that_may_not_is_told_what_it_lacks(server: str, settings: Settings) -> None:
    name = f"weak_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'p w'")
    database = urlsplit(settings.database_url or "").path.strip("/")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"GRANT CONNECT ON DATABASE {database} TO {name}")
    weak = replace(settings, database_url=login(server, name, database))
    with pytest.raises(DatabaseProblem, match="may not set the database up"):
        running_database(weak).__enter__()


def test_a_database_that_does_not_answer_is_one_clear_line(settings: Settings) -> None:
    nowhere = replace(settings, database_url="postgresql://u:hidden@127.0.0.1:1/db")
    with pytest.raises(DatabaseProblem, match="does not answer") as told:
        running_database(nowhere).__enter__()
    assert "hidden" not in str(told.value)
    assert "\n" not in str(told.value)


def test_the_application_s_address_carries_no_other_login() -> None:
    asked = "postgresql://admin:a%40b@db:5433/x?user=admin&password=p&sslmode=require"
    url = app_url(asked, "s")
    assert url.startswith("postgresql://indelible_app:")
    assert url.endswith("@db:5433/x?sslmode=require")


def test_settings_never_show_what_is_secret(settings: Settings) -> None:
    shown = repr(settings)
    assert settings.secret not in shown
    assert str(settings.database_url) not in shown


def test_two_databases_of_one_server_are_set_up_at_once(server: str, database: Database) -> None:
    def set_up(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for _ in range(30):
                prepare_roles(connection, SECRET)

    for other in _fresh(server):
        with ThreadPoolExecutor() as threads:
            both = (database.admin_url, other.admin_url) * 2
            for done in [threads.submit(set_up, url) for url in both]:
                done.result()
