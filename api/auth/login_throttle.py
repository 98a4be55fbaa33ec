"""Rate limits on guessing at secrets, by account and by address together.

There is no count over everybody: whoever guesses is stopped where they are, and keeps at most new
devices out of the one account that they guess at. A device that signed in before has a count of
its own. What nobody can guess (a key, a link, a passkey) is looked at first: a right one passes
whatever else came from its address, and only wrong ones are counted.

The counts are in the database, where all workers see them, as keyed hashes; a row ends after 15
minutes, and one address adds at most two for each attempt that it is allowed.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass

import structlog

from api.audit.signing import derive
from api.database.sessions import Pool
from api.problems import TOO_MANY, Problem

PER_ACCOUNT_AND_ADDRESS = 5
"""At one account (or at short codes) from one address."""
PER_ACCOUNT = 20
"""At one account, from all addresses that it does not know."""
OVERALL = 100
"""From one address, at all accounts: many people may share it."""
KNOWN = 10
"""From one device that signed in to the account before."""
WRONG_KEYS = 300
"""Keys, tokens and links from one address that open nothing."""
MINUTES = 15
WARN_SECONDS = 60.0
_warned: dict[str, float] = {}
_PURPOSE = b"indelible attempts key 1"

log = structlog.get_logger("indelible.attempts")


@dataclass(frozen=True)
class Attempt:
    """What one attempt is counted under, wide before narrow, each with its limit."""

    place: str
    limits: tuple[tuple[bytes, int], ...]

    @property
    def targets(self) -> list[bytes]:
        return [target for target, _ in self.limits]


def target(secret: str, *names: str) -> bytes:
    """What is limited, without its name: a keyed hash."""
    said = "\n".join(name.strip().casefold() for name in names).encode("utf-8", "replace")
    return hmac.new(derive(secret, _PURPOSE), said, hashlib.sha256).digest()


def at_account(secret: str, address: str, *names: str) -> Attempt:
    """A guess at an account's password and code, from a device that it does not know."""
    return Attempt(
        "sign-in",
        (
            (target(secret, "address", address), OVERALL),
            (target(secret, "account", *names), PER_ACCOUNT),
            (target(secret, "pair", address, *names), PER_ACCOUNT_AND_ADDRESS),
        ),
    )


def from_known_device(secret: str, device: str) -> Attempt:
    """A guess from a device that signed in before: nobody else's attempts count against it."""
    return Attempt("sign-in", ((target(secret, "device", device), KNOWN),))


def at_short_code(secret: str, address: str) -> Attempt:
    """A guess at the codes that are read over the telephone."""
    return Attempt("enrolment", ((target(secret, "enrol", address), PER_ACCOUNT_AND_ADDRESS),))


def at_invitation(secret: str, address: str, token_hash: bytes) -> Attempt:
    """A code typed by somebody who holds the invitation."""
    return Attempt(
        "invitation",
        ((target(secret, "invitation", address, token_hash.hex()), PER_ACCOUNT_AND_ADDRESS),),
    )


def at_provider(secret: str, address: str) -> Attempt:
    """A code that we pass on to the OpenID provider."""
    return Attempt("provider", ((target(secret, "provider", address), OVERALL),))


async def count(pool: Pool, guess: Attempt) -> None:
    """Count one attempt before it is made. Problem (429) where a limit is reached, saying when to
    come again; a refused attempt counts nowhere."""
    most = [limit for _, limit in guess.limits]
    async with pool.connection() as connection:
        row = await (
            await connection.execute(
                "SELECT count_attempt(%s, %s, %s)", (guess.targets, most, MINUTES)
            )
        ).fetchone()
    seconds = int(row[0]) if row else MINUTES * 60
    if seconds > 0:
        _warn(guess.place)
        detail = f"Wait {-(-seconds // 60)} minutes."
        raise Problem(TOO_MANY, detail, headers={"Retry-After": str(seconds)})


def _warn(place: str) -> None:
    """Say it in the log, once a minute: an attacker does not fill the disk with it."""
    if time.monotonic() - _warned.get(place, -WARN_SECONDS) >= WARN_SECONDS:
        _warned[place] = time.monotonic()
        log.warning("too many attempts", place=place)


async def forget(pool: Pool, guess: Attempt) -> None:
    """After a success: it does not count, nor do the failures of the same hand before it."""
    async with pool.connection() as connection:
        values = (guess.targets, guess.targets[-1])
        await connection.execute("SELECT forget_attempt(%s, %s)", values)


async def count_wrong_key(pool: Pool, secret: str, address: str) -> None:
    """Count a key, token or link that opened nothing. Problem (429) after too many."""
    await count(pool, Attempt("keys", ((target(secret, "keys", address), WRONG_KEYS),)))
