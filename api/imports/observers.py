"""Importing observers: pseudonyms and codes, never names."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from api.database.work import Work
from api.imports.outcome import Outcome, Refused
from api.imports.table import Table, TableRow
from schemas.columns import now
from schemas.mission import Organisation
from schemas.observer import Observer, Pledge

YES = frozenset({"yes", "true", "1", "y", "x", "oui", "sí", "si", "sim", "نعم", "да", "კი"})
NO = frozenset({"", "no", "false", "0", "n", "non", "não", "لا", "нет", "არა"})
PAPER = "code of conduct, on paper"
LONGEST = 200


def import_observers(work: Work, table: Table) -> Outcome:
    """Add observers: columns pseudonym, organisation (its code), languages, pledged.

    Of a known observer the languages and a pledge may be new; nobody changes organisation, and
    no pledge is taken back. Raises TableProblem where a column is missing.
    """
    register = _Register(work, table)
    outcome = Outcome(table.encoding)
    for row in table.rows:
        register.take(row, outcome)
    outcome.note(work, "observers.import")
    return outcome


class _Register:
    """The observers there are, and the columns of the file."""

    def __init__(self, work: Work, table: Table) -> None:
        self._work = work
        self._pseudonym = table.require("pseudonym", "observer", "code")
        self._organisation = table.require("organisation", "organization", "organisation_code")
        self._languages = table.column("languages", "language")
        self._pledged = table.column("pledged", "pledge")
        session = work.session
        self._organisations = {each.code: each.id for each in session.exec(select(Organisation))}
        self._known = {each.pseudonym: each for each in session.exec(select(Observer))}
        self._signed = set(session.exec(select(Pledge.observer_id)))
        self._seen: set[str] = set()

    def take(self, row: TableRow, outcome: Outcome) -> None:
        """Add or change one observer, or say why not."""
        pseudonym = row.cells.get(self._pseudonym, "")
        reason = self._reason(pseudonym, row)
        if reason is not None:
            outcome.refused.append(Refused(row.line, pseudonym[:LONGEST], reason))
            return
        self._seen.add(pseudonym)
        languages = row.cells.get(self._languages or "", "").replace(",", " ").split()
        pledged = row.cells.get(self._pledged or "", "").casefold() in YES
        observer = self._known.get(pseudonym)
        if observer is None:
            organisation = self._organisations[row.cells[self._organisation]]
            add_observer(
                self._work.session, self._work.mission_id, organisation, pseudonym,
                languages, pledged=pledged,
            )  # fmt: skip
            outcome.added.append(pseudonym)
        elif self._change(observer, languages, pledged=pledged):
            outcome.changed.append(pseudonym)
        else:
            outcome.unchanged += 1

    def _reason(self, pseudonym: str, row: TableRow) -> str | None:
        if not pseudonym or len(pseudonym) > LONGEST:
            return "The pseudonym is empty or too long."
        if pseudonym in self._seen:
            return "The pseudonym stands twice in the file."
        code = row.cells.get(self._organisation, "")
        if code not in self._organisations:
            known = ", ".join(sorted(self._organisations)) or "none"
            return f"column {self._organisation}: no organisation {code!r}. There are: {known}."
        standing = self._known.get(pseudonym)
        if standing and standing.organisation_id != self._organisations[code]:
            return "This observer is of another organisation."
        if row.cells.get(self._pledged or "", "").casefold() not in YES | NO:
            return f"column {self._pledged}: yes or no is needed."
        return None

    def _change(self, observer: Observer, languages: list[str], *, pledged: bool) -> bool:
        newly = pledged and observer.id not in self._signed
        if newly:
            self._work.session.add(paper_pledge(self._work.mission_id, observer.id))
        others = bool(languages) and languages != observer.languages
        if others:
            observer.languages = languages
            self._work.session.add(observer)
        return newly or others


def add_observer(
    session: Session, mission_id: UUID, organisation: UUID, pseudonym: str,
    languages: Iterable[str], *, pledged: bool,
) -> None:  # fmt: skip
    """Add an observer, and the pledge where one was signed on paper."""
    observer = Observer(
        mission_id=mission_id, organisation_id=organisation, pseudonym=pseudonym,
        languages=list(languages),
    )  # fmt: skip
    session.add(observer)
    session.flush()
    if pledged:
        session.add(paper_pledge(mission_id, observer.id))


def paper_pledge(mission_id: UUID, observer: UUID, at: datetime | None = None) -> Pledge:
    """A pledge signed on paper; the text it was signed to is named, not yet scanned."""
    return Pledge(
        mission_id=mission_id, observer_id=observer, instrument=PAPER, text_sha256="",
        language="", means="paper", signed_at=at or now(),
    )  # fmt: skip
