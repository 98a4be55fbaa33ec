"""Media files of forms in a handover: each once, under its hash and its name."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from api.closing.folder import Folder
from schemas.published import FormFile, Rules, RulesState


def form_files(session: Session) -> dict[UUID, list[dict[str, Any]]]:
    """What the code book says of them, by version: name, type, size, hash, and where it lies."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for each in _published(session):
        found[each.version_id].append(
            {
                "name": each.name,
                "type": each.type,
                "size": each.size,
                "sha256": each.sha256,
                "path": _path(each),
            }
        )
    return found


def write_form_files(session: Session, folder: Folder) -> None:
    """Write the files of every published form. Forms that share one share it here too."""
    for each in _published(session):
        if _path(each) not in folder.files:
            folder.write(_path(each), [each.content])


def _published(session: Session) -> Iterable[FormFile]:
    published = (
        select(Rules.id)
        .where(
            Rules.mission_id == FormFile.mission_id,
            Rules.version_id == FormFile.version_id,
            Rules.state == RulesState.PUBLISHED,
        )
        .exists()
    )
    return session.exec(select(FormFile).where(published).order_by(col(FormFile.name)))


def _path(file: FormFile) -> str:
    return f"forms/{file.sha256}/{file.name}"
