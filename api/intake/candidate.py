"""A judged report on its way into the database, and what became of it there."""

import base64
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from operator import attrgetter
from string import Template
from typing import Any
from uuid import UUID, uuid5

from schemas.report import ReportStatus

OTHER_VISIT = "visit/contradicts"
"""Accepted, the report is of a visit of its own."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a report is held. The wire shape is :class:`schemas.report.Reason`."""

    field: str
    code: str
    message: str

    @property
    def name(self) -> str:
        """Field and code, as a person who accepts it names it."""
        return f"{self.field}/{self.code}"

    def as_sent(self) -> dict[str, str]:
        """The reason as an answer carries it."""
        return {"field": self.field, "code": self.code, "message": self.message}


def not_accepted(reasons: Iterable[Reason], accepted: Collection[str]) -> tuple[Reason, ...]:
    """The reasons in spite of which nobody has accepted the report."""
    return tuple(each for each in reasons if each.name not in accepted)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One report, judged, with every reference resolved to an id of its mission.

    References are all set, or the report is held with the reason. ``codes`` is absent where
    no rules could judge it; ``photos`` are the file names it carries.
    """

    mission_id: UUID
    id: UUID
    sha256: bytes
    raw: bytes
    channel: str
    media_type: str
    holder_id: UUID
    status: ReportStatus
    reasons: tuple[Reason, ...]
    checklist: str
    envelope: dict[str, Any]
    answers: dict[str, Any]
    rules_id: UUID | None = None
    round_id: UUID | None = None
    place_id: UUID | None = None
    visit_id: UUID | None = None
    observer_id: UUID | None = None
    organisation_id: UUID | None = None
    contest_id: UUID | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    finalised_at: datetime | None = None
    device_id: str | None = None
    device_sequence: int | None = None
    codes: bytes | None = None
    flags: tuple[dict[str, Any], ...] = ()
    photos: tuple[str, ...] = ()
    replaces: UUID | None = None
    """The report, or the version of one, that this corrects."""
    replaces_id: UUID | None = None
    """The same, while this waits for it as a report of its own."""
    deployment_id: UUID | None = None
    accepted: tuple[str, ...] = ()
    """Field and code of each reason in spite of which a named person lets it count."""
    upon: int | None = None
    """The number of the desk's version that this correction was judged upon."""
    sha256_as_came: bytes | None = None
    """The hash with the whitespace around the JSON: earlier versions kept a report under it."""

    def held(self, reason: Reason) -> "Candidate":
        """The same report held, for one reason more and outside any visit."""
        return replace(self.waiting(reason), visit_id=None)

    def waiting(self, reason: Reason) -> "Candidate":
        """The same report held, for one reason more."""
        return replace(self, status=ReportStatus.HELD, reasons=(*self.reasons, reason))

    def flagged(self, flag: dict[str, Any]) -> "Candidate":
        """The same report with one flag more."""
        status = self.status
        if status == ReportStatus.RECEIVED:
            status = ReportStatus.FLAGGED
        return replace(self, status=status, flags=(*self.flags, flag))

    @property
    def own_visit(self) -> UUID | None:
        """The visit of this team at this place, where the one that is named is elsewhere. Of the
        same reports it is the same."""
        if self.visit_id is None:
            return None
        named = (self.visit_id, self.round_id, self.organisation_id, self.place_id)
        return uuid5(self.mission_id, "\n".join(map(str, named)))

    @property
    def visits(self) -> list[UUID]:
        """The visits that it may be of."""
        own = self.own_visit if OTHER_VISIT in self.accepted else None
        return [each for each in (self.visit_id, own) if each is not None]

    def in_a_visit_of_its_own(self) -> "Candidate":
        """The same report, not held where its visit is elsewhere: a person says that it is another
        one."""
        return replace(self, accepted=(*self.accepted, OTHER_VISIT))

    def bare(self) -> "Candidate":
        """Only the bytes and their id, held: what is kept when the rest cannot be stored."""
        reason = Reason("body", "unstorable", "The content could not be stored as fields.")
        return Candidate(
            self.mission_id,
            self.id,
            self.sha256,
            self.raw,
            self.channel,
            self.media_type,
            self.holder_id,
            ReportStatus.HELD,
            (reason,),
            "",
            {},
            {},
        )


class Outcome(Enum):
    """What the database did with a candidate."""

    KEPT = "kept"
    REPLAYED = "replayed"
    CONTESTED = "contested"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Stored:
    """A report as it is durably held. For a replay these are the first one's values."""

    outcome: Outcome
    sha256: bytes
    received_at: datetime
    sequence: int
    status: str
    reasons: tuple[dict[str, str], ...]
    report_id: UUID | None = None
    """The report that it became a version of, where it is a correction."""


PhotoSize = Callable[[UUID, bytes], int | None]
"""Mission and SHA-256 to the size in bytes of a photo that has wholly arrived, or None."""


@dataclass(frozen=True)
class Column:
    """A column of the rows that are sent: its type in SQL, and its value for a candidate."""

    name: str
    type: str
    of: Callable[[Candidate], Any]


def _same(type_: str, *names: str) -> tuple[Column, ...]:
    """Columns that are called as the candidate's fields are."""
    return tuple(Column(name, type_, attrgetter(name)) for name in names)


