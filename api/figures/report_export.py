"""The reports of a checklist as CSV, XLSX and Parquet files, read row by row from the database.

What is held in memory is a batch of rows, however many there are.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import IO, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, case, func
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import Session
from sqlmodel import col, select

from api.checklists.codebook import codebook, codebook_table, published_definitions, questions_of
from api.database.sessions import mission_session
from api.figures.export import inert
from api.figures.parquet_stream import Cell, ParquetStream
from api.figures.report_table import OTHER_ANSWERS, Areas, ReportTable, StoredRow
from api.figures.workbook_stream import WorkbookStream
from api.problems import INVALID, Problem
from schemas.election import Contest, Round
from schemas.mission import Mission, MissionClock, Organisation
from schemas.observer import Observer
from schemas.place import Area, Place
from schemas.report import Judgement, Report, ReportStatus, ReportVersion

BATCH = 500
NO_CHECKLIST = "The mission has no such checklist."


def table_query(visible: Select[Any], checklist: str) -> Select[Any]:
    """The reports of a checklist that are not superseded, in the order in which they came;
    ``visible`` are the reports that somebody may see."""
    this = visible.where(
        col(Report.checklist) == checklist, col(Report.status) != ReportStatus.SUPERSEDED
    )
    columns = (
        *(getattr(Report, each.name) for each in fields(StoredRow)[:10]),
        col(ReportVersion.envelope),
        col(ReportVersion.answers),
        col(Judgement.codes),
        col(Judgement.flags),
        col(Round.code),
        col(Contest.code),
        col(Place.kind),
        col(Place.code),
        col(Place.name),
        col(Place.area_id),
        col(Observer.pseudonym),
        col(Organisation.name),
        col(Organisation.kind),
    )
    current = and_(
        col(ReportVersion.mission_id) == col(Report.mission_id),
        col(ReportVersion.report_id) == col(Report.id),
        col(ReportVersion.number) == col(Report.version),
    )
    judged = and_(
        col(Judgement.mission_id) == col(Report.mission_id),
        col(Judgement.report_id) == col(Report.id),
        col(Judgement.number) == col(Report.version),
        col(Judgement.rules_id) == col(Report.rules_id),
    )
    query: Select[Any] = this.with_only_columns(*columns).join(ReportVersion, current)
    query = query.outerjoin(Judgement, judged)
    for table, named in (
        (Round, Report.round_id),
        (Contest, Report.contest_id),
        (Place, Report.place_id),
        (Observer, Report.observer_id),
        (Organisation, Report.organisation_id),
    ):
        query = query.outerjoin(table, _the_same(table, named))
    return query.order_by(col(Report.sequence)).execution_options(yield_per=BATCH)


def _the_same(table: Any, named: Any) -> ColumnElement[bool]:
    return and_(col(table.mission_id) == col(Report.mission_id), col(table.id) == col(named))


def come_by(reports: Select[Any], sequence: int | None) -> Select[Any]:
    """Of reports those that had come by an event of the mission; all of them without one."""
    return reports if sequence is None else reports.where(col(Report.sequence) <= sequence)


def reports_now(session: Session, visible: Select[Any], checklist: str) -> tuple[int, int]:
    """The newest event of the session's mission, and of how many reports a file of a checklist is
    that have come by it. Problem: as :func:`report_table`."""
    if not published_definitions(session, checklist):
        raise Problem(INVALID, NO_CHECKLIST, "checklist")
    until = session.execute(select(MissionClock.seq)).scalar_one()
    found = table_query(come_by(visible, until), checklist).order_by(None).subquery()
    return until, session.execute(select(func.count()).select_from(found)).scalar_one()


def stored(rows: Iterable[Row[Any]]) -> list[StoredRow]:
    """The rows of :func:`table_query`."""
    return [StoredRow(*tuple(each)) for each in rows]


def report_table(
    session: Session,
    checklist: str,
    language: str | None = None,
    quality: Mapping[UUID, str] | None = None,
) -> ReportTable:
    """The table of a checklist in the session's mission; options by their labels where a language
    is given; with a column of quality flags where they are given. Problem: 422 where the mission
    has no such checklist."""
    definitions = published_definitions(session, checklist)
    if not definitions:
        raise Problem(INVALID, NO_CHECKLIST, "checklist")
    areas = session.execute(select(Area.id, Area.code, Area.name, Area.parent_id))
    by_id = {each: (code, name, around) for each, code, name, around in areas}
    zone = ZoneInfo(session.execute(select(Mission.zone)).scalar_one())
    repeats = [each.name for each in questions_of(definitions.values()) if each.type == "repeat"]
    repeated = _longest(session, checklist, repeats)
    return ReportTable.of(checklist, definitions, repeated, Areas(by_id), zone, language, quality)


def _longest(session: Session, checklist: str, repeats: Sequence[str]) -> Mapping[str, int]:
    """How many rows each repeat has at most, in any report of the checklist."""
    if not repeats:
        return {}
    answers: Any = col(ReportVersion.answers)
    lengths = [
        func.max(
            case(
                (
                    func.jsonb_typeof(answers[each]) == "array",
                    func.jsonb_array_length(answers[each]),
                ),
                else_=0,
            )
        )
        for each in repeats
    ]
    query: Any = (
        select(*lengths)
        .select_from(Report)
        .join(
            ReportVersion,
            and_(
                col(ReportVersion.mission_id) == col(Report.mission_id),
                col(ReportVersion.report_id) == col(Report.id),
            ),
        )
        .where(Report.checklist == checklist)
    )
    found = session.execute(query).one()
    return {name: many or 0 for name, many in zip(repeats, found, strict=True)}


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as lines of a CSV file in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([inert(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


Format = Literal["csv", "xlsx", "parquet"]


@dataclass(frozen=True)
class Export:
    """A file of reports, ready to be written: its table, its rows, and the code book."""

    table: ReportTable
    query: Select[Any]
    codebook: Sequence[Sequence[Cell]]

    @classmethod
    def prepare(
        cls,
        session: Session,
        visible: Select[Any],
        checklist: str,
        language: str | None = None,
        quality: Mapping[UUID, str] | None = None,
    ) -> "Export":
        """What is needed before the first row. Problem: 422 where there is no such checklist."""
        table = report_table(session, checklist, language, quality)
        book = codebook_table(codebook(session, checklist))
        return cls(table, table_query(visible, checklist), book)

    def write(self, session: Session, form: Format, file: IO[bytes]) -> None:
        """The whole file, by a session that blocks."""
        writer = self._writer(form)
        file.write(writer.head())
        for each in session.execute(self.query).partitions():
            file.write(writer.rows(stored(each)))
        file.write(writer.end())

    async def chunks(
        self, engine: AsyncEngine, mission_id: UUID, form: Format
    ) -> AsyncIterator[bytes]:
        """The file as it is read."""
        writer = self._writer(form)
        yield writer.head()
        async for rows in self._batches(engine, mission_id):
            yield await asyncio.to_thread(writer.rows, rows)
        yield await asyncio.to_thread(writer.end)

    def _writer(self, form: Format) -> "_Csv | _Xlsx | _Parquet":
        if form == "parquet":
            return _Parquet(self)
        return _Csv(self) if form == "csv" else _Xlsx(self)

    async def _batches(
        self, engine: AsyncEngine, mission_id: UUID
    ) -> AsyncIterator[list[StoredRow]]:
        async with mission_session(engine, mission_id) as session:
            found = await session.stream(self.query)
            async for rows in found.partitions():
                yield stored(rows)


class _Csv:
    """Writes an export as CSV."""

    def __init__(self, export: Export) -> None:
        self._table = export.table

    def head(self) -> bytes:
        """The byte order mark that spreadsheets need to see, and the names of the columns."""
        return b"\xef\xbb\xbf" + csv_lines([self._table.headers()])

    def rows(self, rows: Sequence[StoredRow]) -> bytes:
        return csv_lines(self._table.rows(rows))

    def end(self) -> bytes:
        return b""


class _Xlsx:
    """Writes an export as a workbook, the code book on a sheet behind the reports."""

    def __init__(self, export: Export) -> None:
        self._table, self._codebook = export.table, export.codebook
        self._book = WorkbookStream()

    def head(self) -> bytes:
        self._book.begin("reports", self._table.headers())
        return self._book.take()

    def rows(self, rows: Sequence[StoredRow]) -> bytes:
        self._book.add(self._table.rows(rows))
        return self._book.take()

    def end(self) -> bytes:
        head, *rows = self._codebook
        self._book.begin("codebook", head)
        self._book.add(rows)
        return self._book.close()


class _Parquet:
    """Writes an export as Parquet, its columns typed."""

    def __init__(self, export: Export) -> None:
        self._table = table = export.table
        self._file = ParquetStream(table.columns(), str(table.zone), OTHER_ANSWERS)

    def head(self) -> bytes:
        return self._file.take()

    def rows(self, rows: Sequence[StoredRow]) -> bytes:
        self._file.add(self._table.rows(rows))
        return self._file.take()

    def end(self) -> bytes:
        return self._file.close()
