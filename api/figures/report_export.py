"""The reports of a checklist as CSV and XLSX files, read row by row from the database.

What is held in memory is a batch of rows, however many there are.
"""

import asyncio
import csv
import io
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import IO, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import ColumnElement, Row, Select, and_, case, func
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import Session
from sqlmodel import col, select

from api.checklists.codebook import codebook, codebook_table, published_definitions, questions_of
from api.database.sessions import mission_session
from api.figures.export import inert
from api.figures.report_table import Areas, Cell, ReportTable, StoredRow
from api.problems import INVALID, Problem
from schemas.election import Contest, Round
from schemas.mission import Mission, Organisation
from schemas.observer import Observer
from schemas.place import Area, Place
from schemas.report import Judgement, Report, ReportStatus, ReportVersion

BATCH = 500
ROWS_PER_SHEET = 1_000_000
"""A sheet of a workbook holds 1,048,576 rows."""
NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What a workbook, which is XML, cannot hold."""


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


def stored(rows: Iterable[Row[Any]]) -> list[StoredRow]:
    """The rows of :func:`table_query`."""
    return [StoredRow(*tuple(each)) for each in rows]


def report_table(session: Session, checklist: str, language: str | None = None) -> ReportTable:
    """The table of a checklist in the session's mission; options by their labels where a language
    is given. Problem: 422 where the mission has no such checklist."""
    definitions = published_definitions(session, checklist)
    if not definitions:
        raise Problem(INVALID, "The mission has no such checklist.", "checklist")
    areas = session.execute(select(Area.id, Area.code, Area.name, Area.parent_id))
    by_id = {each: (code, name, around) for each, code, name, around in areas}
    zone = ZoneInfo(session.execute(select(Mission.zone)).scalar_one())
    repeats = [each.name for each in questions_of(definitions.values()) if each.type == "repeat"]
    repeated = _longest(session, checklist, repeats)
    return ReportTable.of(checklist, definitions, repeated, Areas(by_id), zone, language)


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


def csv_head(table: ReportTable) -> bytes:
    """What a CSV file begins with: the byte order mark that spreadsheets need to see, and the
    names of the columns."""
    return b"\xef\xbb\xbf" + csv_lines([table.headers()])


class ReportWorkbook:
    """A workbook that is written row by row."""

    def __init__(self, headers: Sequence[str], title: str = "reports") -> None:
        self._book = openpyxl.Workbook(write_only=True)
        self._headers, self._title, self._rows = headers, title, 0
        self._sheet = self._begin(title)

    def _begin(self, title: str) -> Any:
        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(_cells(sheet, self._headers))
        return sheet

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows; what one sheet cannot hold stands on the next."""
        for row in rows:
            if self._rows and self._rows % ROWS_PER_SHEET == 0:
                self._sheet = self._begin(f"{self._title} {self._rows // ROWS_PER_SHEET + 1}")
            self._sheet.append(_cells(self._sheet, row))
            self._rows += 1

    def add_sheet(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Another sheet, whole."""
        sheet = self._book.create_sheet(title)
        for row in rows:
            sheet.append(_cells(sheet, row))

    def save(self, file: IO[bytes]) -> None:
        """Write the file. It is the last that is done."""
        self._book.save(file)


def _cells(sheet: Worksheet, row: Sequence[Cell]) -> list[object]:
    return [_cell(sheet, each) for each in row]


def _cell(sheet: Worksheet, value: Cell) -> object:
    """A cell; a text stays a text, whatever it begins with."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, str(inert(NO_CHARACTER.sub("\ufffd", value))))
    cell.data_type = "s"
    return cell


Format = Literal["csv", "xlsx"]
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Export:
    """A file of reports, ready to be written: its table, its rows, and the code book."""

    table: ReportTable
    query: Select[Any]
    codebook: Sequence[Sequence[Cell]]

    @classmethod
    def prepare(
        cls, session: Session, visible: Select[Any], checklist: str, language: str | None = None
    ) -> "Export":
        """What is needed before the first row. Problem: 422 where there is no such checklist."""
        table = report_table(session, checklist, language)
        book = codebook_table(codebook(session, checklist))
        return cls(table, table_query(visible, checklist), book)

    def write(self, session: Session, form: Format, file: IO[bytes]) -> None:
        """The whole file, by a session that blocks."""
        batches = (stored(each) for each in session.execute(self.query).partitions())
        if form == "csv":
            file.write(csv_head(self.table))
            for rows in batches:
                file.write(csv_lines(self.table.rows(rows)))
            return
        book = ReportWorkbook(self.table.headers())
        for rows in batches:
            book.add(self.table.rows(rows))
        book.add_sheet("codebook", self.codebook)
        book.save(file)

    async def csv_chunks(self, engine: AsyncEngine, mission_id: UUID) -> AsyncIterator[bytes]:
        """A CSV file as it is read."""
        yield csv_head(self.table)
        async for rows in self._batches(engine, mission_id):
            yield await asyncio.to_thread(self._lines, rows)

    async def xlsx_file(self, engine: AsyncEngine, mission_id: UUID) -> IO[bytes]:
        """A workbook as a temporary file, which goes when it is closed."""
        book = ReportWorkbook(self.table.headers())
        async for rows in self._batches(engine, mission_id):
            await asyncio.to_thread(self._add, book, rows)
        return await asyncio.to_thread(self._saved, book)

    def _lines(self, rows: Sequence[StoredRow]) -> bytes:
        return csv_lines(self.table.rows(rows))

    def _add(self, book: ReportWorkbook, rows: Sequence[StoredRow]) -> None:
        book.add(self.table.rows(rows))

    def _saved(self, book: ReportWorkbook) -> IO[bytes]:
        book.add_sheet("codebook", self.codebook)
        file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
        book.save(file)
        file.seek(0)
        return file

    async def _batches(
        self, engine: AsyncEngine, mission_id: UUID
    ) -> AsyncIterator[list[StoredRow]]:
        async with mission_session(engine, mission_id) as session:
            found = await session.stream(self.query)
            async for rows in found.partitions():
                yield stored(rows)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file piece by piece; it is closed at the end."""
    with file:
        while piece := file.read(CHUNK):
            yield piece
