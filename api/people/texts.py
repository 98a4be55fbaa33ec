"""The texts of codes that observers pledge to; the newest of each language is in force."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from sqlmodel import Session, col, func, select

from api.people.gates import INSTRUMENT
from schemas.observer import CodeText

MAX_TEXT_LENGTH = 200_000
TEXT = f"""
SELECT t.instrument, t.language, t.title, t.body, t.sha256, t.summary, t.in_force_since
FROM observer o
JOIN organisation g ON g.mission_id = o.mission_id AND g.id = o.organisation_id
JOIN code_text t ON t.mission_id = o.mission_id AND t.instrument = {INSTRUMENT}
WHERE o.mission_id = %(m)s AND o.id = %(observer)s AND t.in_force_since <= now()
ORDER BY t.language = %(language)s DESC, t.language = 'en' DESC, t.in_force_since DESC, t.id DESC
LIMIT 1"""  # noqa: S608


@dataclass(frozen=True)
class TextInForce:
    """A text that can be pledged to now."""

    instrument: str
    language: str
    title: str
    body: str
    sha256: str
    summary: bool
    in_force_since: datetime


def sha256_of(body: str) -> str:
    """The hash that a pledge names: of the text in UTF-8."""
    return hashlib.sha256(body.encode()).hexdigest()


def load_text(
    session: Session,
    mission_id: UUID,
    instrument: str,
    language: str,
    title: str,
    body: str,
    *,
    summary: bool = False,
    at: datetime | None = None,
) -> CodeText | None:
    """Put a text in force, or back in force. None where it is so already, word for word.

    It is in force by the database's clock, which is asked what is: whoever pledges in the same
    transaction pledges to it.
    """
    sha256, since = sha256_of(body), at or session.exec(select(func.now())).one()
    own = (
        select(CodeText)
        .where(CodeText.instrument == instrument, CodeText.language == language)
        .order_by(col(CodeText.in_force_since).desc(), col(CodeText.id).desc())
    )
    texts = session.exec(own).all()
    if texts and texts[0].sha256 == sha256:
        return None
    text = next((each for each in texts if each.sha256 == sha256), None) or CodeText(
        mission_id=mission_id,
        instrument=instrument,
        language=language,
        title=title,
        body=body,
        sha256=sha256,
        in_force_since=since,
    )
    text.in_force_since, text.title, text.summary = since, title, summary
    session.add(text)
    session.flush()
    return text


async def text_for(
    connection: AsyncConnection[object], mission_id: UUID, observer: UUID, language: str
) -> TextInForce | None:
    """The text in force of the code that the observer's organisation is bound by: in ``language``,
    else in English, else any."""
    of = {"m": mission_id, "observer": observer, "language": language}
    row = await (await connection.execute(TEXT, of)).fetchone()
    return None if row is None else TextInForce(*row)  # type: ignore[misc]
