"""Publishing a checklist in a mission: its form for phones, its rules for judging."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, func, select

import mobile_forms
from api.audit import audit_entry
from mobile_forms.workbook import Compiled, compile_workbook
from schemas.columns import now
from schemas.published import Checklist, ChecklistVersion, Rules

LIBRARY = Path(mobile_forms.__file__).parent / "library"


class PublishProblem(Exception):
    """A checklist that cannot be published; the message says why."""


@dataclass(frozen=True)
class Published:
    """What publishing did: a new version, new rules beneath one, or nothing new."""

    name: str
    version: str
    revision: int
    is_new: bool


def library_workbook(name: str) -> bytes:
    """A checklist of the library. Raises :class:`PublishProblem` where there is none."""
    file = LIBRARY / f"{name}.xlsx"
    if not name.isidentifier() or not file.is_file():
        known = ", ".join(sorted(each.stem for each in LIBRARY.glob("*.xlsx")))
        raise PublishProblem(f"The library has no checklist {name}. It has: {known}.")
    return file.read_bytes()


def publish_checklist(
    session: Session, mission_id: UUID, workbook: bytes, *, sequence: int
) -> Published:
    """Publish a workbook. The same form again with other columns of ours is a new revision.

    Raises WorkbookProblems with what must be mended, and :class:`PublishProblem` where another
    form was already published under this version.
    """
    compiled = compile_workbook(workbook)
    name, version = compiled.definition.name, compiled.definition.version
    checklist = session.exec(select(Checklist).where(Checklist.name == name)).first()
    if checklist is None:
        checklist = Checklist(mission_id=mission_id, name=name)
        session.add(checklist)
        session.flush()
    standing = _version(session, mission_id, checklist.id, compiled)
    revision = _next_revision(session, standing.id)
    newest = _rules(session, standing.id, revision - 1)
    if newest is not None and newest.definition == compiled.definition.model_dump(mode="json"):
        return Published(name, version, revision - 1, is_new=False)
    definition = compiled.definition.model_dump(mode="json")
    session.add(Rules(
        mission_id=mission_id, version_id=standing.id, revision=revision, definition=definition,
        published_at=now(),
    ))  # fmt: skip
    content = compiled.definition.model_dump_json().encode()
    subject = f"{name} {version}"
    session.add(audit_entry(mission_id, sequence, "checklist.publish", subject, content))
    session.flush()
    return Published(name, version, revision, is_new=True)


def _version(
    session: Session, mission_id: UUID, checklist_id: UUID, compiled: Compiled
) -> ChecklistVersion:
    version = compiled.definition.version
    standing = session.exec(
        select(ChecklistVersion).where(
            ChecklistVersion.checklist_id == checklist_id, ChecklistVersion.version == version
        )
    ).first()
    if standing is None:
        standing = ChecklistVersion(
            mission_id=mission_id, checklist_id=checklist_id, version=version,
            xform=compiled.xform, xform_sha256=compiled.xform_sha256, published_at=now(),
        )  # fmt: skip
        session.add(standing)
        session.flush()
    elif standing.xform_sha256 != compiled.xform_sha256:
        raise PublishProblem(
            f"Version {version} of {compiled.definition.name} is published with another form. "
            "Give this one a new version in the sheet settings."
        )
    return standing


def _next_revision(session: Session, version_id: UUID) -> int:
    newest = select(func.max(col(Rules.revision))).where(Rules.version_id == version_id)
    return int(session.exec(newest).one() or 0) + 1


def _rules(session: Session, version_id: UUID, revision: int) -> Rules | None:
    wanted = select(Rules).where(Rules.version_id == version_id, Rules.revision == revision)
    return session.exec(wanted).first()
