"""Freezing a closed mission: nothing is written, credentials end; reopening within a day."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select, update

from api.audit.unit_of_work import Work
from api.database.roles import RESTRICTED_ROLE
from schemas.columns import now
from schemas.mission import Mission, MissionState
from schemas.observer import Phone
from schemas.problems import Refusal

AS_RESTRICTED = text(f"SET LOCAL ROLE {RESTRICTED_ROLE}")
AS_EVERYBODY = text("RESET ROLE")


def freeze(work: Work) -> int | None:
    """Close the mission, end every credential and phone. Retention begins a day later, until when
    it can be reopened (:mod:`api.closing.freezing`): what ends here has the closing's moment.

    How many credentials were ended; None where the mission was closed before.
    """
    mission = work.session.exec(select(Mission)).one()
    if mission.state == MissionState.CLOSED:
        return None
    mission.closed_from, mission.state = mission.state, MissionState.CLOSED
    mission.closed_at = work.session.execute(text("SELECT now()")).scalar_one()
    work.session.add(mission)
    phones = update(Phone).where(col(Phone.revoked_at).is_(None))
    work.session.execute(phones.values(revoked_at=mission.closed_at))
    ended = int(work.session.execute(text("SELECT revoke_all_credentials()")).scalar_one())
    work.log("mission.close", mission.slug, note=f"It was {mission.closed_from}.")
    work.session.flush()
    return ended


DAY = timedelta(hours=24)
"""How long a closing can be undone."""


def reopens_until(mission: Mission) -> datetime | None:
    """Until when a closed mission can be reopened; None where it is open, or that is over."""
    if mission.state != MissionState.CLOSED or mission.closed_at is None:
        return None
    until = mission.closed_at + DAY
    return until if now() < until else None


def reopen(work: Work) -> int:
    """Undo the closing of a mission; how many credentials live again.

    Raises :class:`Refusal` where it is not closed, or was closed longer than a day ago.
    """
    mission = work.session.exec(select(Mission)).one()
    if mission.state != MissionState.CLOSED:
        raise Refusal("The mission is not closed.")
    if reopens_until(mission) is None or mission.closed_at is None:
        raise Refusal("The mission was closed more than 24 hours ago; it stays closed.")
    ended = mission.closed_at
    phones = update(Phone).where(col(Phone.revoked_at) == ended).values(revoked_at=None)
    work.session.execute(phones)
    restored = int(
        work.session.execute(
            text("SELECT restore_credentials(:ended)"), {"ended": ended}
        ).scalar_one()
    )
    mission.state = mission.closed_from or MissionState.ACTIVE
    mission.closed_at, mission.closed_from = None, ""
    work.session.add(mission)
    note = f"It was closed at {ended:%Y-%m-%d %H:%M} UTC; {restored} credentials live again."
    work.log("mission.reopen", mission.slug, note=note)
    work.session.flush()
    return restored
