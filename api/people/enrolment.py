"""Enrolment of observers' phones: single-use codes, the printed sheet, and their redeeming."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any
from uuid import UUID

import segno
from psycopg import AsyncConnection
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.members import REVOKE
from api.auth.principal import new_token, token_hash
from api.database.clock import CHANNEL, ENTER, NOTIFY, TICK
from api.database.sessions import Pool, mission_connection
from api.problems import NOT_FOUND, USED, Problem
from schemas.columns import new_id, now
from schemas.credential import Credential, Purpose, Role
from schemas.mission import Organisation
from schemas.observer import WITHOUT_ACCOUNT, Observer, ObserverState, Phone
from schemas.problems import Refusal
from schemas.words import LANGUAGES, N_, direction, translations

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


SECOND_USE = "second_use"
FIND_CODE = """
SELECT mission_id, holder_id, used_at, revoked_at FROM find_credential(%s)
WHERE purpose = 'enrolment'"""
REDEEM_CODE = """
SELECT mission_id, slug, holder_id, expires_at, used_at, revoked_at
FROM open_credential(%s, %s)"""
WHO = """
SELECT o.pseudonym, m.title FROM mission m
JOIN observer o ON o.mission_id = m.mission_id AND o.id = %s WHERE m.mission_id = %s"""
ALARM = """
INSERT INTO alarm (mission_id, id, kind, subject, detail, raised_at)
SELECT %(m)s::uuid, %(id)s::uuid, %(kind)s::text, %(subject)s::text, %(detail)s::text, now()
WHERE NOT EXISTS (SELECT FROM alarm WHERE mission_id = %(m)s AND kind = %(kind)s::text
  AND subject = %(subject)s::text AND settled_at IS NULL)"""
PHONE = """
INSERT INTO phone (mission_id, id, observer_id, token_hash, means, enrolled_at)
VALUES (%s, %s, %s, %s, %s, now())"""
REHEARSED = """
UPDATE phone SET rehearsed_at = %(at)s WHERE mission_id = %(m)s AND observer_id = %(o)s
  AND token_hash = %(hash)s"""


@dataclass(frozen=True)
class RedeemedCode:
    """Whose code it is, and until when it may be used."""

    pseudonym: str
    mission: str
    mission_title: str
    expires_at: datetime | None


async def open_code(pool: Pool, code: str) -> RedeemedCode:
    """Look at a code for the first time; from then on it serves for 15 minutes.

    Problems: 404 unknown; 410 used, revoked or expired, and the lead is told.
    """
    digest = token_hash(code)
    async with pool.connection() as connection, connection.transaction():
        row = await (await connection.execute(REDEEM_CODE, (digest, MINUTES))).fetchone()
        if row is None:
            raise Problem(NOT_FOUND, "There is no such code.", "code")
        mission_id, slug, observer, expires_at, used_at, revoked_at = row
        spent = used_at or revoked_at or (expires_at is not None and expires_at <= now())
        await connection.execute(ENTER, (str(mission_id),))
        if not spent:
            who = await (await connection.execute(WHO, (observer, mission_id))).fetchone()
            if who is None:
                raise Problem(NOT_FOUND, "There is no such code.", "code")
            return RedeemedCode(who[0], slug, who[1], expires_at)
    await tell_of_second_use(pool, code)
    raise Problem(USED, field="code")


async def tell_of_second_use(pool: Pool, code: str) -> None:
    """Alarm the lead that a spent code was shown again; once until somebody settles it."""
    async with pool.connection() as connection, connection.transaction():
        row = await (await connection.execute(FIND_CODE, (token_hash(code),))).fetchone()
        if row is None:
            return
        mission_id, observer, used_at, revoked_at = row
        await connection.execute(ENTER, (str(mission_id),))
        who = await (await connection.execute(WHO, (observer, mission_id))).fetchone()
        if who is None:
            return
        await connection.execute(TICK, (1, mission_id))
        detail = "used" if used_at else "revoked" if revoked_at else "expired"
        await connection.execute(
            ALARM,
            {
                "m": mission_id,
                "id": new_id(),
                "kind": SECOND_USE,
                "subject": who[0],
                "detail": detail,
            },
        )
        await connection.execute(NOTIFY, (CHANNEL, str(mission_id)))


async def note_phone(pool: Pool, mission_id: UUID, observer: UUID, token: str, means: str) -> None:
    """Keep which phone was enrolled, by the hash of its token."""
    async with mission_connection(pool, mission_id) as connection:
        await _add(connection, mission_id, observer, token_hash(token), means)


async def rehearse(pool: Pool, mission_id: UUID, observer: UUID, digest: bytes) -> datetime:
    """Keep that this phone reached the server before the day; when it did."""
    at = now()
    of = {"m": mission_id, "o": observer, "hash": digest, "at": at}
    async with mission_connection(pool, mission_id) as connection:
        if (await connection.execute(REHEARSED, of)).rowcount == 0:
            await _add(connection, mission_id, observer, digest, "token")
            await connection.execute(REHEARSED, of)
    return at


async def _add(
    connection: AsyncConnection[Any], mission_id: UUID, observer: UUID, digest: bytes, means: str
) -> None:
    await connection.execute(PHONE, (mission_id, new_id(), observer, digest, means))


STYLE = (
    "@page{size:A4;margin:0}"
    "body{font:12pt/1.5 sans-serif;margin:0}section{break-after:page;break-inside:avoid;"
    "padding:20mm;"
    "text-align:center}h1{font-size:28pt;margin:0 0 4mm}svg{width:90mm;height:90mm}"
    "ol{text-align:start;max-width:140mm;margin:8mm auto 0}small{word-break:break-all}"
)
STEPS = (
    N_("Point the phone's camera at the code and open the address."),
    N_("From then on you have {minutes} minutes. The code can be used once."),
    N_("Read the code of conduct, pledge, and answer the four questions."),
    N_("Rehearse: press the button, wait for the receipt. Do it before the day."),
    N_("Keep this sheet to yourself, and destroy it when you are done."),
)


def address_of(public_url: str, code: str) -> str:
    """The address behind a code, in the observer's app."""
    return f"{public_url.rstrip('/')}/field/#enrol={code}"


