"""Importing observers: pseudonyms and codes, never their names; and whom to call about them."""

from typing import Any

from sqlmodel import select

from api.audit.unit_of_work import Work
from api.imports.preview import TableKind
from api.imports.run import Importer, Outcome, RefusedRow, codes_of
from api.imports.table import CellProblem, Table, TableRow
from api.people.contacts import keep_contacts
from api.people.pledges import PaperSignatures, add_observer
from schemas.mission import Organisation
from schemas.observer import Function, Observer

YES = frozenset({"yes", "true", "1", "y", "x", "oui", "sí", "si", "sim", "نعم", "да", "კი"})
NO = frozenset({"", "no", "false", "0", "n", "non", "não", "لا", "нет", "არა"})
MAX_TEXT_LENGTH = 200
PSEUDONYM = ("pseudonym", "observer", "code")
LISTS = ("languages", "citizenships", "expertise")
REACHED_BY = {
    "coordinator": ("coordinator",),
    "coordinator_telephone": ("coordinator_phone", "coordinator_telephone"),
    "deputy": ("deputy",),
    "deputy_telephone": ("deputy_phone", "deputy_telephone"),
}
"""Whom to call about an observer, by the columns that say it; kept where few may look."""


def import_observers(work: Work, table: Table) -> Outcome:
    """Add observers: columns pseudonym, organisation (its code), function, languages,
    citizenships, expertise, gender, pledged, declared; and whom to call: coordinator,
    coordinator_phone, deputy, deputy_phone.

    ``pledged`` is a pledge signed on paper to the text in force, ``declared`` a declaration with
    nothing to declare, accepted by whoever imports. Nobody changes organisation, and
    nothing signed is taken back. Raises TableProblem where a column is missing.
    """
    register = _Register(work, table)
    outcome = Outcome(table.encoding)
    for row in table.rows:
        register.take(row, outcome)
    register.write(outcome)
    outcome.note(work, "observers.import")
    return outcome


