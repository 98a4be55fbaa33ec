"""Official totals compared with the quick count."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.observation.code_matrix import NOWHERE
from analytics.results.quick_count import QuickCount, Verdict, against_official
from analytics.results.station_figures import HANDS, Hand
from api.figures.mission_facts import MissionFacts, once
from api.figures.reference_data import ContestFacts
from schemas.election import Denominator

TOTALS = text("""
SELECT o.source, 'votes' AS what, e.key, sum(e.value::bigint)::bigint AS total, count(*) AS stations
FROM official_result o CROSS JOIN LATERAL jsonb_each_text(o.votes) e
WHERE o.mission_id = :mission AND o.contest_id = :contest
  AND o.place_id <> ALL (:others) GROUP BY o.source, e.key
UNION ALL
SELECT o.source, 'figures', e.key, sum(e.value::bigint)::bigint, count(*)
FROM official_result o CROSS JOIN LATERAL jsonb_each_text(o.figures) e
WHERE o.mission_id = :mission AND o.contest_id = :contest
  AND o.place_id <> ALL (:others) GROUP BY o.source, e.key
UNION ALL
SELECT o.source, 'stations', '', 0, count(*) FROM official_result o
WHERE o.mission_id = :mission AND o.contest_id = :contest
  AND o.place_id <> ALL (:others) GROUP BY o.source""")
GIVEN_AT = text("""
SELECT DISTINCT p.id, p.area_id FROM official_result o
JOIN place p ON p.mission_id = o.mission_id AND p.id = o.place_id
WHERE o.mission_id = :mission AND o.contest_id = :contest""")
BELOW = {
    Denominator.VALID: "valid",
    Denominator.CAST: "cast",
    Denominator.REGISTERED: "registered",
    Denominator.VALID_WITHOUT_BLANK: "valid",
}


@dataclass
class OfficialTotals:
    """What one source gives in all; ``given`` counts the stations that name each figure."""

    source: str
    stations: int = 0
    votes: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)

    def below(self, contest: ContestFacts) -> int | None:
        """What a share is out of, by the contest's law; None where a station does not say."""
        name = BELOW[Denominator(contest.denominator)]
        if self.given.get(name) == self.stations:
            return self.figures[name]
        whole = all(self.given.get(code) == self.stations for code, _ in contest.contestants)
        return sum(self.votes.values()) if name == "valid" and whole else None

    def share(self, contest: ContestFacts, code: str) -> float | None:
        """A contestant's official share, where every station gives what it needs."""
        below = self.below(contest)
        if not below or self.given.get(code) != self.stations:
            return None
        return self.votes[code] / below


class Counted(Protocol):
    """What official results are compared with: a contest's count, and whether it is an estimate."""

    @property
    def contest(self) -> ContestFacts: ...
    @property
    def count(self) -> QuickCount | None: ...
    @property
    def may_speak(self) -> bool: ...


@dataclass(frozen=True)
class OfficialShare:
    """One contestant's official share, and what the quick count says of it."""

    contestant: str
    share: float | None
    verdict: Verdict


async def official_totals(
    session: AsyncSession, facts: MissionFacts, contest_id: UUID
) -> list[OfficialTotals]:
    """Every source that was imported, in the order of their making: the totals of the stations
    that vote in the contest."""
    read = partial(_totals, session, facts, contest_id)
    return await once(facts, f"official {contest_id}", read, session)


async def _totals(
    session: AsyncSession, facts: MissionFacts, contest_id: UUID
) -> list[OfficialTotals]:
    others = await _given_elsewhere(session, facts, contest_id)
    values = {"mission": facts.mission.mission_id, "contest": contest_id, "others": others}
    found: dict[str, OfficialTotals] = {}
    for source, what, key, total, stations in (await session.execute(TOTALS, values)).all():
        each = found.setdefault(source, OfficialTotals(source))
        if what == "stations":
            each.stations = stations
        else:
            (each.votes if what == "votes" else each.figures)[key] = int(total)
            each.given[key] = stations
    return sorted(found.values(), key=lambda each: HANDS.index(cast(Hand, each.source)))


async def _given_elsewhere(
    session: AsyncSession, facts: MissionFacts, contest_id: UUID
) -> list[UUID]:
    """The places with a result of a contest that is not voted on there: the import refuses such,
    but constituencies may be others since."""
    voted = facts.polling.voted
    at = [each.id for each in facts.polling.contests].index(contest_id)
    if not voted.named and all(at in each for each in voted.stations):
        return []
    area_at = {each.id: position for position, each in enumerate(facts.areas)}
    values = {"mission": facts.mission.mission_id, "contest": contest_id}
    return [
        place
        for place, area in (await session.execute(GIVEN_AT, values)).all()
        if at not in voted.at(place, area_at.get(area, NOWHERE))
    ]


def hold_against(counted: Counted, official: OfficialTotals) -> list[OfficialShare]:
    """A verdict for each contestant. Results that do not cover every station of the frame decide
    nothing: their totals speak of other voters."""
    count = counted.count
    if count is None:
        return []
    complete = official.stations >= count.population
    held = []
    for share in count.shares:
        figure = official.share(counted.contest, share.contestant)
        verdict: Verdict = "cannot determine"
        if figure is not None and complete:
            verdict = against_official(
                share, figure, len(count.shares), response_met=counted.may_speak
            )
        held.append(OfficialShare(share.contestant, figure, verdict))
    return held


def published_shares(
    totals: Iterable[OfficialTotals], contest: ContestFacts, whole: int
) -> dict[str, float] | None:
    """Each contestant's published share; None where one of the ``whole`` stations or a figure is
    lacking, because totals of a part speak of other voters."""
    for each in totals:
        if each.source == "published" and each.stations >= whole:
            shares = {code: each.share(contest, code) for code, _ in contest.contestants}
            told = {code: share for code, share in shares.items() if share is not None}
            return told if len(told) == len(shares) else None
    return None


def official_out(counted: Counted, totals: Iterable[OfficialTotals]) -> list[dict[str, Any]]:
    """Official results as the JSON API shows them beside a quick count."""
    return [
        {
            "source": each.source,
            "stations": each.stations,
            "votes": each.votes,
            "figures": each.figures,
            "shares": [
                {"contestant": one.contestant, "share": one.share, "verdict": one.verdict}
                for one in hold_against(counted, each)
            ],
        }
        for each in totals
    ]
