"""Freezing: from here on nothing is written in the mission, and nothing opens its doors.

What still arrives is kept in the pen (:mod:`api.intake.placing`). Whoever writes under the
mission's clock is refused (:func:`api.database.sessions.advance_clock`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select, update

from api.audit import audit_entry
from api.database.roles import RESTRICTED_ROLE
from api.database.work import Work
from schemas.columns import now
from schemas.identity import Identity
from schemas.mission import Mission, MissionState
from schemas.observer import Phone

IDENTITIES_DAYS = 90
"""How long names are kept after the closing of a mission that does not say."""
AS_RESTRICTED = text(f"SET LOCAL ROLE {RESTRICTED_ROLE}")
AS_EVERYBODY = text("RESET ROLE")


def freeze(work: Work) -> int | None:
    """Close the mission, end every credential and phone, start retention.

    How many credentials were ended; None where the mission was closed before.
    """
    mission = work.session.exec(select(Mission)).one()
    if mission.state == MissionState.CLOSED:
        return None
    was, mission.state, mission.closed_at = mission.state, MissionState.CLOSED, now()
    work.session.add(mission)
    phones = update(Phone).where(col(Phone.revoked_at).is_(None))
    work.session.execute(phones.values(revoked_at=mission.closed_at))
    ended = int(work.session.execute(text("SELECT revoke_all_credentials()")).scalar_one())
    _date_identities(work, mission, mission.closed_at)
    work.session.add(_entry(work, mission.mission_id, mission.slug, f"It was {was}."))
    return ended


def _date_identities(work: Work, mission: Mission, closed_at: datetime) -> None:
    """Names go on their date; a date that was set before is kept where it is earlier."""
    days = int(mission.retention_days.get("identities", IDENTITIES_DAYS))
    last = closed_at.date() + timedelta(days=days)
    dated = update(Identity).where(
        col(Identity.delete_on).is_(None) | (col(Identity.delete_on) > last)
    )
    work.session.flush()
    work.session.execute(AS_RESTRICTED)
    work.session.execute(dated.values(delete_on=last))
    work.session.execute(AS_EVERYBODY)


def _entry(work: Work, mission_id: UUID, slug: str, note: str) -> object:
    return audit_entry(mission_id, work.sequence, "mission.close", slug, b"", note=note)
