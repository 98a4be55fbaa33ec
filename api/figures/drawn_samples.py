"""The samples of a round as the watch holds them: one of each kind of observers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.observation.coverage import Expected
from analytics.survey.draw_srs import DrawnStratum
from api.figures.reference_data import Drawn
from schemas.mission import Kind
from schemas.sample import Sample, SampledStation, Stratum

STATIONS = text("""
SELECT encode(sha256(convert_to(string_agg(p.code || E'\\t\\n', '' ORDER BY p.code COLLATE "C"),
  'UTF8')), 'hex')
FROM sampled_station s JOIN place p ON p.mission_id = s.mission_id AND p.id = s.place_id
WHERE s.mission_id = :m AND s.sample_id = :sample""")
"""The hash that a frame would have of which nothing but the codes is known: that of a simple
draw (:func:`analytics.survey.draw_srs.frame_hash`)."""


async def load_samples(
    session: AsyncSession,
    mission_id: UUID,
    round_id: UUID,
    places: Mapping[UUID, int],
    expected: Sequence[Expected],
    usual: Kind,
) -> tuple[Drawn, ...]:
    """The first sample of each kind of observers: a later draw never replaces it unseen.

    A sample that does not say whose it is, is of those who are mostly sent to its stations;
    ``usual`` where nobody is.
    """
    query = select(Sample).where(Sample.mission_id == mission_id, Sample.round_id == round_id)
    found: dict[Kind, Drawn] = {}
    for sample in await _all(session, query.order_by(col(Sample.drawn_at), col(Sample.id))):
        if sample.kind and sample.kind in found:
            continue
        drawn = await _drawn(session, sample, places, expected, usual)
        found.setdefault(drawn.kind, drawn)
    if len(found) < 2:
        return tuple(found.values())
    return tuple(
        [replace(each, stations=await _stations(session, each.sample)) for each in found.values()]
    )


async def _stations(session: AsyncSession, sample: Sample) -> str:
    values = {"m": sample.mission_id, "sample": sample.id}
    return str((await session.execute(STATIONS, values)).scalar_one())


async def _drawn(
    session: AsyncSession,
    sample: Sample,
    places: Mapping[UUID, int],
    expected: Sequence[Expected],
    usual: Kind,
) -> Drawn:
    of: Any = sample.mission_id
    strata = await _all(
        session,
        select(Stratum)
        .where(Stratum.mission_id == of, Stratum.sample_id == sample.id)
        .order_by(col(Stratum.code)),
    )
    number = {each.id: index for index, each in enumerate(strata)}
    chosen = await session.execute(
        select(SampledStation.place_id, SampledStation.stratum_id).where(
            SampledStation.mission_id == of,
            SampledStation.sample_id == sample.id,
            col(SampledStation.drawn),
        )
    )
    stratum = {places[place]: number[where] for place, where in chosen}
    return Drawn(
        sample,
        tuple(DrawnStratum(each.code, each.population, each.drawn) for each in strata),
        stratum,
        Kind(sample.kind) if sample.kind else _sent_to(stratum, expected, usual),
    )


def _sent_to(stratum: Mapping[int, int], expected: Sequence[Expected], usual: Kind) -> Kind:
    at = [each.kind for each in expected if each.place in stratum]
    return max(Kind, key=at.count) if at else usual


async def _all(session: AsyncSession, query: Any) -> list[Any]:
    return list((await session.execute(query)).scalars())
