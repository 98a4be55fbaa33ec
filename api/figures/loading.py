"""Loading a mission's frame and the reports that changed, as rows for the watch."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, text
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from analytics.observation.protocols import FIGURES
from api.figures.drawn_samples import load_samples
from api.figures.expected_reports import load_plan, newest_of
from api.figures.reference_data import (
    ContestFacts,
    Frame,
    LastCall,
    Polling,
    PublishedRules,
    RoundFacts,
)
from api.figures.report_row import ReportRow
from api.figures.stations import StationFacts
from schemas.checklist import Definition
from schemas.deployment import Call
from schemas.election import Contest, Contestant, Round
from schemas.mission import Kind, Mission, Organisation
from schemas.place import Area, Place
from schemas.published import ChecklistVersion, Rules, RulesState
from schemas.report import ReportStatus

CLOCK_AND_SETTING = text("""
SELECT seq, (SELECT coalesce(max(sequence), 0) FROM audit_entry
  WHERE mission_id = :m AND sequence > :after
    AND split_part(act, '.', 1) <> ALL(:beside) AND act <> 'deployment.call')
FROM mission_clock WHERE mission_id = :m""")
CALLED = text("""
SELECT DISTINCT ON (c.deployment_id) c.deployment_id, c.outcome, c.called_at FROM call c
WHERE c.mission_id = :m AND c.deployment_id IN (SELECT a.subject::uuid FROM audit_entry a
  WHERE a.mission_id = :m AND a.sequence > :after AND a.sequence <= :until
    AND a.act = 'deployment.call')
ORDER BY c.deployment_id, c.called_at DESC, c.id DESC""")
BESIDE = [
    "account",
    "accreditations",
    "alarm",
    "briefings",
    "code",
    "collect",
    "declaration",
    "enrolment",
    "head_recipient",
    "identity",
    "key",
    "member",
    "passkey",
    "photos",
    "pledge",
    "pledges",
    "quick_count",
    "register",
    "report",
    "session",
    "share",
    "statement",
]
"""Acts on these leave the frame as it is: a pledge that is signed on the day is no reason to read
a million reports again. Nor does a call: it changes only what is known of its team, and is read by
itself. After any other act the mission is loaded anew."""
READ = ", ".join(f"'{each}', v.answers -> '{each}'" for each in ("contestant_votes", *FIGURES))
"""What is read of a protocol's answers."""
ROWS = text(f"""
SELECT r.id, r.changed, r.status, r.version, r.checklist, r.rules_id::text, r.place_id::text,
  r.visit_id, r.observer_id::text, r.organisation_id::text,
  floor(extract(epoch FROM r.arrived_at))::bigint AS arrived,
  CASE WHEN :phone THEN coalesce(r.finalised_at, r.received_at) ELSE r.received_at END AS came_at,
  j.codes, CASE WHEN v.answers ? 'contestant_votes' THEN jsonb_build_object({READ}) END AS figures,
  coalesce(r.round_id <> :round, :asked) AS elsewhere, r.sequence AS received
FROM report r
LEFT JOIN judgement j ON j.mission_id = r.mission_id AND j.report_id = r.id
  AND j.number = r.version AND j.rules_id = r.rules_id
LEFT JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
WHERE r.mission_id = :m AND r.changed > :after AND r.changed <= :until
  AND (:after > 0 OR coalesce(r.round_id = :round, NOT :asked))""")  # noqa: S608  our own names


AT_ONCE = 10_000
WHOLE = text("SET LOCAL cursor_tuple_fraction = 1")
"""A cursor is planned for its first rows, unless it is said that all are wanted."""


async def clock_and_setting(
    session: AsyncSession, mission_id: UUID, after: int = 0
) -> tuple[int, int]:
    """The mission's clock now, and when its setting last changed; 0 where that was not after one
    reading of the clock."""
    values = {"m": mission_id, "after": after, "beside": BESIDE}
    clock, setting = (await session.execute(CLOCK_AND_SETTING, values)).one()
    return int(clock), int(setting)


async def load_rows(session: AsyncSession, frame: Frame, after: int, until: int) -> list[ReportRow]:
    """Reports that changed after one reading of the clock, up to another: from the beginning
    those of the frame's round, later also those that have become another round's. Those of no
    round are with the nearest one."""
    values = _of(frame) | {"after": after, "until": until}
    return [_read(row) for row in await session.execute(ROWS, values)]


async def stream_rows(
    session: AsyncSession, frame: Frame, until: int
) -> AsyncIterator[list[ReportRow]]:
    """All reports of a frame's round up to a reading of the clock, so many at a time: a million
    are never held twice."""
    await session.execute(WHOLE)
    values = _of(frame) | {"after": 0, "until": until}
    found = await session.stream(ROWS, values, execution_options={"yield_per": AT_ONCE})
    async for rows in found.partitions(AT_ONCE):
        yield [_read(row) for row in rows]


def _of(frame: Frame) -> dict[str, Any]:
    return {
        "m": frame.mission.mission_id,
        "phone": frame.mission.demonstration,
        "round": frame.polling.round_id,
        "asked": frame.asked,
    }


def _read(row: Any) -> ReportRow:
    identity, changed, status, *others = row
    return ReportRow(identity, changed, ReportStatus(status), *others)


async def load_calls(
    session: AsyncSession, mission_id: UUID, after: int, until: int
) -> dict[str, LastCall]:
    """The last call to each deployment that was called after one reading of the clock, up to
    another."""
    values = {"m": mission_id, "after": after, "until": until}
    rows = (await session.execute(CALLED, values)).all()
    return {str(deployment): LastCall(outcome, at) for deployment, outcome, at in rows}


