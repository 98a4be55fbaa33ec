"""What the lint is told of a statement's round and mission, beside its text and its gates."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from analytics.statements import LintInput
from analytics.statements.choices import Choice
from analytics.statements.lint import Case, ChangesSince, Consultation, Contest, Polling, Response
from api.figures.ask import Figures, ask
from api.statements.choosing import choices_of
from api.statements.draft import numbers_moved
from api.statements.private_names import private_names
from schemas.condition import Contact, Party
from schemas.election import Contest as ContestRow
from schemas.election import Round
from schemas.mission import Mission
from schemas.report import Report
from schemas.statement import Snapshot, Statement
from schemas.words import LANGUAGES


async def with_facts(
    session: AsyncSession,
    given: LintInput,
    statement: Statement,
    mission: Mission,
    frozen_at: datetime,
) -> LintInput:
    """The same with the round's polling and contests, the citizen observers heard, the analyst's
    choices and the mission's threshold of response. ``frozen_at`` is when the statement's numbers
    were frozen."""
    polled = await session.get_one(Round, (statement.mission_id, statement.round_id))
    threshold = mission.response_threshold
    return replace(
        given,
        polling=_polling(polled, frozen_at),
        contests=await _contests(session, statement),
        consulted=await _consulted(session, statement),
        choices=await _choices(session, statement),
        cases=_cases(given),
        private_names=await private_names(session, mission),
        # What a number's own sample sent stands in its query; the lint reads it there.
        response=Response(threshold=threshold, overall=1.0),
    )


async def changes_since(
    session: AsyncSession, figures: Figures, statement: Statement, frozen: Snapshot
) -> ChangesSince | None:
    """The numbers that reports received, corrected or decided on since the freeze would change;
    None where none would."""
    polled = await session.get_one(Round, (statement.mission_id, statement.round_id))
    moved = await ask(
        figures,
        statement.mission_id,
        numbers_moved,
        statement.language,
        frozen.counted_at,
        frozen.numbers,
        round_code=polled.code,
    )
    if not moved:
        return None
    query = select(func.count()).where(
        Report.mission_id == statement.mission_id, col(Report.changed) > frozen.counted_at
    )
    reports = (await session.execute(query)).scalar_one()
    since = f"{frozen.frozen_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return ChangesSince(since, max(reports, 1), [each.number_id for each in moved])


def _polling(polled: Round, frozen_at: datetime) -> Polling | None:
    """When the first polls of a round open; None where no day is known."""
    if not polled.polling_days:
        return None
    first = date.fromisoformat(min(polled.polling_days))
    opens = datetime.combine(first, polled.opens, ZoneInfo(polled.zone))
    return Polling(polled.name, opens, frozen_at)


async def _contests(session: AsyncSession, statement: Statement) -> Mapping[str, Contest]:
    query = select(
        ContestRow.code, ContestRow.name, ContestRow.names, ContestRow.denominator
    ).where(
        ContestRow.mission_id == statement.mission_id,
        ContestRow.round_id == statement.round_id,
    )
    return {
        code: Contest({**dict.fromkeys(LANGUAGES, name), **names}, denominator)
        for code, name, names, denominator in (await session.execute(query)).all()
    }


async def _consulted(session: AsyncSession, statement: Statement) -> Sequence[Consultation]:
    """The citizen groups that the mission met, each with the day."""
    query = (
        select(Contact.body, Contact.held_at)
        .where(Contact.mission_id == statement.mission_id, Contact.party == Party.CITIZEN_GROUP)
        .order_by(col(Contact.held_at))
    )
    return tuple(
        Consultation(body, at.date().isoformat())
        for body, at in (await session.execute(query)).all()
    )


def _cases(given: LintInput) -> Mapping[str, Case]:
    """The verified cases behind each number of a kind of incident: whether observers saw them all
    stands in the number beside it."""
    numbers = given.snapshot.numbers if given.snapshot else {}
    found = {}
    for key, number in numbers.items():
        if not key.startswith(INCIDENTS) or not key.endswith(CASES):
            continue
        kind = key.removeprefix(INCIDENTS).removesuffix(CASES)
        seen = numbers.get(f"{INCIDENTS}{kind}/observed", {}).get("value", 0)
        all_seen = bool(number.get("value")) and seen == number["value"]
        grade = "observed" if all_seen else "reported"
        found[key] = Case(kind, grade, verified=True, seen_by_observers=all_seen)
    return found


INCIDENTS, CASES = "incidents/", "/cases"


async def _choices(session: AsyncSession, statement: Statement) -> Sequence[Choice]:
    return await session.run_sync(
        lambda plain: choices_of(plain, statement.round_id)  # type: ignore[arg-type]
    )
