"""Drawing a mission's sample from its frame, and keeping the whole frame beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, select

from analytics.sampling import Drawn, FrameUnit, draw, expected_margin
from api.audit import audit_entry
from api.database.work import Work
from schemas.columns import new_id, now
from schemas.election import Round
from schemas.place import Area, Place, PlaceKind, RoundPlace
from schemas.problems import Refusal
from schemas.sample import Sample, SampledStation, Stratum

OWN_COLUMNS = ("area", "area_code", "area_name")


@dataclass(frozen=True)
class DrawnSample:
    """A sample as kept."""

    sample: Sample
    drawn: Drawn

    @property
    def margin(self) -> float:
        """The margin to expect for a share of stations of one half."""
        return expected_margin(self.drawn.strata)


def draw_sample(
    work: Work, *, size: int, seed: int, stratify_by: str | None = None,
    round_code: str | None = None, code: str = "main",
) -> DrawnSample:  # fmt: skip
    """Draw from the stations that are open in a round, and keep draw and frame.

    Raises :class:`Refusal` for an unknown round or column, a sample of the same code, and
    SampleProblem where the size cannot be drawn.
    """
    round_ = _round(work, round_code)
    if work.session.exec(
        select(Sample).where(Sample.round_id == round_.id, Sample.code == code)
    ).first():
        raise Refusal(f"A sample {code!r} is drawn already in round {round_.code}. A draw stands.")
    places = _open_places(work, round_.id)
    if not places:
        raise Refusal(f"Round {round_.code} has no stations. Import them first.")
    classes = _stratified(work, places, stratify_by)
    frame = [FrameUnit(place.code, stratum) for place, stratum in classes]
    drawn = draw(frame, size, seed)
    sample = Sample(
        mission_id=work.mission_id, round_id=round_.id, code=code, seed=seed, size=size,
        frame_size=len(frame), frame_sha256=drawn.frame_sha256, stratify_by=stratify_by,
        method=drawn.method, drawn_at=now(),
    )  # fmt: skip
    work.session.add(sample)
    work.session.flush()
    _keep_frame(work, sample, drawn, frame, {place.code: place.id for place in places})
    work.session.add(audit_entry(
        work.mission_id, work.sequence, "sample.draw", f"{code} {size} seed {seed}",
        drawn.frame_sha256.encode(),
    ))  # fmt: skip
    return DrawnSample(sample, drawn)


def _round(work: Work, code: str | None) -> Round:
    rounds = list(work.session.exec(select(Round).order_by(col(Round.code))))
    found = [each for each in rounds if code is None or each.code == code]
    if len(found) != 1:
        known = ", ".join(each.code for each in rounds)
        raise Refusal(f"Name one round with --round. There are: {known}.")
    return found[0]


def _open_places(work: Work, round_id: UUID) -> list[Place]:
    """The stations of a round. Joined here: a table just filled has no statistics yet."""
    there = set(work.session.exec(
        select(RoundPlace.place_id).where(RoundPlace.round_id == round_id)
    ))  # fmt: skip
    stations = (
        select(Place)
        .where(Place.kind == PlaceKind.STATION, col(Place.closed_on).is_(None))
        .order_by(col(Place.code))
    )
    return [place for place in work.session.exec(stations) if place.id in there]


def _stratified(work: Work, places: list[Place], column: str | None) -> list[tuple[Place, str]]:
    """Each place with its stratum: an attribute of the import, or its area."""
    if column is None:
        return [(place, "") for place in places]
    if column in OWN_COLUMNS:
        areas = {area.id: area.code for area in work.session.exec(select(Area))}
        return [(place, areas.get(place.area_id, "") if place.area_id else "") for place in places]
    known = {name for place in places for name in place.attributes}
    if column not in known:
        named = ", ".join(sorted(known | {"area"}))
        raise Refusal(f"No station has a column {column!r}. There are: {named}.")
    return [(place, place.attributes.get(column, "")) for place in places]


def _keep_frame(
    work: Work, sample: Sample, drawn: Drawn, frame: list[FrameUnit], ids: Mapping[str, UUID]
) -> None:
    strata = {each.code: new_id() for each in drawn.strata}
    work.session.execute(insert(Stratum), [
        {"mission_id": work.mission_id, "id": strata[each.code], "sample_id": sample.id,
         "code": each.code, "population": each.population, "drawn": each.drawn}
        for each in drawn.strata
    ])  # fmt: skip
    chosen = frozenset(drawn.codes)
    work.session.execute(insert(SampledStation), [
        {"mission_id": work.mission_id, "sample_id": sample.id, "place_id": ids[unit.code],
         "stratum_id": strata[unit.stratum], "drawn": unit.code in chosen}
        for unit in frame
    ])  # fmt: skip
