"""Who answers for each section of a statement."""

from typing import Any
from uuid import UUID

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import NOT_FOUND, Problem
from api.statements.blocks import rows_of_blocks
from api.statements.versions import Given, statement_for_writing
from schemas.mission import Member
from schemas.problems import Refusal


class OwnerIn(Given):
    """The member who answers for a section, by id; null: nobody does."""

    member: UUID | None


def set_owner(
    work: Work, who: Principal, statement_id: UUID, section: str, given: OwnerIn
) -> dict[str, Any]:
    """Say who answers for a section. Problems: 404 for an unknown section; 409 once it is
    approved; 422 for who is no member, or owns it already."""
    statement = statement_for_writing(work, who, statement_id)
    if section not in {each.section for each in rows_of_blocks(work.session, statement)}:
        raise Problem(NOT_FOUND)
    wanted = None if given.member is None else str(given.member)
    if given.member is not None and not _is_member(work, given.member):
        raise Refusal("the mission has no such member.", "member")
    if statement.owners.get(section) == wanted:
        raise Refusal("it is so already.", "member")
    others = {name: each for name, each in statement.owners.items() if name != section}
    statement.owners = others if wanted is None else {**others, section: wanted}
    work.session.add(statement)
    work.log("statement.owner", statement.id, wanted or "", note=section)
    return {"owners": statement.owners}


def _is_member(work: Work, member: UUID) -> bool:
    found = work.session.get(Member, (work.mission_id, member))
    return found is not None and found.ended_at is None
