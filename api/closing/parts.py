"""The files of a handover, one function each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel import Session, SQLModel, select

from schemas.audit import AuditEntry, Seal
from schemas.complaint import Complaint
from schemas.condition import Condition, Contact
from schemas.election import Contest, Contestant, Election, Round
from schemas.identity import ConductCase, Identity, Reprisal
from schemas.memory import EarlierIndicator, Note, Recommendation, Source
from schemas.mission import Departure, Funding, Member, Mission, MissionStandard, Organisation
from schemas.observer import Accreditation, Briefing, InterestDeclaration, Observer, Pledge
from schemas.place import NoGoArea
from schemas.publication import Publication
from schemas.report import Attachment, ReportVersion, Submission
from schemas.results import OfficialResult
from schemas.sample import Sample, SampledStation, Stratum
from schemas.statement import Finding, Snapshot, Statement

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
