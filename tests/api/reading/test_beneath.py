"""The reports beneath a number are found however many they are."""

from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, func, select

from api.database.sessions import mission_session
from api.reading.beneath import among
from schemas.report import Report
from tests.api.reading.conftest import SmallCountry


async def test_more_ids_may_be_asked_for_than_the_database_takes_parameters(
    country: SmallCountry, engine: AsyncEngine
) -> None:
    known = [row[0] for row in country.execute("SELECT id FROM report LIMIT 5")]
    query = select(func.count()).select_from(Report)
    async with mission_session(engine, country.mission_id) as session:
        ids = [*known, *(uuid4() for _ in range(70_000))]
        found = await session.execute(
            query.where(among(col(Report.id), b"".join(each.bytes for each in ids)))
        )
        nothing = await session.execute(query.where(among(col(Report.id), b"")))
    assert (found.scalar_one(), nothing.scalar_one()) == (5, 0)
