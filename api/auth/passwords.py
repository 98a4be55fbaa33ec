"""Password hashing with argon2id."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.problems import INVALID, Problem

SHORTEST = 12
MAX_PASSWORD_LENGTH = 200

_HASHER = PasswordHasher()


def check_new(password: str, again: str, handle: str) -> None:
    """Refuse a password that is too short, too long, the handle, or was typed otherwise twice."""
    if len(password) < SHORTEST:
        raise Problem(INVALID, "A password has 12 characters or more.", "password")
    if len(password) > MAX_PASSWORD_LENGTH or "\0" in password:
        raise Problem(INVALID, "A password has 200 characters or fewer.", "password")
    if password.casefold() == handle.casefold():
        raise Problem(INVALID, "The password must not be the name.", "password")
    if password != again:
        raise Problem(INVALID, "The two passwords differ. Type them again.", "again")


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(password)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one; for nobody's it takes as long to say no."""
    try:
        return (
            _HASHER.verify(stored or _nobodys(), password[:MAX_PASSWORD_LENGTH])
            and stored is not None
        )
    except (VerificationError, InvalidHashError):
        return False
