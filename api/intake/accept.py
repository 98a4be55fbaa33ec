"""Accepting reports from every channel: read, resolved, judged, committed, answered.

A channel gives its bytes and the report they say, in the wire shape; everything after that
is the same for JSON, OpenRosa, files and whatever comes later.
"""

import asyncio
import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from api.audit.signing import Signer
from api.auth.principal import Principal
from api.intake.candidate import Candidate, Outcome, Reason, Stored, not_accepted
from api.intake.envelope import Envelope, read_envelope
from api.intake.group_commit import GroupCommit
from api.intake.judging import JudgedAnswers, TimedJudging
from api.intake.multipart import refuse_file_name
from api.intake.parse import WHITESPACE, read_report
from api.intake.reference_cache import KnownObserver, KnownRound, KnownRules, Registers
from api.intake.resolving import Resolved, clock_flags, place
from api.problems import FORBIDDEN, OTHER_BYTES, OUTDATED, Problem
from schemas.columns import now
from schemas.report import ReportStatus
from schemas.rights import Right

_Begun = tuple[UUID, "asyncio.Future[Stored]"]
"""A report that was queued: its id, and what will be known of it after the commit."""

UNKNOWN_REPORT = "replaces/unknown"
"""The reason of a correction whose report is not known here."""
MAX_REASONS = 100
MAX_FIELD_NAME = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one channel took in: the bytes exactly as they came, and the report they say."""

    raw: bytes
    report: Any
    channel: str
    media_type: str
    reasons: tuple[Reason, ...] = ()
    """Why the channel itself would have the report held."""
    sha256_as_came: bytes | None = None
    """The hash of the JSON with the whitespace that came around it, where there was any."""


def json_arrival(came: bytes, channel: str, media_type: str) -> Arrival:
    """One report that came as JSON. Raises :class:`Problem` where it is no JSON.

    Its content is the JSON text: whitespace that a file or a client puts around it says nothing,
    is not kept and not hashed, and makes no other bytes of it.
    """
    raw = came.strip(WHITESPACE)
    report, large = read_report(raw)
    reasons = tuple(Reason(name, "too_large", "The number is too large.") for name in large)
    as_came = None if raw == came else hashlib.sha256(came).digest()
    return Arrival(raw, report, channel, media_type, reasons, as_came)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one report."""

    id: str | None
    status: int
    receipt: Mapping[str, Any] | None = None
    reasons: tuple[Mapping[str, str], ...] = ()
    problem: Problem | None = None
    report_id: UUID | None = None
    """The report that a correction became a version of."""

    def as_sent(self) -> dict[str, Any]:
        """The item of the answer's list."""
        item: dict[str, Any] = {"id": self.id, "status": self.status, "reasons": self.reasons}
        if self.receipt is not None:
            item["receipt"] = self.receipt
        if self.problem is not None:
            item["problem"] = self.problem.members()
        return item

    def in_short(self) -> dict[str, Any]:
        """The same without its sentences: only what a program reads."""
        item: dict[str, Any] = {"id": self.id, "status": self.status}
        if self.reasons:
            item["reasons"] = [
                {"field": each["field"], "code": each["code"]} for each in self.reasons
            ]
        if self.receipt is not None:
            item["receipt"] = self.receipt
        if self.problem is not None:
            item["problem"] = {"code": self.problem.kind.code, "status": self.status}
        return item


