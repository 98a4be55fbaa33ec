"""Sessions and keys of members: who is signed in where, and how to end it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from schemas.columns import now
from schemas.credential import Account, LinkedAccount, Passkey, Purpose
from schemas.mission import Member
from schemas.place import Area

LISTED_PURPOSES = frozenset({Purpose.SESSION, Purpose.BEARER, Purpose.INVITATION})
RECENT = timedelta(minutes=15)
CREDENTIALS_OF = text("SELECT * FROM credentials_of(:holder)")
REVOKE = text("SELECT revoke_credential(:hash)")


@dataclass(frozen=True)
class OpenCredential:
    """A credential that opens something now. ``id`` names it and opens nothing."""

    digest: bytes
    purpose: str
    label: str
    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime | None

    @property
    def id(self) -> str:
        return self.digest.hex()[:24]


def open_of(session: Session, holder: UUID) -> list[OpenCredential]:
    """The credentials of a member that are valid now, newest first."""
    found = []
    for row in session.execute(CREDENTIALS_OF, {"holder": holder}).mappings():
        if row["purpose"] in LISTED_PURPOSES and _is_open(row):
            found.append(
                OpenCredential(
                    bytes(row["token_hash"]),
                    row["purpose"],
                    row["label"],
                    row["created_at"],
                    row["seen_at"],
                    row["expires_at"],
                )
            )
    return sorted(found, key=lambda each: each.created_at, reverse=True)


def _is_open(row: Any) -> bool:
    if row["revoked_at"] is not None:
        return False
    if row["expires_at"] is not None and row["expires_at"] <= now():
        return False
    return row["used_at"] is None or row["purpose"] != Purpose.INVITATION


def is_recent(session: Session, holder: UUID, digest: bytes) -> bool:
    """Whether this is a session that its holder began a moment ago: only then are new ways in
    made, so that whoever finds a session, or a key, cannot make a lasting one of it."""
    return any(
        each.digest == digest
        and each.purpose == Purpose.SESSION
        and each.created_at > now() - RECENT
        for each in open_of(session, holder)
    )


def end(session: Session, holder: UUID, wanted: str) -> bytes | None:
    """End one of a member's credentials by its id; its hash, or None where there is none."""
    for each in open_of(session, holder):
        if each.id == wanted:
            session.execute(REVOKE, {"hash": each.digest})
            return each.digest
    return None


BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def label_of(agent: str) -> str:
    """What a browser is called in the list of sessions, from its User-Agent."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "Browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser}, {system}" if system else browser


@dataclass(frozen=True)
class MemberAccess:
    """A member, the code of the area that bounds it, its ways in, and what it has open."""

    member: Member
    area: str
    has_account: bool
    passkeys: int
    links: int
    opened: Sequence[OpenCredential]


def standing_of(session: Session, mission_id: UUID) -> list[MemberAccess]:
    """Every member, by handle."""
    query = select(Member).where(Member.mission_id == mission_id).order_by(col(Member.handle))
    areas = session.exec(select(Area).where(Area.mission_id == mission_id))
    codes = {each.id: each.code for each in areas}
    signing = set(session.exec(select(Account.member_id).where(Account.mission_id == mission_id)))
    ways = {
        way: Counter(session.exec(select(way.member_id).where(way.mission_id == mission_id)))
        for way in (Passkey, LinkedAccount)
    }
    return [
        MemberAccess(
            each,
            codes.get(each.area_id, "") if each.area_id else "",
            each.id in signing,
            ways[Passkey][each.id],
            ways[LinkedAccount][each.id],
            open_of(session, each.id),
        )
        for each in session.exec(query)
    ]


async def area_codes(session: AsyncSession, mission_id: UUID) -> list[str]:
    """The codes of the areas that may bound a member, in order."""
    query = select(Area.code).where(Area.mission_id == mission_id).order_by(col(Area.code))
    return list((await session.execute(query)).scalars())
