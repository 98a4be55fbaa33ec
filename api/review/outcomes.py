"""What became of the reports of an observer: their status, and what the desk did with each.

An observer is told that a report was corrected, placed, asked about or excluded; never by whom, and
the reason of a decision stays at the desk.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.problems import NOT_FOUND, Problem
from api.review.accept_held import KIND as ACCEPTANCE
from api.review.correct import KIND as CORRECTION
from api.review.decide import KIND as DECISION
from api.review.place import KIND as PLACEMENT
from api.review.questions import QUESTION
from api.review.resolve import VERSION as RESOLUTION
from api.review.take_over import KIND as TAKEOVER
from schemas.credential import Role
from schemas.desk import DeskAct
from schemas.election import Contest, Round
from schemas.place import Place
from schemas.report import Edit, Report

MAX_REPORTS = 200
WORDS = {
    QUESTION: "asked",
    CORRECTION: "corrected",
    RESOLUTION: "corrected",
    PLACEMENT: "placed",
    ACCEPTANCE: "accepted",
    TAKEOVER: "accepted",
    DECISION: "decided",
}
"""What an act of the desk is to the observer."""


def outcomes_of(session: Session, who: Principal) -> list[dict[str, Any]]:
    """The newest reports of the observer who asks, newest first: ``ids`` are those of the versions
    that were sent after the first. Problem: 404 for whoever is no observer."""
    if who.role != Role.OBSERVER:
        raise Problem(NOT_FOUND)
    query = visible_reports(who).order_by(col(Report.sequence).desc()).limit(MAX_REPORTS)
    reports: list[Report] = list(session.execute(query).scalars())
    stations = _codes(session, who, Place, {each.place_id for each in reports})
    rounds = _codes(session, who, Round, {each.round_id for each in reports})
    contests = _codes(session, who, Contest, {each.contest_id for each in reports})
    sent = _versions_sent(session, who, [each.id for each in reports])
    acts = _acts(session, who, [each.id for each in reports])
    return [
        {
            "id": each.id,
            "ids": sent[each.id],
            "checklist": each.checklist,
            "round": rounds.get(each.round_id),
            "contest": contests.get(each.contest_id),
            "received_at": each.received_at,
            "status": each.status,
            "version": each.version,
            "station": stations.get(each.place_id),
            "acts": acts[each.id],
        }
        for each in reports
    ]


def _codes(
    session: Session,
    who: Principal,
    table: type[Place | Round | Contest],
    ids: Iterable[UUID | None],
) -> dict[UUID | None, str]:
    query = select(table.id, table.code).where(
        table.mission_id == who.mission_id, col(table.id).in_([each for each in ids if each])
    )
    return {row[0]: row[1] for row in session.execute(query).all()}


def _versions_sent(session: Session, who: Principal, reports: list[UUID]) -> dict[UUID, list[UUID]]:
    query = select(Edit.report_id, Edit.instance_id).where(
        Edit.mission_id == who.mission_id, col(Edit.report_id).in_(reports)
    )
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for report, instance in session.execute(query.order_by(col(Edit.number))).all():
        found[report].append(instance)
    return found


def _acts(session: Session, who: Principal, reports: list[UUID]) -> dict[UUID, list[Any]]:
    query = (
        select(DeskAct)
        .where(
            DeskAct.mission_id == who.mission_id,
            col(DeskAct.subject).in_([str(each) for each in reports]),
            col(DeskAct.kind).in_(WORDS),
            col(DeskAct.undone_at).is_(None),
        )
        .order_by(col(DeskAct.at))
    )
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for each in session.exec(query):
        found[UUID(each.subject)].append({"act": WORDS[each.kind], "at": each.at})
    return found
