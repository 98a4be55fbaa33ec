"""Reading missions with connections of its own, from threads: what the record and the reference
data are loaded with."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, create_engine, text
from sqlmodel import Session

from api.database.blocking import enter
from api.database.sessions import LOCK_SECONDS, lock_timeout
from api.figures.columns import stream

LONGEST_SECONDS = 120
"""So long one statement may take that reads a mission whole; any other a tenth of that."""
WHOLE = (
    "SET LOCAL work_mem = '128MB'",
    "SET LOCAL enable_nestloop = off",
    f"SET LOCAL statement_timeout = '{LONGEST_SECONDS}s'",
)
"""How a mission is read whole. Of tables that were just filled the database has no statistics, and
a loop over a loop takes minutes."""


class MissionReader:
    """Opens sessions that only read, of one moment each."""

    def __init__(self, url: str, size: int = 4) -> None:
        self._closed = False
        options = f"{lock_timeout(LOCK_SECONDS)} -c statement_timeout={LONGEST_SECONDS * 100}"
        self._engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=size,
            pool_pre_ping=True,
            pool_timeout=10,
            isolation_level="REPEATABLE READ",
            connect_args={"connect_timeout": 5, "options": options},
        )

    @contextmanager
    def mission(self, mission_id: UUID) -> Iterator[Session]:
        """A session in one transaction, which belongs to one mission and sees one moment."""
        pool = self._engine.pool
        try:
            with Session(self._engine) as session:
                session.execute(text("SET TRANSACTION READ ONLY"))
                enter(session, mission_id)
                yield session
        finally:
            if self._closed:
                # What was in use when all were closed went back to a pool that nobody has.
                pool.dispose()
                self._engine.dispose()

    def rows(
        self, mission_id: UUID, statement: Executable | str, given: Mapping[str, Any]
    ) -> Sequence[Any]:
        """Rows of a statement; of a plain text its parameters are ``%(name)s``, and its rows
        tuples as the driver gives them."""
        with self.mission(mission_id) as session:
            if isinstance(statement, str):
                return [*stream(session, statement, given)]
            return session.execute(statement, given).all()

    def close(self) -> None:
        """Close all connections; one that is in use when it is given back."""
        self._closed = True
        self._engine.dispose()
