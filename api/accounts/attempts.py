"""How often a secret may be guessed at: counted in the database, where all workers see it."""

import hashlib
import hmac

from api.database.sessions import Pool
from api.intake.receipts import derive
from api.problems import TOO_MANY, Problem

MOST = 5
OVERALL = 200
MINUTES = 15
_PURPOSE = b"indelible attempts key 1"


def target(secret: str, *names: str) -> bytes:
    """What is guessed at, without its name: a keyed hash."""
    said = "\n".join(name.strip().casefold() for name in names).encode("utf-8", "replace")
    return hmac.new(derive(secret, _PURPOSE), said, hashlib.sha256).digest()


async def count(pool: Pool, wanted: bytes) -> None:
    """Count one attempt before it is made. Problem (429) after 5 at one target in 15 minutes, or
    200 at all of them together."""
    async with pool.connection() as connection:
        row = await (
            await connection.execute(
                "SELECT attempt(%s, %s, %s, %s)", (wanted, MOST, OVERALL, MINUTES)
            )
        ).fetchone()
    if not (row and row[0]):
        raise Problem(TOO_MANY, "Wait 15 minutes.", headers={"Retry-After": str(MINUTES * 60)})


async def forget(pool: Pool, wanted: bytes) -> None:
    """After a success its attempts count no more."""
    async with pool.connection() as connection:
        await connection.execute("SELECT forget_attempts(%s)", (wanted,))
