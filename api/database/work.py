"""Work of commands: one transaction in one mission, its clock taken first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from schemas.mission import MissionState
from schemas.problems import Refusal

ENTER = "SELECT set_config('app.mission_id', :mission, true)"
STATE = "SELECT state FROM mission"
TICK = "UPDATE mission_clock SET seq = seq + 1 WHERE mission_id = :mission RETURNING seq"


@dataclass(frozen=True)
class Work:
    """One transaction in one mission. ``sequence`` is the clock's reading for all it writes,
    ``actor`` the member who does it, where one does."""

    session: Session
    mission_id: UUID
    sequence: int
    actor: UUID | None = None

    @property
    def plain(self) -> Connection[tuple[object, ...]]:
        """The driver's own connection of this transaction, for COPY."""
        driver: Connection[tuple[object, ...]] | None = (
            self.session.connection().connection.driver_connection
        )
        assert driver is not None
        return driver


@contextmanager
def reading_in(engine: Engine, mission_id: UUID) -> Iterator[Session]:
    """A session that sees one mission."""
    with Session(engine, expire_on_commit=False) as session:
        session.execute(text(ENTER), {"mission": str(mission_id)})
        yield session


@contextmanager
def work_in(
    engine: Engine, mission_id: UUID, *, actor: UUID | None = None, though_closed: bool = False
) -> Iterator[Work]:
    """A transaction that writes in one mission; committed at the end, or not at all.

    Refused in a closed mission; ``though_closed`` is for the closing, and for who comes in.
    """
    with reading_in(engine, mission_id) as session:
        reading = session.execute(text(TICK), {"mission": mission_id}).scalar_one()
        if not though_closed and session.execute(text(STATE)).scalar() == MissionState.CLOSED:
            raise Refusal("The mission is closed; nothing is written in it any more.")
        yield Work(session, mission_id, int(reading), actor)
        session.execute(
            text("SELECT pg_notify('indelible_reports', :mission)"), {"mission": str(mission_id)}
        )
        session.commit()


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
