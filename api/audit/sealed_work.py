"""Work of commands: a database, one transaction a piece of work, sealed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from psycopg import connect
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.audit.sealer import NOTED, seal_everything
from api.audit.signing import Signer
from api.audit.unit_of_work import Work, blocking_unit_of_work
from api.database.blocking import reading_in, work_engine
from api.database.opening import OpenDatabase, running_database
from api.settings import Settings

ANALYSE = (
    "ANALYZE area, place, round_place, observer, deployment, deployed_observer, sampled_station"
)


class UnknownMission(Exception):
    """No mission has this name."""


@dataclass(frozen=True)
class CommandContext:
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
        """A transaction that writes in one mission; see :func:`blocking_unit_of_work`."""
        with blocking_unit_of_work(self.engine, mission_id, though_closed=though_closed) as work:
            yield work

    def analyse(self) -> None:
        """Let the planner know what an import brought; knowing nothing it may join every row
        with every other. Only the tables' owner may ask for it."""
        with connect(self.database.admin_url, autocommit=True) as connection:
            connection.execute(ANALYSE)


@contextmanager
def office(settings: Settings) -> Iterator[CommandContext]:
    """Join or start the database and work in it; what was written is sealed at the end, of a
    large import the beginning: the rest waits for the server or the next command."""
    with running_database(settings) as database, work_engine(database.app_url) as engine:
        yield CommandContext(settings, database, engine)
        seal_everything(database.app_url, Signer.from_secret(settings.secret), most=NOTED)
