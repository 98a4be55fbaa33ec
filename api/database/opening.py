"""Opening the database: the embedded server or a given one, its roles, its migrations."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from api.database.binaries import DatabaseProblem
from api.database.embedded import Embedded
from api.database.roles import app_url, prepare_roles
from api.settings import Settings

OLDEST = 15
"""The oldest PostgreSQL that will do."""
MIGRATING = 7305226392
"""The advisory lock under which one process migrates at a time."""


@dataclass(frozen=True)
class OpenDatabase:
    """A database that runs and is migrated. ``admin_url`` is for the supervisor alone."""

    admin_url: str = field(repr=False)
    app_url: str = field(repr=False)
    embedded: Embedded | None = None


@contextmanager
def running_database(settings: Settings) -> Iterator[OpenDatabase]:
    """The installation's database, joined or started, with roles and tables up to date."""
    if settings.database_url is not None:
        yield _given(settings, settings.database_url)
        return
    embedded = Embedded(settings.home)
    with embedded.running() as url:
        yield _opened(settings, url, embedded)


@contextmanager
def untouched_database(settings: Settings) -> Iterator[str]:
    """The installation's database as it is, without roles or migrations; its owner's URL."""
    if settings.database_url is not None:
        yield _plain_scheme(settings.database_url)
        return
    with Embedded(settings.home).running() as url:
        yield url


def _plain_scheme(url: str) -> str:
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def _given(settings: Settings, url: str) -> OpenDatabase:
    """The database that DATABASE_URL names; what is wrong with it is said in one line."""
    try:
        return _opened(settings, url, None)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseProblem(
            f"The login in DATABASE_URL may not set the database up: {_first_line(error)}. "
            "It must own the database and be allowed to create roles."
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseProblem(f"DATABASE_URL does not answer: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _opened(settings: Settings, admin_url: str, embedded: Embedded | None) -> OpenDatabase:
    admin_url = _plain_scheme(admin_url)
    migrate(admin_url, settings.secret)
    return OpenDatabase(admin_url, app_url(admin_url, settings.secret), embedded)


def migrate(admin_url: str, secret: str) -> None:
    """Make the roles and bring the tables up to date, one process at a time."""
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        if connection.info.server_version < OLDEST * 10000:
            raise DatabaseProblem(f"PostgreSQL {OLDEST} or newer is needed.")
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATING,))
        prepare_roles(connection, secret)
        upgrade(admin_url)


def upgrade(admin_url: str) -> None:
    """Run the migrations that have not run, as the role that owns the tables."""
    url = admin_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        configuration = alembic_configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
    engine.dispose()


def alembic_configuration() -> Config:
    """Alembic, told where the migrations are."""
    configuration = Config()
    configuration.set_main_option("script_location", "api:migrations")
    configuration.set_main_option("path_separator", "os")
    configuration.set_main_option(
        "version_locations", str(Path(__file__).parents[1] / "migrations" / "versions")
    )
    return configuration