@dataclass(frozen=True)
class Intake:
    """Takes reports in for all missions of this installation."""

    registers: Registers
    committer: GroupCommit
    signer: Signer
    judging: TimedJudging = field(default_factory=TimedJudging)

    async def judge(
        self,
        principal: Principal,
        arrival: Arrival,
        received: datetime | None = None,
        asked: float | None = None,
        accepted: Collection[str] = (),
    ) -> Candidate:
        """A report resolved and judged, as of when it was ``received`` (now, if not said), in spite
        of the reasons ``accepted``. Raises :class:`Problem` where it is no report.

        What is not found is looked for once more, in a view compared with the database since
        ``asked`` (by the process's own clock; now, if not said): an outbox asks once for all its
        reports.
        """
        envelope = read_envelope(arrival.report)
        fresh, received = received is None, received or now()
        desk = None
        if fresh and envelope.replaces is not None:
            desk = await self.registers.desk_version(principal.mission_id, envelope.replaces)
        if desk is not None:
            envelope, accepted = read_envelope(desk.carried_to(arrival.report)), desk.accepted
        envelope = _in_spite_of(envelope, accepted)
        register = await self.registers.of(principal.mission_id)
        placed = place(envelope, register, principal, received, accepted)
        if placed.missed:
            register = await self.registers.newer_than(register, asked, placed.unknown_place)
            placed = place(envelope, register, principal, received, accepted)
        if fresh:  # what an earlier version kept is refused no more
            _refuse_photo_names(envelope, placed.rules)
        verdict = await self.judging.judge(envelope, placed.rules, accepted)
        known = tuple(accepted)
        found = _candidate(principal, arrival, envelope, placed, received, verdict, known)
        return found if desk is None or desk.other_answers else replace(found, upon=desk.number)

    async def check(self, principal: Principal, arrival: Arrival | Problem) -> Answer:
        """What would be answered if this were the first under its id. Keeps nothing."""
        if isinstance(arrival, Problem):
            return Answer(None, arrival.kind.status, problem=arrival)
        try:
            candidate = await self.judge(principal, arrival)
        except Problem as problem:
            return Answer(named_id(arrival.report), problem.kind.status, problem=problem.alone())
        reasons = tuple(reason.as_sent() for reason in candidate.reasons)
        held = candidate.status == ReportStatus.HELD
        return Answer(str(candidate.id), 202 if held else 201, reasons=reasons)

    async def accept_report(self, principal: Principal, arrival: Arrival) -> Answer:
        """Keep one report and answer for it, after it is durable."""
        (answer,) = await self.accept_reports(principal, [arrival])
        return answer

    async def accept_reports(
        self, principal: Principal, arrivals: Iterable[Arrival | Problem]
    ) -> list[Answer]:
        """Keep an outbox: each report gets its own answer, in the order sent.

        What could not even be read comes as its problem and is answered with it. Each is taken
        only once the one before it was judged, so that what is refused is not held meanwhile.
        """
        refuse_who_may_not_send(principal)
        begun: list[Answer | Candidate | _Begun] = []
        asked = time.monotonic()
        for arrival in arrivals:
            begun.append(await self._begin(principal, arrival, asked))
            if len(begun) % 16 == 0:
                await asyncio.sleep(0)
        for at in corrections_in_order(begun):
            one = begun[at]
            begun[at] = self._queue(one) if isinstance(one, Candidate) else one
        return [
            one if isinstance(one, Answer) else await self._finish(principal, one)
            for one in begun
            if not isinstance(one, Candidate)
        ]

    async def _begin(
        self, principal: Principal, arrival: Arrival | Problem, asked: float
    ) -> "Answer | Candidate | _Begun":
        """The answer to what is no report, the candidate where it corrects another report and so
        is queued last, else what was queued."""
        if isinstance(arrival, Problem):
            return Answer(None, arrival.kind.status, problem=arrival)
        try:
            candidate = await self.judge(principal, arrival, asked=asked)
        except Problem as problem:
            return Answer(named_id(arrival.report), problem.kind.status, problem=problem.alone())
        return self._queue(candidate) if candidate.replaces is None else candidate

    def _queue(self, candidate: Candidate) -> "Answer | _Begun":
        try:
            (future,) = self.committer.queue([candidate])
        except Problem as problem:
            return Answer(str(candidate.id), problem.kind.status, problem=problem.alone())
        return candidate.id, future

    async def _finish(self, principal: Principal, begun: "_Begun") -> Answer:
        identity, future = str(begun[0]), begun[1]
        try:
            kept = await future
        except Problem as problem:
            return Answer(identity, problem.kind.status, problem=problem.alone())
        if kept.outcome is Outcome.CONTESTED:
            detail = "The first stays the report; these bytes are kept beside it, held for review."
            other = Problem(OTHER_BYTES, detail, "id")
            return Answer(identity, other.kind.status, problem=other)
        if kept.outcome is Outcome.OUTDATED:
            return Answer(identity, OUTDATED.status, problem=Problem(OUTDATED, field="replaces"))
        receipt = self.signer.receipt(
            principal.slug, begun[0], kept.sha256, kept.received_at, kept.sequence
        )
        return Answer(identity, _status(kept), receipt, kept.reasons, report_id=kept.report_id)


def corrections_in_order(begun: Sequence[object]) -> list[int]:
    """Where the candidates stand in ``begun``, each after the one that it names, whatever the
    order in which they came; those that name each other last, as they came."""
    waiting = {at: one for at, one in enumerate(begun) if isinstance(one, Candidate)}
    order: list[int] = []
    while waiting:
        named = {one.id for one in waiting.values()}
        ready = [at for at, one in waiting.items() if one.replaces not in named] or [*waiting]
        order += ready
        for at in ready:
            del waiting[at]
    return order


def refuse_who_may_not_send(principal: Principal) -> None:
    """Partners read; they do not report."""
    if not principal.may(Right.POST_REPORTS):
        raise Problem(FORBIDDEN, "This credential may not send reports.")


def named_id(report: Any) -> str | None:
    """The id that something which is no report calls itself by, for its answer."""
    identity = report.get("id") if isinstance(report, dict) else None
    return identity[:200] if isinstance(identity, str) else None