async def load_frame(
    session: AsyncSession, mission_id: UUID, setting: int, round_code: str | None = None
) -> Frame:
    """The whole frame of a mission, in the round nearest to now or in the one asked for."""
    (mission,) = await _all(session, of(mission_id, Mission))
    organisations = {
        each.id: (each.name, Kind(each.kind))
        for each in await _all(session, of(mission_id, Organisation))
    }
    areas = tuple(await _all(session, of(mission_id, Area).order_by(col(Area.code))))
    area_index = {area.id: number for number, area in enumerate(areas)}
    rounds = sorted(await _all(session, of(mission_id, Round)), key=opens)
    polling = await _polling(session, mission_id, chosen(rounds, round_code))
    last = date.fromisoformat(polling.days[-1])
    places = await _places(session, mission_id, area_index, last)
    index = {place.id: number for number, place in enumerate(places)}
    rules = await _rules(session, mission_id)
    expected, posted = await load_plan(
        session, mission_id, polling, organisations, places, area_index, newest_of(rules)
    )
    return Frame(
        setting=setting,
        mission=mission,
        organisations=organisations,
        areas=areas,
        places=places,
        rules=rules,
        expected=expected,
        posted=posted,
        samples=await load_samples(
            session, mission_id, polling.round_id, index, expected, Kind(mission.kind)
        ),
        polling=polling,
        calls=await _calls(session, mission_id),
        rounds=tuple(RoundFacts(each.id, each.code, each.name, opens(each)) for each in rounds),
        asked=round_code is not None,
    )


def of(mission_id: UUID, table: Any) -> Select[Any]:
    """The rows of one mission, named by hand: row-level security is the second wall."""
    return select(table).where(table.mission_id == mission_id)


async def _all(session: AsyncSession, query: Any) -> list[Any]:
    return list((await session.execute(query)).scalars())


async def _places(
    session: AsyncSession, mission_id: UUID, areas: dict[UUID, int], last: date
) -> tuple[StationFacts, ...]:
    columns = (
        select_columns(
            col(Place.id),
            col(Place.code),
            col(Place.name),
            col(Place.area_id),
            col(Place.setting),
            col(Place.sort),
            func.coalesce(col(Place.closed_on) <= last, False),
        )
        .where(col(Place.mission_id) == mission_id)
        .order_by(col(Place.code))
    )
    rows = (await session.execute(columns)).all()
    return tuple(
        StationFacts(i, code, name, areas[area] if area else -1, setting, sort, closed)
        for i, code, name, area, setting, sort, closed in rows
    )


def chosen(rounds: Sequence[Round], code: str | None) -> Round:
    """The round of this code; without one, that whose polling is nearest to now."""
    if code is not None:
        return next(each for each in rounds if each.code == code)
    now = datetime.now(UTC)
    return min(rounds, key=lambda each: abs(opens(each) - now))


async def _polling(session: AsyncSession, mission_id: UUID, round_: Round) -> Polling:
    """What the watch needs of a round: its days and hours, and its contests."""
    contests = []
    for contest in await _all(
        session, of(mission_id, Contest).where(col(Contest.round_id) == round_.id)
    ):
        people = await _all(
            session,
            of(mission_id, Contestant)
            .where(Contestant.contest_id == contest.id)
            .order_by(col(Contestant.position)),
        )
        contests.append(
            ContestFacts(
                contest.code,
                contest.name,
                contest.denominator,
                tuple((each["name"], float(each["share"])) for each in contest.thresholds),
                tuple((each.code, each.name) for each in people),
            )
        )
    return Polling(
        round_.id,
        round_.code,
        round_.name,
        tuple(round_.polling_days),
        opens(round_),
        moment(round_, round_.closes, last=True),
        round_.zone,
        tuple(contests),
    )


def opens(round_: Round) -> datetime:
    """When a round's first polling day opens."""
    return moment(round_, round_.opens)


def moment(round_: Round, at: time, *, last: bool = False) -> datetime:
    """An hour of a round's first day of polling, or of its last."""
    day = datetime.fromisoformat(round_.polling_days[-1 if last else 0]).date()
    return datetime.combine(day, at, ZoneInfo(round_.zone))


async def _rules(session: AsyncSession, mission_id: UUID) -> dict[UUID, PublishedRules]:
    """Every revision of rules, oldest first."""
    query = (
        select(Rules, ChecklistVersion)
        .join(
            ChecklistVersion,
            (col(ChecklistVersion.mission_id) == col(Rules.mission_id))
            & (col(ChecklistVersion.id) == col(Rules.version_id)),
        )
        .where(Rules.mission_id == mission_id, Rules.state == RulesState.PUBLISHED)
        .order_by(col(ChecklistVersion.published_at), col(Rules.revision))
    )
    return {
        rules.id: PublishedRules(
            rules.id,
            Definition.model_validate(rules.definition),
            rules.revision,
            version.xform_sha256,
        )
        for rules, version in (await session.execute(query)).all()
    }


async def _calls(session: AsyncSession, mission_id: UUID) -> dict[str, LastCall]:
    """The last call to each deployment."""
    query = of(mission_id, Call).order_by(col(Call.called_at), col(Call.id))
    return {
        str(each.deployment_id): LastCall(each.outcome, each.called_at)
        for each in await _all(session, query)
    }
