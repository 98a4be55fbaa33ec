"""Findings that people add: from notes, registers, verified incidents, sources, or their own.

They are chosen, worded and merged like those of analytics. Of incidents cases are counted, under
the evidence there is, never a rate.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.incidents import all_incidents
from api.registers.catalogue import REGISTERS
from api.statements.choosing import Candidate, Word
from api.statements.references import check_words, referred
from schemas.choice import AddedFinding, AddedFrom
from schemas.columns import new_id, now
from schemas.desk import IncidentState
from schemas.memory import Note
from schemas.mission import Member
from schemas.problems import Refusal

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Section = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
LETTERS = {
    AddedFrom.NOTE: "L",
    AddedFrom.REGISTER: "R",
    AddedFrom.INCIDENT: "I",
    AddedFrom.SOURCE: "S",
    AddedFrom.PERSON: "P",
}
"""How the codes of added findings begin: L1, R1, I1, S1, P1."""
VerifiedCases = Mapping[str, Mapping[str, Any]]
"""Verified cases by nature: how many, and how many under each grade of evidence."""


class AddedIn(BaseModel):
    """A finding that a person adds. ``basis`` names what it rests on: ids of notes, rows of a
    register as ``NAME/ID``, the nature of incidents, figures of sources as ``CODE/FIGURE``;
    nothing where it is the person's own."""

    model_config = ConfigDict(extra="forbid")

    stage: Section
    origin: AddedFrom
    basis: Annotated[list[Sentence], Field(max_length=50)] = []
    severity: int = Field(default=0, ge=0, le=3)
    standards: Annotated[list[Sentence], Field(max_length=10)] = []
    words: dict[Word, Sentence]


@figure
def verified_cases(edition: Edition) -> VerifiedCases:
    """Verified incidents of an edition by nature."""
    rows = all_incidents(edition).by_nature({IncidentState.VERIFIED})
    return {
        row["nature"]: {"cases": row["cases"], "evidence": dict(row["evidence"])} for row in rows
    }


