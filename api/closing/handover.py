"""The handover: a folder of what the mission held, readable without this software.

Every file is named in ``manifest.json`` with its SHA-256, photos in the list that it names. Names,
reprisals and conduct cases are in ``restricted.age`` alone; they are never written in the clear.
"""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlmodel import Session, select

from api.closing.folder import Folder, encrypted
from api.closing.freezing import AS_EVERYBODY, AS_RESTRICTED
from api.closing.indicators import INDICATORS
from api.closing.parts import (
    FRAME,
    PARTS,
    RESTRICTED,
    SEALED,
    Row,
    codebook,
    line,
    rows,
    write_form_files,
)
from api.closing.photographs import Photographs
from schemas.columns import now
from schemas.mission import Mission

FORMAT = "indelible handover 1"
MANIFEST = "manifest.json"
RESTRICTED_FILE = "restricted.age"


def hand_over(
    session: Session, folder: Folder, photos: Photographs, indicators: Iterable[Row] = ()
) -> bytes:
    """Write everything beside the photos, for those who may open them; the manifest last. The
    manifest's bytes.

    ``indicators`` are the mission's last (:func:`api.closing.indicators.last_indicators`).
    """
    recipients = photos.recipients
    mission = session.exec(select(Mission)).one()
    for part in PARTS:
        found = rows(session, part.noun, part.left_out)
        folder.write(part.file, (line(part.shown(row)) for row in found))
    folder.write(INDICATORS, map(line, indicators))
    folder.write("codebook.json", [_pretty(codebook(session))])
    write_form_files(session, folder)
    if mission.shares_frame:
        for name, read in FRAME.items():
            folder.write(name, map(line, read(session)))
    folder.write(RESTRICTED_FILE, [encrypted(_restricted(session), recipients)])
    manifest = _pretty(
        {
            "format": FORMAT,
            "mission": mission.slug,
            "title": mission.title,
            "country": mission.country,
            "closed_at": mission.closed_at,
            "written_at": now(),
            "shares_frame": mission.shares_frame,
            "photos": photos.as_sent(),
            "restricted_to": [each.as_sent() for each in recipients],
            "files": dict(sorted(folder.files.items())),
        }
    )
    folder.write(MANIFEST, [manifest])
    return manifest


def _restricted(session: Session) -> bytes:
    """What few may open, in memory only."""
    held: dict[str, list[Any]] = {
        str(noun.__tablename__): list(rows(session, noun)) for noun in SEALED
    }
    session.execute(AS_RESTRICTED)
    held |= {str(noun.__tablename__): list(rows(session, noun)) for noun in RESTRICTED}
    session.execute(AS_EVERYBODY)
    return line(held)


def _pretty(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
