"""Incidents as figures: lists, counts by nature and evidence, what awaits a decision. Never a
rate."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.received import came_on
from analytics.statements import Incidents as Verified
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.incident_cases import EPOCH, Cases, Incident, Order, Photo
from api.figures.incident_events import CHECKLIST, EVIDENCE, event_out, roles_of
from api.figures.incident_rows import read_incidents, read_others
from api.figures.reference_data import PublishedRules
from schemas.checklist import Texts
from schemas.desk import IncidentState
from schemas.report import Report, ReportStatus
from schemas.rights import Right
from schemas.words import in_language

__all__ = ["CHECKLIST", "EPOCH", "EVIDENCE", "Cases", "Incident"]


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents are wanted; None is any. ``owner`` is a member's handle, empty for none."""

    state: IncidentState | None = None
    owner: str | None = None
    danger: bool | None = None
    nature: str | None = None
    area: str | None = None

    def holds(self, edition: Edition, each: Incident) -> bool:
        """Whether an incident is one of those."""
        return (
            self.state in (None, each.state)
            and self.owner in (None, each.handling.owner or "")
            and self.danger in (None, each.in_danger)
            and self.nature in (None, each.nature)
            and self.area in (None, _area_code(edition, each))
        )


@dataclass(frozen=True)
class IncidentList:
    """The first incidents, as :func:`incident_out` shows them, how many more there are of those
    that were asked for, and counts of all."""

    rows: tuple[dict[str, Any], ...]
    more: int
    summary: dict[str, Any]
    natures: tuple[str, ...]
    owners: tuple[str, ...]


ANY = IncidentFilter()


@figure
def incident_list(
    edition: Edition, who: Principal, most: int, wanted: IncidentFilter = ANY
) -> IncidentList:
    """At most so many of the round's incidents that somebody may see. Problem: as
    :func:`incidents`."""
    found = incidents(edition, who)
    chosen = [each for each in found.shown if wanted.holds(edition, each)]
    return IncidentList(
        tuple(incident_out(edition, each) for each in chosen[:most]),
        max(len(chosen) - most, 0),
        summary_out(edition, found),
        tuple(sorted({each.nature for each in found.shown})),
        tuple(sorted({each.handling.owner for each in found.shown if each.handling.owner})),
    )


@dataclass(frozen=True)
class IncidentPage:
    """Some of the incidents as :func:`incident_out` shows them, the key of the last where others
    follow, and counts of all."""

    rows: list[dict[str, Any]]
    last: Order | None
    summary: dict[str, Any]


@figure
def incident_page(
    edition: Edition,
    who: Principal,
    most: int,
    behind: Order | None,
    state: IncidentState | None = None,
) -> IncidentPage:
    """So many of the round's incidents behind one. Problem: as :func:`incidents`."""
    found = incidents(edition, who)
    rest = [each for each in found.listed(len(found), behind) if state in (None, each.state)]
    rows = [incident_out(edition, each) for each in rest[:most]]
    last = rest[most - 1].order if len(rest) > most else None
    return IncidentPage(rows, last, summary_out(edition, found))


@figure
def incident_neighbours(
    edition: Edition, who: Principal, report: UUID
) -> tuple[UUID | None, UUID | None]:
    """The incidents that stand before and behind one in the list; None where there is none."""
    listed = [each.report for each in incidents(edition, who).shown]
    if report not in listed:
        return None, listed[0] if listed else None
    at = listed.index(report)
    behind = listed[at + 1] if at + 1 < len(listed) else None
    return listed[at - 1] if at else None, behind


@figure
def urgent_incidents(edition: Edition, who: Principal) -> int:
    """How many serious incidents await a decision (bamako:66), those too that are restricted to
    others; none are read where none came."""
    return incidents(edition, who).urgent if came_on(edition.record, CHECKLIST) else 0


def incidents(edition: Edition, who: Principal) -> Cases:
    """The round's incidents that somebody may see, and the number of those that are restricted to
    others. A 404 problem for whoever sees no reports."""
    own, every = visible_reports(who), all_incidents(edition)
    is_bounded = who.area_id is not None or who.sections or not who.may(Right.SEE_REPORTS)
    if not is_bounded and not any(each.handling.visible_to for each in every.shown):
        return every
    shown = _ids(edition, own)
    return every.seen(shown, _ids(edition, visible_reports(who, though_restricted=True)))


def _ids(edition: Edition, query: Select[Any]) -> frozenset[UUID]:
    of = query.where(col(Report.checklist) == CHECKLIST).with_only_columns(col(Report.id))
    return frozenset(row.id for row in edition.rows_of(of))


def all_incidents(edition: Edition) -> Cases:
    """All of the round's incidents, whoever may see them: for counts that name none."""

    def news(after: int, until: int) -> dict[UUID, Incident | None]:
        changed = (col(Report.changed) > after) & (col(Report.changed) <= until)
        return _sent(edition, changed)

    def made() -> Cases:
        sent = edition.followed("incidents", news)
        return Cases(sent, read_others(edition.rows_of, mission_id(edition), sent))

    return edition.cached("incidents", made)


