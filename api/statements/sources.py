"""Sources: documents and tables whose figures no checklist holds, each figure bound to a cell or a
page. A wording refers to one as ``{source:CODE/FIGURE}``."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from analytics.wording import ENGLISH
from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.statements.source_files import CSV, PDF, cell_value, type_of
from schemas.columns import new_id, now
from schemas.memory import Source, SourceFigure, SourceFile, SourceKind
from schemas.mission import Member
from schemas.problems import Refusal

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
ShortName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
SourceUnit = Literal["count", "percent", "share", "seconds", "amount"]
"""What a figure is: how many; of a hundred; of one; how long; money."""


class SourceIn(BaseModel):
    """A source: ``code`` is given, or the next free of S1, S2, …; ``method`` is how its figures
    were made."""

    model_config = ConfigDict(extra="forbid")

    code: ShortName | None = None
    title: Line
    kind: SourceKind
    owner: Line
    dated: date | None = None
    method: Words = ""


class FigureIn(BaseModel):
    """A figure: in a ``cell`` such as ``D14`` of a table (``sheet`` by name or number, else the
    first), where it is read and a given ``value`` is held against it; or typed from a ``page``."""

    model_config = ConfigDict(extra="forbid")

    name: ShortName
    label: Line
    unit: SourceUnit
    value: float | None = Field(default=None, allow_inf_nan=False, ge=-1e15, le=1e15)
    cell: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,3}[1-9][0-9]{0,6}$")] | None = None
    sheet: Annotated[str, StringConstraints(max_length=100)] = ""
    page: int | None = Field(default=None, ge=1, le=100_000)


def add_source(work: Work, given: SourceIn) -> Source:
    """Add a source without its file. Problem: 409 where its code is taken."""
    assert work.actor is not None, "a source is somebody's"
    taken = set(work.session.exec(select(Source.code)).all())
    if given.code in taken and given.code is not None:
        raise Problem(CONFLICT, "A source of this code is there already.", "code")
    code = given.code or next(f"S{n}" for n in range(1, len(taken) + 2) if f"S{n}" not in taken)
    made = Source(
        mission_id=work.mission_id,
        id=new_id(),
        code=code,
        kind=given.kind,
        title=given.title,
        owner=given.owner,
        dated=given.dated,
        method=given.method,
        recorded_by=work.actor,
        recorded_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("source.add", made.id, given.model_dump_json(), note=code)
    return made


def keep_file(work: Work, code: str, name: str, content: bytes) -> Source:
    """Keep the file of a source. Problems: 404, 422 where it is not of the source's kind, 409 where
    figures are bound to the file that is there: another file is another source."""
    source = find_source(work.session, code)
    found = type_of(content)
    if (found == PDF) != (source.kind == SourceKind.DOCUMENT):
        wanted = "a PDF" if source.kind == SourceKind.DOCUMENT else "CSV or XLSX"
        raise Refusal(f"A {source.kind or 'table'} is {wanted}.", "file")
    sha256 = hashlib.sha256(content).hexdigest()
    kept = work.session.get(SourceFile, (work.mission_id, source.id))
    if kept is not None and kept.sha256 == sha256:
        raise Refusal("This file is kept already.", "file")
    bound = select(SourceFigure.id).where(SourceFigure.source_id == source.id)
    if work.session.exec(bound).first() is not None:
        raise Problem(CONFLICT, "Figures are bound to its file: add another source.", "file")
    work.session.merge(
        SourceFile(
            mission_id=work.mission_id,
            source_id=source.id,
            name=_file_name(name, found),
            type=found,
            size=len(content),
            sha256=sha256,
            content=content,
        )
    )
    source.sha256 = sha256
    work.session.add(source)
    work.session.flush()
    work.log("source.file", source.id, sha256, note=source.code or "")
    return source


def add_figure(work: Work, code: str, given: FigureIn) -> SourceFigure:
    """Bind a figure to a cell, whose value is read from the file; or to a page, from which whoever
    adds it has typed it. Problems: 404, 409 where the name is taken, 422 naming the field."""
    assert work.actor is not None, "a figure is somebody's"
    source = find_source(work.session, code)
    file = work.session.get(SourceFile, (work.mission_id, source.id))
    named = select(SourceFigure).where(
        SourceFigure.source_id == source.id, SourceFigure.name == given.name
    )
    if work.session.exec(named).first() is not None:
        raise Problem(CONFLICT, "A figure of this name is there already.", "name")
    if file is None:
        raise Refusal("Its file is needed first: a figure is bound to a place in it.", "source")
    value, place = _bound(file, given)
    made = SourceFigure(
        mission_id=work.mission_id,
        id=new_id(),
        source_id=source.id,
        name=given.name,
        label=given.label,
        value=value,
        unit=given.unit,
        place=place,
        recorded_by=work.actor,
        recorded_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("source.figure", made.id, repr((given.name, value, place)), note=f"{code}/{made.name}")
    return made


def _bound(file: SourceFile, given: FigureIn) -> tuple[float, dict[str, Any]]:
    if file.type == PDF:
        if given.page is None or given.cell:
            raise Refusal("Name the page of the document.", "page")
        if given.value is None:
            raise Refusal("Type the figure as the page has it.", "value")
        return given.value, {"page": given.page}
    if given.cell is None or given.page is not None:
        raise Refusal("Name the cell of the table, such as D14.", "cell")
    cell, sheet = given.cell.upper(), "" if file.type == CSV else given.sheet
    read = cell_value(file.content, sheet, cell, share=given.unit == "share")
    if given.value is not None and given.value != read:
        raise Refusal(f"The cell holds {read:g}, not {given.value:g}.", "value")
    return read, {"cell": cell} | ({"sheet": sheet} if sheet else {})


def find_source(session: Session, code: str) -> Source:
    """A source by its code; one without a code by its id. Problem: 404."""
    found = session.exec(select(Source).where(Source.code == code)).one_or_none()
    if found is None and (identity := _identity(code)) is not None:
        found = session.exec(select(Source).where(Source.id == identity)).one_or_none()
    if found is None:
        raise Problem(NOT_FOUND)
    return found


async def list_sources(session: AsyncSession, who: Principal) -> list[dict[str, Any]]:
    """All sources with their files and figures, oldest first."""
    sources = await _all(session, select(Source).where(Source.mission_id == who.mission_id))
    columns: Any = (SourceFile.source_id, SourceFile.name, SourceFile.type, SourceFile.size)
    kept = select(*columns).where(SourceFile.mission_id == who.mission_id)
    files = {row.source_id: row for row in (await session.execute(kept)).all()}
    figures = await _figures(session, who.mission_id)
    return [
        {
            "id": each.code or str(each.id),
            "title": each.title,
            "kind": each.kind,
            "owner": each.owner,
            "dated": each.dated,
            "method": each.method,
            "sha256": each.sha256,
            "file": {"name": file.name, "type": file.type, "size": file.size}
            if (file := files.get(each.id))
            else None,
            "figures": [
                figure_out(one, each, by) for one, by in figures if one.source_id == each.id
            ],
        }
        for each in sorted(sources, key=lambda one: one.id)
    ]


def figure_out(figure: SourceFigure, source: Source, by: str = "") -> dict[str, Any]:
    """A figure as the API gives it, with the reference by which a wording names it."""
    return {
        "name": figure.name,
        "label": figure.label,
        "value": figure.value,
        "unit": figure.unit,
        "where": dict(figure.place),
        "reference": f"{{source:{source.code or source.id}/{figure.name}}}",
        "text": printed(figure),
    } | ({"recorded_by": by} if by else {})


async def file_of(session: AsyncSession, who: Principal, code: str) -> SourceFile:
    """The file of a source. Problem: 404 where there is none."""
    source = await session.run_sync(lambda plain: find_source(_plain(plain), code))
    found = await session.get(SourceFile, (who.mission_id, source.id))
    if found is None:
        raise Problem(NOT_FOUND)
    return found


async def source_numbers(session: AsyncSession, mission_id: UUID) -> dict[str, dict[str, Any]]:
    """Every figure of a source as a snapshot holds it, by the id ``source:CODE/FIGURE``: its query
    says whose it is, of when, how made, where it stands, and the hash of its file."""
    found = await _all(session, select(Source).where(Source.mission_id == mission_id))
    sources = {each.id: each for each in found}
    numbers = {}
    for figure, by in await _figures(session, mission_id):
        source = sources[figure.source_id]
        numbers[f"source:{source.code or source.id}/{figure.name}"] = {
            "type": "fact",
            "measure": "fact",
            "text": printed(figure),
            "value": figure.value,
            "query": {
                "measure": figure.label,
                "source": source.title,
                "owner": source.owner,
                "dated": source.dated.isoformat() if source.dated else "",
                "method": source.method,
                "where": where(figure.place),
                "sha256": source.sha256,
                "bound_by": by,
            },
        }
    return numbers


def printed(figure: SourceFigure) -> str:
    """A figure as it is printed: shares as percentages, at most two decimals."""
    value = 100 * figure.value if figure.unit == "share" else figure.value
    text = ENGLISH.decimals(value, 0 if value == int(value) else 2)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text + (ENGLISH.percent if figure.unit in ("share", "percent") else "")


def where(place: Mapping[str, Any]) -> str:
    """Where a figure stands: ``cell D14``, ``Sheet, cell D14``, ``page 7``."""
    if "page" in place:
        return f"page {place['page']}"
    sheet = f"{place['sheet']}, " if place.get("sheet") else ""
    return f"{sheet}cell {place['cell']}"


def _plain(session: Any) -> Session:
    assert isinstance(session, Session)
    return session


async def _all(session: AsyncSession, query: Any) -> list[Source]:
    return list((await session.execute(query)).scalars())


async def _figures(session: AsyncSession, mission_id: UUID) -> list[tuple[SourceFigure, str]]:
    query = (
        select(SourceFigure, Member.handle)
        .outerjoin(
            Member,
            (col(Member.mission_id) == col(SourceFigure.mission_id))
            & (col(Member.id) == col(SourceFigure.recorded_by)),
        )
        .where(SourceFigure.mission_id == mission_id)
        .order_by(col(SourceFigure.id))
    )
    return [(row[0], row[1] or "") for row in (await session.execute(query)).all()]


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _file_name(name: str, found: str) -> str:
    """A name that may stand in a header and in a folder; empty ones are named by their type."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-100:].strip("._")
    return plain or f"source.{found}"
