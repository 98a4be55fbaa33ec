"""Publishing a checklist in a mission: its form for phones, its rules for judging.

A draft is kept beside what is published and judges nothing. Publishing it makes a new version,
or, where only our own columns changed, new rules beneath the same one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

import mobile_forms
from api.audit.unit_of_work import Work
from api.checklists.form_files import (
    Files,
    differing,
    drop_files,
    files_asked,
    files_of,
    has_room,
    keep_files,
    with_own_lists,
)
from mobile_forms.media import MAX_FILES, missing
from mobile_forms.sheets import Problem, WorkbookProblems
from mobile_forms.workbook import Compiled, compile_workbook
from schemas.checklist import Definition
from schemas.columns import now
from schemas.mission import MissionStandard
from schemas.published import Checklist, ChecklistVersion, Rules, RulesState, Workbook

NONE: Files = {}
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
    absent: tuple[Problem, ...] = ()
    """The files that it names and that are not there: until they are it stays a draft."""


def library_workbook(name: str) -> bytes:
    """A checklist of the library. Raises :class:`PublishProblem` where there is none."""
    if name not in library_names():
        known = ", ".join(library_names())
        raise PublishProblem(f"The library has no checklist {name}. It has: {known}.")
    return (LIBRARY / f"{name}.xlsx").read_bytes()


def library_names() -> list[str]:
    """The checklists of the library; the template for authors is none of them."""
    return sorted(each.stem for each in LIBRARY.glob("*.xlsx") if each.stem != "template")


def publish_checklist(work: Work, workbook: bytes, *, files: Files = NONE) -> Published:
    """Publish a workbook with the files that it names. The same form again with other columns of
    ours is a new revision.

    Raises WorkbookProblems with what must be mended, and :class:`PublishProblem` where another
    form was already published under this version.
    """
    of = select(MissionStandard.code).where(MissionStandard.mission_id == work.mission_id)
    compiled = compile_workbook(workbook, work.session.exec(of).all())
    return place_rules(work, compiled, workbook=workbook, files=files)


def place_rules(
    work: Work,
    compiled: Compiled,
    *,
    state: RulesState = RulesState.PUBLISHED,
    workbook: bytes = b"",
    files: Files = NONE,
) -> Published:
    """Keep a compiled checklist as a draft, or publish it. A version has one draft at most. The
    ``workbook`` that it was compiled from is kept, to be handed back as it came.

    Raises :class:`PublishProblem` where another form was already published under this version,
    WorkbookProblems where it is to be published and names files that are not there.
    """
    name, version = compiled.definition.name, compiled.definition.version
    checklist = _checklist(work.session, work.mission_id, name)
    standing = _version(work.session, work.mission_id, checklist.id, compiled)
    rules = _all_rules(work.session, standing.id)
    newest = next((each for each in rules if each.state == RulesState.PUBLISHED), None)
    wanted = {each.file: files[each.file] for each in compiled.named if each.file in files}
    attach(work.session, standing, name, wanted, published=newest is not None)
    kept = files_of(work.session, standing.id)
    absent = missing(compiled.named, kept)
    if state == RulesState.PUBLISHED and absent:
        raise WorkbookProblems(absent)
    whole = with_own_lists(compiled.definition, kept)
    definition = whole.model_dump(mode="json")
    if newest is not None and Definition.model_validate(newest.definition) == whole:
        _keep_workbook(work.session, newest, workbook)
        return Published(name, version, newest.revision, is_new=False)
    draft = next((each for each in rules if each.state == RulesState.DRAFT), None)
    if draft is None:
        revision = rules[0].revision + 1 if rules else 1
        draft = Rules(
            mission_id=work.mission_id,
            version_id=standing.id,
            revision=revision,
            definition=definition,
            published_at=now(),
            state=state,
        )
    draft.definition = definition
    work.session.add(draft)
    work.session.flush()
    _keep_workbook(work.session, draft, workbook)
    if state == RulesState.PUBLISHED:
        _publish(work.session, standing, draft, newest)
    act = "checklist.publish" if state == RulesState.PUBLISHED else "checklist.draft"
    content = compiled.definition.model_dump_json().encode()
    work.log(act, f"{name} {version}", content)
    work.session.flush()
    return Published(name, version, draft.revision, is_new=True, absent=tuple(absent))


def _keep_workbook(session: Session, rules: Rules, workbook: bytes) -> None:
    if workbook:
        session.merge(Workbook(mission_id=rules.mission_id, rules_id=rules.id, content=workbook))


def workbook_of(session: Session, name: str, version: str | None = None) -> bytes:
    """The spreadsheet of a checklist's newest rules, as its author wrote it.

    Raises :class:`PublishProblem` where the mission has no such version, or it came without one.
    """
    query = (
        _newest_first(name)
        .with_only_columns(col(Workbook.content))
        .join(
            Workbook,
            (col(Workbook.mission_id) == col(Rules.mission_id))
            & (col(Workbook.rules_id) == col(Rules.id)),
        )
    )
    if version is not None:
        query = query.where(col(ChecklistVersion.version) == version)
    found = session.execute(query.limit(1)).scalars().first()
    if found is None:
        said = f"{name}, version {version}" if version else name
        raise PublishProblem(f"The mission holds no workbook of {said}.")
    return bytes(found)


def newest_definition(session: Session, name: str) -> Definition:
    """What the newest published rules of a checklist say. Raises :class:`PublishProblem`."""
    query = _newest_first(name).where(col(Rules.state) == RulesState.PUBLISHED)
    found = session.execute(query.limit(1)).scalars().first()
    if found is None:
        raise PublishProblem(f"The mission has published no checklist {name!r}.")
    return Definition.model_validate(found)


def _newest_first(name: str) -> Select[Any]:
    """The definitions of a checklist's rules, of the newest version and revision first."""
    return (
        sql_select(col(Rules.definition))
        .select_from(Rules)
        .join(
            ChecklistVersion,
            (col(ChecklistVersion.mission_id) == col(Rules.mission_id))
            & (col(ChecklistVersion.id) == col(Rules.version_id)),
        )
        .join(
            Checklist,
            (col(Checklist.mission_id) == col(ChecklistVersion.mission_id))
            & (col(Checklist.id) == col(ChecklistVersion.checklist_id)),
        )
        .where(col(Checklist.name) == name)
        .order_by(col(ChecklistVersion.published_at).desc(), col(Rules.revision).desc())
    )


