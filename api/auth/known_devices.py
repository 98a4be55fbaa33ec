"""Known devices: a sealed cookie of each member that signed in with this browser.

Whoever guesses at a member's name locks other devices out of the account for a while, never these
(OWASP calls it a device cookie). It opens nothing, tells whoever finds it nothing, lasts half a
year, and ends when the account is set up anew.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from api.auth.challenges import answered, pose
from api.auth.principal import Authenticator, Principal, token_hash
from api.database.sessions import Pool, mission_connection
from api.server.request_headers import Headers
from schemas.credential import Purpose

COOKIE = "indelible_device"
DAYS = 180
PATH = "/sign-in"
"""The cookie is sent to the sign-in alone."""
SEVERAL = 20
"""So many members' cookies are looked at: a browser that several people share has several."""
_PURPOSE = "known device"
CHANGED = "SELECT changed_at FROM account WHERE mission_id = %s AND member_id = %s"


@dataclass(frozen=True)
class Device:
    """A device that a member signed in with. ``account`` is when the account was set up; empty
    for a session, which ends with it."""

    id: str
    member: str
    account: str = ""

    def knows(self, member: UUID, changed_at: datetime) -> bool:
        """Whether this device signed in to the account as it is now."""
        return self.member == str(member) and self.account in ("", changed_at.isoformat())


def known_in(secret: str, cookies: Mapping[str, str]) -> list[Device]:
    """The devices that a browser's cookies prove."""
    sealed = [value for name, value in cookies.items() if name.startswith(f"{COOKIE}_")]
    return list(_opened(secret, sealed[:SEVERAL]))


def _opened(secret: str, sealed: Iterable[str]) -> Iterable[Device]:
    for value in sealed:
        try:
            said = answered(secret, _PURPOSE, urlsafe_b64decode(value))
        except ValueError:
            continue
        if said is not None:
            yield Device(said["device"], said["member"], said["account"])


async def devices_of(
    authenticator: Authenticator, secret: str, headers: Headers, cookies: Mapping[str, str]
) -> tuple[Device, ...]:
    """What a request proves of earlier sign-ins: by its cookies, or by a session still open."""
    found = known_in(secret, cookies)
    session = headers.session
    who = await authenticator.of_token(session, Purpose.SESSION) if session else None
    if session is not None and who is not None:
        found.append(Device(token_hash(session).hex(), str(who.holder_id)))
    return tuple(found)


async def cookie_for(pool: Pool, secret: str, who: Principal) -> tuple[str, str] | None:
    """The name and value of the cookie for who just signed in; None without an account."""
    async with mission_connection(pool, who.mission_id) as connection:
        found = await connection.execute(CHANGED, (who.mission_id, who.holder_id))
        row = await found.fetchone()
    if row is None:
        return None
    said = {"device": uuid4().hex, "member": str(who.holder_id), "account": row[0].isoformat()}
    sealed = pose(secret, _PURPOSE, minutes=DAYS * 24 * 60, **said)
    name = hashlib.sha256(f"{_PURPOSE}\n{secret}\n{who.holder_id}".encode()).hexdigest()[:8]
    return f"{COOKIE}_{name}", urlsafe_b64encode(sealed).decode()
