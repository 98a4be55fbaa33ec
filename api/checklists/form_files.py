"""Files of a form: its media, kept with its version, and the CSV lists it chooses from."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from sqlmodel import Session, col, select

from api.places.contests import load_contests
from mobile_forms.columns import LISTS
from mobile_forms.media import CSV, MAX_FILES, MediaFileContent, with_lists
from schemas.checklist import Definition
from schemas.credential import Role
from schemas.published import ChecklistVersion, FormFile

FILE_REFERENCE = re.compile(r"jr://(?:images|file-csv)/([A-Za-z0-9_.-]+)")
Files = Mapping[str, MediaFileContent]


def files_asked(xform: str) -> tuple[str, ...]:
    """The files that a form asks for, without the lists that the mission keeps."""
    return tuple(each for each in dict.fromkeys(FILE_REFERENCE.findall(xform)) if each not in LISTS)


def files_of(session: Session, version_id: UUID) -> dict[str, FormFile]:
    """What is kept with a version, by name."""
    query = select(FormFile).where(FormFile.version_id == version_id).order_by(col(FormFile.name))
    return {each.name: each for each in session.exec(query)}


def differing(kept: Mapping[str, FormFile], files: Files) -> list[str]:
    """The names of files that are not kept, or kept with other bytes."""
    return [
        name for name, each in files.items() if name not in kept or kept[name].sha256 != each.sha256
    ]


def has_room(kept: Mapping[str, FormFile], files: Files) -> bool:
    """Whether a form has no more files than it may with these."""
    return len({*kept, *files}) <= MAX_FILES


def keep_files(session: Session, version: ChecklistVersion, files: Files) -> None:
    """Keep files with a version, in the place of those of the same name."""
    for each in files.values():
        session.merge(
            FormFile(
                mission_id=version.mission_id,
                version_id=version.id,
                name=each.name,
                type=each.type,
                size=len(each.content),
                sha256=each.sha256,
                md5=each.md5,
                content=each.content,
            )
        )
    session.flush()


def drop_files(session: Session, version_id: UUID) -> None:
    """Take away whatever is kept with a version."""
    for each in files_of(session, version_id).values():
        session.delete(each)
    session.flush()


def with_own_lists(definition: Definition, kept: Mapping[str, FormFile]) -> Definition:
    """A definition whose questions know the options of the lists that are kept."""
    lists = {name: each.content for name, each in kept.items() if each.type == CSV}
    return with_lists(definition, lists)


LIST_REFERENCE = re.compile(r"jr://file-csv/([A-Za-z0-9_.-]+)")
OWN_STATIONS = """
WITH RECURSIVE own AS (
  SELECT d.place_id, d.area_id FROM deployment d
  JOIN deployed_observer t ON t.mission_id = d.mission_id AND t.deployment_id = d.id
    AND t.left_at IS NULL
  WHERE d.mission_id = %(mission)s AND d.state = 'planned' AND t.observer_id = %(observer)s),
inside AS (
  SELECT a.id FROM area a JOIN own ON own.area_id = a.id WHERE a.mission_id = %(mission)s
  UNION SELECT a.id FROM area a JOIN inside ON a.parent_id = inside.id
  WHERE a.mission_id = %(mission)s)"""
THEIRS = """
WHERE p.mission_id = %(mission)s AND p.kind = 'station' AND p.closed_on IS NULL
  AND (NOT %(bounded)s OR p.id IN (SELECT place_id FROM own)
    OR p.area_id IN (SELECT id FROM inside))
ORDER BY p.code"""
"""An observer's: those that they are sent to, or that lie in areas that they are sent to."""
STATIONS = f"""{OWN_STATIONS}
SELECT p.code, p.name, coalesce(a.name, '') FROM place p
LEFT JOIN area a ON a.mission_id = p.mission_id AND a.id = p.area_id {THEIRS}"""  # noqa: S608
PLACES = f"{OWN_STATIONS} SELECT p.code, p.id, p.area_id FROM place p {THEIRS}"  # noqa: S608
NEAREST_ROUND = """
SELECT id FROM round WHERE mission_id = %(mission)s
ORDER BY abs((polling_days ->> 0)::date - current_date), code LIMIT 1"""
CONTESTANTS = """
SELECT n.code, n.name, c.code, r.code FROM contestant n
JOIN contest c ON c.mission_id = n.mission_id AND c.id = n.contest_id
JOIN round r ON r.mission_id = c.mission_id AND r.id = c.round_id
WHERE n.mission_id = %(mission)s
ORDER BY r.code, c.position NULLS FIRST, c.id, n.position"""
NO_ID = UUID(int=0)
QUERIES = {
    "stations.csv": (("name", "label", "area"), STATIONS),
    "contestants.csv": (("name", "label", "contest", "round"), CONTESTANTS),
    "contests.csv": (("name", "label", "station"), PLACES),
}
"""The lists there are, by file name: their columns and where they come from. Of contests there is
a row for each that is voted on at each station in the nearest round."""


def lists_of(xform: str) -> tuple[str, ...]:
    """The lists that a form asks for, of those there are."""
    return tuple(name for name in dict.fromkeys(LIST_REFERENCE.findall(xform)) if name in QUERIES)


async def mission_list(
    connection: AsyncConnection[Any], mission_id: UUID, role: Role, holder_id: UUID, name: str
) -> bytes:
    """A list as CSV. ``connection`` is in the mission. Raises KeyError where there is none."""
    columns, query = QUERIES[name]
    values = {"mission": mission_id, "observer": holder_id, "bounded": role == Role.OBSERVER}
    rows = await (await connection.execute(query, values)).fetchall()
    if query is PLACES:
        (round_id,) = await (await connection.execute(NEAREST_ROUND, values)).fetchone() or (NO_ID,)
        contests = await load_contests(connection, mission_id)
        rows = [
            (contest.code, contest.name, code)
            for code, place, area in rows
            for contest in contests.at(round_id, place, area, station=True)
        ]
    return _written(columns, rows)


def _written(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()
