"""Members of a mission: invited, given keys, ended; each act is in the audit log.

Every function works in the running transaction, whose clock reading it is given.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.principal import new_token, token_hash
from schemas.columns import now
from schemas.credential import Account, Credential, LinkedAccount, Passkey, Purpose, Role
from schemas.mission import Member
from schemas.place import Area
from schemas.problems import Refusal
from schemas.rights import Right, may

INVITATION_HOURS = 72
LONGEST_HANDLE = 60
KEYS = frozenset({Role.PARTNER, Role.IMPORT})
"""Roles of machines: their members hold a key and do not sign in."""
INVITED = frozenset(Role) - {Role.OBSERVER, *KEYS}
"""Roles of people who sign in; observers enrol a phone."""
REVOKE = text("SELECT revoke_credentials_of(:holder, :purposes)")


def add_member(
    work: Work,
    handle: str,
    role: Role,
    *,
    area: str = "",
    sections: Sequence[str] = (),
) -> Member:
    """Take a member in. Raises :class:`Refusal` for a handle that is taken, an unknown area."""
    handle = _handle(work, handle)
    if role not in INVITED | KEYS:
        raise Refusal("Observers are imported and enrol a phone; they are no members.")
    member = Member(
        mission_id=work.mission_id,
        handle=handle,
        role=role,
        area_id=_area(work, role, area),
        sections=_sections(role, sections),
    )
    work.session.add(member)
    work.session.flush()
    work.log("member.add", member.id, f"{handle} {role} {area} {','.join(sections)}")
    return member


async def handles_of(
    session: AsyncSession, mission_id: UUID, ids: Iterable[UUID | None]
) -> dict[UUID, str]:
    """The handles of members, by their ids."""
    wanted = {each for each in ids if each}
    query = select(Member.id, Member.handle).where(
        Member.mission_id == mission_id, col(Member.id).in_(wanted)
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()} if wanted else {}


async def handles_with_right(
    session: AsyncSession, mission_id: UUID, right: Right
) -> dict[UUID, str]:
    """The handles of the members whose role has a right, by their ids."""
    roles = [each for each in INVITED if may(each, right)]
    query = select(Member.id, Member.handle).where(
        Member.mission_id == mission_id,
        col(Member.role).in_(roles),
        col(Member.ended_at).is_(None),
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


def _handle(work: Work, wanted: str) -> str:
    handle = wanted.strip()
    if not 0 < len(handle) <= LONGEST_HANDLE or not handle.isprintable():
        raise Refusal("A member's name has 1 to 60 characters.")
    same = select(Member.id).where(
        Member.mission_id == work.mission_id, func.lower(Member.handle) == handle.lower()
    )
    if work.session.exec(same).first() is not None:
        raise Refusal(f"There is a member {handle!r} already.")
    return handle


def _area(work: Work, role: Role, code: str) -> UUID | None:
    if not code:
        if role == Role.COORDINATOR:
            raise Refusal("A coordinator needs an area.")
        return None
    if role != Role.COORDINATOR:
        raise Refusal("Only a coordinator is bounded by an area.")
    known = select(Area.id).where(Area.mission_id == work.mission_id, col(Area.code) == code)
    found = work.session.exec(known).first()
    if found is None:
        raise Refusal(f"There is no area {code!r}.")
    return found


def _sections(role: Role, sections: Sequence[str]) -> list[str]:
    wanted = [each.strip() for each in sections if each.strip()]
    if wanted and role != Role.CORE_ANALYST:
        raise Refusal("Only a core-team analyst is bounded by sections.")
    return wanted


def invite(work: Work, member: Member) -> str:
    """A single-use invitation of 72 hours, for a new member or one who lost a way in.

    The password, passkeys, linked accounts, earlier invitations and open sessions end: what was
    lost may be in other hands. Raises :class:`Refusal` for whoever holds a key or has left.
    """
    if member.ended_at is not None or Role(member.role) not in INVITED:
        raise Refusal("Only a member who signs in is invited.")
    _shut(work.session, member, (Purpose.INVITATION, Purpose.SESSION))
    work.log("member.invite", member.id, member.handle)
    hours = timedelta(hours=INVITATION_HOURS)
    return _issue(work.session, member, Purpose.INVITATION, hours)


def issue_key(work: Work, name: str, role: Role) -> tuple[Member, str]:
    """A key for a partner or an import, as a member of its own; shown this once."""
    if role not in KEYS:
        raise Refusal("A key is a partner's or an import's.")
    member = add_member(work, name, role)
    work.log("key.issue", member.id, member.handle)
    return member, _issue(work.session, member, Purpose.BEARER, None)


def end_member(work: Work, member: Member) -> None:
    """Let a member go: within a second nothing of theirs opens anything."""
    if member.ended_at is not None:
        raise Refusal("This member has left already.")
    if member.id == work.actor:
        raise Refusal("Nobody ends their own account; another member does.")
    member.ended_at = now()
    work.session.add(member)
    work.session.flush()
    _shut(work.session, member, tuple(Purpose))
    work.log("member.end", member.id, member.handle)


def find_member(session: Session, mission_id: UUID, handle: str) -> Member:
    """A member by name. Raises :class:`Refusal`."""
    wanted = select(Member).where(
        Member.mission_id == mission_id, func.lower(Member.handle) == handle.strip().lower()
    )
    found = session.exec(wanted).first()
    if found is None:
        raise Refusal(f"There is no member {handle!r}.")
    return found


def member_of(work: Work, member_id: UUID) -> Member:
    """A member by id. Raises LookupError."""
    found = work.session.get(Member, (work.mission_id, member_id))
    if found is None:
        raise LookupError(str(member_id))
    return found


def _shut(session: Session, member: Member, purposes: Sequence[Purpose]) -> None:
    """Every way in goes first: whoever is on it just now holds its row, and what they open is
    then ended with the rest."""
    for way in (Account, Passkey, LinkedAccount):
        session.execute(delete(way).where(col(way.member_id) == member.id))
    session.execute(REVOKE, {"holder": member.id, "purposes": [each.value for each in purposes]})


def _issue(session: Session, member: Member, purpose: Purpose, lasts: timedelta | None) -> str:
    token = new_token()
    values = {
        "token_hash": token_hash(token),
        "mission_id": member.mission_id,
        "role": member.role,
        "purpose": purpose.value,
        "holder_id": member.id,
        "created_at": now(),
        "expires_at": now() + lasts if lasts else None,
        "label": member.handle,
    }
    session.execute(Credential.__table__.insert().inline(), values)  # type: ignore[attr-defined]
    return token