def mission_id(edition: Edition) -> UUID:
    """The mission of an edition."""
    return edition.reference.mission.mission_id


def _sent(edition: Edition, changed: Any) -> dict[UUID, Incident | None]:
    """Each as it was sent, by its report; None where it was superseded or is of another round."""
    reference = edition.reference

    def codes_of(rules: UUID) -> list[str]:
        known = reference.rules.get(rules)
        return [each.code for each in known.definition.indicators] if known else []

    def is_here(round_id: UUID | None, each: Incident) -> bool:
        elsewhere = reference.asked if round_id is None else round_id != reference.polling.round_id
        return not elsewhere and each.status != ReportStatus.SUPERSEDED

    found = read_incidents(edition.rows_of, mission_id(edition), changed, codes_of)
    return {each.report: each if is_here(of, each) else None for of, each in found}


def verified_by_nature(edition: Edition, found: Cases, language: str) -> list[Verified]:
    """Verified cases as a statement counts them, each under its strongest evidence."""
    words = options(edition.reference.newest(CHECKLIST), "nature")
    return [
        Verified(
            label=in_language(words.get(row["nature"], {}), language) or row["nature"],
            cases=row["cases"],
            observed=row["evidence"]["observed"],
            documented=row["evidence"]["documented"],
            several_sources=row["evidence"]["several_sources"],
            labels=words.get(row["nature"], {}),
        )
        for row in found.by_nature({IncidentState.VERIFIED})
    ]


def options(rules: PublishedRules | None, question: str) -> dict[str, Texts]:
    """The options of one of the questions in a checklist's rules, as they are worded."""
    asked = rules.definition.questions if rules else ()
    return {
        choice.name: choice.label
        for each in asked
        if each.name == question
        for choice in each.choices
    }


def _area_of(edition: Edition, each: Incident) -> dict[str, str] | None:
    at = edition.reference.place_at(each.place) if each.place else NOWHERE
    place = edition.reference.places[at] if at != NOWHERE else None
    area = edition.reference.areas[place.area] if place and place.area >= 0 else None
    return {"code": area.code, "name": area.name} if area else None


def _area_code(edition: Edition, each: Incident) -> str | None:
    area = _area_of(edition, each)
    return area["code"] if area else None


def incident_out(edition: Edition, each: Incident) -> dict[str, Any]:
    """An incident as JSON: where, when, how grave, how well evidenced, and who does what about it;
    no observer is named."""
    at = edition.reference.place_at(each.place) if each.place else NOWHERE
    place = edition.reference.places[at] if at != NOWHERE else None
    return {
        "report": each.report,
        "station": place.code if place else None,
        "area": _area_of(edition, each),
        **handling_out(each, edition.as_of),
    }


def handling_out(each: Incident, at: datetime) -> dict[str, Any]:
    """What is shown of an incident beside its place. ``age`` is in seconds, to the minute."""
    said = each.handling
    return {
        "status": each.status,
        "state": each.state,
        "open": each.open,
        "at": each.at,
        "received_at": each.received_at,
        "age": 60 * (each.age(at) // timedelta(minutes=1)),
        "nature": each.nature,
        "severity": each.severity,
        "irregularities": list(each.codes),
        "evidence": each.evidence,
        "evidence_derived": each.derived,
        "source": each.source or None,
        "danger": each.in_danger,
        "danger_over_at": said.danger_over_at if each.danger else None,
        "affected": list(each.affected),
        "owner": said.owner,
        "escalation": escalation_out(each),
        "linked": list(each.linked),
        "restricted": bool(said.visible_to),
        "visible_to": roles_of(said.visible_to),
        "visible_to_members": list(said.members),
        "photos": [photo_out(photo) for photo in each.photos],
        "events": [event_out(event) for event in each.events],
    }


def escalation_out(each: Incident) -> dict[str, Any] | None:
    """To whom an incident was escalated, when, and when they first answered."""
    made = each.handling.escalation
    if made is None:
        return None
    return {"to": made.to, "at": made.at, "by": made.by, "answered_at": made.answered_at}


def photo_out(photo: Photo) -> dict[str, Any]:
    """A photograph as JSON."""
    return {
        "report": photo.report,
        "name": photo.name,
        "sha256": photo.sha256,
        "arrived_at": photo.arrived_at,
    }


def summary_out(edition: Edition, found: Cases) -> dict[str, Any]:
    """Incidents in counts; ``restricted`` are counted in ``open`` and ``cases`` alone."""
    restricted: dict[str | None, dict[str, Any]] = {}
    for each in found.hidden:
        area = _area_of(edition, each)
        row = restricted.setdefault(_area_code(edition, each), {"area": area, "incidents": 0})
        row["incidents"] += 1
    return {
        "open": found.open,
        "cases": len(found),
        "awaiting_decision": found.urgent,
        "danger": found.danger,
        "by_state": found.by_state(),
        "by_nature": found.by_nature(),
        "restricted": [restricted[code] for code in sorted(restricted, key=str)],
    }
