"""OpenID accounts that members linked to their membership."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.challenges import spend, spent_in
from api.auth.oidc import REFUSED
from api.auth.principal import issue_credential, session_expiry
from api.database.clock import ENTER
from api.database.sessions import Pool
from api.problems import UNAUTHENTICATED, Problem
from schemas.account import LinkedAccount
from schemas.columns import now
from schemas.credential import Purpose, Role
from schemas.problems import Refusal

UNLINKED = (
    "No member of this mission has linked that account. Sign in with password and code, then link "
    "it under Your sessions."
)
FIND_MISSION = "SELECT find_mission(%s)"
USE = """
UPDATE linked_account l SET used_at = %s FROM member m
WHERE l.mission_id = %s AND l.issuer = %s AND l.subject = %s
  AND m.mission_id = l.mission_id AND m.id = l.member_id AND m.ended_at IS NULL
RETURNING m.id, m.role"""


@dataclass(frozen=True)
class Sent:
    """What a browser was sent out to the provider with; it comes back once."""

    issuer: str
    challenge: bytes
    said: dict[str, Any]


def of_member(session: Session, member: UUID) -> list[LinkedAccount]:
    """The accounts that a member linked, the newest first."""
    query = select(LinkedAccount).where(LinkedAccount.member_id == member)
    return list(session.exec(query.order_by(col(LinkedAccount.added_at).desc())))


def link(work: Work, sent: Sent, subject: str) -> None:
    """Link an account to who acts. Raises :class:`Refusal` where it is another member's; Problem:
    401 where the browser came back before."""
    assert work.actor is not None
    issuer = sent.issuer
    if not spent_in(work.session, sent.challenge, sent.said):
        raise Problem(UNAUTHENTICATED, REFUSED)
    query = select(LinkedAccount).where(
        LinkedAccount.mission_id == work.mission_id,
        LinkedAccount.issuer == issuer,
        LinkedAccount.subject == subject,
    )
    known = work.session.exec(query).first()
    if known is not None and known.member_id != work.actor:
        raise Refusal("That account is linked to another member of this mission.")
    if known is None:
        work.session.add(
            LinkedAccount(
                mission_id=work.mission_id,
                member_id=work.actor,
                issuer=issuer,
                subject=subject,
                added_at=now(),
            )
        )
        work.log("account.link", work.actor, issuer)


def unlink(work: Work, member: UUID, wanted: str) -> bool:
    """End a link by its id; whether there was one."""
    for each in of_member(work.session, member):
        if str(each.id) == wanted:
            work.session.delete(each)
            work.log("account.unlink", member, each.issuer)
            return True
    return False


async def sign_in(pool: Pool, sent: Sent, subject: str, label: str) -> str:
    """The token of a new session for whom the provider named. Problem: 401."""
    async with pool.connection() as connection, connection.transaction():
        slug = (sent.said["mission"],)
        row = await (await connection.execute(FIND_MISSION, slug)).fetchone()
        mission = row[0] if row else None
        await connection.execute(ENTER, (str(mission or ""),))
        named = (now(), mission, sent.issuer, subject)
        found = await (await connection.execute(USE, named)).fetchone()
        if mission is None or found is None:
            raise Problem(UNAUTHENTICATED, UNLINKED)
        if not await spend(connection, sent.challenge, sent.said):
            raise Problem(UNAUTHENTICATED, REFUSED)
        return await issue_credential(
            connection, mission, Role(found[1]), Purpose.SESSION, found[0], session_expiry(), label
        )
