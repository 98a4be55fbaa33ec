"""What is brought in on paper of observers: pledges, identities, briefings, accreditations."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import select

from api.audit.unit_of_work import Work
from api.database.roles import RESTRICTED_ROLE
from api.imports.cells import day, moment
from api.imports.observers import PSEUDONYM
from api.imports.preview import TableKind
from api.imports.run import Importer, Outcome, RefusedRow
from api.imports.table import CellProblem, Table, TableRow
from api.people.gates import SUBJECTS
from api.people.pledges import PaperSignatures
from schemas.columns import now
from schemas.mission import Mission
from schemas.observer import (
    Accreditation,
    AccreditationState,
    Briefing,
    CodeText,
    Identity,
    Observer,
    Pledge,
)

Taken = tuple[Mapping[str, Any], Mapping[str, Any]] | Literal[True] | None
SHA256 = re.compile("[0-9a-f]{64}")
SIGNED, SUBJECT, HELD = ("signed_at", "date"), ("subject",), ("held_at", "date")
DETAILS = ("name", "telephone", "email", "document", "emergency_contact")


def import_pledges(work: Work, table: Table) -> Outcome:
    """Pledges signed on paper: pseudonym, signed_at, language, witness, scan (its SHA-256).

    A pledge is to the text that was in force in that language when it was signed.
    """
    paper = PaperSignatures.of(work.session, work.mission_id, work.actor)
    texts = list(work.session.exec(select(CodeText)))
    signed = {(each.observer_id, each.signed_at) for each in work.session.exec(select(Pledge))}
    zone = _zone(work)
    at, language = table.require(*SIGNED), table.column("language")
    witness, scan = table.require("witness"), table.column("scan", "scan_sha256")

    def take(row: TableRow, observer: Observer) -> Taken:
        when = moment(row, at, zone)
        if any((observer.id, each) in signed for each in (when, moment(row, at, UTC))):
            return None
        if not row.cells.get(witness):
            raise CellProblem(row, witness, "who saw it signed is needed.")
        digest = row.cells.get(scan or "", "").lower()
        if digest and not SHA256.fullmatch(digest):
            raise CellProblem(row, scan, "the SHA-256 of the scan is 64 hexadecimal digits.")
        instrument = paper.instruments[observer.organisation_id]
        spoken = row.cells.get(language or "", "")
        text_ = _text_at(texts, instrument, spoken, when)
        if text_ is None and any(each.instrument == instrument for each in texts):
            raise CellProblem(row, language or at, "no text was in force then in this language.")
        pledge = paper.pledge(
            observer.id,
            observer.organisation_id,
            [spoken],
            when,
            witness=row.cells[witness],
            scan_sha256=digest,
        )
        pledge.text_sha256 = text_.sha256 if text_ else ""
        pledge.language = text_.language if text_ else spoken
        work.session.add(pledge)
        return True

    return _each(work, table, take, "pledges.import")


def import_identities(work: Work, table: Table) -> Outcome:
    """Who stands behind a pseudonym: name, telephone, email, document, emergency_contact.

    Kept where few may look. Nothing of it is in the audit log but that it was brought in.
    """
    columns = {name: table.column(name) for name in DETAILS} | {"name": table.require("name")}
    session = work.session
    found: dict[UUID, dict[str, str]] = {}

    def take(row: TableRow, observer: Observer) -> Taken:
        said = {name: row.cells.get(column or "", "") for name, column in columns.items()}
        if not said["name"]:
            raise CellProblem(row, columns["name"], "a name is needed.")
        standing = known.get(observer.id)
        if standing is not None and all(getattr(standing, key) == said[key] for key in DETAILS):
            return None
        found[observer.id] = said
        if observer.identified_at is None:
            observer.identified_at, observer.identified_by = now(), work.actor
            session.add(observer)
        return True if standing is None else ({}, {})

    session.execute(text(f"SET LOCAL ROLE {RESTRICTED_ROLE}"))
    known = {each.holder_id: each for each in session.exec(select(Identity))}
    session.execute(text("RESET ROLE"))
    outcome = _each(work, table, take, "identities.import")
    session.flush()
    session.execute(text(f"SET LOCAL ROLE {RESTRICTED_ROLE}"))
    for holder, said in found.items():
        identity = known.get(holder) or Identity(
            mission_id=work.mission_id, holder_id=holder, name="", recorded_at=now()
        )
        for key, value in said.items():
            setattr(identity, key, value)
        session.add(identity)
    session.flush()
    session.execute(text("RESET ROLE"))
    return outcome


def import_briefings(work: Work, table: Table) -> Outcome:
    """Briefings: pseudonym, subject (law, security, method), held_at."""
    subject, at = table.require(*SUBJECT), table.require(*HELD)
    zone = _zone(work)
    known = {
        (each.observer_id, each.subject, each.held_at)
        for each in work.session.exec(select(Briefing))
    }

    def take(row: TableRow, observer: Observer) -> Taken:
        what = row.cells.get(subject, "").casefold()
        if what not in SUBJECTS:
            raise CellProblem(row, subject, f"{what[:40]!r} is none of {', '.join(SUBJECTS)}.")
        when = moment(row, at, zone)
        if any((observer.id, what, each) in known for each in (when, moment(row, at, UTC))):
            return None
        known.add((observer.id, what, when))
        work.session.add(
            Briefing(
                mission_id=work.mission_id,
                observer_id=observer.id,
                subject=what,
                held_at=when,
                recorded_by=work.actor,
            )
        )
        return True

    return _each(work, table, take, "briefings.import")


def import_accreditations(work: Work, table: Table) -> Outcome:
    """Accreditations: pseudonym, state (applied, issued, refused), number, issuer, applied_on,
    decided_on, reason."""
    state = table.require("state")
    texts = {name: table.column(name) for name in ("number", "issuer", "reason")}
    days = {name: table.column(name) for name in ("applied_on", "decided_on")}
    known = {each.observer_id: each for each in work.session.exec(select(Accreditation))}

    def take(row: TableRow, observer: Observer) -> Taken:
        said: dict[str, Any] = {
            name: row.cells.get(column, "") for name, column in texts.items() if column
        }
        said |= {name: day(row, column) for name, column in days.items() if column}
        said["state"] = row.cells.get(state, "").casefold()
        if said["state"] not in set(AccreditationState):
            raise CellProblem(row, state, f"none of {', '.join(AccreditationState)}.")
        standing = known.get(observer.id)
        _refuse_disorder(row, days, standing, said)
        if standing is not None and all(getattr(standing, key) == said[key] for key in said):
            return None
        made = standing or Accreditation(
            mission_id=work.mission_id, observer_id=observer.id, state=""
        )
        before = {key: getattr(made, key) for key in said}
        for key, value in said.items():
            setattr(made, key, value)
        work.session.add(made)
        return True if standing is None else (before, said)

    return _each(work, table, take, "accreditations.import")


def _refuse_disorder(
    row: TableRow,
    days: Mapping[str, str | None],
    standing: Accreditation | None,
    said: Mapping[str, Any],
) -> None:
    """A decision is not before what it decides."""
    applied, decided = (said.get(name, getattr(standing, name, None)) for name in days)
    if applied and decided and decided < applied:
        column = days["decided_on"] or days["applied_on"]
        raise CellProblem(row, column, "the decision is before the application.")


def _each(
    work: Work, table: Table, take: Callable[[TableRow, Observer], Taken], act: str
) -> Outcome:
    """Every row with its observer; ``take`` says True where something is added, what it was and
    is where it is changed, None where neither."""
    pseudonym = table.require(*PSEUDONYM)
    known = {each.pseudonym: each for each in work.session.exec(select(Observer))}
    outcome = Outcome(table.encoding)
    for row in table.rows:
        name = row.cells.get(pseudonym, "")
        try:
            if name not in known:
                raise CellProblem(row, pseudonym, "the mission has no such observer.")
            added = take(row, known[name])
        except CellProblem as problem:
            outcome.refused.append(RefusedRow(row.line, name[:200], problem.reason))
            continue
        if added is None:
            outcome.unchanged += 1
        elif added is True:
            outcome.added.append(name)
        else:
            outcome.change(row.line, name, *added)
    outcome.note(work, act)
    return outcome


def _text_at(
    texts: list[CodeText], instrument: str, language: str, at: datetime
) -> CodeText | None:
    """The text in force at a moment, in the language named; in any, where none is."""
    standing = [
        each
        for each in texts
        if each.instrument == instrument
        and each.in_force_since <= at
        and (not language or each.language == language)
    ]
    return max(standing, key=lambda each: each.in_force_since, default=None)


def _zone(work: Work) -> ZoneInfo:
    return ZoneInfo(work.session.exec(select(Mission.zone)).one())


PLEDGES = Importer(import_pledges, TableKind((PSEUDONYM, SIGNED)))
IDENTITIES = Importer(import_identities, TableKind((PSEUDONYM,)))
BRIEFINGS = Importer(import_briefings, TableKind((PSEUDONYM, SUBJECT, HELD)))
ACCREDITATIONS = Importer(import_accreditations, TableKind((PSEUDONYM,)))
