"""Importing observers and deployments: pseudonyms and codes, never names."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import orjson
from sqlmodel import col, select

from api.audit import audit_entry
from api.database.work import Work
from api.imports.stations import Outcome, Refused
from api.imports.table import Table, TableRow, whole_number
from schemas.columns import now
from schemas.election import Round
from schemas.mission import Organisation
from schemas.observer import DeployedObserver, Deployment, Observer, Pledge
from schemas.place import Area, Place, PlaceKind

YES = frozenset({"yes", "true", "1", "y", "oui", "sí", "sim", "نعم"})
PAPER = "code of conduct, on paper"
KINDS = frozenset({"static", "mobile", "centre"})


def import_observers(work: Work, table: Table, *, dry_run: bool = False) -> Outcome:
    """Add observers: columns pseudonym, organisation (its code), languages, pledged.

    A known pseudonym is left as it is, but for a pledge that it did not have yet.
    """
    pseudonym, organisation = table.require("pseudonym", "code"), table.require("organisation")
    languages, pledged = table.column("languages"), table.column("pledged", "pledge")
    organisations = {each.code: each.id for each in work.session.exec(select(Organisation))}
    known = {each.pseudonym: each.id for each in work.session.exec(select(Observer))}
    signed = set(work.session.exec(select(Pledge.observer_id)))
    outcome = Outcome()
    for row in table.rows:
        name, code = row.cells.get(pseudonym, ""), row.cells.get(organisation, "")
        has_pledged = row.cells.get(pledged or "", "").casefold() in YES
        if not name or code not in organisations:
            reason = f"There is no organisation {code!r}." if name else "The pseudonym is empty."
            outcome.refused.append(Refused(row.line, name, reason))
            continue
        observer = known.get(name)
        if observer is None:
            observer = _add(work, organisations[code], name, row.cells.get(languages or "", ""))
            known[name] = observer
            outcome.added.append(name)
        elif has_pledged and observer not in signed:
            outcome.changed.append(name)
        else:
            outcome.unchanged += 1
        if has_pledged and observer not in signed:
            signed.add(observer)
            work.session.add(paper_pledge(work.mission_id, observer))
    _finish(work, "observers.import", outcome, dry_run=dry_run)
    return outcome


def _add(work: Work, organisation: UUID, pseudonym: str, languages: str) -> UUID:
    observer = Observer(
        mission_id=work.mission_id, organisation_id=organisation, pseudonym=pseudonym,
        languages=languages.replace(",", " ").split(),
    )  # fmt: skip
    work.session.add(observer)
    work.session.flush()
    return observer.id


def paper_pledge(mission_id: UUID, observer: UUID, at: datetime | None = None) -> Pledge:
    """A pledge signed on paper; the text it was signed to is named, not yet scanned."""
    return Pledge(
        mission_id=mission_id, observer_id=observer, instrument=PAPER, text_sha256="",
        language="", means="paper", signed_at=at or now(),
    )  # fmt: skip


def import_deployments(work: Work, table: Table, *, dry_run: bool = False) -> Outcome:
    """Add deployments: round, kind, station or area, observers (parted by spaces), and a column
    for each checklist with the number of reports expected, such as ``expect voting``."""
    places = {
        each.code: each.id
        for each in work.session.exec(select(Place).where(col(Place.kind) == PlaceKind.STATION))
    }
    plan = _Plan(
        rounds={each.code: each.id for each in work.session.exec(select(Round))},
        places=places,
        areas={each.code: each.id for each in work.session.exec(select(Area))},
        observers={each.pseudonym: each for each in work.session.exec(select(Observer))},
    )
    outcome = Outcome()
    for row in table.rows:
        reason = plan.add(work, table, row)
        if reason is None:
            outcome.added.append(str(row.line))
        else:
            outcome.refused.append(Refused(row.line, row.cells.get("station", ""), reason))
    _finish(work, "deployments.import", outcome, dry_run=dry_run)
    return outcome


class _Plan:
    """What a deployment may refer to."""

    def __init__(
        self, rounds: dict[str, UUID], places: dict[str, UUID], areas: dict[str, UUID],
        observers: dict[str, Observer],
    ) -> None:  # fmt: skip
        self.rounds, self.places, self.areas, self.observers = rounds, places, areas, observers

    def add(self, work: Work, table: Table, row: TableRow) -> str | None:
        """Add one row's deployment, or say why not."""
        cells = row.cells
        team = cells.get(table.require("observers", "observer"), "").replace(",", " ").split()
        station, area = cells.get("station", ""), cells.get("area", "")
        round_ = cells.get("round", "") or next(iter(self.rounds), "")
        unknown = [*self._unknown(round_, station, area), *(set(team) - self.observers.keys())]
        if unknown:
            return f"Not known: {', '.join(unknown)}."
        if not team or not (station or area):
            return "A team and a place are needed."
        people = [self.observers[name] for name in team]
        if len({each.organisation_id for each in people}) > 1:
            return "A team is of one organisation."
        kind = cells.get("kind", "") or ("static" if station else "mobile")
        if kind not in KINDS:
            return f"The kind {kind!r} is not static, mobile or centre."
        deployment = Deployment(
            mission_id=work.mission_id, round_id=self.rounds[round_],
            organisation_id=people[0].organisation_id, kind=kind,
            place_id=self.places[station] if station else None,
            area_id=self.areas[area] if area else None, expected=_expected(table, row),
        )  # fmt: skip
        add_deployment(work, deployment, (each.id for each in people))
        return None

    def _unknown(self, round_: str, station: str, area: str) -> Iterable[str]:
        if round_ not in self.rounds:
            yield f"round {round_}"
        if station and station not in self.places:
            yield f"station {station}"
        if area and area not in self.areas:
            yield f"area {area}"


def add_deployment(work: Work, deployment: Deployment, observers: Iterable[UUID]) -> None:
    """Add a deployment and its team."""
    work.session.add(deployment)
    work.session.flush()
    for observer in observers:
        work.session.add(DeployedObserver(
            mission_id=work.mission_id, deployment_id=deployment.id, observer_id=observer
        ))  # fmt: skip


def _expected(table: Table, row: TableRow) -> dict[str, int]:
    expected = {}
    for header in table.headers:
        word, _, checklist = header.strip().partition(" ")
        if word.casefold() == "expect" and checklist:
            count = whole_number(row, header)
            if count:
                expected[checklist.strip()] = count
    return expected


def _finish(work: Work, act: str, outcome: Outcome, *, dry_run: bool) -> None:
    if dry_run:
        work.session.rollback()
        return
    changes = [*outcome.added, *outcome.changed]
    if changes:
        work.session.add(audit_entry(
            work.mission_id, work.sequence, act, f"{len(changes)} rows", orjson.dumps(changes)
        ))  # fmt: skip
