"""Recipients of the encrypted part of a handover: named people, each by an age key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyrage

from schemas.problems import Refusal

NEEDED = "Name who may open the restricted part: --key age1… or --key 'ARCHIVE=age1…'."


@dataclass(frozen=True)
class Recipient:
    """One public age key, and whose it is."""

    name: str
    key: str
    opened: Any

    def as_sent(self) -> dict[str, str]:
        """For the manifest."""
        return {"name": self.name, "key": self.key}


def read_recipients(given: Sequence[str]) -> list[Recipient]:
    """Keys as typed: ``age1…`` or ``NAME=age1…``. Raises :class:`Refusal` for none or no key."""
    if not given:
        raise Refusal(NEEDED)
    return [_recipient(each) for each in given]


def _recipient(given: str) -> Recipient:
    name, _, key = given.strip().rpartition("=")
    if key.upper().startswith("AGE-SECRET-KEY"):
        raise Refusal("this is a secret key; give its public one, age1….", "--key")
    try:
        return Recipient(name.strip(), key, pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError:
        raise Refusal(f"{key!r} is no public age key (age1…).", "--key") from None


def encrypted(plain: bytes, recipients: Sequence[Recipient]) -> bytes:
    """An age file that each of the recipients can open alone, and nobody else."""
    sealed: bytes = pyrage.encrypt(plain, [each.opened for each in recipients])
    return sealed
