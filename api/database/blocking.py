"""Sessions that block, for commands and threads: signed in as the application, in one mission."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from psycopg import Connection
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from api.database.clock import ENTER


@contextmanager
def work_engine(app_url: str) -> Iterator[Engine]:
    """An engine signed in as the application, for one piece of work."""
    engine = create_engine(
        app_url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool
    )
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reading_in(engine: Engine, mission_id: UUID) -> Iterator[Session]:
    """A session that sees one mission, in one transaction."""
    with Session(engine, expire_on_commit=False) as session:
        enter(session, mission_id)
        yield session


def enter(session: Session, mission_id: UUID) -> None:
    """From here to the end of its transaction a session sees one mission."""
    session.connection().exec_driver_sql(ENTER, (str(mission_id),))


def driver_of(session: Session) -> Connection[tuple[object, ...]]:
    """The driver's own connection of the running transaction, for COPY."""
    driver: Connection[tuple[object, ...]] | None = (
        session.connection().connection.driver_connection
    )
    assert driver is not None
    return driver
