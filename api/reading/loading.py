"""Loading a mission's frame and the reports that changed, as rows for the watch."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, text
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.coverage import Ended, Expected
from analytics.sampling import DrawnStratum
from api.places.hours import Differing, hours_elsewhere
from api.places.hours import Polling as Hours
from api.reading.watch import (
    ContestFacts,
    Drawn,
    Frame,
    LastCall,
    Polling,
    PublishedRules,
    ReportRow,
    StationFacts,
)
from schemas.checklist import Definition
from schemas.deployment import Call, DeployedObserver, Deployment, DeploymentState
from schemas.election import Contest, Contestant, Round
from schemas.mission import Kind, Mission, Organisation
from schemas.place import Area, Place
from schemas.published import ChecklistVersion, Rules, RulesState
from schemas.report import ReportStatus
from schemas.sample import Sample, SampledStation
from schemas.sample import Stratum as StratumRow

CLOCK = text("SELECT seq FROM mission_clock WHERE mission_id = :m")
SETTING = text("""
SELECT coalesce(max(sequence), 0) FROM audit_entry
WHERE mission_id = :m AND split_part(act, '.', 1) <> ALL(:beside)""")
BESIDE = [
    "account", "accreditations", "alarm", "code", "collect", "head_recipient", "key", "member",
    "photos", "pledge", "pledges", "quick_count", "report", "session", "statement",
]  # fmt: skip
"""Acts on these leave the frame as it is: a pledge that is signed on the day is no reason to read
a million reports again. After any other act the mission is loaded anew."""
ROWS = text("""
SELECT r.id, r.changed, r.status, r.version, r.checklist, r.rules_id, r.place_id, r.visit_id,
  r.observer_id, r.organisation_id, r.arrived_at,
  CASE WHEN :phone THEN coalesce(r.finalised_at, r.received_at) ELSE r.received_at END AS came_at,
  j.codes,
  CASE WHEN v.answers ? 'contestant_votes' THEN v.answers END AS figures
FROM report r
LEFT JOIN judgement j ON j.mission_id = r.mission_id AND j.report_id = r.id
  AND j.number = r.version AND j.rules_id = r.rules_id
LEFT JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
WHERE r.mission_id = :m AND r.changed > :after AND r.changed <= :until""")
ENDED: dict[str, Ended] = {
    DeploymentState.CANCELLED: "cancelled", DeploymentState.WITHDRAWN_SECURITY: "withdrawn",
}  # fmt: skip
AFTER_CLOSING = timedelta(hours=3)
"""A count is looked for this long after the polls close."""


async def clock_and_setting(session: AsyncSession, mission_id: UUID) -> tuple[int, int]:
    """The mission's clock now, and when its setting last changed."""
    clock = (await session.execute(CLOCK, {"m": mission_id})).scalar_one()
    values = {"m": mission_id, "beside": BESIDE}
    setting = (await session.execute(SETTING, values)).scalar_one()
    return int(clock), int(setting)


async def load_rows(
    session: AsyncSession, mission_id: UUID, after: int, until: int, *, by_phone_time: bool
) -> list[ReportRow]:
    """Reports that changed after one reading of the clock, up to another."""
    values = {"m": mission_id, "after": after, "until": until, "phone": by_phone_time}
    rows = (await session.execute(ROWS, values)).all()
    return [
        ReportRow(
            id=row.id, changed=row.changed, status=ReportStatus(row.status), version=row.version,
            checklist=row.checklist, rules_id=row.rules_id, place_id=row.place_id,
            visit_id=row.visit_id, observer_id=row.observer_id,
            organisation_id=row.organisation_id, arrived_at=row.arrived_at, came_at=row.came_at,
            codes=row.codes, figures=row.figures,
        )
        for row in rows
    ]  # fmt: skip


async def load_frame(session: AsyncSession, mission_id: UUID, setting: int) -> Frame:
    """The whole frame of a mission."""
    (mission,) = await _all(session, of(mission_id, Mission))
    organisations = {
        each.id: (each.name, Kind(each.kind))
        for each in await _all(session, of(mission_id, Organisation))
    }
    areas = tuple(await _all(session, of(mission_id, Area).order_by(col(Area.code))))
    places = await _places(
        session, mission_id, {area.id: index for index, area in enumerate(areas)}
    )
    polling = await _polling(session, mission_id)
    index = {place.id: number for number, place in enumerate(places)}
    rules = await _rules(session, mission_id)
    expected, posted = await _deployments(
        session, mission_id, polling, organisations, index, places, rules
    )
    return Frame(
        setting=setting, mission=mission, organisations=organisations, areas=areas, places=places,
        rules=rules, expected=expected, posted=posted,
        drawn=await _drawn(session, mission_id, polling.round_id, index), polling=polling,
        calls=await _calls(session, mission_id),
    )  # fmt: skip


def of(mission_id: UUID, table: Any) -> Select[Any]:
    """The rows of one mission, named by hand: row-level security is the second wall."""
    return select(table).where(table.mission_id == mission_id)


async def _all(session: AsyncSession, query: Any) -> list[Any]:
    return list((await session.execute(query)).scalars())


async def _places(
    session: AsyncSession, mission_id: UUID, areas: dict[UUID, int]
) -> tuple[StationFacts, ...]:
    columns = (
        select_columns(
            col(Place.id),
            col(Place.code),
            col(Place.name),
            col(Place.area_id),
            col(Place.setting),
            col(Place.sort),
        )
        .where(col(Place.mission_id) == mission_id)
        .order_by(col(Place.code))
    )
    rows = (await session.execute(columns)).all()
    return tuple(
        StationFacts(i, code, name, areas[area] if area else -1, setting, sort)
        for i, code, name, area, setting, sort in rows
    )


