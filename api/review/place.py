"""Placing a report: a named person says at which station or place it belongs, in which round, of
which contest, by which observer.

It becomes a new version with these names, judged anew; a held report counts if nothing else holds
it. A report that counts already is moved: what it leaves is settled as what it comes to.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.intake.candidate import Candidate, PhotoSize
from api.intake.resolving import NOT_OWN
from api.problems import CONFLICT, INVALID, MISSION_CLOSED, Problem
from api.review.acts import refuse_without_reason
from api.review.holds import must_not_be_held_by_another
from api.review.judge_version import NewestVersion, judge_version, question_of, read_to_act
from api.review.new_version import VersionToWrite, VersionWritten, write_version
from schemas.place import PlaceKind
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.words import N_

KIND = "report.placement"
PLACES = ("station", "place")
NOTHING_SAID = N_("Say a station, a place, a round, a contest or an observer.")
BOTH = N_("A report is of a station or of another place, not of both.")
UNNAMED = N_("A place is named by its code or in words.")
NO_PROTOCOL = N_("This report is of no contest: its checklist is no protocol.")
WOULD_BE_HELD = N_("It counts today, and would be held there. Say what else is another one.")
UNPLACEABLE = {
    ReportStatus.VERIFIED: N_("It is verified. Take the verification back, then place it."),
    ReportStatus.QUARANTINED: N_("It is excluded. Take that back, then place it."),
}
"""Statuses of reports that are not placed, and what to do."""


class PlaceIn(BaseModel):
    """A place that is no station: by its code, or in words."""

    model_config = ConfigDict(extra="forbid")

    kind: PlaceKind
    code: str | None = Field(default=None, min_length=1, max_length=200)
    text: str | None = Field(default=None, min_length=1, max_length=2000)


class PlacementIn(BaseModel):
    """Where a report belongs, and why; what is not said stays as it is."""

    model_config = ConfigDict(extra="forbid")

    station: str | None = Field(default=None, min_length=1, max_length=200)
    place: PlaceIn | None = None
    round: str | None = Field(default=None, min_length=1, max_length=200)
    contest: str | None = Field(default=None, min_length=1, max_length=200)
    observer: str | None = Field(default=None, min_length=1, max_length=200)
    reason: str = Field(max_length=2000)

    @property
    def named(self) -> dict[str, Any]:
        """The members of a report that are said, as a report has them."""
        said = self.model_dump(mode="json", exclude={"reason"}, exclude_none=True)
        if said.get("place", {}).get("kind") == PlaceKind.STATION:
            said["station"] = said.pop("place").get("code")
        return said


async def placement(
    request: Request, who: Principal, report: UUID, given: PlacementIn
) -> Callable[[Work], VersionWritten]:
    """What is to be written to place a report that somebody sees; judged already. Problems: 404,
    422 naming what is not known, 409 where it cannot be placed."""
    who.must(Right.DECIDE_REPORTS)
    refuse_without_reason(given.reason)
    named = _named(given)
    read = await read_to_act(request, who, report)
    if read.status in UNPLACEABLE:
        raise Problem(CONFLICT, UNPLACEABLE[ReportStatus(read.status)], "status")
    version = placed(read, named)
    judged = await judge_version(request.app.state.intake, who.mission_id, version)
    _refuse_unknown(judged, named)
    _refuse_holding(read, judged)
    to_write = VersionToWrite(read, judged, given.reason, KIND, moves=True)
    photo_size: PhotoSize = request.app.state.photos.size

    def write(work: Work) -> VersionWritten:
        must_not_be_held_by_another(work, who, read.id)
        return write_version(work, to_write, photo_size)

    return write


def _named(given: PlacementIn) -> dict[str, Any]:
    if given.station is not None and given.place is not None:
        raise Problem(INVALID, BOTH, "place")
    if given.place is not None and given.place.code is None and given.place.text is None:
        raise Problem(INVALID, UNNAMED, "place.code")
    named = given.named
    if "station" in named and named["station"] is None:
        raise Problem(INVALID, UNNAMED, "place.code")
    if not named:
        raise Problem(INVALID, NOTHING_SAID, "station")
    return named


def placed(read: NewestVersion, named: Mapping[str, Any]) -> NewestVersion:
    """The version with these names in its envelope."""
    envelope = dict(read.envelope)
    if any(each in named for each in PLACES):
        for each in PLACES:
            envelope.pop(each, None)
    accepted = list(read.accepted)
    other = named.get("observer") not in (None, read.pseudonym)
    if read.pseudonym is not None and other and NOT_OWN not in accepted:
        accepted.append(NOT_OWN)
    return replace(read, envelope=envelope | dict(named), accepted=accepted)


def _refuse_unknown(judged: Candidate, named: Mapping[str, Any]) -> None:
    """What was said is known, or the problem names it."""
    for reason in judged.reasons:
        about = question_of(reason.field)
        if about in named and reason.code in ("unknown", "absent", "contradicts", "wrong_type"):
            raise Problem(INVALID, reason.message, reason.field)
    waits = any(question_of(each.field) in (*PLACES, "round") for each in judged.reasons)
    if "contest" in named and judged.contest_id is None and not waits:
        raise Problem(INVALID, NO_PROTOCOL, "contest")


def _refuse_holding(read: NewestVersion, judged: Candidate) -> None:
    """A report that counts is not held by being moved."""
    if any(each.code == MISSION_CLOSED.code for each in judged.reasons):
        raise Problem(MISSION_CLOSED)
    if read.status != ReportStatus.HELD and judged.reasons:
        reasons = [each.as_sent() for each in judged.reasons]
        raise Problem(CONFLICT, WOULD_BE_HELD, reasons[0]["field"], more={"reasons": reasons})