class _Register:
    """The observers there are, and the columns of the file."""

    def __init__(self, work: Work, table: Table) -> None:
        self._work = work
        self._pseudonym = table.require(*PSEUDONYM)
        self._organisation = table.require("organisation", "organization", "organisation_code")
        self._columns = {
            "languages": table.column("languages", "language"),
            "citizenships": table.column("citizenships", "citizenship", "nationality"),
            "expertise": table.column("expertise"),
            "function": table.column("function", "role"),
            "gender": table.column("gender"),
        }
        self._pledged = table.column("pledged", "pledge")
        self._declared = table.column("declared", "declaration", "nothing_to_declare")
        session = work.session
        self._paper = PaperSignatures.of(session, work.mission_id, work.actor)
        self._organisations = {each.code: each.id for each in session.exec(select(Organisation))}
        self._known = {each.pseudonym: each for each in session.exec(select(Observer))}
        self._reached = {
            name: column for name, of in REACHED_BY.items() if (column := table.column(*of))
        }
        self._contacts: dict[str, tuple[int, dict[str, str]]] = {}
        self._seen: set[str] = set()
        self._signed: list[Any] = []

    def take(self, row: TableRow, outcome: Outcome) -> None:
        """Add or change one observer, or say why not."""
        pseudonym = row.cells.get(self._pseudonym, "")
        try:
            self._refuse(pseudonym, row)
            members, contacts = self._members(row), self._contacts_in(row)
        except CellProblem as problem:
            outcome.refused.append(
                RefusedRow(row.line, pseudonym[:MAX_TEXT_LENGTH], problem.reason)
            )
            return
        self._seen.add(pseudonym)
        if contacts:
            self._contacts[pseudonym] = (row.line, contacts)
        observer = self._known.get(pseudonym)
        if observer is None:
            self._signed += add_observer(
                self._work.session,
                self._paper,
                self._organisations[row.cells[self._organisation]],
                pseudonym,
                members.pop("languages", []),
                pledged=self._yes(row, self._pledged),
                declared=self._yes(row, self._declared),
                **members,
            )
            outcome.added.append(pseudonym)
            return
        before, after = self._change(observer, members, row)
        if before == after:
            outcome.unchanged += 1
        else:
            outcome.change(row.line, pseudonym, before, after)

    def _refuse(self, pseudonym: str, row: TableRow) -> None:
        """Raises :class:`CellProblem` for a row that cannot be taken."""
        if not pseudonym or len(pseudonym) > MAX_TEXT_LENGTH:
            raise CellProblem(row, self._pseudonym, "The pseudonym is empty or too long.")
        if pseudonym in self._seen:
            raise CellProblem(row, self._pseudonym, "The pseudonym stands twice in the file.")
        code = row.cells.get(self._organisation, "")
        if code not in self._organisations:
            known = ", ".join(sorted(self._organisations)) or "none"
            says = f"no organisation {code!r}. There are: {known}."
            raise CellProblem(row, self._organisation, says)
        standing = self._known.get(pseudonym)
        if standing and standing.organisation_id != self._organisations[code]:
            raise CellProblem(row, self._organisation, "The observer is of another organisation.")
        for column in (self._pledged, self._declared):
            if row.cells.get(column or "", "").casefold() not in YES | NO:
                raise CellProblem(row, column, "yes or no is needed.")

    def _members(self, row: TableRow) -> dict[str, Any]:
        """What the file says of a person beside pseudonym and organisation; nothing where empty."""
        cells = {name: row.cells.get(column or "", "") for name, column in self._columns.items()}
        members: dict[str, Any] = {
            name: text.replace(",", " ").replace(";", " ").split() if name in LISTS else text
            for name, text in cells.items()
            if text
        }
        if "function" in members:
            members["function"] = self._function(row, members["function"])
        return members

    def _contacts_in(self, row: TableRow) -> dict[str, str]:
        """Whom to call about a person; nothing where empty."""
        for column in self._reached.values():
            if len(row.cells.get(column, "")) > MAX_TEXT_LENGTH:
                raise CellProblem(row, column, f"at most {MAX_TEXT_LENGTH} characters.")
        return {name: text for name, at in self._reached.items() if (text := row.cells.get(at))}

    def _function(self, row: TableRow, text: str) -> Function:
        try:
            return Function(text.casefold().replace(" ", "_").replace("-", "_"))
        except ValueError:
            known = ", ".join(Function)
            says = f"{text[:40]!r} is none of {known}."
            raise CellProblem(row, self._columns["function"], says) from None

    def _yes(self, row: TableRow, column: str | None) -> bool:
        return row.cells.get(column or "", "").casefold() in YES

    def _change(
        self, observer: Observer, members: dict[str, Any], row: TableRow
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Take what a row says anew; what it speaks of, as it was and as it is."""
        paper = self._paper
        before = {name: getattr(observer, name) for name in members}
        after = dict(members)
        if self._yes(row, self._pledged) and not paper.has_signed(observer):
            languages = members.get("languages", observer.languages)
            self._signed.append(paper.pledge(observer.id, observer.organisation_id, languages))
            after["pledged"] = "yes"
        if self._yes(row, self._declared) and observer.id not in paper.declared:
            self._signed.append(paper.declaration(observer.id))
            after["declared"] = "yes"
        for name, value in members.items():
            setattr(observer, name, value)
        self._work.session.add(observer)
        return before, after

    def write(self, outcome: Outcome) -> None:
        """Write the observers, then what they signed, then whom to call about them; what stood
        there before is shown to nobody."""
        session = self._work.session
        session.flush()
        session.add_all(self._signed)
        if not self._contacts:
            return
        ids = {each.pseudonym: each.id for each in session.exec(select(Observer))}
        given = {ids[name]: said for name, (_, said) in self._contacts.items()}
        changed = keep_contacts(session, self._work.mission_id, given)
        added = {*outcome.added}
        for name, (line, _) in self._contacts.items():
            if ids[name] in changed and name not in added:
                outcome.change_more(line, name, {}, {})


OBSERVERS = Importer(
    import_observers, TableKind((PSEUDONYM,), standing=codes_of(Observer.pseudonym))
)
