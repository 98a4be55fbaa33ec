"""What a mission takes from the one before: recommendations, irregularities, its frame."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.closing.handover import FORMAT, MANIFEST
from api.closing.indicators import INDICATORS, take_indicators
from api.closing.parts import AREAS, PLACES, take_areas, take_places
from schemas.columns import now
from schemas.credential import Role
from schemas.memory import Recommendation
from schemas.mission import Member
from schemas.problems import Refusal

RECOMMENDATIONS = "recommendations.ndjson"


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sha256: str


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="ignore")

    format: str
    mission: str
    shares_frame: bool
    files: dict[str, _File]


@dataclass(frozen=True)
class Handover:
    """A handover on disk, its files as its manifest says."""

    root: Path
    mission: str
    shares_frame: bool
    manifest: bytes
    holds: frozenset[str] = frozenset()
    """The files that its manifest names."""

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of one file."""
        with (self.root / name).open("rb") as lines:
            for each in lines:
                yield orjson.loads(each)


@dataclass(frozen=True)
class InheritedCounts:
    """How much a mission took over; what it had already is not taken twice."""

    recommendations: int
    areas: int
    places: int
    indicators: int = 0


def read_handover(root: Path) -> Handover:
    """Open a handover. Raises :class:`Refusal` where it is none, or a file is not as written."""
    try:
        raw = (root / MANIFEST).read_bytes()
        manifest = _Manifest.model_validate_json(raw)
    except OSError as error:
        raise Refusal(f"{root / MANIFEST}: {error.strerror}.") from error
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "it"
        raise Refusal(f"{root / MANIFEST}: {where} is not of a handover's manifest.") from None
    if manifest.format != FORMAT:
        raise Refusal(f"{root / MANIFEST}: format {manifest.format!r} is not known.")
    for name, said in manifest.files.items():
        _check(root, name, said.sha256)
    return Handover(root, manifest.mission, manifest.shares_frame, raw, frozenset(manifest.files))


def _check(root: Path, name: str, sha256: str) -> None:
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise Refusal(f"{root / MANIFEST}: {name} lies outside the handover.")
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}.") from error
    if found != sha256:
        raise Refusal(f"{path}: it is not the file that was handed over.")


def inherit(work: Work, handover: Handover) -> InheritedCounts:
    """Take over recommendations, the last word on every irregularity, and the frame if the
    earlier mission shares it. Older handovers hold no irregularities."""
    areas = places = 0
    if handover.shares_frame:
        areas = take_areas(work.session, work.mission_id, handover.rows(AREAS))
        places = take_places(work.session, work.mission_id, handover.rows(PLACES))
    indicators = 0
    if INDICATORS in handover.holds:
        indicators = take_indicators(
            work.session, work.mission_id, handover.mission, handover.rows(INDICATORS)
        )
    taken = InheritedCounts(_take_recommendations(work, handover), areas, places, indicators)
    work.log("mission.inherit", handover.mission, handover.manifest)
    return taken


def _take_recommendations(work: Work, handover: Handover) -> int:
    """Each is known by the mission that made it; what became of it is to be assessed anew."""
    query = select(Member.id).where(Member.role == Role.LEAD).order_by(col(Member.handle))
    lead = work.session.exec(query).first()
    if lead is None:
        raise Refusal("The mission has no lead in whose name recommendations are taken over.")
    known = set(work.session.exec(select(Recommendation.number)))
    added = 0
    for row in handover.rows(RECOMMENDATIONS):
        of_mission = row["of_mission"] or handover.mission
        number = row["number"] if row["of_mission"] else f"{of_mission}/{row['number']}"
        if number in known:
            continue
        kept = {name: row[name] for name in INHERITED_FIELDS}
        work.session.add(
            Recommendation(
                mission_id=work.mission_id,
                number=number,
                of_mission=of_mission,
                recorded_by=lead,
                recorded_at=now(),
                **kept,
            )
        )
        added += 1
    return added


INHERITED_FIELDS = (
    "words",
    "addressee",
    "priority",
    "law",
    "part",
    "obligations",
    "findings",
    "earlier",
)
"""What a recommendation says, whoever repeats it."""
