"""Tables that are brought in over the network: looked at first, then written as one act."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from api.audit.unit_of_work import blocking_unit_of_work
from api.auth.principal import Principal
from api.database.blocking import work_engine
from api.imports.areas import AREAS, CENTRES_TABLE
from api.imports.contests import CONTESTS
from api.imports.deployments import DEPLOYMENTS
from api.imports.observers import OBSERVERS
from api.imports.options import ReadOptions, TableProblem, accepted, mapping_of
from api.imports.papers import ACCREDITATIONS, BRIEFINGS, PLEDGES
from api.imports.preview import ImportStopped
from api.imports.run import Importer, Outcome, run_import
from api.imports.standards import STANDARDS
from api.imports.stations import STATIONS
from api.imports.table import read_table
from api.problems import CONFLICT, INVALID, TOO_LARGE, Problem
from api.server.body_limits import MAX_TABLE_BYTES
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_

READING = asyncio.Semaphore(2)


@dataclass(frozen=True)
class UploadKind:
    """What a table may hold: its importer, whose right it is, and its columns for people."""

    noun: str
    title: str
    columns: str
    right: Right
    importer: Importer


SORTS: tuple[UploadKind, ...] = (
    UploadKind("areas", N_("Areas"), "code, name, level, parent, zone", Right.KEEP_PLACES,
         AREAS),
    UploadKind("stations", N_("Polling stations"),
         "code, name, address, area, registered_voters, latitude, longitude, setting, sort, …",
         Right.KEEP_PLACES, STATIONS),
    UploadKind("centres", N_("Centres"), "code, kind, name, area, receives", Right.KEEP_PLACES,
         CENTRES_TABLE),
    UploadKind("contests", N_("Contests and contestants"),
         "round, contest, contest_name, area, denominator, choices, thresholds, contestant, name",
         Right.KEEP_PLACES, CONTESTS),
    UploadKind("observers", N_("Observers"),
         "pseudonym, organisation, function, languages, citizenships, expertise, gender, pledged,"
         " declared", Right.KEEP_PEOPLE, OBSERVERS),
    UploadKind("pledges", N_("Pledges on paper"), "pseudonym, signed_at, language, witness, scan",
         Right.KEEP_PEOPLE, PLEDGES),
    UploadKind("briefings", N_("Briefings"), "pseudonym, subject, held_at", Right.KEEP_PEOPLE,
         BRIEFINGS),
    UploadKind("accreditations", N_("Accreditations"), "pseudonym, state, number, issuer, …",
         Right.KEEP_PEOPLE, ACCREDITATIONS),
    UploadKind("deployments", N_("Deployments"),
         "round, station, centre, area, observers, expect voting, expect counting, …",
         Right.KEEP_DEPLOYMENTS, DEPLOYMENTS),
    UploadKind("standards", N_("National standards"), "code, instrument, says:en, says:fr, …",
         Right.DIRECT, STANDARDS),
)  # fmt: skip


def sorts_for(who: Principal) -> list[UploadKind]:
    """The tables that somebody may bring in. A coordinator's area bounds it: none by table."""
    return [each for each in SORTS if who.may(each.right) and who.area_id is None]


def options_of(
    *,
    mapped: Iterable[str] = (),
    accept: Iterable[str] = (),
    encoding: str = "",
    sheet: str = "",
    header_row: int = 0,
    include_rows: Iterable[int] = (),
    attended: bool = False,
) -> ReadOptions:
    """How a file that came over the network is to be read. Problems: 422 for what is no mapping,
    or nothing that can be accepted."""
    try:
        return ReadOptions(
            encoding,
            sheet,
            header_row,
            mapping_of(mapped),
            accepted(accept),
            frozenset(include_rows),
            attended,
        )
    except TableProblem as problem:
        raise Problem(INVALID, str(problem), "options") from None


@dataclass(frozen=True)
class Arrived:
    """A file that has arrived, and the SHA-256 of its bytes."""

    path: Path
    sha256: str


@asynccontextmanager
async def arriving(pieces: AsyncIterator[bytes]) -> AsyncIterator[Arrived]:
    """A file while it is wanted, then deleted. Problems: 413 too large, 422 empty."""
    size, digest = 0, hashlib.sha256()
    with NamedTemporaryFile(prefix="indelible-table-") as file:
        async for piece in pieces:
            size += len(piece)
            if size > MAX_TABLE_BYTES:
                raise Problem(TOO_LARGE, f"At most {MAX_TABLE_BYTES // 2**20} MB.", "file")
            digest.update(piece)
            file.write(piece)
        if not size:
            raise Problem(INVALID, "The table (CSV, TSV, XLSX or XLS) is empty.", "file")
        file.flush()
        yield Arrived(Path(file.name), digest.hexdigest())


async def bring(
    app_url: str,
    who: Principal,
    sort: UploadKind,
    file: Path,
    options: ReadOptions,
    *,
    dry_run: bool,
) -> Outcome:
    """Bring a table in, or say what that would do. Problems: 422 where it is no such table, or
    somebody must first say how to go on (``questions``), 409 where the mission is closed."""
    async with READING:
        try:
            return await asyncio.to_thread(_bring, app_url, who, sort, file, options, dry_run)
        except ImportStopped as stopped:
            questions = [each.as_sent() for each in stopped.questions]
            raise Problem(INVALID, str(stopped), "file", more={"questions": questions}) from None
        except TableProblem as problem:
            raise Problem(INVALID, str(problem), "file") from None
        except Refusal as refusal:
            raise Problem(CONFLICT, str(refusal)) from None


def _bring(
    app_url: str, who: Principal, sort: UploadKind, file: Path, options: ReadOptions, dry_run: bool
) -> Outcome:
    table = read_table(file, options=options)
    with (
        work_engine(app_url) as engine,
        blocking_unit_of_work(engine, who.mission_id, actor=who.holder_id) as work,
    ):
        outcome = run_import(work, table, sort.importer, options)
        if dry_run or not outcome.changes:
            work.session.rollback()
    return outcome
