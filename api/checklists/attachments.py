"""Media files put beside a draft checklist, or taken from it."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from api.audit.entry import audit_entry
from api.checklists.form_files import files_of, with_own_lists
from api.checklists.publishing import PublishProblem, attach, files_stand, find_version
from mobile_forms.form_file import Attached
from schemas.checklist import Definition
from schemas.published import ChecklistVersion, Rules, RulesState


def attach_file(
    session: Session,
    mission_id: UUID,
    name: str,
    version: str,
    file: Attached,
    *,
    sequence: int,
    actor: UUID | None = None,
) -> None:
    """Keep a file with a draft, in the place of one of its name. Raises :class:`PublishProblem`."""
    standing, rules = find_version(session, name, version)
    published = any(each.state == RulesState.PUBLISHED for each in rules)
    attach(session, standing, name, {file.name: file}, published=published)
    _read_lists(session, standing, rules)
    subject = f"{name} {version} {file.name}"
    content = file.sha256.encode()
    session.add(
        audit_entry(mission_id, sequence, "checklist.attach", subject, content, actor=actor)
    )
    session.flush()


def detach_file(
    session: Session,
    mission_id: UUID,
    name: str,
    version: str,
    file: str,
    *,
    sequence: int,
    actor: UUID | None = None,
) -> None:
    """Take a file from a draft. Raises :class:`PublishProblem` where that cannot be."""
    standing, rules = find_version(session, name, version)
    kept = files_of(session, standing.id).get(file)
    if kept is None:
        raise PublishProblem(f"Version {version} of {name} has no file {file}.")
    if any(each.state == RulesState.PUBLISHED for each in rules):
        raise files_stand(name, version)
    session.delete(kept)
    session.flush()
    _read_lists(session, standing, rules)
    subject = f"{name} {version} {file}"
    session.add(audit_entry(mission_id, sequence, "checklist.detach", subject, b"", actor=actor))
    session.flush()


def _read_lists(session: Session, version: ChecklistVersion, rules: Sequence[Rules]) -> None:
    """Let a draft know the options of its lists as they now are."""
    kept = files_of(session, version.id)
    for each in rules:
        if each.state == RulesState.DRAFT:
            whole = with_own_lists(Definition.model_validate(each.definition), kept)
            each.definition = whole.model_dump(mode="json")
            session.add(each)
