"""Who of a held report's team is not through which gate, and who can open it."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.people.gates import GATES, standing_of
from api.review.held_reasons import By, act_for
from api.review.queue_items import Desk
from schemas.credential import Role
from schemas.mission import Gate
from schemas.report import Report
from schemas.rights import Right, may

OF_THE_TEAM = f"{GATES} AND (o.id = %(own)s OR o.pseudonym = ANY(%(team)s::text[]))"
PLEDGE = "no_pledge"
"""The gate that an observer opens; the others are opened by who keeps the observers."""


async def closed_gates(
    desk: Desk, report: Report, team: Sequence[Any]
) -> dict[tuple[str, str], list[str]]:
    """The pseudonyms of those who are not through a gate, by the reason (its field and code) for
    which the report is held; ``team`` are the pseudonyms that it names beside the observer."""
    gates = [each for each in report.reasons if act_for(each).by is By.GATE]
    if not gates:
        return {}
    named = [each for each in team if isinstance(each, str)]
    values = {"m": desk.who.mission_id, "own": report.observer_id, "team": named}
    connection = await desk.session.connection()
    rows = (await connection.exec_driver_sql(OF_THE_TEAM, values)).all()
    found: dict[tuple[str, str], list[str]] = {}
    for reason in gates:
        field, code = reason["field"], reason["code"]
        found[field, code] = sorted(
            row.pseudonym
            for row in rows
            if (row.id == report.observer_id) == (field == "observer")
            and code in standing_of(tuple(row)).closed(list(Gate))
        )
    return found


def may_open(reason: Mapping[str, str]) -> list[Role]:
    """The roles that can open the gate of a reason; none where the observer does."""
    if reason["code"] == PLEDGE:
        return []
    return [role for role in Role if may(role, Right.KEEP_PEOPLE)]
