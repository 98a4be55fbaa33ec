"""The facts of a mission that pages and routes need before they ask for any figure."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar, cast
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.observation.received import came, last
from api.database.sessions import release_connection
from api.figures.ask import Answer, figure
from api.figures.edition import Edition
from api.figures.reference_data import Polling, PublishedRules, RoundFacts
from schemas.checklist import Indicator, Texts
from schemas.mission import Kind, Mission
from schemas.place import Area


@dataclass(frozen=True)
class MissionFacts:
    """The mission in one round, without its places, plans and reports.

    ``clock`` is the mission's clock that this is of, ``setting`` the one at which anything here
    changed last; ``reports`` counts those that came, of one visit the newest, ``last_report`` is
    when the last did; ``minute``, since 1970, is that of the edition.
    """

    clock: int
    setting: int
    mission: Mission
    organisations: Mapping[UUID, tuple[str, Kind]]
    organisation_names: Mapping[UUID, Texts]
    areas: tuple[Area, ...]
    rules: Mapping[UUID, PublishedRules]
    polling: Polling
    rounds: tuple[RoundFacts, ...]
    asked: bool
    samples: bool
    main_sample: UUID | None
    planned: bool
    reports: int
    last_report: datetime | None
    minute: int

    @property
    def tag(self) -> str:
        """What the tags of answers are made of: the clock, and the round that they are of."""
        return f"{self.clock}-{self.polling.round_id.hex[-8:]}"

    @property
    def timed_tag(self) -> str:
        """The same of what time alone moves: with the minute of this edition."""
        return f"{self.tag}-{self.minute}"

    def as_in(self, found: Answer) -> "MissionFacts":
        """The same with the clock and the minute of an answer, which may be of an earlier edition:
        its tag is that of what it shows."""
        return replace(self, clock=found.clock, minute=_minute(found.as_of))

    @cached_property
    def checklists(self) -> tuple[str, ...]:
        """The names of the published checklists."""
        return tuple(dict.fromkeys(each.definition.name for each in self.rules.values()))

    def newest(self, checklist: str) -> PublishedRules | None:
        """The newest rules of a checklist."""
        found = [each for each in self.rules.values() if each.definition.name == checklist]
        return found[-1] if found else None

    def indicators_of(self, checklist: str) -> tuple[Indicator, ...]:
        """The indicators of a checklist's newest rules, each with where it is asked."""
        rules = self.newest(checklist)
        return rules.definition.in_domains() if rules else ()

    def area(self, code: str) -> Area | None:
        """The area of this code, if the mission has it."""
        return next((each for each in self.areas if each.code == code), None)

    def nearest(self, now: datetime) -> str:
        """The code of the round whose polling is nearest to now."""
        return min(self.rounds, key=lambda each: abs(each.opens - now)).code


@figure
def mission_facts(edition: Edition) -> MissionFacts:
    """The facts of an edition."""
    reference, record = edition.reference, edition.record
    return MissionFacts(
        clock=edition.clock,
        setting=edition.setting,
        mission=reference.mission,
        organisations=reference.organisations,
        organisation_names=reference.organisation_names,
        areas=reference.areas,
        rules=reference.rules,
        polling=reference.polling,
        rounds=reference.rounds,
        asked=reference.asked,
        samples=bool(reference.samples),
        main_sample=reference.drawn.sample.id if reference.drawn else None,
        planned=len(reference.expected) > 0,
        reports=came(record),
        last_report=last(record, edition.as_of),
        minute=_minute(edition.as_of),
    )


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


T = TypeVar("T")
Name = tuple[UUID, UUID, str]
"""A mission, one of its rounds, and what was read."""
MOST = 1_000
"""So many things are held; beyond that the oldest is read again when it is asked for."""
_held: dict[Name, tuple[int, object]] = {}
"""What was read, and the clock of the reference data then."""
_locks: "WeakValueDictionary[Name, asyncio.Lock]" = WeakValueDictionary()


async def once(
    facts: MissionFacts,
    name: str,
    read: Callable[[], Awaitable[T]],
    session: AsyncSession | None = None,
) -> T:
    """What was read under this name, or read now: by the first who asks, others wait for it.

    Whoever asks within a ``session`` names it; with any other connection nobody may ask.
    """
    key = facts.mission.mission_id, facts.polling.round_id, name
    async with _locked(_locks.setdefault(key, asyncio.Lock()), session):
        setting, found = _held.get(key, (-1, None))
        if setting != facts.setting:
            _held.pop(key, None)
            found = await read()
            _held[key] = facts.setting, found
            for oldest in list(_held)[:-MOST]:
                del _held[oldest]
        return cast(T, found)


@asynccontextmanager
async def _locked(lock: asyncio.Lock, session: AsyncSession | None) -> AsyncIterator[None]:
    if lock.locked() and session is not None:
        await release_connection(session)
    async with lock:
        yield
