"""Making the demonstration: whatever is missing is made, what is there is left."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import orjson
from sqlmodel import Session, col, func, select

from api.audit.sealed_work import CommandContext, UnknownMission
from api.checklists.publishing import library_workbook
from api.demonstration.country import make_country, make_truth
from api.demonstration.day import ElectionDay
from api.demonstration.mission import SLUG, deploy, mission_file, teams_of
from api.demonstration.pictures import PHOTO, protocol_picture
from api.demonstration.sending import Report, SentDay
from api.intake.from_files import arrivals_of, importing, principal_of
from api.intake.photo_store import PhotoStore
from api.missions.create import create_mission
from mobile_forms.workbook import compile_workbook
from schemas.election import Round
from schemas.place import Place
from schemas.report import Edit
from schemas.report import Report as Kept
from schemas.sample import Sample, SampledStation

REPORTS_PER_BATCH = 200
CHECKLISTS = ("voting", "counting", "results", "incident", "access_denied")

Say = Callable[[str], None]


def stage(at: CommandContext, stations: int, seed: int, say: Say) -> UUID:
    """The mission's id: founded, with its stations, sample and teams, where it was not."""
    try:
        mission_id = at.mission(SLUG)
    except UnknownMission:
        say("Making the demonstration mission: a fictional country")
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        mission_id = create_mission(at, mission_file(yesterday)).mission_id
    with at.reading(mission_id) as session:
        drawn = session.exec(select(Sample)).first()
    if drawn is None:
        with at.work(mission_id) as work:
            deploy(work, make_country(stations, seed), seed)
        at.analyse()
    return mission_id


def play(at: CommandContext, mission_id: UUID, most: int, say: Say) -> None:
    """Send the day's reports that have not come in yet, at most so many in all."""
    with at.reading(mission_id) as session:
        day = the_day(session, most)
        come = {str(each) for each in session.exec(select(Kept.id))}
        come |= {str(each) for each in session.exec(select(Edit.instance_id))}
    _keep_pictures(at, mission_id, day)
    waiting = [orjson.dumps(report) for report in day if report["id"] not in come]
    if waiting:
        asyncio.run(_send(at, waiting, say))


def _keep_pictures(at: CommandContext, mission_id: UUID, day: Sequence[Report]) -> None:
    """Keep the photographs of protocols as if phones had sent them: reports that name them find
    them there."""
    store = PhotoStore(at.settings.media)
    for report in day:
        if PHOTO in report["answers"]:
            content = protocol_picture(report)
            received = store.receiving(mission_id)
            received.write_bytes(content)
            store.take(mission_id, received)
            received.unlink(missing_ok=True)  # where it was there before


def the_day(session: Session, most: int, again: int = 0) -> list[Report]:
    """What is sent on a staged mission's election day: the same whenever it is made.

    ``again`` makes other reports of the same day: further visits of the same teams.
    """
    return whole_day(session, most, again).reports


def whole_day(session: Session, most: int, again: int = 0) -> SentDay:
    """The same, with what is planted in it."""
    sample = session.exec(select(Sample).order_by(col(Sample.drawn_at)).limit(1)).one()
    stations = session.exec(select(func.count()).select_from(Place)).one()
    polling_day = date.fromisoformat(session.exec(select(Round)).one().polling_days[0])
    drawn = session.exec(
        select(Place.code)
        .join(SampledStation, col(SampledStation.place_id) == Place.id)
        .where(SampledStation.sample_id == sample.id, col(SampledStation.drawn))
    )
    country = make_country(stations, sample.seed)
    teams = teams_of(country, drawn, sample.seed)
    checklists = {name: compile_workbook(library_workbook(name)).definition for name in CHECKLISTS}
    truth = make_truth(country, sample.seed)
    day = ElectionDay(country, truth, checklists, polling_day, sample.seed + again)
    return day.sent(teams, most)


async def _send(at: CommandContext, outbox: Sequence[bytes], say: Say) -> None:
    who = principal_of(at, SLUG)
    async with importing(at) as intake:
        for start in range(0, len(outbox), REPORTS_PER_BATCH):
            await intake.accept_reports(who, arrivals_of(outbox[start : start + REPORTS_PER_BATCH]))
            say(f"Reports: {min(start + REPORTS_PER_BATCH, len(outbox))} of {len(outbox)}")
