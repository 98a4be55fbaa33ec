"""Passkeys (WebAuthn): registering and signing in, bound to our own address.

The device checks its owner, by finger, face or PIN: a passkey stands for password and code both.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.audit.unit_of_work import Work
from api.auth.challenges import answered, pose, spend, spent_in
from api.auth.principal import issue_credential, session_expiry
from api.database.sessions import Pool, mission_connection
from api.problems import UNAUTHENTICATED, Problem
from schemas.columns import now
from schemas.credential import Passkey, Purpose, Role
from schemas.mission import Member
from schemas.problems import Refusal

Ending = Callable[[Work, UUID, str], bool]
NAME = "Indelible"
ADDING, ENTERING = "passkey add", "passkey sign-in"
MAX_PASSKEYS = 10
"""Passkeys of one member."""
FAILED = "This passkey opens nothing here. Sign in with password and code."
UNFIT = "The browser's answer is no passkey for this site."
MALFORMED = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
)
"""What the library raises for answers that no browser gives."""
FIND_PASSKEY = """
SELECT p.public_key, p.sign_count, m.role, s.slug FROM passkey p
JOIN member m ON m.mission_id = p.mission_id AND m.id = p.member_id
JOIN mission s ON s.mission_id = p.mission_id
WHERE p.mission_id = %s AND p.member_id = %s AND p.credential_id = %s AND p.rp_id = %s
  AND m.ended_at IS NULL
FOR UPDATE OF p"""
USED = """
UPDATE passkey SET sign_count = %s, used_at = %s
WHERE mission_id = %s AND member_id = %s AND credential_id = %s"""


@dataclass(frozen=True)
class Site:
    """The address at which a passkey is made and serves."""

    origin: str
    host: str

    @classmethod
    def of(cls, url: str) -> "Site | None":
        """The site of an address; None where browsers make no passkeys: bare IP addresses, and
        http elsewhere than at localhost."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" and host != "localhost":
            return None
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return cls(f"{parts.scheme}://{parts.netloc}", host) if host else None
        return None


def of_member(session: Session, member: UUID) -> list[Passkey]:
    """A member's passkeys, the newest first."""
    query = select(Passkey).where(Passkey.member_id == member)
    return list(session.exec(query.order_by(col(Passkey.added_at).desc())))


def creation(session: Session, secret: str, site: Site, member: Member) -> str:
    """What the browser is to make a passkey by: ``PublicKeyCredentialCreationOptionsJSON``."""
    challenge = pose(secret, ADDING, member=str(member.id))
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_name=member.handle,
        challenge=challenge,
        user_id=member.mission_id.bytes + member.id.bytes,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=each.credential_id)
            for each in of_member(session, member.id)
        ],
    )
    return options_to_json(options)


def add(work: Work, secret: str, site: Site, answer: str, label: str) -> Passkey:
    """Keep a passkey that the browser made for who acts. Raises :class:`Refusal`."""
    try:
        given = parse_registration_credential_json(answer)
        challenge = parse_client_data_json(given.response.client_data_json).challenge
    except MALFORMED as problem:
        raise Refusal(UNFIT) from problem
    said = answered(secret, ADDING, challenge)
    if (
        said is None
        or said["member"] != str(work.actor)
        or not spent_in(work.session, challenge, said)
    ):
        raise Refusal("This took too long. Ask for a passkey again.")
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except MALFORMED as problem:
        raise Refusal(UNFIT) from problem
    assert work.actor is not None
    if len(of_member(work.session, work.actor)) >= MAX_PASSKEYS:
        raise Refusal(f"A member has at most {MAX_PASSKEYS} passkeys. End one of them first.")
    passkey = Passkey(
        mission_id=work.mission_id,
        member_id=work.actor,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        rp_id=site.host,
        label=label,
        added_at=now(),
    )
    work.session.add(passkey)
    try:
        work.session.flush()
    except IntegrityError as problem:
        raise Refusal(UNFIT) from problem
    work.log("passkey.add", work.actor, str(passkey.id))
    return passkey


def end(work: Work, member: UUID, wanted: str) -> bool:
    """End a member's passkey by its id; whether there was one."""
    for each in of_member(work.session, member):
        if str(each.id) == wanted:
            work.session.delete(each)
            work.log("passkey.end", member, wanted)
            return True
    return False


def entry(secret: str, site: Site) -> str:
    """What the browser is to ask a passkey: ``PublicKeyCredentialRequestOptionsJSON``."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=pose(secret, ENTERING),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


async def sign_in(pool: Pool, secret: str, site: Site, answer: str, label: str) -> tuple[str, str]:
    """The mission's slug and the token of a new session. Problem: 401, always alike."""
    try:
        given = parse_authentication_credential_json(answer)
        holder = given.response.user_handle or b""
        challenge = parse_client_data_json(given.response.client_data_json).challenge
        mission, member = UUID(bytes=holder[:16]), UUID(bytes=holder[16:])
    except MALFORMED as problem:
        raise Problem(UNAUTHENTICATED, FAILED) from problem
    said = answered(secret, ENTERING, challenge)
    if said is None:
        raise Problem(UNAUTHENTICATED, FAILED)
    async with mission_connection(pool, mission) as connection:
        of = (mission, member, given.raw_id)
        row = await (await connection.execute(FIND_PASSKEY, (*of, site.host))).fetchone()
        if row is None or not await spend(connection, challenge, said):
            raise Problem(UNAUTHENTICATED, FAILED)
        public_key, count, role, slug = row
        count = _verified(answer, challenge, site, bytes(public_key), count)
        return slug, await _begin(connection, of, Role(role), count, label)


def _verified(answer: str, challenge: bytes, site: Site, public_key: bytes, count: int) -> int:
    """The signature's counter, which must have grown where the device counts."""
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=count,
            require_user_verification=True,
        ).new_sign_count
    except MALFORMED as problem:
        raise Problem(UNAUTHENTICATED, FAILED) from problem


async def _begin(
    connection: AsyncConnection[Any],
    of: tuple[UUID, UUID, bytes],
    role: Role,
    count: int,
    label: str,
) -> str:
    await connection.execute(USED, (count, now(), *of))
    mission, member, _ = of
    return await issue_credential(
        connection, mission, role, Purpose.SESSION, member, session_expiry(), label
    )
