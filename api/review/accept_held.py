"""Accepting a held report: a named person lets it count although named reasons stand.

Never past a gate, and never past an answer that cannot be read: another act lifts those, which the
answer names (:mod:`api.review.held_reasons`). What is accepted is kept with the version, and with
those that follow it, so that the reason does not come back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.intake.candidate import PhotoSize
from api.problems import CONFLICT, INVALID, Problem
from api.review.acts import refuse_without_reason
from api.review.held_reasons import act_for
from api.review.holds import must_not_be_held_by_another
from api.review.judge_version import NewestVersion, judge_version, read_to_act
from api.review.new_version import VersionToWrite, VersionWritten, write_version
from api.review.take_over import CORRECTIONS, take_over
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.words import N_

KIND = "report.acceptance"
NOT_HELD = N_("It is not held: there is nothing to accept.")
NOT_ITS_OWN = N_("No such reason holds this report. Those that do are listed.")


class AcceptanceIn(BaseModel):
    """The reasons that are accepted, each as its code or as field and code (``version/unknown``);
    and why."""

    model_config = ConfigDict(extra="forbid")

    reasons: list[str] = Field(min_length=1, max_length=200)
    reason: str = Field(max_length=2000)


async def acceptance(
    request: Request, who: Principal, report: UUID, given: AcceptanceIn
) -> Callable[[Work], VersionWritten]:
    """What is to be written to accept a report that somebody sees in spite of these reasons; judged
    already. Problems: 404, 422 where a reason is none of its own, 409 where it is not held or a
    reason is lifted by another act alone."""
    who.must(Right.DECIDE_REPORTS)
    refuse_without_reason(given.reason)
    read = await read_to_act(request, who, report)
    if read.status != ReportStatus.HELD:
        raise Problem(CONFLICT, NOT_HELD, "status")
    named = _named(read, given.reasons)
    _refuse(named)
    if any(name_of(each) in CORRECTIONS for each in named):
        return await take_over(request, who, read, given.reason)
    accepted = [*read.accepted, *(name_of(each) for each in named)]
    version = replace(read, accepted=list(dict.fromkeys(accepted)))
    judged = await judge_version(request.app.state.intake, who.mission_id, version)
    to_write = VersionToWrite(read, judged, given.reason, KIND)
    photo_size: PhotoSize = request.app.state.photos.size

    def write(work: Work) -> VersionWritten:
        must_not_be_held_by_another(work, who, read.id)
        return write_version(work, to_write, photo_size)

    return write


def name_of(reason: Mapping[str, str]) -> str:
    """A reason's field and code."""
    return f"{reason['field']}/{reason['code']}"


def _named(read: NewestVersion, wanted: Sequence[str]) -> list[Mapping[str, str]]:
    """The report's own reasons that are named, each by its code or its name."""
    own = {each["code"] for each in read.reasons} | {name_of(each) for each in read.reasons}
    if not own.issuperset(wanted):
        more = {"reasons": [name_of(each) for each in read.reasons]}
        raise Problem(INVALID, NOT_ITS_OWN, "reasons", more=more)
    return [each for each in read.reasons if {each["code"], name_of(each)} & {*wanted}]


def _refuse(named: Sequence[Mapping[str, str]]) -> None:
    """No reason that another act alone lifts."""
    for each in named:
        found = act_for(each)
        if found.must:
            more = {"reason": dict(each), "act": found.act}
            said = f"{name_of(each)} cannot be accepted. {found.act}"
            raise Problem(CONFLICT, said, "reasons", more=more)
