"""Freezing a closed mission: nothing is written any more, every credential ends.

What still arrives is kept in the pen (:mod:`api.intake.resolving`). Whoever writes under the
mission's clock is refused (:func:`api.audit.unit_of_work.writing`).
"""

from sqlalchemy import text
from sqlmodel import col, select, update

from api.audit.unit_of_work import Work
from api.database.roles import RESTRICTED_ROLE
from schemas.mission import Mission, MissionState
from schemas.observer import Phone

AS_RESTRICTED = text(f"SET LOCAL ROLE {RESTRICTED_ROLE}")
AS_EVERYBODY = text("RESET ROLE")


def freeze(work: Work) -> int | None:
    """Close the mission, end every credential and phone. Retention begins a day later, until when
    it can be reopened (:mod:`api.closing.reopening`): what ends here has the closing's moment.

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
