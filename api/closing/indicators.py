"""The mission's last figures of every irregularity, for comparison by the next mission."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from sqlalchemy import insert
from sqlmodel import Session, select

from analytics.statements.ledger import as_data
from api.figures.ask import Figures, ask, figure
from api.figures.edition import Edition
from api.figures.mission_facts import mission_facts
from api.figures.rates import indicators_of, rates
from schemas.checklist import Texts
from schemas.columns import new_id
from schemas.memory import EarlierIndicator
from schemas.mission import Kind
from schemas.problems import Refusal

INDICATORS = "indicators.ndjson"
Row = dict[str, Any]
Share = Annotated[float, Field(ge=0, le=1)]
Many = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(max_length=500)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class KeptEstimate(_Shape):
    """An estimate as the handover has it."""

    type: Literal["estimate"]
    value: Share
    se: Annotated[float, Field(ge=0)]
    low: Share
    high: Share
    level: Annotated[float, Field(gt=0, lt=1)]
    n: Annotated[int, Field(ge=1)]
    df: Annotated[float, Field(ge=1)]
    method: Text
    missing: Many
    seen: Many | None
    population: Many | None
    design: Text

    @model_validator(mode="after")
    def _in_order(self) -> "KeptEstimate":
        if not self.low <= self.value <= self.high:
            raise ValueError("the estimate lies outside its own interval")
        return self


class KeptCount(_Shape):
    """A count as the handover has it."""

    type: Literal["count"]
    seen: Many
    of: Many
    stations: Many
    missing: Many

    @model_validator(mode="after")
    def _in_order(self) -> "KeptCount":
        if self.seen > self.of:
            raise ValueError("more were seen than observed")
        return self


class KeptIndicator(_Shape):
    """One irregularity of a mission that is closed, by one kind of its observers."""

    title: Text
    round: Text
    polling_day: Text
    checklist: Text
    version: Text
    indicator: Text
    phrase: Texts
    sources: list[dict[str, Any]]
    kind: Kind
    part: Literal["sample", "visits"]
    number: Annotated[KeptEstimate | KeptCount, Field(discriminator="type")]
    why_count: Literal["", "not_a_sample", "response", "nobody_answered"]
    response: Share | None
    draw: dict[str, Any]


KEPT_INDICATOR = TypeAdapter(KeptIndicator)


async def last_indicators(figures: Figures, mission_id: UUID) -> list[Row]:
    """The last word on every irregularity in each round of which something came."""
    facts = await ask(figures, mission_id, mission_facts)
    return [
        row
        for each in facts.rounds
        for row in await ask(figures, mission_id, indicators_of_round, round_code=each.code)
    ]


@figure
def indicators_of_round(edition: Edition) -> list[Row]:
    """Every national rate as it stands: an estimate with its draw, or a count and why. Nothing
    before the first report."""
    return list(_indicators(edition)) if len(edition.record) else []


def _indicators(edition: Edition) -> Iterator[Row]:
    polling = edition.reference.polling
    draws = {each.kind: _draw(each.sample) for each in edition.reference.samples}
    for name in edition.reference.checklists:
        rules = edition.reference.newest(name)
        known = {each.code: each for each in indicators_of(edition, name)}
        for rate in rates(edition, name):
            if rules is None or rate.indicator not in known:
                continue
            indicator = known[rate.indicator]
            yield {
                "title": edition.reference.mission.title,
                "round": polling.code,
                "polling_day": polling.days[0],
                "checklist": name,
                "version": rules.definition.version,
                "indicator": rate.indicator,
                "phrase": dict(indicator.phrase),
                "sources": indicator.asked_as(),
                "kind": rate.kind,
                "part": rate.part,
                "number": as_data(rate.number),
                "why_count": rate.why_count or "",
                "response": rate.response,
                "draw": draws.get(rate.kind, {}) if rate.part == "sample" else {},
            }


def _draw(sample: Any) -> Row:
    named = ("code", "size", "frame_size", "frame_sha256", "seed", "method", "stratify_by")
    return {name: getattr(sample, name) for name in named}


def take_indicators(
    session: Session, mission_id: UUID, of_mission: str, rows: Iterable[Row]
) -> int:
    """Take over what an earlier mission had; how many. What is known is not taken twice.

    Raises :class:`Refusal` naming line and field of what cannot be.
    """
    query = select(EarlierIndicator).where(EarlierIndicator.of_mission == of_mission)
    known = {_key(each.model_dump()) for each in session.exec(query)}
    adding: list[Row] = []
    for line, row in enumerate(rows, 1):
        kept = _read(row, line)
        if _key(kept) not in known:
            known.add(_key(kept))
            adding.append(
                kept | {"mission_id": mission_id, "id": new_id(), "of_mission": of_mission}
            )
    if adding:
        session.execute(insert(EarlierIndicator), adding)
    return len(adding)


def _read(row: Row, line: int) -> Row:
    try:
        return KEPT_INDICATOR.validate_python(row).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the row"
        raise Refusal(f"{INDICATORS}, line {line}: {where}: {first['msg']}.") from error


def _key(row: Row) -> tuple[str, ...]:
    named = ("round", "checklist", "indicator", "kind", "part")
    return tuple(str(row[name]) for name in named)
