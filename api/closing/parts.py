"""The files of a handover, one function each."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel, col, select

from api.closing.folder import Folder
from schemas.audit import AuditEntry, Seal
from schemas.checklist import Definition
from schemas.columns import new_id
from schemas.condition import Complaint, Condition, Contact
from schemas.election import Contest, Contestant, ContestArea, Election, Round
from schemas.lint_reason import LintReason
from schemas.memory import EarlierIndicator, Note, Recommendation, Source
from schemas.mission import Departure, Funding, Member, Mission, MissionStandard, Organisation
from schemas.observer import (
    Accreditation,
    Briefing,
    ConductCase,
    Identity,
    InterestDeclaration,
    Observer,
    Pledge,
    Reprisal,
)
from schemas.place import Area, NoGoArea, Place, RoundPlace
from schemas.published import Checklist, ChecklistVersion, FormFile, Rules, RulesState
from schemas.report import Attachment, ReportVersion, Submission
from schemas.results import OfficialResult
from schemas.sample import Sample, SampledStation, Stratum
from schemas.standards import catalogue
from schemas.statement import Finding, Publication, Snapshot, Statement
from schemas.statement_block import StatementBlock, StatementBlockVersion, StatementComment

ROWS_PER_FETCH = 500
Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One file of the open part: every row of a noun, less what is ``left_out``."""

    file: str
    noun: type[SQLModel]
    left_out: tuple[str, ...] = ()
    shown: Callable[[Row], Row] = lambda row: row


def as_sent(row: Row) -> Row:
    """A submission whose ``text``, in UTF-8, has exactly the hash it was acknowledged under."""
    raw = row.pop("raw")
    try:
        return row | {"text": raw.decode()}
    except UnicodeDecodeError:
        return row | {"hex": raw.hex()}


PARTS = (
    Part("mission.ndjson", Mission),
    Part("organisations.ndjson", Organisation),
    Part("elections.ndjson", Election),
    Part("rounds.ndjson", Round),
    Part("contests.ndjson", Contest),
    Part("contestants.ndjson", Contestant),
    Part("contest_areas.ndjson", ContestArea),
    Part("reports.ndjson", Submission, ("holder_id",), as_sent),
    Part("report_versions.ndjson", ReportVersion, ("author_id",)),
    Part("attachments.ndjson", Attachment),
    Part("results.ndjson", OfficialResult),
    Part("samples.ndjson", Sample),
    Part("strata.ndjson", Stratum),
    Part("sampled_stations.ndjson", SampledStation),
    Part("notes.ndjson", Note),
    Part("sources.ndjson", Source),
    Part("snapshots.ndjson", Snapshot),
    Part("findings.ndjson", Finding),
    Part("statements.ndjson", Statement),
    Part("statement_blocks.ndjson", StatementBlock),
    Part("statement_block_versions.ndjson", StatementBlockVersion),
    Part("statement_comments.ndjson", StatementComment),
    Part("lint_reasons.ndjson", LintReason),
    Part("recommendations.ndjson", Recommendation),
    Part("earlier_indicators.ndjson", EarlierIndicator),
    Part("registers/conditions.ndjson", Condition),
    Part("registers/contacts.ndjson", Contact),
    Part("registers/complaints.ndjson", Complaint),
    Part("registers/funding.ndjson", Funding),
    Part("registers/publications.ndjson", Publication),
    Part("registers/departures.ndjson", Departure),
    Part("registers/no_go.ndjson", NoGoArea),
    Part("registers/standards.ndjson", MissionStandard),
    Part("audit.ndjson", AuditEntry, ("salt", "actor_id")),
    Part("seals.ndjson", Seal),
)
RESTRICTED = (Identity, Reprisal, ConductCase)
"""Read with the restricted role alone."""
SEALED = (Observer, Member, Pledge, InterestDeclaration, Briefing, Accreditation)
"""Who a pseudonym is of, and what each declared and signed: encrypted beside the restricted."""


def rows(session: Session, noun: type[SQLModel], left_out: Iterable[str] = ()) -> Iterable[Row]:
    """Every row of a noun in the mission, by its key, less mission and ``left_out``."""
    hidden = {"mission_id", *left_out}
    table = noun.__table__  # type: ignore[attr-defined]
    columns = [each for each in table.columns if each.name not in hidden]
    query = select(*columns).order_by(*table.primary_key.columns)
    found = session.execute(query.execution_options(yield_per=ROWS_PER_FETCH))
    for each in found.mappings():
        yield dict(each)