def add_finding(
    work: Work,
    round_id: UUID,
    given: AddedIn,
    *,
    cases: VerifiedCases,
    standards: Collection[str],
    references: Collection[str],
) -> AddedFinding:
    """Add a finding. Raises :class:`Refusal` naming the field where its basis is not there, its
    words refer to no number, or an incident would be said as a rate."""
    assert work.actor is not None, "a finding that is added is somebody's"
    words: dict[str, str] = {language: text for language, text in given.words.items() if text}
    if not words:
        raise Refusal("Say it in one language at least.", "words")
    unknown = [each for each in given.standards if each not in standards]
    if unknown:
        raise Refusal(
            f"{unknown[0][:60]} is no standard of the catalogue or the mission.", "standards"
        )
    basis = _basis(work.session, given, cases, words)
    taken = work.session.exec(
        select(AddedFinding.code).where(
            AddedFinding.round_id == round_id, AddedFinding.origin == given.origin
        )
    ).all()
    code = f"{LETTERS[given.origin]}{len(taken) + 1}"
    own = {code} if given.origin == AddedFrom.INCIDENT else set[str]()
    said = {
        language: text.replace("{number:own}", f"{{number:{code}}}")
        for language, text in words.items()
    }
    check_words(said, {*references, *own})
    made = AddedFinding(
        mission_id=work.mission_id,
        id=new_id(),
        round_id=round_id,
        code=code,
        stage=given.stage,
        severity=given.severity,
        standards=list(dict.fromkeys(given.standards)),
        words=said,
        origin=given.origin,
        basis=basis,
        recorded_by=work.actor,
        recorded_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("finding.add", made.id, given.model_dump_json(), note=code)
    return made


def _basis(
    session: Session, given: AddedIn, cases: VerifiedCases, words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What it rests on, found to be there."""
    named = list(dict.fromkeys(given.basis))
    if given.origin == AddedFrom.PERSON:
        if named:
            raise Refusal("A finding of one's own rests on nothing that is named.", "basis")
        return []
    if given.origin == AddedFrom.SOURCE:
        named = [
            name for text in words.values() for kind, name in referred(text) if kind == "source"
        ]
        if not named:
            raise Refusal(
                "Name a figure of a source in its words, as {source:CODE/FIGURE}.", "words"
            )
        return [{"figure": each} for each in dict.fromkeys(named)]
    if not named:
        raise Refusal("Name what it rests on.", "basis")
    if given.origin == AddedFrom.INCIDENT:
        return _incidents(named, cases, words)
    if given.origin == AddedFrom.NOTE:
        return [{"note": str(_note(session, each))} for each in named]
    return [_register_row(session, each) for each in named]


def _incidents(
    named: Sequence[str], cases: VerifiedCases, words: Mapping[str, str]
) -> list[dict[str, Any]]:
    if len(named) > 1:
        raise Refusal("Name one kind of incident.", "basis")
    if named[0] not in cases:
        raise Refusal("No incident of this kind is verified.", "basis")
    if any("%" in text or "٪" in text for text in words.values()):
        raise Refusal("Incidents are counted: no rate is made of them.", "words")
    return [{"nature": named[0]}]


def _note(session: Session, text: str) -> UUID:
    found = session.exec(select(Note.id).where(Note.id == _uuid(text))).one_or_none()
    if found is None:
        raise Refusal("There is no such note.", "basis")
    return found


def _register_row(session: Session, text: str) -> dict[str, Any]:
    name, _, row = text.partition("/")
    register = next((each for each in REGISTERS if each.name == name), None)
    if register is None or register.restricted:
        raise Refusal("Name a row of a register as NAME/ID.", "basis")
    noun: Any = register.noun
    found = session.exec(select(noun.id).where(noun.id == _uuid(row))).one_or_none()
    if found is None:
        raise Refusal(f"The register {name} has no such row.", "basis")
    return {"register": name, "row": str(found)}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


async def read_added(
    session: AsyncSession, mission_id: UUID, round_id: UUID
) -> list[tuple[AddedFinding, str]]:
    """The findings that people added to a round, oldest first, each with who did."""
    query = (
        select(AddedFinding, Member.handle)
        .outerjoin(
            Member,
            (col(Member.mission_id) == col(AddedFinding.mission_id))
            & (col(Member.id) == col(AddedFinding.recorded_by)),
        )
        .where(AddedFinding.mission_id == mission_id, AddedFinding.round_id == round_id)
        .order_by(col(AddedFinding.id))
    )
    return [(row[0], row[1] or "") for row in (await session.execute(query)).all()]


def added_candidates(added: Sequence[AddedFinding]) -> dict[str, Candidate]:
    """What choosing needs to know of each: of no kind of observers, and proposed by no rule."""
    return {
        each.code: Candidate(code=each.code, kind="", stage=each.stage, proposed=False)
        for each in added
    }


def added_numbers(added: Sequence[AddedFinding], cases: VerifiedCases) -> dict[str, dict[str, Any]]:
    """The counts of verified incidents as a snapshot holds them, by the finding's code: how many
    cases there are now, and under which evidence."""
    numbers = {}
    for each in added:
        if each.origin == AddedFrom.INCIDENT:
            nature = each.basis[0]["nature"]
            found = cases.get(nature, {"cases": 0, "evidence": {}})
            numbers[each.code] = {
                "type": "fact",
                "measure": "fact",
                "text": str(found["cases"]),
                "value": found["cases"],
                "query": {"measure": "verified incidents", "nature": nature, **found["evidence"]},
            }
    return numbers


def added_out(each: AddedFinding, by: str, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """An added finding as the API gives it."""
    return {
        "code": each.code,
        "stage": each.stage,
        "severity": each.severity,
        "standards": list(each.standards),
        "words": dict(each.words),
        "origin": each.origin,
        "basis": list(each.basis),
        "number": numbers.get(each.code),
        "recorded_by": by,
        "recorded_at": each.recorded_at.isoformat(),
    }