async def _polling(session: AsyncSession, mission_id: UUID) -> Polling:
    """The round whose polling days are nearest to now, and its contests."""
    rounds = await _all(session, of(mission_id, Round))
    now = datetime.now(UTC)
    nearest = min(rounds, key=lambda each: abs(_moment(each, each.opens) - now))
    contests = []
    for contest in await _all(
        session, of(mission_id, Contest).where(col(Contest.round_id) == nearest.id)
    ):
        people = await _all(
            session,
            of(mission_id, Contestant)
            .where(Contestant.contest_id == contest.id)
            .order_by(col(Contestant.position)),
        )
        contests.append(ContestFacts(
            contest.code, contest.name, contest.denominator,
            tuple((each["name"], float(each["share"])) for each in contest.thresholds),
            tuple((each.code, each.name) for each in people),
        ))  # fmt: skip
    return Polling(
        nearest.id, nearest.code, nearest.name, tuple(nearest.polling_days),
        _moment(nearest, nearest.opens), _moment(nearest, nearest.closes, last=True),
        nearest.zone, tuple(contests),
    )  # fmt: skip


def _moment(round_: Round, at: time, *, last: bool = False) -> datetime:
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
            rules.id, Definition.model_validate(rules.definition), rules.revision,
            version.xform_sha256,
        )
        for rules, version in (await session.execute(query)).all()
    }  # fmt: skip


async def _deployments(
    session: AsyncSession, mission_id: UUID, polling: Polling,
    organisations: dict[UUID, tuple[str, Kind]], places: dict[UUID, int],
    facts: tuple[StationFacts, ...], rules: dict[UUID, PublishedRules],
) -> tuple[tuple[Expected, ...], dict[tuple[UUID, int], str]]:  # fmt: skip
    """The reports expected, and who was sent where. A team is named by its first observer."""
    elsewhere = await hours_elsewhere(session, mission_id, polling.round_id)
    teams: dict[UUID, list[UUID]] = {}
    for each in await _all(session, of(mission_id, DeployedObserver)):
        teams.setdefault(each.deployment_id, []).append(each.observer_id)
    stages = {each.definition.name: each.definition.stage for each in rules.values()}
    expected: list[Expected] = []
    posted: dict[tuple[UUID, int], str] = {}
    for each in await _all(
        session, of(mission_id, Deployment).where(col(Deployment.round_id) == polling.round_id)
    ):
        team = sorted(teams.get(each.id, []))
        place = places.get(each.place_id) if each.place_id else None
        hours = _hours(polling, elsewhere.get(each.place_id) if each.place_id else None)
        name = str(team[0]) if team else str(each.id)
        posted |= {(observer, -1 if place is None else place): name for observer in team}
        for checklist, count in each.expected.items():
            stage = stages.get(checklist, "voting")
            for number in range(int(count)):
                expected.append(Expected(
                    place=place, area=facts[place].area if place is not None else -1,
                    checklist=checklist, due_at=_due(*hours, stage, number, int(count)),
                    kind=organisations[each.organisation_id][1],
                    observer=name, stage=stage, deployment=str(each.id),
                    ended=ENDED.get(each.state, ""),
                ))  # fmt: skip
    return tuple(expected), posted


async def _calls(session: AsyncSession, mission_id: UUID) -> dict[str, LastCall]:
    """The last call to each deployment."""
    query = of(mission_id, Call).order_by(col(Call.called_at), col(Call.id))
    return {
        str(each.deployment_id): LastCall(each.outcome, each.called_at)
        for each in await _all(session, query)
    }


def _hours(polling: Polling, other: Differing | None) -> tuple[datetime, datetime]:
    """When the polls open and close at a place: as in the round, or as it has otherwise."""
    if other is None:
        return polling.opens, polling.closes
    zone = ZoneInfo(polling.zone)
    opens, closes = (each.astimezone(zone) for each in (polling.opens, polling.closes))
    usual = Hours(opens.time(), closes.time(), polling.zone)
    own = other.over(usual)
    return own.at(opens.date(), own.opens), own.at(closes.date(), own.closes)


def _due(opens: datetime, closes: datetime, stage: str, number: int, count: int) -> datetime:
    """When a report is looked for: spread over the hours of voting, the count after them."""
    if stage in ("counting", "tabulation"):
        return closes + AFTER_CLOSING
    if stage == "opening":
        return opens + timedelta(hours=1)
    return opens + (closes - opens) * ((number + 1) / (count + 1))


async def _drawn(
    session: AsyncSession, mission_id: UUID, round_id: UUID, places: dict[UUID, int]
) -> Drawn | None:
    """The round's first sample: a later draw never replaces it unseen."""
    drawn = await _all(
        session,
        of(mission_id, Sample)
        .where(col(Sample.round_id) == round_id)
        .order_by(col(Sample.drawn_at)),
    )
    if not drawn:
        return None
    sample = drawn[0]
    rows = await _all(
        session,
        of(mission_id, StratumRow)
        .where(col(StratumRow.sample_id) == sample.id)
        .order_by(col(StratumRow.code)),
    )
    number = {each.id: index for index, each in enumerate(rows)}
    chosen = await _all(
        session,
        of(mission_id, SampledStation).where(
            col(SampledStation.sample_id) == sample.id, col(SampledStation.drawn)
        ),
    )
    return Drawn(
        sample,
        tuple(DrawnStratum(each.code, each.population, each.drawn) for each in rows),
        {places[each.place_id]: number[each.stratum_id] for each in chosen},
    )
