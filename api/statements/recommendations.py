"""Recommendations: what the mission recommends, and what became of those of missions before it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.figures.export import as_csv
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.registers.catalogue import PARTS
from api.statements.choosing import Word
from schemas.columns import new_id, now
from schemas.memory import Implementation, Priority, Recommendation
from schemas.problems import Refusal

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
COLUMNS = (
    "number", "mission", "text", "addressee", "priority", "law", "part", "obligations", "findings",
    "earlier", "status",
)  # fmt: skip


class RecommendationIn(BaseModel):
    """A recommendation. ``law`` is the article that it asks to change, empty where none need be;
    ``earlier`` the number of the one that it repeats; ``number`` the next free one if left out."""

    model_config = ConfigDict(extra="forbid")

    number: Short = ""
    texts: dict[Word, Text]
    addressee: Line
    priority: Priority = Priority.OTHER
    law: Short = ""
    part: Short = ""
    obligations: Annotated[list[Line], Field(max_length=20)] = []
    findings: Annotated[list[Line], Field(max_length=50)] = []
    earlier: Short = ""
    of_mission: Short = ""
    status: Implementation = Implementation.NOT_ASSESSED


class AssessmentIn(BaseModel):
    """How far a recommendation was followed, as it was found to stand before (``was``)."""

    model_config = ConfigDict(extra="forbid")

    status: Implementation
    was: Implementation


def add_recommendation(
    work: Work,
    given: RecommendationIn,
    *,
    standards: Collection[str],
    findings: Collection[str],
) -> Recommendation:
    """Add a recommendation. Problems: 409 where its number is taken, 422 naming the field that
    names nothing: a part, an obligation, a finding, the earlier one."""
    assert work.actor is not None, "a recommendation is somebody's"
    texts: dict[str, str] = {language: text for language, text in given.texts.items() if text}
    if not texts:
        raise Refusal("Say it in one language at least.", "texts")
    taken = set(work.session.exec(select(Recommendation.number)).all())
    if given.number in taken:
        raise Problem(CONFLICT, "A recommendation of this number is there already.", "number")
    _must_be_there("part", [given.part] if given.part else [], dict(PARTS))
    _must_be_there("obligations", given.obligations, standards)
    _must_be_there("findings", given.findings, findings)
    _must_be_there("earlier", [given.earlier] if given.earlier else [], taken)
    made = Recommendation(
        mission_id=work.mission_id,
        id=new_id(),
        number=given.number or _next_number(taken),
        words=texts.get("en") or next(iter(texts.values())),
        texts=texts,
        addressee=given.addressee,
        priority=given.priority,
        law=given.law,
        part=given.part,
        obligations=list(dict.fromkeys(given.obligations)),
        findings=list(dict.fromkeys(given.findings)),
        earlier=given.earlier,
        of_mission=given.of_mission,
        implementation=given.status,
        recorded_by=work.actor,
        recorded_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("recommendation.add", made.id, given.model_dump_json(), note=made.number)
    return made


def assess(work: Work, number: str, given: AssessmentIn) -> Recommendation:
    """Say how far a recommendation was followed. Problems: 404, 409 where somebody has said
    otherwise meanwhile, 422 where nothing would change."""
    found = _numbered(work.session, number)
    if found.implementation != given.was:
        more = {"stands": found.implementation}
        raise Problem(CONFLICT, f"It is {found.implementation} by now.", "was", more=more)
    if given.status == given.was:
        raise Refusal("Nothing is different from what stands.", "status")
    found.implementation = given.status
    work.session.add(found)
    work.session.flush()
    work.log("recommendation.assess", found.id, str(given.status), note=number)
    return found


async def list_recommendations(
    session: AsyncSession, who: Principal, *, mission: str | None = None, status: str | None = None
) -> list[dict[str, Any]]:
    """Recommendations by number: the mission's own and those it took over from missions before it.
    ``mission`` is that of an earlier one, or this one's slug; ``status`` as it was assessed."""
    query = select(Recommendation).where(Recommendation.mission_id == who.mission_id)
    if mission is not None:
        query = query.where(
            col(Recommendation.of_mission) == ("" if mission == who.slug else mission)
        )
    if status is not None:
        query = query.where(col(Recommendation.implementation) == status)
    rows = (await session.execute(query)).scalars()
    shown = [recommendation_out(each, who.slug) for each in rows]
    return sorted(shown, key=lambda each: (each["mission"] != who.slug, *_in_order(each["number"])))


def recommendation_out(row: Recommendation, slug: str) -> dict[str, Any]:
    """A recommendation as the API gives it."""
    return {
        "number": row.number,
        "mission": row.of_mission or slug,
        "texts": dict(row.texts) or {"": row.words},
        "text": row.words,
        "addressee": row.addressee,
        "priority": row.priority,
        "law": row.law,
        "part": row.part,
        "obligations": list(row.obligations),
        "findings": list(row.findings),
        "earlier": row.earlier,
        "status": row.implementation,
        "recorded_at": row.recorded_at.isoformat(),
    }


def recommendations_as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Recommendations as a file for spreadsheets, one a row."""
    return as_csv(COLUMNS, ([_cell(row[name]) for name in COLUMNS] for row in rows))


def _cell(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _numbered(session: Session, number: str) -> Recommendation:
    query = select(Recommendation).where(Recommendation.number == number)
    found = session.exec(query).one_or_none()
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def _must_be_there(field: str, named: Iterable[str], known: Collection[str]) -> None:
    for each in named:
        if each not in known:
            raise Refusal(f"{each[:60]!r} names nothing here.", field)


def _next_number(taken: Collection[str]) -> str:
    return next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)


def _in_order(number: str) -> tuple[int, str]:
    return (int(number) if number.isascii() and number.isdigit() else 1_000_000, number)
