"""Choosing findings for a round's statement: chosen or left out, significance, wording, merges,
order. One row a finding; who changes an older version gets 409 with the newer one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from analytics.statements.asked import sort_of
from analytics.statements.choices import Choice
from analytics.statements.ledger import from_data
from analytics.statements.merging import MOST
from api.audit.unit_of_work import Work
from api.problems import CONFLICT, NOT_FOUND, OUTDATED, Problem
from api.statements.references import check_words
from schemas.choice import FindingChoice, FindingChoiceVersion, Significance
from schemas.columns import new_id, now
from schemas.mission import Member
from schemas.problems import Refusal
from schemas.words import N_

Text = Annotated[str, StringConstraints(max_length=4000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Word = Literal["en", "fr", "ar", "es", "pt"]


ALWAYS = N_(
    "It is grave and was seen, so the text always says it. Merge it with others, "
    "or call it isolated."
)


class ChoiceIn(BaseModel):
    """What a person decides of one finding. ``version`` is that of the choice it is made from, 0
    where nobody has decided yet. ``words`` is the wording by language, with its numbers as
    references such as ``{estimate:CODE}``."""

    model_config = ConfigDict(extra="forbid")

    chosen: bool
    significance: Significance | None = None
    reason: Text = ""
    words: dict[Word, Text] = {}
    version: int = Field(ge=0, le=1_000_000_000)


class MergeIn(BaseModel):
    """Findings to be said together: the first leads, ``version`` is that of its choice."""

    model_config = ConfigDict(extra="forbid")

    codes: Annotated[list[Code], Field(min_length=1, max_length=20)]
    version: int = Field(ge=0, le=1_000_000_000)


class OrderIn(BaseModel):
    """The codes of all chosen findings in the order wanted, and as they stood before."""

    model_config = ConfigDict(extra="forbid")

    codes: Annotated[list[Code], Field(max_length=500)]
    was: Annotated[list[Code], Field(max_length=500)]


class Candidate(BaseModel):
    """What choosing needs to know of a finding: whose it is, of which stage, and whether the rules
    propose it for the text. ``kind`` is empty for what a person added. ``always`` is what nobody
    leaves to the annex; ``number`` is what is kept beside the choice."""

    code: str
    kind: str
    stage: str
    proposed: bool
    always: bool = False
    number: dict[str, Any] = {}


Known = Mapping[str, Candidate]
"""All findings of the round by code: found by analytics, or added by people."""


def choose(
    work: Work,
    round_id: UUID,
    code: str,
    given: ChoiceIn,
    known: Known,
    references: Collection[str],
) -> FindingChoice:
    """Decide on a finding. Problems: 404 where there is none of this code, 409 ``outdated`` with
    the newer choice, 422 naming the field: a reference in the wording that names nothing, no
    reason for leaving out what the rules propose, a grave finding left out, or nothing that would
    change."""
    if code not in known:
        raise Problem(NOT_FOUND)
    standing = _of_version(work.session, round_id, code, given.version)
    words: dict[str, str] = {
        language: text.strip() for language, text in given.words.items() if text.strip()
    }
    check_words(words, references)
    if not given.chosen and known[code].always:
        raise Refusal(ALWAYS, "chosen")
    if not given.chosen and known[code].proposed and not given.reason.strip():
        raise Refusal("Say why it is left out: the rules propose it for the text.", "reason")
    wanted = {
        "chosen": given.chosen,
        "significance": given.significance,
        "reason": given.reason.strip(),
        "words": words,
    }
    if standing is not None and all(getattr(standing, name) == wanted[name] for name in wanted):
        raise Refusal("Nothing is different from what stands.", "version")
    wanted["number"] = known[code].number
    return _write(work, round_id, code, standing, "choose", wanted)


def merge(work: Work, round_id: UUID, given: MergeIn, known: Known) -> FindingChoice:
    """Say findings together under the first, which is chosen with that. Problems: 404 where one
    is not there, 409 ``outdated``, 422 where two kinds of observers or two stages would be said in
    one number, or one is said with another finding already."""
    head, *rest = list(dict.fromkeys(given.codes))
    if not rest:
        raise Refusal("Name at least two findings.", "codes")
    if any(each not in known for each in (head, *rest)):
        raise Problem(NOT_FOUND, "A finding of this code is not there.", "codes")
    _must_go_together([known[each] for each in (head, *rest)])
    standing = _of_version(work.session, round_id, head, given.version)
    for each in _choices(work.session, round_id):
        taken = {*each.merged} & {head, *rest} if each.code != head else set()
        if taken or (each.code in rest and each.merged):
            raise Refusal(f"{min(taken or {each.code})} is merged already.", "codes")
    wanted = {"chosen": True, "merged": rest, "number": known[head].number}
    if standing is not None and standing.merged == rest and standing.chosen:
        raise Refusal("They are merged so already.", "codes")
    return _write(work, round_id, head, standing, "merge", wanted)


def split(work: Work, round_id: UUID, code: str, version: int) -> FindingChoice:
    """Say merged findings apart again. Problems: 404 where nothing is merged, 409 ``outdated``."""
    standing = _of_version(work.session, round_id, code, version)
    if standing is None or not standing.merged:
        raise Problem(NOT_FOUND)
    return _write(work, round_id, code, standing, "split", {"merged": []})


UNDONE_WITHIN = timedelta(seconds=30)


def undo_choice(work: Work, round_id: UUID, code: str, version: int) -> None:
    """Take back what one has just decided: the version before it stands again, or nobody has
    decided. Problems: 404, 409 ``outdated``, 409 ``conflict`` after 30 s or of another person."""
    standing = _of_version(work.session, round_id, code, version)
    if standing is None:
        raise Problem(NOT_FOUND)
    if standing.changed_by != work.actor or now() - standing.changed_at > UNDONE_WITHIN:
        raise Problem(CONFLICT, "Only who decided may take it back, within 30 seconds.")
    query = select(FindingChoiceVersion).where(
        FindingChoiceVersion.choice_id == standing.id, FindingChoiceVersion.version == version - 1
    )
    before = work.session.exec(query).one_or_none()
    if before is None:
        work.session.delete(standing)
        work.log("finding.undo", standing.id, note=code)
        return
    names = ("chosen", "significance", "reason", "merged", "words")
    wanted = {name: before.contents[name] for name in names}
    _write(work, round_id, code, standing, "undo", wanted)


def put_in_order(work: Work, round_id: UUID, given: OrderIn) -> list[str]:
    """Order the chosen findings. Problems: 409 ``outdated`` with the order as it is by now, 422
    where the two orders do not name the same findings, or are equal."""
    standing = in_order(each for each in _choices(work.session, round_id) if each.chosen)
    present = [each.code for each in standing]
    if given.was != present:
        raise Problem(OUTDATED, "Others were chosen or moved.", "was", more={"codes": present})
    if sorted(given.codes) != sorted(present):
        raise Refusal("Name each chosen finding once.", "codes")
    if given.codes == present:
        raise Refusal("This is the order already.", "codes")
    by_code = {each.code: each for each in standing}
    for place, code in enumerate(given.codes):
        by_code[code].place = place
        work.session.add(by_code[code])
    work.log("finding.order", round_id, "\n".join(given.codes))
    return given.codes


def in_order(choices: Iterable[FindingChoice]) -> list[FindingChoice]:
    """Those that were put in a place first, then the others as they were chosen."""
    last = 1_000_000
    return sorted(choices, key=lambda each: (last if each.place is None else each.place, each.id))


def choices_of(session: Session, round_id: UUID) -> tuple[Choice, ...]:
    """The choices of a round in their order, as the composer takes them."""
    return tuple(as_choice(each) for each in in_order(_choices(session, round_id)))


def as_choice(row: FindingChoice) -> Choice:
    """A stored choice as analytics takes it."""
    significance = None if row.significance is None else Significance(row.significance)
    return Choice(
        code=row.code,
        chosen=row.chosen,
        significance=significance.value if significance else None,
        reason=row.reason,
        merged=tuple(row.merged),
        words=dict(row.words),
    )


async def read_choices(
    session: AsyncSession, mission_id: UUID, round_id: UUID
) -> list[tuple[FindingChoice, str]]:
    """The choices of a round in their order, each with the handle of who changed it last."""
    query = (
        select(FindingChoice, Member.handle)
        .outerjoin(
            Member,
            (col(Member.mission_id) == col(FindingChoice.mission_id))
            & (col(Member.id) == col(FindingChoice.changed_by)),
        )
        .where(FindingChoice.mission_id == mission_id, FindingChoice.round_id == round_id)
    )
    found = {row[0].code: (row[0], row[1] or "") for row in (await session.execute(query)).all()}
    return [found[each.code] for each in in_order(row for row, _ in found.values())]


def shown(row: FindingChoice, by: str = "") -> dict[str, Any]:
    """A choice as the API gives it."""
    return {
        "code": row.code,
        "chosen": row.chosen,
        "significance": row.significance,
        "reason": row.reason,
        "merged": list(row.merged),
        "words": dict(row.words),
        "version": row.version,
        "changed_at": row.changed_at.isoformat(),
    } | ({"changed_by": by} if by else {})


def _must_go_together(parts: Sequence[Candidate]) -> None:
    if len({each.kind for each in parts if each.kind}) > 1:
        raise Refusal("Two kinds of observers are never said in one number.", "codes")
    if len({each.stage for each in parts if each.kind}) > 1:
        raise Refusal("Two stages are never said in one number.", "codes")
    if len(parts) > MOST:
        raise Refusal(f"One sentence lists no more than {MOST}.", "codes")
    if len({sort_of(from_data(each.number)) for each in parts if each.number}) > 1:
        raise Refusal("They are of different units or domains: say each by itself.", "codes")


def _choices(session: Session, round_id: UUID) -> Sequence[FindingChoice]:
    return session.exec(select(FindingChoice).where(FindingChoice.round_id == round_id)).all()


def _of_version(session: Session, round_id: UUID, code: str, version: int) -> FindingChoice | None:
    """The choice as it stands. Problem: 409 ``outdated`` where it has another version."""
    query = select(FindingChoice).where(
        FindingChoice.round_id == round_id, FindingChoice.code == code
    )
    found = session.exec(query).one_or_none()
    if (found.version if found else 0) != version:
        more = {"choice": shown(found, _handle(session, found)) if found else None}
        raise Problem(OUTDATED, "This was changed since you read it.", "version", more=more)
    return found


def _handle(session: Session, choice: FindingChoice) -> str:
    found = session.get(Member, (choice.mission_id, choice.changed_by))
    return found.handle if found else ""


def _write(
    work: Work,
    round_id: UUID,
    code: str,
    standing: FindingChoice | None,
    act: str,
    wanted: Mapping[str, Any],
) -> FindingChoice:
    """A new version; the one before it is kept."""
    assert work.actor is not None, "a choice is somebody's"
    session, mission_id = work.session, work.mission_id
    if standing is None:
        standing = FindingChoice(
            mission_id=mission_id, id=new_id(), round_id=round_id, code=code, chosen=False,
            version=0, changed_by=work.actor, changed_at=now(),
        )  # fmt: skip
    else:
        kept = FindingChoiceVersion(
            mission_id=mission_id, choice_id=standing.id, version=standing.version,
            contents=shown(standing), changed_by=standing.changed_by,
            changed_at=standing.changed_at,
        )  # fmt: skip
        session.add(kept)
    for name, value in wanted.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.changed_by, standing.changed_at = work.actor, now()
    session.add(standing)
    session.flush()
    work.log(f"finding.{act}", standing.id, repr(sorted(wanted.items())), note=code)
    return standing
