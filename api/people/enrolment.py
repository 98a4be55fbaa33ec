"""Codes by which an observer's phone is enrolled: on a sheet, or read over the telephone.

A code serves once, within 15 minutes of being opened. A code read over the telephone is short,
ends after 15 minutes in any case, and shuts the observer's other phones out.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.members import REVOKE
from api.auth.principal import new_token, token_hash
from schemas.columns import now
from schemas.credential import Credential, Purpose, Role
from schemas.observer import WITHOUT_ACCOUNT, Observer, ObserverState, Phone
from schemas.problems import Refusal

MINUTES = 15
SHEET_DAYS = 60
"""So long an unopened code of a sheet serves."""
LETTERS = "ACDEFGHJKMNPQRTUVWXY"
"""None that is mistaken for another, read aloud or written by hand."""
LENGTH = 8


@dataclass(frozen=True)
class Code:
    """A code just issued, shown this once."""

    pseudonym: str
    code: str
    expires_at: datetime


def spelled(typed: str) -> str:
    """A code as it was issued: a short one may be typed in small letters, parted."""
    short = "".join(typed.split()).replace("-", "").upper()
    return short if is_short(short) else typed.strip()


def is_short(code: str) -> bool:
    """Whether a code is of the short kind, which could be guessed: attempts are counted."""
    return len(code) == LENGTH and set(code) <= set(LETTERS)


def issue_sheet_code(work: Work, observer: Observer) -> Code:
    """A code for an observer's sheet; the one issued before serves no more."""
    _may_enrol(observer)
    _revoke(work.session, observer.id, (Purpose.ENROLMENT,))
    return _issue(work, observer, new_token(), timedelta(days=SHEET_DAYS), "sheet")


def issue_telephone_code(work: Work, observer: Observer) -> Code:
    """A code to be read aloud to somebody who lost a phone; the lost one is shut out now."""
    _may_enrol(observer)
    revoke_phones(work, observer.id)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return _issue(work, observer, code, timedelta(minutes=MINUTES), "telephone")


def revoke_phones(work: Work, observer: UUID) -> None:
    """Shut every phone and code of an observer out; within a second they open nothing."""
    _revoke(work.session, observer, (Purpose.ENROLMENT, Purpose.BEARER))
    standing = select(Phone).where(Phone.observer_id == observer, col(Phone.revoked_at).is_(None))
    for phone in work.session.exec(standing):
        phone.revoked_at = now()
        work.session.add(phone)
    work.log("phone.revoke", observer)


def _may_enrol(observer: Observer) -> None:
    """Raises :class:`Refusal` for whoever has no account here."""
    if observer.function in WITHOUT_ACCOUNT:
        what = observer.function.replace("_", " ")
        raise Refusal(f"{observer.pseudonym} ({what}) signs the code and has no account.")
    if observer.state != ObserverState.ACTIVE:
        raise Refusal(f"{observer.pseudonym} is {observer.state} and enrols no phone.")


def _revoke(session: Session, observer: UUID, purposes: Sequence[Purpose]) -> None:
    session.execute(REVOKE, {"holder": observer, "purposes": [each.value for each in purposes]})


def _issue(work: Work, observer: Observer, code: str, lasts: timedelta, means: str) -> Code:
    expires = now() + lasts
    values = {
        "token_hash": token_hash(code),
        "mission_id": work.mission_id,
        "role": Role.OBSERVER.value,
        "purpose": Purpose.ENROLMENT.value,
        "holder_id": observer.id,
        "created_at": now(),
        "expires_at": expires,
        "label": means,
    }
    work.session.execute(Credential.__table__.insert().inline(), values)  # type: ignore[attr-defined]
    work.log("enrolment.issue", observer.id, means)
    return Code(observer.pseudonym, code, expires)
