"""From draft to published: review, approval by a second person, release and freezing.

Nothing of a statement changes once it is released; what was wrong is told by a correction.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlmodel import select

from analytics.statements import Problem as BrokenRule
from analytics.statements import canonical, plain
from analytics.statements.blocks import Heading
from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.problems import CONFLICT, Problem
from api.statements.blocks import by_language
from api.statements.issue import CopyLogged, must_be_a_copy
from api.statements.languages_read import languages_read
from api.statements.linting import Step, blocks_of, lint_of, problem_out, writers_of
from api.statements.reading_marks import keep_marks
from api.statements.source_annex import with_sources
from api.statements.states import done, in_state, said_at
from api.statements.versions import Given, back_to_draft
from schemas.columns import now
from schemas.mission import Mission
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Publication, Snapshot, Statement, StatementState

NAMED = 5
"""Of so many things that keep a statement from its next step a refusal says each."""


class ReviewAsked(Given):
    """A request that a statement is read over; a ``joint`` one needs two approvals."""

    joint: bool = False


class Approval(Given):
    """The languages that whoever approves has read (null: the reference language)."""

    read: list[str] | None = Field(default=None, max_length=10)


async def ask_review(
    work: AsyncWork, who: Principal, statement_id: UUID, given: ReviewAsked
) -> dict[str, Any]:
    """Ask that a draft is read over. Problems: 404; 409 in another state, or while the lint finds
    errors, which it lists."""
    who.must(Right.WRITE_STATEMENTS)
    statement = await in_state(work, who, statement_id, StatementState.DRAFT)
    await _must_be_clean(work, who, statement, "review")
    statement.state, statement.joint = StatementState.REVIEW, given.joint
    statement.review_by, statement.review_at = who.holder_id, now()
    return await done(work, statement, "statement.review")


async def withdraw_review(work: AsyncWork, who: Principal, statement_id: UUID) -> dict[str, Any]:
    """Take a statement back to draft from review or approval: approvals are given anew then.
    Problems: 404; 409 in another state."""
    who.must(Right.WRITE_STATEMENTS)
    waiting = (StatementState.REVIEW, StatementState.APPROVED)
    statement = await in_state(work, who, statement_id, *waiting)
    statement.state = StatementState.REVIEW
    back_to_draft(statement)
    statement.approved_by = None
    return await done(work, statement, "statement.withdraw_review")


async def approve(
    work: AsyncWork, who: Principal, statement_id: UUID, given: Approval | None = None
) -> dict[str, Any]:
    """Approve a statement in review, having read it in the languages that are named; the others
    wait for their own readers. Problems: 404; 409 in another state, for who wrote in it, asked for
    the review or approved already, and while the lint finds errors; 422 for a language that it is
    not in."""
    who.must(Right.DIRECT)
    statement = await in_state(work, who, statement_id, StatementState.REVIEW)
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
    await _read_by_approver(work, who, statement, given)
    if len(statement.approvals) >= (2 if statement.joint else 1):
        statement.state, statement.approved_by = StatementState.APPROVED, who.holder_id
    return await done(work, statement, "statement.approve")


async def _read_by_approver(
    work: AsyncWork, who: Principal, statement: Statement, given: Approval | None
) -> None:
    """Whoever approves has read at least one language, and marks what was read."""
    named = [statement.language] if given is None or given.read is None else given.read
    if not named:
        raise Refusal("say in which language you have read it.", "read")
    texts = by_language(await blocks_of(work.session, statement), statement.written_in)
    unknown = [each for each in named if not texts.get(each)]
    if unknown:
        raise Refusal(f"This statement is in {', '.join(texts)}.", "read")
    marks = languages_read(statement, texts)
    mine = [each for each in named if marks.get(each, {}).get("by") != str(who.holder_id)]
    await keep_marks(work, who, statement, mine)


async def release(
    work: AsyncWork, who: Principal, statement_id: UUID, given: CopyLogged, public: str = ""
) -> dict[str, Any]:
    """Publish an approved statement: its text is frozen under its hash, and it is out when the
    embargo ends. The authority's copy that is given here, or was logged before, goes into the
    register of publications. ``public`` is this server's address.

    Problems: 404; 409 in another state, for the one person who approved it, before the law lets
    results be said, and while the lint finds errors.
    """
    who.must(Right.DIRECT)
    statement = await in_state(work, who, statement_id, StatementState.APPROVED)
    if {each["by"] for each in statement.approvals} == {str(who.holder_id)}:
        raise Problem(CONFLICT, "Another person than the one who approved it releases it.")
    mission = await work.session.get_one(Mission, who.mission_id)
    out_at = max(now(), statement.embargo_until or now())
    if mission.embargo_until is not None and out_at < mission.embargo_until:
        until = said_at(mission.embargo_until, mission.zone)
        raise Problem(CONFLICT, f"The law lets nothing be said before {until}: set that embargo.")
    if given != CopyLogged():
        must_be_a_copy(given)
        statement.authority, statement.copied_at = given.authority, given.copied_at
        statement.copied_how = given.copied_how
    await _must_be_clean(work, who, statement, "release")
    await _freeze(work, statement)
    statement.state = StatementState.RELEASED
    statement.released_by, statement.released_at = who.holder_id, now()
    work.session.add(await _publication(work, who, statement, out_at, public))
    return await done(work, statement, "statement.release")


async def _must_be_clean(work: AsyncWork, who: Principal, statement: Statement, step: Step) -> None:
    """Problem: 409 with what the lint finds, while there are errors."""
    found = await lint_of(work.session, who, statement, before=step)
    errors: list[BrokenRule] = [each for each in found if each.level == "error"]
    if errors:
        said = dict.fromkeys(each.message for each in errors)
        more = f" And {len(said) - NAMED} more." if len(said) > NAMED else ""
        raise Problem(
            CONFLICT,
            f"This stands before the {step}: {' '.join([*said][:NAMED])}{more}",
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
        language: [
            each.model_dump(mode="json")
            for each in with_sources(blocks, snapshot.numbers, language)
        ]
        for language, blocks in texts.items()
    }
    statement.blocks = statement.published[statement.language]
    statement.published_sha256 = hash_of(statement, snapshot.sha256)


def hash_of(statement: Statement, snapshot_sha256: str) -> str:
    """The SHA-256 of a published statement: of its text in all languages and of its numbers."""
    content: dict[str, Any] = {
        "id": str(statement.id),
        "kind": statement.kind,
        "reference": statement.language,
        "title": statement.title,
        "corrects": None if statement.corrects is None else str(statement.corrects),
        "texts": statement.published,
        "snapshot": snapshot_sha256,
    }
    if statement.issued_in:
        content |= {"issued_in": statement.issued_in, "version": statement.version_number}
    return hashlib.sha256(canonical(content)).hexdigest()


async def _publication(
    work: AsyncWork,
    who: Principal,
    statement: Statement,
    out_at: datetime,
    public: str,
) -> Publication:
    """The row of the register of publications, with the authority's copy."""
    session = work.session
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
        authority=statement.authority,
        copied_at=statement.copied_at,
        copied_how=statement.copied_how,
        recorded_by=who.holder_id,
        recorded_at=now(),
    )
