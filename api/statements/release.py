"""From draft to published: review, approval by a second person, embargo, release and freezing.

Nothing of a statement changes once it is released; what was wrong is told by a correction.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AwareDatetime, Field
from sqlmodel import select

from analytics.statements import Problem as BrokenRule
from analytics.statements import canonical, plain
from analytics.statements.blocks import Heading
from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.statements.blocks import by_language
from api.statements.linting import Step, blocks_of, lint_of, problem_out, writers_of
from api.statements.versions import Given, back_to_draft
from schemas.columns import now
from schemas.mission import Mission
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Publication, Snapshot, Statement, StatementState


class ReviewAsked(Given):
    """A request that a statement is read over; a ``joint`` one needs two approvals."""

    joint: bool = False


class EmbargoSet(Given):
    """Until when a statement is kept back (null: not at all), and the zone in which the hour is
    said (null: the mission's)."""

    until: AwareDatetime | None
    zone: str | None = None


class Released(Given):
    """Who gets the authority's copy, and when and how it was given, where it was already."""

    authority: str = Field(default="", max_length=200)
    copied_at: AwareDatetime | None = None
    copied_how: str = Field(default="", max_length=200)


async def ask_review(
    work: AsyncWork, who: Principal, statement_id: UUID, given: ReviewAsked
) -> dict[str, Any]:
    """Ask that a draft is read over. Problems: 404; 409 in another state, or while the lint finds
    errors, which it lists."""
    who.must(Right.WRITE_STATEMENTS)
    statement = await _in_state(work, who, statement_id, StatementState.DRAFT)
    await _must_be_clean(work, who, statement, "review")
    statement.state, statement.joint = StatementState.REVIEW, given.joint
    statement.review_by, statement.review_at = who.holder_id, now()
    return await _done(work, statement, "statement.review")


async def withdraw_review(work: AsyncWork, who: Principal, statement_id: UUID) -> dict[str, Any]:
    """Take a statement back to draft from review or approval: approvals are given anew then.
    Problems: 404; 409 in another state."""
    who.must(Right.WRITE_STATEMENTS)
    waiting = (StatementState.REVIEW, StatementState.APPROVED)
    statement = await _in_state(work, who, statement_id, *waiting)
    statement.state = StatementState.REVIEW
    back_to_draft(statement)
    statement.approved_by = None
    return await _done(work, statement, "statement.withdraw_review")


async def approve(work: AsyncWork, who: Principal, statement_id: UUID) -> dict[str, Any]:
    """Approve a statement that was read over, in all its languages. Problems: 404; 409 in another
    state, for who wrote in it, asked for the review or approved already, and while the lint finds
    errors."""
    who.must(Right.DIRECT)
    statement = await _in_state(work, who, statement_id, StatementState.REVIEW)
    own = str(who.holder_id)
    if who.holder_id == statement.review_by:
        raise Problem(CONFLICT, "Another person than the one who asked for the review approves it.")
    if own in await writers_of(work.session, statement):
        raise Problem(CONFLICT, "Another person than those who wrote in it approves it.")
    if own in [each["by"] for each in statement.approvals]:
        raise Problem(CONFLICT, "You approved it already; a joint statement needs a second person.")
    await _must_be_clean(work, who, statement, "approval")
    at = now()
    statement.approvals = [*statement.approvals, {"by": own, "at": at.isoformat()}]
    statement.readers = {
        language: {"by": own, "at": at.isoformat()} for language in statement.written_in
    }
    if len(statement.approvals) >= (2 if statement.joint else 1):
        statement.state, statement.approved_by = StatementState.APPROVED, who.holder_id
    return await _done(work, statement, "statement.approve")


async def set_embargo(
    work: AsyncWork, who: Principal, statement_id: UUID, given: EmbargoSet
) -> dict[str, Any]:
    """Say until when a statement is kept back. Problems: 404; 409 once it is released; 422 for an
    hour that is over, an unknown zone, or what stands there already."""
    who.must(Right.DIRECT)
    before = (StatementState.DRAFT, StatementState.REVIEW, StatementState.APPROVED)
    statement = await _in_state(work, who, statement_id, *before)
    mission = await work.session.get_one(Mission, who.mission_id)
    zone = given.zone or mission.zone
    if zone not in available_timezones():
        raise Refusal(f"{zone!r} is no time zone, such as Europe/Lisbon.", "zone")
    if given.until is not None and given.until <= now():
        raise Refusal("an embargo ends in the future.", "until")
    wanted = (given.until, zone if given.until else "")
    if wanted == (statement.embargo_until, statement.embargo_zone):
        raise Refusal("this is the embargo already.", "until")
    statement.embargo_until, statement.embargo_zone = wanted
    return await _done(work, statement, "statement.embargo", said_of(statement))


async def release(
    work: AsyncWork, who: Principal, statement_id: UUID, given: Released, public: str = ""
) -> dict[str, Any]:
    """Publish an approved statement: its text is frozen under its hash, and it is out when the
    embargo ends. The authority's copy is logged. ``public`` is this server's address.

    Problems: 404; 409 in another state, for the one person who approved it, before the law lets
    results be said, and while the lint finds errors.
    """
    who.must(Right.DIRECT)
    statement = await _in_state(work, who, statement_id, StatementState.APPROVED)
    if {each["by"] for each in statement.approvals} == {str(who.holder_id)}:
        raise Problem(CONFLICT, "Another person than the one who approved it releases it.")
    mission = await work.session.get_one(Mission, who.mission_id)
    out_at = max(now(), statement.embargo_until or now())
    if mission.embargo_until is not None and out_at < mission.embargo_until:
        until = said_at(mission.embargo_until, mission.zone)
        raise Problem(CONFLICT, f"The law lets nothing be said before {until}: set that embargo.")
    await _must_be_clean(work, who, statement, "release")
    await _freeze(work, statement)
    statement.state = StatementState.RELEASED
    statement.released_by, statement.released_at = who.holder_id, now()
    work.session.add(await _publication(work, who, statement, given, out_at, public))
    return await _done(work, statement, "statement.release")


async def _in_state(
    work: AsyncWork, who: Principal, statement_id: UUID, *states: StatementState
) -> Statement:
    found = await work.session.get(Statement, (who.mission_id, statement_id))
    if found is None:
        raise Problem(NOT_FOUND)
    if found.state not in states:
        wanted = " or ".join(each.shown for each in states)
        state = StatementState(found.state).shown
        raise Problem(CONFLICT, f"The statement is {state}; this is for one that is {wanted}.")
    return found


async def _must_be_clean(work: AsyncWork, who: Principal, statement: Statement, step: Step) -> None:
    """Problem: 409 with what the lint finds, while there are errors."""
    found = await lint_of(work.session, who, statement, before=step)
    errors: list[BrokenRule] = [each for each in found if each.level == "error"]
    if errors:
        first = errors[0]
        raise Problem(
            CONFLICT,
            f"The lint finds {len(errors)} errors; the first: {first.message}",
            more={"items": [problem_out(each) for each in found]},
        )


async def _freeze(work: AsyncWork, statement: Statement) -> None:
    """Write the finished text of every language into the statement, with its hash."""
    snapshot = await work.session.get_one(Snapshot, (statement.mission_id, statement.snapshot_id))
    texts = by_language(await blocks_of(work.session, statement), statement.written_in)
    headline = next((each for each in texts[statement.language] if isinstance(each, Heading)), None)
    if headline is not None and headline.level == 1 and plain(headline.text).strip():
        statement.title = plain(headline.text)
    statement.published = {
        language: [each.model_dump(mode="json") for each in blocks]
        for language, blocks in texts.items()
    }
    statement.blocks = statement.published[statement.language]
    statement.published_sha256 = hash_of(statement, snapshot.sha256)


def hash_of(statement: Statement, snapshot_sha256: str) -> str:
    """The SHA-256 of a published statement: of its text in all languages and of its numbers."""
    content = {
        "id": str(statement.id),
        "kind": statement.kind,
        "reference": statement.language,
        "title": statement.title,
        "corrects": None if statement.corrects is None else str(statement.corrects),
        "texts": statement.published,
        "snapshot": snapshot_sha256,
    }
    return hashlib.sha256(canonical(content)).hexdigest()


async def _publication(
    work: AsyncWork,
    who: Principal,
    statement: Statement,
    given: Released,
    out_at: datetime,
    public: str,
) -> Publication:
    """The row of the register of publications, with the authority's copy."""
    session = work.session
    if given.copied_at is not None and given.copied_at > now():
        raise Refusal("the copy is given already, or not yet: leave the moment out.", "copied_at")
    query = select(Publication.number, Publication.statement_id, Publication.id).where(
        Publication.mission_id == who.mission_id
    )
    rows = (await session.execute(query)).all()
    taken = {row[0] for row in rows}
    number = next(f"S-{n}" for n in range(1, len(taken) + 2) if f"S-{n}" not in taken)
    corrected = (row[2] for row in rows if row[1] and row[1] == statement.corrects)
    return Publication(
        mission_id=who.mission_id,
        number=number,
        kind=statement.kind,
        title=statement.title,
        languages=statement.written_in,
        published_at=out_at,
        published_in=f"{public}/statements/{who.slug}/{statement.id}",
        statement_id=statement.id,
        corrects=next(corrected, None),
        sha256=statement.published_sha256,
        authority=given.authority,
        copied_at=given.copied_at,
        copied_how=given.copied_how,
        recorded_by=who.holder_id,
        recorded_at=now(),
    )


def said_at(moment: datetime, zone: str) -> str:
    """A moment with the name of its zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def said_of(statement: Statement) -> str:
    """The embargo in words."""
    if statement.embargo_until is None:
        return "none"
    return said_at(statement.embargo_until, statement.embargo_zone)


async def _done(work: AsyncWork, statement: Statement, act: str, note: str = "") -> dict[str, Any]:
    work.session.add(statement)
    await work.session.flush()
    work.log(act, statement.id, statement.published_sha256, note=note)
    return stage_out(statement)


def stage_out(statement: Statement) -> dict[str, Any]:
    """Where a statement stands on its way: who asked, approved, released, and until when it is
    kept back."""
    return {
        "id": statement.id,
        "state": StatementState(statement.state).shown,
        "joint": statement.joint,
        "review_by": statement.review_by,
        "review_at": statement.review_at,
        "approvals": statement.approvals,
        "embargo_until": statement.embargo_until,
        "embargo_zone": statement.embargo_zone,
        "released_by": statement.released_by,
        "released_at": statement.released_at,
        "sha256": statement.published_sha256 or None,
    }
