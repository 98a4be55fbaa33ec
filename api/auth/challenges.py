"""Sign-in challenges of ten minutes, kept by the browser as a sealed value.

Nothing is stored until it is answered, so that strangers who open the page fill no table.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import AsyncConnection
from sqlalchemy import text
from sqlmodel import Session

from api.audit.signing import derive
from schemas.columns import now

MINUTES = 10
_SEALING = b"indelible challenge sealing key 1"
_NONCE = 12


def pose(secret: str, purpose: str, *, minutes: int | None = None, **said: str) -> bytes:
    """A challenge for one purpose, which says nothing to who carries it."""
    ends = int((now() + timedelta(minutes=MINUTES if minutes is None else minutes)).timestamp())
    nonce = secrets.token_bytes(_NONCE)
    plain = orjson.dumps(said | {"ends": ends})
    return nonce + AESGCM(derive(secret, _SEALING)).encrypt(nonce, plain, purpose.encode())


def answered(secret: str, purpose: str, challenge: bytes) -> dict[str, Any] | None:
    """What was said in a challenge that we posed for this purpose and that has not run out."""
    try:
        key = AESGCM(derive(secret, _SEALING))
        said = orjson.loads(key.decrypt(challenge[:_NONCE], challenge[_NONCE:], purpose.encode()))
    except (InvalidTag, ValueError):
        return None
    return said if said["ends"] > now().timestamp() else None


def spent_in(session: Session, challenge: bytes, said: dict[str, Any]) -> bool:
    """The same as :func:`spend`, in a session's transaction."""
    values = {"challenge": challenge, "ends": said["ends"]}
    query = text("SELECT spend_challenge(sha256(:challenge), to_timestamp(:ends))")
    return bool(session.execute(query, values).scalar())


async def spend(connection: AsyncConnection[Any], challenge: bytes, said: dict[str, Any]) -> bool:
    """Use an answered challenge up in the running transaction; False where it was before."""
    values = (hashlib.sha256(challenge).digest(), datetime.fromtimestamp(said["ends"], UTC))
    row = await (await connection.execute("SELECT spend_challenge(%s, %s)", values)).fetchone()
    return bool(row and row[0])
