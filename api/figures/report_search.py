"""Finding reports by what somebody types: a station, an observer, or words of the answers.

Stations and observers are looked up first, and found reports are those of them. Where nothing is
called so, the words are looked for in the newest reports, so many at a time: texts have no index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.figures.reports import among, joined
from schemas.checklist import Definition
from schemas.mission import Organisation
from schemas.observer import Observer
from schemas.place import Area, Place
from schemas.report import Report, ReportStatus, ReportVersion

MAX_NAMED = 500
"""So many stations and so many observers may be called as what is typed."""
WINDOW = 20_000
"""In so many reports words are looked for at once; what is older is another step."""


@dataclass(frozen=True)
class Found:
    """The reports that were found, as a query; of words, ``reached`` is the reading of the clock
    that was looked back to, None where nothing older is left."""

    query: Select[Any]
    by_words: bool = False
    reached: int | None = None


def text_questions(definitions: Iterable[Definition]) -> list[str]:
    """The questions that are answered in words."""
    names = (each.name for one in definitions for each in one.questions if each.type == "text")
    return sorted(set(names))


def areas_within(areas: Sequence[Area], code: str) -> list[UUID]:
    """The ids of an area and of all that lie in it; none where there is no such code."""
    found = {each.id for each in areas if each.code == code}
    while True:
        more = {each.id for each in areas if each.parent_id in found} - found
        if not more:
            return list(found)
        found |= more


def in_areas(who: Principal, chosen: Select[Any], areas: Sequence[UUID]) -> Select[Any]:
    """Of the reports ``chosen`` those from places in these areas."""
    places = select(Place.id).where(
        Place.mission_id == who.mission_id, among(col(Place.area_id), joined(areas))
    )
    return chosen.where(col(Report.place_id).in_(places))


def came_at(*, is_demonstration: bool) -> SQLColumnExpression[datetime]:
    """When a report came. In a demonstration, which is made in a minute, when it was finished: so
    say its figures too."""
    if not is_demonstration:
        return col(Report.received_at)
    return func.coalesce(col(Report.finalised_at), col(Report.received_at))


def came_within(
    chosen: Select[Any], since: datetime, until: datetime, *, is_demonstration: bool
) -> Select[Any]:
    """Of the reports ``chosen`` those that came after one moment and not after another, and that no
    other report replaced: as the control room counts the last hour."""
    came = came_at(is_demonstration=is_demonstration)
    return chosen.where(came > since, came <= until, col(Report.status) != ReportStatus.SUPERSEDED)


def of_kind(who: Principal, chosen: Select[Any], kind: str) -> Select[Any]:
    """Of the reports ``chosen`` those of organisations of a kind: domestic or international."""
    own = select(Organisation.id).where(
        Organisation.mission_id == who.mission_id, Organisation.kind == kind
    )
    return chosen.where(col(Report.organisation_id).in_(own))


async def search(
    session: AsyncSession,
    who: Principal,
    chosen: Select[Any],
    typed: str,
    texts: Sequence[str],
    limit: int,
    *,
    words_only: bool = False,
) -> Found:
    """Of the reports ``chosen``, the newest first, those that ``typed`` names, so many at least
    where there are; ``texts`` are the questions that are answered in words."""
    if not words_only:
        places, observers = await _named(session, who, typed)
        if places or observers:
            of = or_(
                among(col(Report.place_id), joined(places)),
                among(col(Report.observer_id), joined(observers)),
            )
            return Found(chosen.where(of))
    return await _by_words(session, chosen, typed, texts, limit)


async def _named(
    session: AsyncSession, who: Principal, typed: str
) -> tuple[list[UUID], list[UUID]]:
    """The places whose code is typed, or begins so, or whose name has it, and the observers."""
    code, within = f"{_escaped(typed)}%", f"%{_escaped(typed)}%"
    places = select(Place.id).where(
        Place.mission_id == who.mission_id,
        or_(col(Place.code).ilike(code, escape="\\"), col(Place.name).ilike(within, escape="\\")),
    )
    observers = select(Observer.id).where(
        Observer.mission_id == who.mission_id, col(Observer.pseudonym).ilike(code, escape="\\")
    )
    found = [
        list((await session.execute(each.limit(MAX_NAMED))).scalars())
        for each in (places, observers)
    ]
    return found[0], found[1]


def _escaped(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _by_words(
    session: AsyncSession, chosen: Select[Any], typed: str, texts: Sequence[str], limit: int
) -> Found:
    window = chosen.with_only_columns(
        col(Report.mission_id), col(Report.id), col(Report.version), col(Report.sequence)
    )
    newest = window.limit(WINDOW).subquery()
    seen = select(func.min(newest.c.sequence), func.count()).select_from(newest)
    lowest, many = (await session.execute(seen)).one()
    answers: Any = col(ReportVersion.answers)
    said = func.jsonb_each_text(answers).table_valued("key", "value")
    names = cast(literal(list(texts), ARRAY(Text())), ARRAY(Text()))
    within = f"%{_escaped(typed)}%"
    answered = and_(
        answers.has_any(names),
        exists(
            select(1)
            .select_from(said)
            .where(said.c.key == func.any(names), said.c.value.ilike(within, escape="\\"))
        ),
    )
    noted = col(ReportVersion.reason).ilike(within, escape="\\")
    wanted = (
        select(newest.c.id)
        .join(
            ReportVersion,
            and_(
                col(ReportVersion.mission_id) == newest.c.mission_id,
                col(ReportVersion.report_id) == newest.c.id,
                col(ReportVersion.number) == newest.c.version,
            ),
        )
        .where(or_(answered, noted))
        .order_by(newest.c.sequence.desc())
    )
    ids = list((await session.execute(wanted.limit(limit))).scalars())
    reached = lowest if many == WINDOW else None
    return Found(chosen.where(among(col(Report.id), joined(ids))), True, reached)
