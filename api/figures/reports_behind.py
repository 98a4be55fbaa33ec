"""Reports found in the record: those that support a number, their stations, counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Select,
    cast,
    false,
    func,
    literal,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.observation.ids import ids_of, moment_of
from analytics.observation.received import judged
from analytics.observation.supporting_reports import SupportingReports, refusals_behind, rows_behind
from api.auth.principal import Principal
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.rates import groups, matrix_of
from api.figures.reports import is_due
from api.figures.unobserved import refusals
from schemas.codes import STATUS_MASK, Status
from schemas.published import Rules
from schemas.report import COUNTED, Judgement, Report

CODES = cast("$.indicators[*].code", JSONPATH)
FEW = 200
GROWTH = 8


async def was_seen(session: AsyncSession, who: Principal, indicator: str) -> ColumnElement[bool]:
    """Holds for counted reports whose observer saw it in person, as a number's ``seen`` does.

    False of every report where no rules of the mission know the indicator.
    """
    known = (await session.execute(_indicators(who))).all()
    columns = [(rules, codes.index(indicator)) for rules, codes in known if indicator in codes]
    if not columns:
        return false()
    said = [(col(Judgement.rules_id) == rules) & _is_irregular(at) for rules, at in columns]
    judged = select(Judgement.report_id).where(
        Judgement.mission_id == who.mission_id,
        Judgement.report_id == Report.id,
        Judgement.number == Report.version,
        Judgement.rules_id == Report.rules_id,
        or_(*said),
    )
    return col(Report.status).in_(COUNTED) & is_due() & judged.exists()


@figure
def newest_behind(
    edition: Edition, wanted: SupportingReports | None, checklist: str | None, before: int | None
) -> NDArray[np.void]:
    """The ids of the reports in which an irregularity was seen, on one checklist or any: the
    newest first, of those that came before a reading of the clock. None is wanted: none."""
    ids, received = [np.empty(0, dtype="V16")], [np.empty(0, dtype=np.int64)]
    for name in edition.reference.checklists:
        matrix = matrix_of(edition, name)
        if matrix is None or checklist not in (None, name):
            continue
        if wanted is None or wanted.indicator not in matrix.indicators:
            continue
        samples, areas = edition.reference.drawn_samples, groups(edition.reference.areas)
        rows = rows_behind(matrix, wanted, samples=samples, areas=areas)
        refused = refusals_behind(
            edition.record, refusals(edition).get(name), wanted, samples=samples, areas=areas
        )
        ids += [matrix.ids(rows), edition.record["id"][refused]]
        received += [matrix.take("received", rows), edition.record["received"][refused]]
    came = np.concatenate(received)
    order = np.argsort(-came)
    if before is not None:
        order = order[came[order] < before]
    return np.concatenate(ids)[order]


def windows(ids: NDArray[np.void]) -> list[bytes]:
    """Ids a part at a time, for :func:`api.figures.reports.among`. The first few fill a page,
    unless other filters leave few of them; asked for all at once, the database walks from the
    mission's newest report back, past every one in which nothing was seen."""
    ends, size = [0], FEW
    while ends[-1] < len(ids):
        ends.append(ends[-1] + size)
        size *= GROWTH
    return [ids[at:end].tobytes() for at, end in pairwise(ends)]


def _indicators(who: Principal) -> Select[Any, Any]:
    """The indicators of each revision of the rules, in the order of its codes."""
    codes = func.jsonb_path_query_array(col(Rules.definition), CODES)
    return select(Rules.id, codes).where(Rules.mission_id == who.mission_id)


def _is_irregular(at: int) -> ColumnElement[bool]:
    """Whether the status at this position says so; codes that end before it say nothing."""
    code = func.substring(col(Judgement.codes), at + 1, 1).op("||")(literal(b"\0", BYTEA))
    return func.get_byte(code, 0).op("&")(STATUS_MASK) == int(Status.IRREGULAR)


@dataclass(frozen=True)
class ReportStation:
    """A report's station, and when the report came. Without a station code and name are empty."""

    code: str
    name: str
    received_at: datetime


@figure
def stations_of_reports(edition: Edition, reports: Sequence[UUID]) -> Mapping[UUID, ReportStation]:
    """The stations of these reports; one that did not come in the round is left out."""
    places, record = edition.reference.places, edition.record
    found: dict[UUID, ReportStation] = {}
    for report, at in zip(reports, record.find(ids_of(reports)).tolist(), strict=True):
        if at >= 0:
            row = record.rows[at]
            place = places[row["place"]] if row["place"] >= 0 else None
            code, name = (place.code, place.name) if place else ("", "")
            found[report] = ReportStation(code, name, moment_of(int(row["came"])))
    return found


@figure
def names_of_places(edition: Edition, places: Sequence[UUID]) -> Mapping[UUID, str]:
    """The names of these places; one that is not known is left out."""
    known = edition.reference.places
    found = zip(places, known.ids.find(ids_of(places)).tolist(), strict=True)
    return {each: known.names[at] for each, at in found if at >= 0}


JUDGED = text("""
SELECT rules_id, count(*) AS reports FROM report
WHERE mission_id = :m AND rules_id IS NOT NULL
GROUP BY rules_id""")


@figure
def judged_by(edition: Edition) -> Counter[UUID]:
    """Reports by the revision that judged them."""
    if len(edition.reference.rounds) == 1:
        return judged(edition.record)
    rows = edition.rows_of(JUDGED, {"m": edition.reference.mission.mission_id})
    return Counter({row.rules_id: row.reports for row in rows})
