"""A mission as it would be after an act that changes reports and is not committed.

The act is done in a transaction that is rolled back. What it changed is read there by the
statements that the record is read by (:func:`read_changes`), and given to a figure: beside the
edition it makes another with these reports (:func:`as_changed`), and both are asked for the same
numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from psycopg import AsyncConnection, sql
from sqlalchemy import Executable

from analytics.observation.ids import micro
from analytics.observation.record import Batch
from api.figures.ask import figure
from api.figures.edition import Edition, Locks
from api.figures.load_record import batch_of_changes, statements_of_changes
from api.figures.unobserved import SAYING, saying_of

ROUNDS = """
SELECT DISTINCT o.code FROM report r JOIN round o ON o.mission_id = r.mission_id
  AND o.id = r.round_id
WHERE r.mission_id = %(m)s AND r.changed > %(after)s AND r.changed <= %(until)s ORDER BY o.code"""
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class ChangesReading:
    """How reports that changed are read for the record of one round; ``setting`` is the clock of
    its reference data, ``given`` the parameters of each statement."""

    setting: int
    round_code: str
    given: tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True)
class ReportChanges:
    """Reports as a transaction changed them: the rows of each statement, the mission's clock before
    it, and the rounds that they are of."""

    reading: ChangesReading
    before: int
    rows: tuple[Rows, ...]
    rounds: tuple[str, ...] = ()

    def round_meant(self) -> str | None:
        """The round whose figures they change, where it is not the one that they were read for."""
        if not self.rounds or self.reading.round_code in self.rounds:
            return None
        return self.rounds[0]


@figure
def changes_reading(edition: Edition) -> ChangesReading:
    """How reports that change are read for this edition."""
    statements, given = statements_of_changes(edition.reference)
    return ChangesReading(
        edition.reference.setting,
        edition.reference.polling.code,
        (*((each, given) for each in statements), (SAYING, saying_of(edition))),
    )


async def read_changes(
    connection: AsyncConnection[Any],
    reading: ChangesReading,
    mission_id: object,
    before: int,
    until: int,
) -> ReportChanges:
    """What a transaction changed under the readings of the clock after ``before``, up to
    ``until``."""
    window = {"m": mission_id, "after": before, "until": until}
    found = []
    async with connection.cursor(binary=True) as cursor:
        for statement, given in reading.given:
            await cursor.execute(sql.SQL(statement), {**given, **window})
            found.append(await cursor.fetchall())
        await cursor.execute(ROUNDS, window)
        rounds = tuple(code for (code,) in await cursor.fetchall())
    return ReportChanges(reading, before, tuple(found), rounds)


def as_changed(edition: Edition, changes: ReportChanges) -> Edition | None:
    """The edition with these reports; None where they have changed otherwise since, or the
    reference data have, so that they are to be read again."""
    if edition.reference.setting != changes.reading.setting:
        return None
    clock = edition.clock + 1
    *of_record, saying = changes.rows
    batch = batch_of_changes(edition.reference, of_record, clock)
    if _moved_since(edition, batch, changes.before):
        return None
    batch.rows["changed"] = clock

    def read(statement: Executable | str, parameters: Mapping[str, Any]) -> Sequence[Any]:
        return saying if statement == SAYING else edition.read(statement, parameters)

    return replace(
        edition,
        record=edition.record.with_rows(batch).due(micro(edition.as_of)),
        read=read,
        side=edition.side.apart(edition.clock),
        _made={},
        _locks=Locks(),
    )


def _moved_since(edition: Edition, batch: Batch, before: int) -> bool:
    """Whether any of these reports, or of the reports of their visits, has changed since."""
    record = edition.record
    news = np.flatnonzero(record["changed"] > before)
    at = record.find(batch.rows["id"])
    here = at[at >= 0]
    visits = np.concatenate([record.visits.find(batch.visits), record["visit"][here]])
    return bool(np.isin(news, here).any() or np.isin(record["visit"][news], visits).any())