def publish_draft(
    work: Work,
    name: str,
    version: str,
) -> Published:
    """Publish the draft that stands under a version. Raises :class:`PublishProblem`."""
    standing, rules = find_version(work.session, name, version)
    draft = next((each for each in rules if each.state == RulesState.DRAFT), None)
    if draft is None:
        raise PublishProblem(f"Version {version} of {name} has no draft to publish.")
    earlier = next((each for each in rules if each.state == RulesState.PUBLISHED), None)
    kept = files_of(work.session, standing.id)
    absent = [each for each in files_asked(standing.xform) if each not in kept]
    if absent:
        raise PublishProblem(f"The form names files that are not there: {', '.join(absent)}.")
    _publish(work.session, standing, draft, earlier)
    subject = f"{name} {version}"
    content = str(draft.definition).encode()
    work.log("checklist.publish", subject, content)
    work.session.flush()
    return Published(name, version, draft.revision, is_new=True)


def discard_draft(
    work: Work,
    name: str,
    version: str,
) -> None:
    """Take a draft away. Raises :class:`PublishProblem` where there is none."""
    standing, rules = find_version(work.session, name, version)
    drafts = [each for each in rules if each.state == RulesState.DRAFT]
    if not drafts:
        raise PublishProblem(f"Version {version} of {name} has no draft.")
    for each in drafts:
        kept = work.session.get(Workbook, (work.mission_id, each.id))
        if kept is not None:
            work.session.delete(kept)
            work.session.flush()
        work.session.delete(each)
    work.session.flush()
    if len(drafts) == len(rules):
        drop_files(work.session, standing.id)
        work.session.delete(standing)
    subject = f"{name} {version}"
    work.log("checklist.discard", subject)
    work.session.flush()


