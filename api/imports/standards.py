"""Importing a mission's own standards: articles of national law, regional charters."""

from typing import Any

from sqlmodel import select

from api.audit.unit_of_work import Work
from api.imports.preview import TableKind
from api.imports.run import Importer, Outcome, RefusedRow
from api.imports.table import CellProblem, Table, TableRow
from schemas.columns import now
from schemas.credential import Role
from schemas.mission import Member, MissionStandard
from schemas.standards import own_code

MAX_TEXT_LENGTH = 500
CODE = ("code",)


def import_standards(work: Work, table: Table) -> Outcome:
    """Add or change standards: columns code (such as ``law:45``), instrument, and says: our own
    paraphrase, or ``says:fr`` for each language.

    An id of the house's catalogue stays what it is. Raises TableProblem where a column is missing.
    """
    code, instrument = table.require(*CODE), table.require("instrument", "law")
    says = _languages(table)
    standing = {each.code: each for each in work.session.exec(select(MissionStandard))}
    leads = select(Member.id).where(Member.role == Role.LEAD).order_by(Member.handle)
    by = work.actor or work.session.exec(leads).all()[0]
    outcome = Outcome(table.encoding)
    for row in table.rows:
        named = row.cells.get(code, "")
        try:
            _refuse(row, code, instrument)
            texts = _texts(row, says)
        except CellProblem as problem:
            outcome.refused.append(RefusedRow(row.line, named[:200], problem.reason))
            continue
        said: dict[str, Any] = {"instrument": row.cells[instrument], "says": texts}
        made = MissionStandard(
            mission_id=work.mission_id, code=named, recorded_by=by, recorded_at=now(), **said
        )
        _keep(work, standing, row.line, made, outcome)
    outcome.note(work, "standards.import")
    return outcome


def _keep(
    work: Work,
    standing: dict[str, MissionStandard],
    line: int,
    made: MissionStandard,
    outcome: Outcome,
) -> None:
    found = standing.setdefault(made.code, made)
    before = {"instrument": found.instrument, "says": found.says}
    after = {"instrument": made.instrument, "says": made.says}
    found.instrument, found.says = made.instrument, made.says
    work.session.add(found)
    if found is made:
        outcome.added.append(made.code)
    elif before == after:
        outcome.unchanged += 1
    else:
        outcome.change(line, made.code, before, after)


def _languages(table: Table) -> dict[str, str]:
    """The header of each language; a plain ``says`` is English."""
    named = {
        label.partition(":")[2].strip(): header
        for label, header in table.labels
        if label.casefold().startswith("says:") and label.partition(":")[2].strip()
    }
    for language, header in named.items():
        table.read_as(f"says:{language}", header)
    return named or {"en": table.require("says", "text", "paraphrase")}


def _refuse(row: TableRow, code: str, instrument: str) -> None:
    named = row.cells.get(code, "")
    try:
        own_code(named)
    except ValueError as error:
        raise CellProblem(row, code, f"{error}.") from None
    if not row.cells.get(instrument) or len(row.cells[instrument]) > MAX_TEXT_LENGTH:
        raise CellProblem(
            row, instrument, f"a title of at most {MAX_TEXT_LENGTH} letters is needed."
        )


def _texts(row: TableRow, says: dict[str, str]) -> dict[str, str]:
    texts = {
        language: row.cells[header] for language, header in says.items() if row.cells.get(header)
    }
    if not texts or any(len(each) > MAX_TEXT_LENGTH for each in texts.values()):
        column = next(iter(says.values()))
        raise CellProblem(
            row, column, f"a paraphrase of at most {MAX_TEXT_LENGTH} letters is needed."
        )
    return texts


STANDARDS = Importer(import_standards, TableKind((CODE,)))
