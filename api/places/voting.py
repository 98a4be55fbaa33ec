"""Elections, rounds and contests: as files and forms give them, added, and listed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, Literal, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.places.contests import NAMED_IN_FILE
from schemas.election import (
    Acceptance,
    Contest,
    Contestant,
    ContestArea,
    Denominator,
    Election,
    Round,
)
from schemas.place import Area, Place, PlaceKind
from schemas.problems import Refusal


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Africa/Bamako is needed") from None
    return value


def printable(value: str) -> str:
    """The text. Raises ValueError where the database could not keep it."""
    if "\x00" in value:
        raise ValueError("a NUL cannot be kept")
    return value


Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=True),
    AfterValidator(printable),
]


Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(printable),
]


Zone = Annotated[str, AfterValidator(_zone)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


Names = dict[Literal["en", "fr", "ar", "es", "pt"], Words]
"""A name in other languages, for what is written in them."""


def by_language(names: Names) -> dict[str, str]:
    """Names by the code of their language, as rows hold them."""
    return {str(language): name for language, name in names.items()}


class ElectionPlan(_Shape):
    """The election."""

    code: Code
    name: Words
    names: Names = {}


class RoundPlan(_Shape):
    """One round: ``opens`` and ``closes`` are wall-clock hours in ``zone``."""

    code: Code
    name: Words
    polling_days: list[date] = Field(min_length=1)
    opens: time = time(8)
    closes: time = time(20)
    zone: Zone | None = None


class ContestantPlan(_Shape):
    """A candidate, list or answer on the ballot, and whether it accepts the observation."""

    code: Code
    name: Words
    names: Names = {}
    acceptance: Acceptance = Acceptance.UNKNOWN


class ThresholdPlan(_Shape):
    """A share, between 0 and 1, that decides something."""

    name: Words
    names: Names = {}
    share: float = Field(gt=0, lt=1)


class ContestPlan(_Shape):
    """What is decided in a round, where, and out of what a share is, as the law says.

    ``areas`` are the codes of its constituencies; a contest without any is voted on everywhere.
    """

    round: Code
    code: Code
    name: Words
    names: Names = {}
    denominator: Denominator = Denominator.VALID
    choices_per_ballot: int = Field(default=1, ge=1, le=1000)
    thresholds: list[ThresholdPlan] = []
    areas: list[Code] = []
    contestants: list[ContestantPlan] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        each_once("areas", self.areas)
        each_once("contestants", (each.code for each in self.contestants))
        return self


def each_once(field: str, codes: Iterable[str]) -> set[str]:
    """The codes. Raises ValueError naming the field where one stands twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise ValueError(f"{field}: {code!r} stands twice")
        seen.add(code)
    return seen


OPEN_IN_ROUND = text(f"""
INSERT INTO round_place (mission_id, round_id, place_id, registered_voters, contests)
SELECT mission_id, :round, id, registered_voters, {NAMED_IN_FILE.format(place="place")} FROM place
WHERE mission_id = :mission AND kind = 'station' AND (:everywhere OR code = ANY (:codes))""")  # noqa: S608  our own words
CONTEST_ORDER = (col(Contest.position).asc().nulls_first(), col(Contest.id))
"""The round's own order of its contests, everywhere."""
CONSTITUENCIES = text("""
SELECT c.contest_id, a.name FROM contest_area c
JOIN area a ON a.mission_id = c.mission_id AND a.id = c.area_id
WHERE c.mission_id = :mission ORDER BY a.code""")
Noun = TypeVar("Noun", Election, Round)


def add_election(session: Session, mission_id: UUID, plan: ElectionPlan) -> Election:
    """An election, in the running transaction."""
    election = Election(mission_id=mission_id, **plan.model_dump())
    session.add(election)
    session.flush()
    return election


def add_round(
    session: Session, mission_id: UUID, election: UUID, plan: RoundPlan, zone: str
) -> Round:
    """A round of an election; ``zone`` where the plan names none."""
    made = Round(
        mission_id=mission_id,
        election_id=election,
        code=plan.code,
        name=plan.name,
        polling_days=[day.isoformat() for day in sorted(plan.polling_days)],
        opens=plan.opens,
        closes=plan.closes,
        zone=plan.zone or zone,
    )
    session.add(made)
    session.flush()
    return made


def add_contest(session: Session, mission_id: UUID, round_id: UUID, plan: ContestPlan) -> Contest:
    """A contest of a round, after those that it has, and who stands in it.

    Raises :class:`Refusal` where the mission has not one of its areas.
    """
    contest = Contest(
        mission_id=mission_id,
        round_id=round_id,
        code=plan.code,
        name=plan.name,
        names=by_language(plan.names),
        denominator=plan.denominator,
        choices_per_ballot=plan.choices_per_ballot,
        thresholds=[each.model_dump(exclude_defaults=True) for each in plan.thresholds],
        position=next_position(session, round_id),
    )
    session.add(contest)
    session.flush()
    set_areas(session, contest, areas_named(session, plan.areas))
    for position, each in enumerate(plan.contestants, 1):
        session.add(
            Contestant(
                mission_id=mission_id,
                contest_id=contest.id,
                code=each.code,
                name=each.name,
                names=by_language(each.names),
                position=position,
                acceptance=each.acceptance,
            )
        )
    session.flush()
    return contest


