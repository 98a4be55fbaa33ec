"""Media files of a form, kept with its version and served by name."""

import re
from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session, col, select

from mobile_forms.columns import LISTS
from mobile_forms.form_file import CSV, MAX_FILES, MediaFileContent, with_lists
from schemas.checklist import Definition
from schemas.published import ChecklistVersion, FormFile

FILE_REFERENCE = re.compile(r"jr://(?:images|file-csv)/([A-Za-z0-9_.-]+)")
Files = Mapping[str, MediaFileContent]


def files_asked(xform: str) -> tuple[str, ...]:
    """The files that a form asks for, without the lists that the mission keeps."""
    return tuple(each for each in dict.fromkeys(FILE_REFERENCE.findall(xform)) if each not in LISTS)


def files_of(session: Session, version_id: UUID) -> dict[str, FormFile]:
    """What is kept with a version, by name."""
    query = select(FormFile).where(FormFile.version_id == version_id).order_by(col(FormFile.name))
    return {each.name: each for each in session.exec(query)}


def differing(kept: Mapping[str, FormFile], files: Files) -> list[str]:
    """The names of files that are not kept, or kept with other bytes."""
    return [
        name for name, each in files.items() if name not in kept or kept[name].sha256 != each.sha256
    ]


def has_room(kept: Mapping[str, FormFile], files: Files) -> bool:
    """Whether a form has no more files than it may with these."""
    return len({*kept, *files}) <= MAX_FILES


def keep_files(session: Session, version: ChecklistVersion, files: Files) -> None:
    """Keep files with a version, in the place of those of the same name."""
    for each in files.values():
        session.merge(
            FormFile(
                mission_id=version.mission_id,
                version_id=version.id,
                name=each.name,
                type=each.type,
                size=len(each.content),
                sha256=each.sha256,
                md5=each.md5,
                content=each.content,
            )
        )
    session.flush()


def drop_files(session: Session, version_id: UUID) -> None:
    """Take away whatever is kept with a version."""
    for each in files_of(session, version_id).values():
        session.delete(each)
    session.flush()


def with_own_lists(definition: Definition, kept: Mapping[str, FormFile]) -> Definition:
    """A definition whose questions know the options of the lists that are kept."""
    lists = {name: each.content for name, each in kept.items() if each.type == CSV}
    return with_lists(definition, lists)
