"""Drawing a mission's sample from its frame, and keeping the whole frame beside it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import stdev
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, insert, text
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from analytics.survey.draw import DrawnCodes, FrameUnit, SampleProblem
from analytics.survey.methods import Allocation, Method, Plan, margin_of, select
from api.audit.unit_of_work import Work
from schemas.columns import new_id, now
from schemas.election import Round
from schemas.mission import Kind, Mission
from schemas.place import Area, Place, PlaceKind, RoundPlace
from schemas.problems import Refusal
from schemas.sample import Sample, SampledStation, Stratum

OWN_COLUMNS = ("area", "area_code", "area_name")
OF_PLACES = ("setting", "sort")
VOTERS = "registered_voters"
Station = Row[Any]
"""What a draw asks of a place: :func:`_open_places` reads it."""


@dataclass(frozen=True)
class DrawnSample:
    """A sample as kept."""

    sample: Sample
    drawn: DrawnCodes

    @property
    def margin(self) -> float:
        """The margin to expect for a share of stations of one half."""
        return margin_of(self.drawn.method, self.drawn.strata)


@dataclass(frozen=True)
class FrameUnits:
    """The stations open in a round, each with what the method draws by, and Neyman's spreads."""

    round: Round
    places: tuple[Station, ...]
    units: tuple[FrameUnit, ...]
    spreads: Mapping[str, float]


def draw_sample(
    work: Work,
    *,
    size: int,
    seed: int,
    stratify_by: str | None = None,
    round_code: str | None = None,
    code: str = "main",
    method: Method | None = None,
    allocation: Allocation = "proportional",
    minimum: int = 2,
    each: int = 1,
    spread: str | None = None,
    kind: Kind | None = None,
) -> DrawnSample:
    """Draw from the stations that are open in a round, and keep draw and frame.

    ``stratify_by`` names the column that the method draws by: strata, the order of a systematic
    list, the areas of two stages, sizes. Without a method strata are drawn, or else singly by
    the same rule. ``kind`` is whom it is drawn for, the mission's own observers unless said:
    the first of each kind speaks for all stations. Raises :class:`Refusal` for an unknown round
    or column and a sample of the same code, and SampleProblem where it cannot be drawn.
    """
    made: Method = method or "stratified"
    framed = read_frame(work.session, made, stratify_by, round_code, spread)
    refuse_again(work.session, framed.round, code)
    plan = Plan(size, seed, made, allocation, minimum, each, framed.spreads)
    drawn = select(framed.units, plan)
    frame = framed.units if made != "simple" else [FrameUnit(u.code) for u in framed.units]
    sample = Sample(
        mission_id=work.mission_id,
        round_id=framed.round.id,
        code=code,
        kind=kind or work.session.exec(select_rows(Mission.kind)).one(),
        seed=seed,
        size=len(drawn.codes),
        frame_size=len(frame),
        frame_sha256=drawn.frame_sha256,
        stratify_by=_column(made, stratify_by),
        method=drawn.method,
        drawn_at=now(),
    )
    work.session.add(sample)
    work.session.flush()
    _keep_frame(work, sample, drawn, frame, {place.code: place.id for place in framed.places})
    work.log("sample.draw", f"{code} {size} seed {seed}", drawn.frame_sha256)
    return DrawnSample(sample, drawn)


def refuse_again(session: Session, round_: Round, code: str) -> None:
    """A draw is final: none of the same name is made again. Raises :class:`Refusal`."""
    again = select_rows(Sample).where(Sample.round_id == round_.id, Sample.code == code)
    if session.exec(again).first():
        raise Refusal(
            f"A sample {code!r} is drawn already in round {round_.code}. A draw stands; one for "
            "the other kind of observers takes a code of its own."
        )


def read_frame(
    session: Session,
    method: Method,
    column: str | None,
    round_code: str | None,
    spread: str | None = None,
) -> FrameUnits:
    """The frame as a method needs it. Raises :class:`Refusal` naming what is wrong."""
    round_ = find_round(session, round_code)
    places = _open_places(session, round_.id)
    if not places:
        raise Refusal(f"Round {round_.code} has no stations. Import them first.")
    classes = _drawn_by(session, places, method, column)
    units = tuple(FrameUnit(place.code, stratum) for place, stratum in classes)
    spreads = _spreads(classes, spread) if spread else {}
    return FrameUnits(round_, tuple(places), units, spreads)


def _column(method: Method, named: str | None) -> str | None:
    """The column that the frame holds beside the codes."""
    usual = {"simple": None, "two-stage": "area", "pps": VOTERS}
    return named or usual.get(method)


def columns_of(session: Session) -> tuple[list[str], list[str]]:
    """The columns that came with the stations, and the codes of the rounds."""
    names = text("SELECT DISTINCT jsonb_object_keys(attributes) AS name FROM place ORDER BY name")
    columns = ["area", *(str(row.name) for row in session.execute(names))]
    rounds = [each.code for each in session.exec(select_rows(Round).order_by(col(Round.code)))]
    return columns, rounds


