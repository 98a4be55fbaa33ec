"""Phones: wiped from the desk, handed over, and how they keep what they hold."""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import text
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.problems import CONFLICT, NOT_FOUND, Problem
from schemas.columns import now
from schemas.mission import FORGET_HOURS, Mission
from schemas.observer import Phone
from schemas.problems import Refusal
from schemas.words import N_

TOLD = """
SELECT m.phones_forget_hours, m.phones_passphrase, p.wipe_asked_at IS NOT NULL
FROM mission m LEFT JOIN phone p ON p.mission_id = m.mission_id AND p.token_hash = %s
WHERE m.mission_id = %s"""
REVOKE = text("SELECT revoke_credential(:digest)")
MAX_FORGET_HOURS = 8760


async def told_phone(
    connection: AsyncConnection[Any], mission_id: UUID, digest: bytes
) -> dict[str, Any]:
    """What a phone is told of itself: after how many hours it forgets what was sent, whether it
    keeps what it holds under a passphrase, and whether it is to wipe itself."""
    row = await (await connection.execute(TOLD, (digest, mission_id))).fetchone()
    hours, passphrase, wipe = row or (0, False, False)
    return {
        "forget_hours": FORGET_HOURS if hours is None else hours,
        "passphrase": passphrase,
        "wipe": bool(wipe),
    }


def ask_wipe(work: Work, observer: UUID) -> int:
    """Have every phone of an observer wipe itself at its next contact; how many there are. Problem
    (409) where none is signed in."""
    standing = select(Phone).where(Phone.observer_id == observer, col(Phone.revoked_at).is_(None))
    phones = work.session.exec(standing).all()
    if not phones:
        raise Problem(CONFLICT, N_("No phone of this observer is signed in: none can be reached."))
    for phone in phones:
        phone.wipe_asked_at = phone.wipe_asked_at or now()
        work.session.add(phone)
    work.log("phone.wipe", observer)
    return len(phones)


def leave(work: Work, observer: UUID, digest: bytes, lost: dict[str, int]) -> None:
    """A phone says that it lets go of all data of the mission; from now on it opens nothing.
    ``lost`` counts what goes with it and was not received. Problem (404) where this is the
    credential of no enrolled phone."""
    of = select(Phone).where(Phone.observer_id == observer, Phone.token_hash == digest)
    phone = work.session.exec(of).first()
    if phone is None:
        raise Problem(NOT_FOUND, "This credential is no enrolled phone's.")
    phone.left_at, phone.revoked_at, phone.lost = now(), now(), lost
    work.session.add(phone)
    work.session.execute(REVOKE, {"digest": digest})
    words = ", ".join(f"{count} {kind}" for kind, count in lost.items() if count)
    work.log("phone.leave", observer, note=f"lost: {words}" if words else "")


def set_forget_hours(work: Work, hours: int) -> None:
    """Say how many hours after their receipt the answers of sent reports leave the phones."""
    if not 1 <= hours <= MAX_FORGET_HOURS:
        raise Refusal(f"From 1 to {MAX_FORGET_HOURS} hours.", "hours")
    mission = work.session.get_one(Mission, work.mission_id)
    mission.phones_forget_hours = hours
    work.session.add(mission)
    work.log("mission.phones", work.mission_id, note=f"forget after {hours} hours")


def set_passphrase(work: Work, asked: bool) -> None:
    """Say whether phones ask for a passphrase and keep what they hold encrypted under it."""
    mission = work.session.get_one(Mission, work.mission_id)
    mission.phones_passphrase = asked
    work.session.add(mission)
    work.log("mission.phones", work.mission_id, note=f"passphrase {'on' if asked else 'off'}")


def settings_of(work: Work) -> dict[str, Any]:
    """What all phones of the mission go by."""
    mission = work.session.get_one(Mission, work.mission_id)
    return {"forget_hours": mission.forget_hours, "passphrase": mission.phones_passphrase}