PLACED = (
    *_same("uuid", "rules_id", "round_id", "place_id"),
    Column("visit_id", "uuid", lambda one: one.visit_id if _has_team(one) else None),
    *_same("uuid", "observer_id", "organisation_id", "contest_id"),
    *_same("timestamptz", "arrived_at", "departed_at", "finalised_at"),
    *_same("uuid", "replaces_id"),
)
"""Where and when a report is from, what it waits for, and by which rules it is judged: what another
look at its bytes may change."""
COLUMNS = (
    *_same("uuid", "id"),
    Column("sha256", "text", lambda one: one.sha256.hex()),
    *_same("text", "status"),
    Column("reasons", "jsonb", lambda one: [each.as_sent() for each in one.reasons]),
    *_same("text", "checklist"),
    *PLACED,
    *_same("text", "channel", "media_type"),
    *_same("uuid", "holder_id"),
    *_same("text", "device_id"),
    *_same("bigint", "device_sequence"),
    Column("raw", "text", lambda one: base64.b64encode(one.raw).decode()),
    *_same("jsonb", "envelope", "answers"),
    Column("accepted", "jsonb", lambda one: list(one.accepted) or None),
    Column("codes", "text", lambda one: None if one.codes is None else one.codes.hex()),
    *_same("jsonb", "flags"),
)
VISIT = (
    Column("id", "uuid", attrgetter("visit_id")),
    *_same("uuid", "round_id", "organisation_id", "place_id", "deployment_id"),
    *_same("timestamptz", "arrived_at", "departed_at"),
)


def _names(columns: Iterable[Column]) -> str:
    return ", ".join(each.name for each in columns)


def _typed(columns: Iterable[Column]) -> str:
    return ", ".join(f"{each.name} {each.type}" for each in columns)


_SHARED = {
    "reports": f"json_to_recordset(batch.rows -> 'reports') AS r({_typed(COLUMNS)},"
    " sequence bigint, number int)",
    "placed": _names(PLACED),
    "set_placed": ", ".join(f"{each.name} = sent.{each.name}" for each in PLACED),
    "visits": Template(
        """INSERT INTO visit (mission_id, $names)
  SELECT batch.mission, r.* FROM batch, json_to_recordset(batch.rows -> 'visits') AS r($typed)
  ON CONFLICT (mission_id, id)"""
    ).substitute(names=_names(VISIT), typed=_typed(VISIT)),
    "widen": """DO UPDATE SET
    arrived_at = least(visit.arrived_at, excluded.arrived_at),
    departed_at = greatest(visit.departed_at, excluded.departed_at),
    deployment_id = coalesce(visit.deployment_id, excluded.deployment_id)""",
    "submission": """submission (mission_id, report_id, sha256, sequence, received_at, channel,
    media_type, holder_id, contested, device_id, device_sequence, raw)""",
    "judgement": "judgement (mission_id, report_id, number, rules_id, codes, flags)",
}


def statement(text: str) -> str:
    """A statement with the lists of columns that all of them share put in: ``$reports`` the rows
    sent, ``$placed`` and ``$set_placed`` the columns of :data:`PLACED`, ``$visits`` and ``$widen``
    their visits, ``$submission`` and ``$judgement`` the tables with their columns."""
    return Template(text).substitute(_SHARED)


def report_rows(new: Sequence[tuple[Candidate, int]], photo_size: PhotoSize) -> dict[str, Any]:
    """The rows of new reports, visits and photos, as the statements read them; each report with
    its reading of the clock."""
    return {
        "reports": [_report(candidate, sequence) for candidate, sequence in new],
        "visits": list(_visits(candidate for candidate, _ in new)),
        "photos": [
            _photo(candidate, name, photo_size)
            for candidate, _ in new
            for name in dict.fromkeys(candidate.photos)
        ],
    }


def _report(candidate: Candidate, sequence: int) -> dict[str, Any]:
    row = {each.name: each.of(candidate) for each in COLUMNS}
    return row | {"sequence": sequence, "number": 1}


def _has_team(candidate: Candidate) -> bool:
    return None not in (candidate.round_id, candidate.organisation_id, candidate.place_id)


def _visits(candidates: Iterable[Candidate]) -> Iterable[dict[str, Any]]:
    """One row per visit, as wide as its reports in this batch."""
    visits: dict[UUID, dict[str, Any]] = {}
    for candidate in candidates:
        if candidate.visit_id is None or not _has_team(candidate):
            continue
        row = visits.setdefault(
            candidate.visit_id, {each.name: each.of(candidate) for each in VISIT}
        )
        row["arrived_at"] = _either(min, row["arrived_at"], candidate.arrived_at)
        row["departed_at"] = _either(max, row["departed_at"], candidate.departed_at)
    return visits.values()


def _either(
    choose: Callable[[datetime, datetime], datetime], one: datetime | None, two: datetime | None
) -> datetime | None:
    return choose(one, two) if one is not None and two is not None else one or two


def _photo(candidate: Candidate, name: str, photo_size: PhotoSize) -> dict[str, Any]:
    sha256 = named_hash(name)
    size = None if sha256 is None else photo_size(candidate.mission_id, sha256)
    digest = None if sha256 is None else sha256.hex()
    return {"report_id": candidate.id, "name": name, "sha256": digest, "size": size}


def named_hash(name: str) -> bytes | None:
    """The SHA-256 that a photo's file name states, where the name is one and an extension."""
    stem = name.partition(".")[0]
    if len(stem) != 64 or set(stem) - set("0123456789abcdef"):
        return None
    return bytes.fromhex(stem)