def _status(kept: Stored) -> int:
    if kept.outcome is Outcome.REPLAYED:
        return 200
    return 202 if kept.status == ReportStatus.HELD else 201


def _in_spite_of(envelope: Envelope, accepted: Collection[str]) -> Envelope:
    """The envelope without the reasons that a person accepted. What could not be read is as if it
    were not there; a correction whose report is unknown is a report of its own."""
    if not accepted:
        return envelope
    return replace(
        envelope,
        reasons=not_accepted(envelope.reasons, accepted),
        replaces=None if UNKNOWN_REPORT in accepted else envelope.replaces,
    )


def _candidate(
    principal: Principal,
    arrival: Arrival,
    envelope: Envelope,
    placed: Resolved,
    received: datetime,
    verdict: JudgedAnswers,
    accepted: tuple[str, ...],
) -> Candidate:
    said = placed.reasons, envelope.reasons, verdict.reasons
    reasons = _all_reasons(accepted, arrival.reasons, *said)
    flags = (*verdict.flags, *clock_flags(envelope, placed, received))
    observer = placed.observer
    return Candidate(
        mission_id=principal.mission_id,
        id=envelope.id,
        sha256=hashlib.sha256(arrival.raw).digest(),
        sha256_as_came=arrival.sha256_as_came,
        raw=arrival.raw,
        channel=arrival.channel,
        media_type=arrival.media_type,
        holder_id=principal.holder_id,
        status=_standing(reasons, flags),
        reasons=reasons,
        checklist=envelope.checklist,
        envelope=envelope.sent,
        answers=verdict.answers,
        rules_id=_id(placed.rules),
        round_id=_id(placed.round),
        place_id=placed.place_id,
        visit_id=_visit(principal, envelope, placed),
        observer_id=_id(observer),
        organisation_id=None if observer is None else observer.organisation_id,
        contest_id=placed.contest_id,
        arrived_at=envelope.arrived_at,
        departed_at=envelope.departed_at,
        finalised_at=envelope.finalised_at,
        device_id=envelope.device_id,
        device_sequence=envelope.device_sequence,
        codes=verdict.codes,
        flags=flags,
        photos=tuple(name for _, name in _photos(envelope.answers, placed.rules)),
        replaces=envelope.replaces,
        accepted=accepted,
    )


def _id(known: KnownRules | KnownRound | KnownObserver | None) -> UUID | None:
    return None if known is None else known.id


def _visit(principal: Principal, envelope: Envelope, placed: Resolved) -> UUID | None:
    """The visit named, or the one of the same team's same arrival at the same place; one of the
    report's own where it does not say these. None where the name cannot be read."""
    if any(reason.field == "visit" for reason in envelope.reasons):
        return None
    if envelope.visit is not None:
        return envelope.visit
    sender, arrived = envelope.observer or principal.pseudonym, envelope.arrived_at
    if None in (sender, arrived, placed.round, placed.place_id) or arrived is None:
        return envelope.id
    team = sorted({str(sender), *envelope.companions})
    named = [str(_id(placed.round)), str(placed.place_id), arrived.isoformat(), *team]
    return uuid5(principal.mission_id, "\n".join(named))


def _standing(reasons: Sequence[Reason], flags: Sequence[Mapping[str, Any]]) -> ReportStatus:
    if reasons:
        return ReportStatus.HELD
    return ReportStatus.FLAGGED if flags else ReportStatus.RECEIVED


def _all_reasons(
    accepted: Collection[str], arrival: tuple[Reason, ...], *others: tuple[Reason, ...]
) -> tuple[Reason, ...]:
    """Why a report is held: a field that holds a number too large is blamed for that alone, and
    of many reasons as many are given as somebody would read."""
    large = {each.field for each in arrival if each.code == "too_large"}
    beside = [each for some in others for each in some if each.field not in large]
    found = [*not_accepted(arrival, accepted), *beside]
    if len(found) > MAX_REASONS:
        more = Reason("body", "more", f"{len(found) - MAX_REASONS} more reasons are not listed.")
        found = [*found[:MAX_REASONS], more]
    return tuple(replace(each, field=each.field[:MAX_FIELD_NAME]) for each in found)


def _refuse_photo_names(envelope: Envelope, rules: KnownRules | None) -> None:
    for question, name in _photos(envelope.answers, rules):
        refuse_file_name(name, question)


def _photos(answers: Mapping[str, Any], rules: KnownRules | None) -> Iterator[tuple[str, str]]:
    """The photo questions that were answered, each with its file name; inside repeats too."""
    if rules is None or not rules.photos:
        return
    for name, value in answers.items():
        if name in rules.photos and isinstance(value, str) and 0 < len(value) <= 255:
            yield name, value
        elif isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield from _photos(row, rules)
