"""Work of commands: one transaction in one mission, its clock taken first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection, connect
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from api.database.opening import OpenDatabase, running_database
from api.intake.receipts import Signer
from api.sealing.sealer import NOTED, seal_everything
from api.settings import Settings
from schemas.mission import MissionState
from schemas.problems import Refusal

ENTER = "SELECT set_config('app.mission_id', :mission, true)"
ANALYSE = (
    "ANALYZE area, place, round_place, observer, deployment, deployed_observer, sampled_station"
)
STATE = "SELECT state FROM mission"
TICK = "UPDATE mission_clock SET seq = seq + 1 WHERE mission_id = :mission RETURNING seq"


class UnknownMission(Exception):
    """No mission has this name."""


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


@dataclass(frozen=True)
class Office:
    """The running database, as commands use it: signed in as the application."""

    settings: Settings
    database: OpenDatabase
    engine: Engine

    def mission(self, slug: str) -> UUID:
        """A mission's id. Raises :class:`UnknownMission`."""
        with self.engine.connect() as connection:
            found = connection.execute(text("SELECT find_mission(:slug)"), {"slug": slug}).scalar()
        if found is None:
            raise UnknownMission(f"There is no mission {slug!r}.")
        return UUID(str(found))

    @contextmanager
    def reading(self, mission_id: UUID) -> Iterator[Session]:
        """A session that sees one mission."""
        with reading_in(self.engine, mission_id) as session:
            yield session

    @contextmanager
    def work(self, mission_id: UUID, *, though_closed: bool = False) -> Iterator[Work]:
        """A transaction that writes in one mission; see :func:`work_in`."""
        with work_in(self.engine, mission_id, though_closed=though_closed) as work:
            yield work

    def analyse(self) -> None:
        """Let the planner know what an import brought; knowing nothing it may join every row
        with every other. Only the tables' owner may ask for it."""
        with connect(self.database.admin_url, autocommit=True) as connection:
            connection.execute(ANALYSE)


@contextmanager
def office(settings: Settings) -> Iterator[Office]:
    """Join or start the database and work in it; what was written is sealed at the end, of a
    large import the beginning: the rest waits for the server or the next command."""
    with running_database(settings) as database, work_engine(database.app_url) as engine:
        yield Office(settings, database, engine)
        seal_everything(database.app_url, Signer.from_secret(settings.secret), most=NOTED)
