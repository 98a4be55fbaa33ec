"""Sample size: the margin that a number of stations gives, and the number that a margin needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from analytics.survey.allocation import stations_needed
from analytics.survey.draw import DrawnStratum, SampleProblem, expected_margin
from analytics.survey.methods import Allocation, Plan
from api.figures.mission_facts import MissionFacts, once
from api.samples.draw import OF_PLACES, OWN_COLUMNS, columns_of, find_round
from schemas.place import Area, Place, PlaceKind, RoundPlace
from schemas.problems import Refusal


@dataclass(frozen=True)
class ExpectedPrecision:
    """What a draw would give: stations, and the margin of a half of them."""

    size: int
    frame_size: int
    strata: int
    margin: float
    deff: float


async def strata_once(
    session: AsyncSession, facts: MissionFacts, column: str | None, round_code: str | None
) -> dict[str, int]:
    """:func:`sizes_of_strata`, read once until the reference data change. Raises
    :class:`Refusal`."""

    def look(plain: Session) -> dict[str, int]:
        return sizes_of_strata(plain, column, round_code)

    name = f"strata by {column!r} in {round_code!r}"
    return await once(
        facts,
        name,
        lambda: session.run_sync(look),  # type: ignore[arg-type]
        session,
    )


def foresee(
    sizes: Mapping[str, int],
    *,
    size: int | None = None,
    margin: float | None = None,
    deff: float = 1.0,
    allocation: Allocation = "proportional",
    minimum: int = 2,
) -> ExpectedPrecision:
    """The margin of a size, or the size that a margin needs: strata of these ``sizes`` drawn in
    proportion.

    ``deff`` is the design effect to plan for. Raises SampleProblem where it cannot be, and for
    neither or both of them.
    """
    if (size is None) == (margin is None):
        raise SampleProblem("Give either a size or a margin.")
    if not 0.1 <= deff <= 100:
        raise SampleProblem("The design effect is a number from 0.1 to 100.")
    if size is None:
        size = stations_needed(dict(sizes), margin or 0.0, deff=deff, minimum=minimum)
    shares = Plan(size, 0, allocation=allocation, minimum=minimum).shares(dict(sizes))
    strata = [DrawnStratum(code, sizes[code], shares[code]) for code in sizes]
    stations = sum(sizes.values())
    return ExpectedPrecision(size, stations, len(sizes), expected_margin(strata, deff=deff), deff)


def sizes_of_strata(session: Session, column: str | None, round_code: str | None) -> dict[str, int]:
    """The stations open in a round by a column, as :func:`api.samples.draw.read_frame` has them.
    Raises :class:`Refusal` naming what is wrong."""
    round_ = find_round(session, round_code)
    attribute = None if column is None else col(Place.attributes)[column].astext
    there = select(RoundPlace.place_id).where(RoundPlace.round_id == round_.id)
    open_ones = (
        col(Place.kind) == PlaceKind.STATION,
        col(Place.closed_on).is_(None),
        col(Place.id).in_(there),
    )
    value: Any = literal("")
    if column in OWN_COLUMNS:
        value = func.coalesce(col(Area.code), "")
    elif attribute is not None:
        value = func.coalesce(attribute, "")
        known = session.exec(select(Place.id).where(*open_ones, attribute.is_not(None)).limit(1))
        if known.first() is None:
            value = _of_places(session, str(column))
    stratum = value.label("stratum")
    found = session.execute(
        select(stratum, func.count())
        .select_from(Place)
        .outerjoin(
            Area, (col(Area.mission_id) == Place.mission_id) & (col(Area.id) == Place.area_id)
        )
        .where(*open_ones)
        .group_by(stratum)
    ).all()
    if not found:
        raise Refusal(f"Round {round_.code} has no stations. Import them first.")
    return dict(sorted((str(name), int(count)) for name, count in found))


def _of_places(session: Session, column: str) -> Any:
    """A column that every station has. Raises :class:`Refusal`."""
    if column not in OF_PLACES:
        named = ", ".join(sorted({*columns_of(session)[0], *OF_PLACES}))
        raise Refusal(f"No station has a column {column!r}. There are: {named}.")
    return getattr(Place, column)