@dataclass(frozen=True)
class Page:
    """One observer's page: the code, the organisation, the language that it is written in."""

    code: Code
    organisation: str
    language: str


def issue_pages(work: Work, chosen: ColumnElement[bool]) -> list[Page]:
    """A fresh code for each active observer ``chosen`` who may have an account, by pseudonym.

    A code issued before to one of them is no longer valid.
    """
    query = (
        select(Observer, Organisation.name)
        .join(
            Organisation,
            (col(Organisation.mission_id) == col(Observer.mission_id))
            & (col(Organisation.id) == col(Observer.organisation_id)),
        )
        .where(
            Observer.mission_id == work.mission_id,
            Observer.state == ObserverState.ACTIVE,
            col(Observer.function).not_in(list(WITHOUT_ACCOUNT)),
            chosen,
        )
        .order_by(col(Observer.pseudonym))
    )
    return [
        Page(issue_sheet_code(work, each), name, _language(each.languages))
        for each, name in work.session.exec(query).all()
    ]


def _language(spoken: Iterable[str]) -> str:
    return next((each for each in spoken if each in LANGUAGES), "en")


def sheet(public_url: str, mission: str, pages: Iterable[Page]) -> str:
    """The sheet as one HTML document that loads nothing, each page in its observer's language."""
    written = "".join(_page(public_url, mission, each) for each in pages)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(mission)}</title>'
        f"<style>{STYLE}</style><body>{written}</body></html>"
    )


def _page(public_url: str, mission: str, page: Page) -> str:
    address = address_of(public_url, page.code.code)
    picture = segno.make_qr(address, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True
    )
    say = translations(page.language).gettext
    steps = "".join(f"<li>{escape(say(each).format(minutes=MINUTES))}</li>" for each in STEPS)
    return (
        f'<section lang="{page.language}" dir="{direction(page.language)}">'
        f"<p><bdi>{escape(mission)}</bdi></p><h1><bdi>{escape(page.code.pseudonym)}</bdi></h1>"
        f"<p><bdi>{escape(page.organisation)}</bdi></p>{picture}<ol>{steps}</ol>"
        f'<p dir="ltr"><small>{escape(address)}</small></p></section>'
    )
