"""Databases as an earlier version of the tables left them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

import psycopg
from alembic import command
from sqlalchemy import create_engine

from api.database.opening import alembic_configuration
from api.database.roles import prepare_roles
from tests.conftest import SECRET, named


@contextmanager
def older_database(server: str, revision: str) -> Iterator[str]:
    """The superuser's address of a database at a revision, without rows, while it is used."""
    name = f"test_{uuid4().hex}"
    url = named(server, name)
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        _bring_to(url, revision)
        yield url
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _bring_to(url: str, revision: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        prepare_roles(connection, SECRET)
    configuration = alembic_configuration()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connected:
        configuration.attributes["connection"] = connected
        command.upgrade(configuration, revision)
    engine.dispose()
