"""What anybody may read of a mission without signing in: its published statements."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from analytics.documents import Document
from api.auth.principal import Principal
from api.database.sessions import mission_session
from api.statements.documents import document_of
from schemas.credential import Purpose, Role

NOBODY = UUID(int=0)


async def public_document(
    engine: AsyncEngine,
    slug: str,
    statement_id: UUID,
    language: str | None,
    public: str,
    *,
    with_annexes: bool = True,
) -> Document | None:
    """A published statement whose embargo is over, in a language (None: the reference), whole or
    its text alone; None where there is none for everybody. Raises :class:`Refusal` for a language
    that it is not in."""
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT find_mission(:slug)"), {"slug": slug})
        mission_id = found.scalar()
    if mission_id is None:
        return None
    # Whoever is not signed in reads what the press does: what is out.
    who = Principal(mission_id, slug, Role.PRESS, NOBODY, None, Purpose.BEARER)
    async with mission_session(engine, mission_id) as session:
        return await document_of(
            session, who, statement_id, language, public=public, with_annexes=with_annexes
        )
