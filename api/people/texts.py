"""The texts of codes that observers pledge to; the newest of each language is in force."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from sqlmodel import Session, select

from schemas.columns import now
from schemas.observer import CodeText

LONGEST = 200_000
TEXT = """
SELECT t.instrument, t.language, t.title, t.body, t.sha256, t.summary, t.in_force_since
FROM code_text t WHERE t.mission_id = %(m)s AND t.instrument = %(instrument)s
  AND t.in_force_since <= now()
ORDER BY t.language = %(language)s DESC, t.language = 'en' DESC, t.in_force_since DESC, t.id DESC
LIMIT 1"""


@dataclass(frozen=True)
class InForce:
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
    session: Session, mission_id: UUID, instrument: str, language: str, title: str, body: str, *,
    summary: bool = False, at: datetime | None = None,
) -> CodeText | None:  # fmt: skip
    """Put a text in force. None where it stands there already, word for word."""
    sha256 = sha256_of(body)
    standing = select(CodeText).where(
        CodeText.instrument == instrument, CodeText.language == language,
        CodeText.sha256 == sha256,
    )  # fmt: skip
    if session.exec(standing).first() is not None:
        return None
    text = CodeText(
        mission_id=mission_id, instrument=instrument, language=language, title=title, body=body,
        sha256=sha256, summary=summary, in_force_since=at or now(),
    )  # fmt: skip
    session.add(text)
    session.flush()
    return text


async def text_for(
    connection: AsyncConnection[object], mission_id: UUID, instrument: str, language: str
) -> InForce | None:
    """The text in force for a reader of ``language``, else in English, else any."""
    of = {"m": mission_id, "instrument": instrument, "language": language}
    row = await (await connection.execute(TEXT, of)).fetchone()
    return None if row is None else InForce(*row)  # type: ignore[misc]