def line(row: Row) -> bytes:
    """A row as one line of JSON; bytes are written in hexadecimal."""
    return orjson.dumps(row, default=_hex, option=orjson.OPT_APPEND_NEWLINE)


def _hex(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value).__name__)


def form_files(session: Session) -> dict[UUID, list[dict[str, Any]]]:
    """What the code book says of them, by version: name, type, size, hash, and where it lies."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for each in _published(session):
        found[each.version_id].append(
            {
                "name": each.name,
                "type": each.type,
                "size": each.size,
                "sha256": each.sha256,
                "path": _path(each),
            }
        )
    return found


def write_form_files(session: Session, folder: Folder) -> None:
    """Write the files of every published form. Forms that share one share it here too."""
    for each in _published(session):
        if _path(each) not in folder.files:
            folder.write(_path(each), [each.content])


def _published(session: Session) -> Iterable[FormFile]:
    published = (
        select(Rules.id)
        .where(
            Rules.mission_id == FormFile.mission_id,
            Rules.version_id == FormFile.version_id,
            Rules.state == RulesState.PUBLISHED,
        )
        .exists()
    )
    return session.exec(select(FormFile).where(published).order_by(col(FormFile.name)))


def _path(file: FormFile) -> str:
    return f"forms/{file.sha256}/{file.name}"


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


AREAS, PLACES = "frame/areas.ndjson", "frame/places.ndjson"
READ_AREAS = text("""
WITH RECURSIVE down AS (
  SELECT a.*, NULL::text AS parent, 0 AS depth FROM area a WHERE a.parent_id IS NULL
  UNION ALL
  SELECT a.*, d.code, d.depth + 1 FROM area a
  JOIN down d ON d.mission_id = a.mission_id AND d.id = a.parent_id)
SELECT code, parent, name, level, zone, shape FROM down ORDER BY depth, code""")
READ_PLACES = text("""
SELECT p.kind, p.code, p.name, p.address, a.code AS area, c.kind AS centre_kind,
  c.code AS centre, p.registered_voters, p.latitude, p.longitude, p.attributes, p.setting,
  p.sort, p.closed_on
FROM place p LEFT JOIN area a ON a.mission_id = p.mission_id AND a.id = p.area_id
LEFT JOIN place c ON c.mission_id = p.mission_id AND c.id = p.centre_id
ORDER BY p.centre_id IS NOT NULL, p.kind, p.code""")
"""Centres come before the places that they receive."""


def _read(query: Any) -> Callable[[Session], Iterable[Row]]:
    return lambda session: (dict(row) for row in session.execute(query).mappings())


FRAME = {AREAS: _read(READ_AREAS), PLACES: _read(READ_PLACES)}
"""The files of a frame, and how each is read."""


def take_areas(session: Session, mission_id: UUID, rows: Iterable[Row]) -> int:
    """Add the areas whose codes the mission has not; how many. Parents come first."""
    known = {each.code: each.id for each in session.exec(select(Area))}
    adding: list[Row] = []
    for row in rows:
        if row["code"] not in known:
            parent = known.get(row.pop("parent"))
            known[row["code"]] = new_id()
            adding.append(row | _own(mission_id, known[row["code"]], parent_id=parent))
    return _insert(session, Area, adding)


def take_places(session: Session, mission_id: UUID, rows: Iterable[Row]) -> int:
    """Add the places that the mission has not and that were not closed; how many.

    They are open in every round of the mission. Centres come first.
    """
    areas = {each.code: each.id for each in session.exec(select(Area))}
    known = {(each.kind, each.code): each.id for each in session.exec(select(Place))}
    adding: list[Row] = []
    for row in rows:
        named = (row["kind"], row["code"])
        if row.pop("closed_on") is not None or named in known:
            continue
        centre = known.get((row.pop("centre_kind"), row.pop("centre")))
        area = areas.get(row.pop("area"))
        known[named] = new_id()
        adding.append(row | _own(mission_id, known[named], area_id=area, centre_id=centre))
    added = _insert(session, Place, adding)
    _insert(
        session,
        RoundPlace,
        [
            {
                "mission_id": mission_id,
                "round_id": each,
                "place_id": row["id"],
                "registered_voters": row["registered_voters"],
            }
            for each in session.exec(select(Round.id))
            for row in adding
        ],
    )
    return added


def _own(mission_id: UUID, id_: UUID, **others: UUID | None) -> Row:
    return {"mission_id": mission_id, "id": id_, **others}


def _insert(session: Session, noun: type[SQLModel], adding: list[Row]) -> int:
    if adding:
        session.execute(insert(noun), adding)
    return len(adding)
