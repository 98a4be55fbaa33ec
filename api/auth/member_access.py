"""Who may enter a mission: members, with the ways in that they have and what they have open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.auth.sessions import OpenCredential, open_of
from schemas.account import Account, LinkedAccount, Passkey
from schemas.mission import Member
from schemas.place import Area


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
