"""Versions of checklists as they are listed: revisions of their rules, forms and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_checklists, visible_form_files
from schemas.checklist import Definition
from schemas.published import Checklist, ChecklistVersion, FormFile, Rules, RulesState
from schemas.rights import Right

REVISIONS = text("""
SELECT r.id, c.name, v.version, r.revision, r.state, r.published_at, v.retired_at, v.xform_sha256,
  r.definition
FROM checklist c
JOIN checklist_version v ON v.mission_id = c.mission_id AND v.checklist_id = c.id
JOIN rules r ON r.mission_id = v.mission_id AND r.version_id = v.id
WHERE c.mission_id = :mission AND (:name = '' OR c.name = :name)
ORDER BY c.name, v.published_at, r.revision""")


@dataclass(frozen=True)
class Revision:
    """One revision of the rules beneath a version."""

    name: str
    version: str
    revision: int
    state: str
    published_at: Any
    retired_at: Any
    xform_sha256: str
    definition: Definition
    reports: int

    @property
    def standing(self) -> str:
        """draft, published or retired."""
        return "retired" if self.retired_at and self.state == RulesState.PUBLISHED else self.state


async def revisions_of(
    session: AsyncSession,
    who: Principal,
    judged: Mapping[UUID, int],
    name: str = "",
    *,
    drafts: bool | None = None,
) -> list[Revision]:
    """Every revision of a checklist (of all, without a name), oldest first; ``judged`` counts the
    reports of each. Drafts are for who keeps checklists, unless it is said."""
    if drafts is None:
        drafts = who.may(Right.KEEP_CHECKLISTS)
    values = {"mission": who.mission_id, "name": name}
    rows = (await session.execute(REVISIONS, values)).all()
    return [
        Revision(
            row.name,
            row.version,
            row.revision,
            row.state,
            row.published_at,
            row.retired_at,
            row.xform_sha256,
            Definition.model_validate(row.definition),
            judged.get(row.id, 0),
        )
        for row in rows
        if row.state == RulesState.PUBLISHED or drafts
    ]


async def xform_of(session: AsyncSession, who: Principal, name: str, version: str) -> str | None:
    """The form of a version, a draft too; None where there is none."""
    query = (
        select(ChecklistVersion.xform)
        .join(
            Checklist,
            (col(Checklist.mission_id) == col(ChecklistVersion.mission_id))
            & (col(Checklist.id) == col(ChecklistVersion.checklist_id)),
        )
        .where(
            ChecklistVersion.mission_id == who.mission_id,
            Checklist.name == name,
            ChecklistVersion.version == version,
        )
    )
    return (await session.execute(query)).scalar_one_or_none()


async def form_files_of(
    session: AsyncSession, who: Principal, name: str, version: str, file: str | None = None
) -> Sequence[FormFile]:
    """The files of a version's form that ``who`` may see; of those the one named, if any is."""
    query = visible_form_files(who, name, version)
    if file is not None:
        query = query.where(col(FormFile.name) == file)
    return list((await session.execute(query)).scalars())


async def published_versions(
    session: AsyncSession, who: Principal
) -> list[tuple[Checklist, ChecklistVersion]]:
    """Checklists with each of their versions that were published, oldest first."""
    published = (
        select(Rules.id)
        .where(
            Rules.mission_id == who.mission_id,
            col(Rules.version_id) == col(ChecklistVersion.id),
            Rules.state == RulesState.PUBLISHED,
        )
        .exists()
    )
    query = (
        visible_checklists(who)
        .where(published)
        .order_by(col(Checklist.name), col(ChecklistVersion.published_at))
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def newest_rules(session: AsyncSession, version: ChecklistVersion) -> Definition:
    """What the newest published rules of a version say."""
    newest = (
        select(Rules)
        .where(
            Rules.mission_id == version.mission_id,
            Rules.version_id == version.id,
            Rules.state == RulesState.PUBLISHED,
        )
        .order_by(col(Rules.revision).desc())
        .limit(1)
    )
    rules = (await session.execute(newest)).scalar_one()
    return Definition.model_validate(rules.definition)