def next_position(session: Session, round_id: UUID) -> int:
    """The place of one contest more in a round's order, from 1."""
    query = select(func.count(), func.max(Contest.position)).where(Contest.round_id == round_id)
    return max(each or 0 for each in session.exec(query).one()) + 1


def areas_named(session: Session, codes: Sequence[str]) -> list[UUID]:
    """The areas of these codes. Raises :class:`Refusal` where the mission has not one of them."""
    if not codes:
        return []
    known = dict(session.exec(select(Area.code, Area.id)).all())
    if strange := [each for each in codes if each not in known]:
        raise Refusal(f"not known: {', '.join(strange[:5])}.", "areas")
    return [known[each] for each in codes]


def set_areas(session: Session, contest: Contest, areas: Collection[UUID]) -> None:
    """Give a contest these constituencies, in the place of those that it has."""
    held = session.exec(select(ContestArea).where(ContestArea.contest_id == contest.id)).all()
    for each in held:
        if each.area_id not in areas:
            session.delete(each)
    for area in {*areas} - {each.area_id for each in held}:
        session.add(ContestArea(mission_id=contest.mission_id, contest_id=contest.id, area_id=area))
    session.flush()


def hold_election(work: Work, plan: ElectionPlan) -> Election:
    """Another election of the mission. Raises :class:`Refusal` where there is one by this code."""
    if _find(work, Election, plan.code):
        raise Refusal(f"there is an election {plan.code!r} already.", "code")
    work.log("election.added", plan.code, plan.code)
    return add_election(work.session, work.mission_id, plan)


def hold_round(work: Work, election: str, plan: RoundPlan, stations: list[str]) -> Round:
    """Another round of an election: a repeat poll names its stations, others are held in all.

    Raises :class:`Refusal` naming the field.
    """
    held = _find(work, Election, election)
    if held is None:
        raise Refusal(f"the mission has no election {election!r}.", "election")
    if _find(work, Round, plan.code):
        raise Refusal(f"there is a round {plan.code!r} already.", "code")
    _known(work, stations)
    zone = str(work.session.execute(text("SELECT zone FROM mission")).scalar_one())
    made = add_round(work.session, work.mission_id, held.id, plan, zone)
    work.session.execute(
        OPEN_IN_ROUND,
        {
            "mission": work.mission_id,
            "round": made.id,
            "everywhere": not stations,
            "codes": stations,
        },
    )
    work.log("round.added", plan.code, plan.code)
    return made


def hold_contest(work: Work, plan: ContestPlan) -> Contest:
    """A contest in a round. Raises :class:`Refusal` naming the field."""
    held = _find(work, Round, plan.round)
    if held is None:
        raise Refusal(f"the mission has no round {plan.round!r}.", "round")
    if work.session.exec(
        select(Contest.id).where(Contest.round_id == held.id, Contest.code == plan.code)
    ).first():
        raise Refusal(f"the round has a contest {plan.code!r} already.", "code")
    subject = f"{plan.round}/{plan.code}"
    work.log("contest.added", subject, subject)
    return add_contest(work.session, work.mission_id, held.id, plan)


def _find(work: Work, noun: type[Noun], code: str) -> Noun | None:
    query = select(noun).where(noun.mission_id == work.mission_id, noun.code == code)
    return work.session.exec(query).first()


def _known(work: Work, stations: list[str]) -> None:
    if not stations:
        return
    of = (Place.mission_id == work.mission_id, Place.kind == PlaceKind.STATION)
    known = set(work.session.exec(select(Place.code).where(*of)).all())
    if strange := sorted(set(stations) - known):
        raise Refusal(f"not known: {', '.join(strange[:5])}.", "stations")


@dataclass(frozen=True)
class VotedOn:
    """All of a mission's, by code; contests and contestants by their positions. ``areas`` are the
    names of each contest's constituencies."""

    elections: list[Election]
    rounds: list[Round]
    contests: list[Contest]
    contestants: list[Contestant]
    areas: Mapping[UUID, list[str]]


async def what_is_voted_on(session: AsyncSession, mission_id: UUID) -> VotedOn:
    """What a mission has of each."""

    async def every(noun: Any, *order: Any) -> list[Any]:
        query = select(noun).where(noun.mission_id == mission_id).order_by(*order)
        return list((await session.execute(query)).scalars())

    areas: dict[UUID, list[str]] = {}
    for contest, area in (await session.execute(CONSTITUENCIES, {"mission": mission_id})).all():
        areas.setdefault(contest, []).append(area)
    return VotedOn(
        await every(Election, col(Election.code)),
        await every(Round, col(Round.code)),
        await every(Contest, *CONTEST_ORDER),
        await every(Contestant, col(Contestant.position)),
        areas,
    )
