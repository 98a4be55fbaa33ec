"""Media files put beside a draft checklist, or taken from it."""

from collections.abc import Sequence

from sqlmodel import Session

from api.audit.unit_of_work import Work
from api.checklists.form_files import files_of, with_own_lists
from api.checklists.publishing import PublishProblem, attach, files_stand, find_version
from mobile_forms.form_file import MediaFileContent
from schemas.checklist import Definition
from schemas.published import ChecklistVersion, Rules, RulesState


def attach_file(
    work: Work,
    name: str,
    version: str,
    file: MediaFileContent,
) -> None:
    """Keep a file with a draft, in the place of one of its name. Raises :class:`PublishProblem`."""
    standing, rules = find_version(work.session, name, version)
    published = any(each.state == RulesState.PUBLISHED for each in rules)
    attach(work.session, standing, name, {file.name: file}, published=published)
    _read_lists(work.session, standing, rules)
    subject = f"{name} {version} {file.name}"
    content = file.sha256.encode()
    work.log("checklist.attach", subject, content)
    work.session.flush()


def detach_file(
    work: Work,
    name: str,
    version: str,
    file: str,
) -> None:
    """Take a file from a draft. Raises :class:`PublishProblem` where that cannot be."""
    standing, rules = find_version(work.session, name, version)
    kept = files_of(work.session, standing.id).get(file)
    if kept is None:
        raise PublishProblem(f"Version {version} of {name} has no file {file}.")
    if any(each.state == RulesState.PUBLISHED for each in rules):
        raise files_stand(name, version)
    work.session.delete(kept)
    work.session.flush()
    _read_lists(work.session, standing, rules)
    subject = f"{name} {version} {file}"
    work.log("checklist.detach", subject)
    work.session.flush()


def _read_lists(session: Session, version: ChecklistVersion, rules: Sequence[Rules]) -> None:
    """Let a draft know the options of its lists as they now are."""
    kept = files_of(session, version.id)
    for each in rules:
        if each.state == RulesState.DRAFT:
            whole = with_own_lists(Definition.model_validate(each.definition), kept)
            each.definition = whole.model_dump(mode="json")
            session.add(each)
