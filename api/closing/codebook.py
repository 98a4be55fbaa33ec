"""The code book: every question, option, indicator and check as published, and what it rests on."""

from typing import Any

from sqlmodel import Session, col, select

from api.closing.form_files import form_files
from schemas.checklist import Definition
from schemas.mission import MissionStandard
from schemas.published import Checklist, ChecklistVersion, Rules, RulesState
from schemas.standards import catalogue

Book = dict[str, Any]


def codebook(session: Session) -> Book:
    """What a reader needs to understand the reports without us.

    ``checklists`` holds every published revision of every version, with the pictures and lists
    that its form needs; ``standards`` maps each id
    that they name to our paraphrase of it.
    """
    query = (
        select(Checklist.name, ChecklistVersion.version, ChecklistVersion.xform_sha256, Rules)
        .where(
            col(ChecklistVersion.checklist_id) == col(Checklist.id),
            col(Rules.version_id) == col(ChecklistVersion.id),
            col(Rules.state) == RulesState.PUBLISHED,
        )
        .order_by(col(Checklist.name), col(ChecklistVersion.published_at), col(Rules.revision))
    )
    files = form_files(session)
    checklists, named = [], set()
    for name, version, xform_sha256, rules in session.exec(query):
        definition = Definition.model_validate(rules.definition)
        named |= _named(definition)
        checklists.append(
            {
                "checklist": name,
                "version": version,
                "revision": rules.revision,
                "rules_id": rules.id,
                "xform_sha256": xform_sha256,
                "published_at": rules.published_at,
                "definition": definition.model_dump(mode="json"),
                "files": files.get(rules.version_id, []),
            }
        )
    return {"checklists": checklists, "standards": _standards(session, named)}


def _named(definition: Definition) -> set[str]:
    """The ids of the standards that indicators and options name."""
    of_indicators = {code for each in definition.indicators for code in each.standards}
    return of_indicators | {
        code
        for each in definition.questions
        for choice in each.choices
        for code in choice.standards
    }


def _standards(session: Session, named: set[str]) -> dict[str, Any]:
    own = {each.code: each for each in session.exec(select(MissionStandard))}
    known = catalogue()
    said: dict[str, Any] = {
        code: {"instrument": known[code].instrument, "says": {"en": known[code].says}}
        for code in sorted(named & known.keys())
    }
    return said | {
        code: {"instrument": each.instrument, "says": each.says} for code, each in own.items()
    }