def attach(
    session: Session, version: ChecklistVersion, name: str, files: Files, *, published: bool
) -> None:
    """Keep files with a version. Raises :class:`PublishProblem` where they stand, or are too
    many."""
    kept = files_of(session, version.id)
    if published and differing(kept, files):
        raise files_stand(name, version.version)
    if not has_room(kept, files):
        raise PublishProblem(f"A form has at most {MAX_FILES} files.")
    keep_files(session, version, files)


def files_stand(name: str, version: str) -> PublishProblem:
    """Why a file of a published version is not changed."""
    return PublishProblem(
        f"Version {version} of {name} is published, and its files stand as they are. Give the "
        "form a new version in the sheet settings."
    )


def retire_version(
    work: Work,
    name: str,
    version: str,
) -> None:
    """Offer a version to phones no more; reports on it are taken for the mission's whole life.

    Raises :class:`PublishProblem` where it is not published, or is the last one that is offered.
    """
    standing, rules = find_version(work.session, name, version)
    if not any(each.state == RulesState.PUBLISHED for each in rules):
        raise PublishProblem(f"Version {version} of {name} is not published.")
    if standing.retired_at is None:
        standing.retired_at = now()
        work.session.add(standing)
        subject = f"{name} {version}"
        work.log("checklist.retire", subject)
        work.session.flush()


def find_version(
    session: Session, name: str, version: str
) -> tuple[ChecklistVersion, Sequence[Rules]]:
    """A version and its rules, newest first. Raises :class:`PublishProblem`."""
    wanted = (
        select(ChecklistVersion)
        .join(Checklist, col(Checklist.id) == col(ChecklistVersion.checklist_id))
        .where(Checklist.name == name, ChecklistVersion.version == version)
    )
    standing = session.exec(wanted).first()
    if standing is None:
        raise PublishProblem(f"There is no version {version} of {name}.")
    return standing, _all_rules(session, standing.id)


def _publish(
    session: Session, version: ChecklistVersion, draft: Rules, earlier: Rules | None
) -> None:
    draft.state, draft.published_at = RulesState.PUBLISHED, now()
    if earlier is None:
        version.published_at = draft.published_at
    session.add(draft)
    session.add(version)


def _checklist(session: Session, mission_id: UUID, name: str) -> Checklist:
    checklist = session.exec(select(Checklist).where(Checklist.name == name)).first()
    if checklist is None:
        checklist = Checklist(mission_id=mission_id, name=name)
        session.add(checklist)
        session.flush()
    return checklist


def _version(
    session: Session, mission_id: UUID, checklist_id: UUID, compiled: Compiled
) -> ChecklistVersion:
    """The version that a form stands under; a draft's form may still change."""
    version = compiled.definition.version
    standing = session.exec(
        select(ChecklistVersion).where(
            ChecklistVersion.checklist_id == checklist_id, ChecklistVersion.version == version
        )
    ).first()
    if standing is None:
        standing = ChecklistVersion(
            mission_id=mission_id,
            checklist_id=checklist_id,
            version=version,
            xform=compiled.xform,
            xform_sha256=compiled.xform_sha256,
            published_at=now(),
        )
        session.add(standing)
        session.flush()
    elif standing.xform_sha256 != compiled.xform_sha256:
        _refuse_published(session, standing, compiled)
        standing.xform, standing.xform_sha256 = compiled.xform, compiled.xform_sha256
        session.add(standing)
    return standing


def _refuse_published(session: Session, standing: ChecklistVersion, compiled: Compiled) -> None:
    published = select(func.count()).where(
        Rules.version_id == standing.id, Rules.state == RulesState.PUBLISHED
    )
    if session.exec(published).one():
        raise PublishProblem(
            f"Version {standing.version} of {compiled.definition.name} is published with another "
            "form. Give this one a new version in the sheet settings."
        )


def _all_rules(session: Session, version_id: UUID) -> Sequence[Rules]:
    newest_first = col(Rules.revision).desc()
    return session.exec(
        select(Rules).where(Rules.version_id == version_id).order_by(newest_first)
    ).all()