def _drawn_by(
    session: Session, places: list[Station], method: Method, named: str | None
) -> list[tuple[Station, str]]:
    if method == "simple" and named:
        raise Refusal("A simple sample has no strata; leave the column out, or draw stratified.")
    column = _column(method, named)
    if column != VOTERS:
        return _stratified(session, places, column)
    nobody = [place.code for place in places if not place.registered_voters]
    if nobody:
        raise Refusal(f"{len(nobody)} stations have no voters, such as {nobody[0]}: no size.")
    return [(place, str(place.registered_voters)) for place in places]


def _spreads(classes: Iterable[tuple[Station, str]], column: str) -> dict[str, float]:
    """The standard deviation of a column of numbers in each stratum (0 of one station)."""
    values: dict[str, list[float]] = {}
    for place, stratum in classes:
        try:
            value = float(place.attributes[column])
        except (KeyError, ValueError):
            value = math.inf
        if not math.isfinite(value):
            raise Refusal(f"Station {place.code}: its column {column!r} holds no number.")
        values.setdefault(stratum, []).append(value)
    return {name: stdev(each) if len(each) > 1 else 0.0 for name, each in values.items()}


def find_round(session: Session, code: str | None) -> Round:
    """The round of this code; without one, the mission's only one. Raises :class:`Refusal`."""
    rounds = list(session.exec(select_rows(Round).order_by(col(Round.code))))
    found = [each for each in rounds if code is None or each.code == code]
    if len(found) != 1:
        known = ", ".join(each.code for each in rounds)
        raise Refusal(f"Name one round with --round. There are: {known}.")
    return found[0]


def _open_places(session: Session, round_id: UUID) -> list[Station]:
    """The stations of a round. Joined here: a table just filled has no statistics yet."""
    there = set(
        session.exec(select_rows(RoundPlace.place_id).where(RoundPlace.round_id == round_id))
    )
    columns: Any = (
        Place.id,
        Place.code,
        Place.area_id,
        Place.registered_voters,
        Place.attributes,
        *(getattr(Place, name) for name in OF_PLACES),
    )
    stations = (
        select_rows(Place)
        .with_only_columns(*columns)
        .where(col(Place.kind) == PlaceKind.STATION, col(Place.closed_on).is_(None))
        .order_by(col(Place.code))
    )
    return [place for place in session.execute(stations) if place.id in there]


def _stratified(
    session: Session, places: list[Station], column: str | None
) -> list[tuple[Station, str]]:
    """Each place with its stratum: an attribute of the import, or its area."""
    if column is None:
        return [(place, "") for place in places]
    if column in OWN_COLUMNS:
        areas = {area.id: area.code for area in session.exec(select_rows(Area))}
        return [(place, areas.get(place.area_id, "") if place.area_id else "") for place in places]
    known = {name for place in places for name in place.attributes}
    if column in OF_PLACES and column not in known:
        return [(place, str(getattr(place, column))) for place in places]
    if column not in known:
        named = ", ".join(sorted(known | {"area", *OF_PLACES}))
        raise Refusal(f"No station has a column {column!r}. There are: {named}.")
    return [(place, place.attributes.get(column, "")) for place in places]


def _keep_frame(
    work: Work,
    sample: Sample,
    drawn: DrawnCodes,
    frame: Iterable[FrameUnit],
    ids: Mapping[str, UUID],
) -> None:
    strata = {each.code: new_id() for each in drawn.strata}
    work.session.execute(
        insert(Stratum),
        [
            {
                "mission_id": work.mission_id,
                "id": strata[each.code],
                "sample_id": sample.id,
                "code": each.code,
                "population": each.population,
                "drawn": each.drawn,
            }
            for each in drawn.strata
        ],
    )
    chosen = frozenset(drawn.codes)
    work.session.execute(
        insert(SampledStation),
        [
            {
                "mission_id": work.mission_id,
                "sample_id": sample.id,
                "place_id": ids[unit.code],
                "stratum_id": strata[unit.stratum],
                "drawn": unit.code in chosen,
            }
            for unit in frame
        ],
    )


class DrawGiven(BaseModel):
    """A draw: its size and seed, and what it goes by. ``margin`` and ``size`` as in the command."""

    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=1, le=1_000_000)
    seed: int = Field(ge=0, lt=2**63)
    round: str | None = Field(default=None, max_length=200)
    stratify_by: str | None = Field(default=None, min_length=1, max_length=200)
    code: str = Field(default="main", min_length=1, max_length=60)
    kind: Kind | None = None
    method: Method = "stratified"
    allocation: Allocation = "proportional"
    minimum: int = Field(default=2, ge=0, le=1000)
    each: int = Field(default=1, ge=1, le=10_000)
    spread: str | None = Field(default=None, min_length=1, max_length=200)


def drawing(given: DrawGiven) -> Any:
    """The act of drawing. Refuses what the rule cannot draw."""

    def write(work: Work) -> DrawnSample:
        if (given.allocation == "neyman") != (given.spread is not None):
            raise Refusal("Neyman's allocation needs a column of an earlier election.", "spread")
        try:
            return draw_sample(
                work,
                size=given.size,
                seed=given.seed,
                stratify_by=given.stratify_by,
                round_code=given.round,
                code=given.code,
                method=given.method,
                allocation=given.allocation,
                minimum=given.minimum,
                each=given.each,
                spread=given.spread,
                kind=given.kind,
            )
        except SampleProblem as problem:
            raise Refusal(str(problem)) from None

    return write
