"""Closing a mission: what is still open, freezing, and reopening within a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, func, select, update

from api.audit.canonical import CLOCKED
from api.audit.unit_of_work import Work
from api.database.roles import RESTRICTED_ROLE
from api.figures.incident_events import is_undecided
from schemas.columns import now
from schemas.mission import Mission, MissionState
from schemas.observer import Phone
from schemas.problems import Refusal
from schemas.report import Report
from schemas.words import N_

AS_RESTRICTED = text(f"SET LOCAL ROLE {RESTRICTED_ROLE}")
AS_EVERYBODY = text("RESET ROLE")


def freeze(work: Work) -> int | None:
    """Close the mission, end every credential and phone. Retention begins a day later, until when
    it can be reopened (:mod:`api.closing.freezing`): what ends here has the closing's moment.

    How many credentials were ended; None where the mission was closed before.
    """
    mission = work.session.exec(select(Mission)).one()
    if mission.state == MissionState.CLOSED:
        return None
    mission.closed_from, mission.state = mission.state, MissionState.CLOSED
    mission.closed_at = work.session.execute(text("SELECT now()")).scalar_one()
    work.session.add(mission)
    phones = update(Phone).where(col(Phone.revoked_at).is_(None))
    work.session.execute(phones.values(revoked_at=mission.closed_at))
    ended = int(work.session.execute(text("SELECT revoke_all_credentials()")).scalar_one())
    work.log("mission.close", mission.slug, note=f"It was {mission.closed_from}.")
    work.session.flush()
    return ended


DAY = timedelta(hours=24)
"""How long a closing can be undone."""


def reopens_until(mission: Mission) -> datetime | None:
    """Until when a closed mission can be reopened; None where it is open, or that is over."""
    if mission.state != MissionState.CLOSED or mission.closed_at is None:
        return None
    until = mission.closed_at + DAY
    return until if now() < until else None


def reopen(work: Work) -> int:
    """Undo the closing of a mission; how many credentials live again.

    Raises :class:`Refusal` where it is not closed, or was closed longer than a day ago.
    """
    mission = work.session.exec(select(Mission)).one()
    if mission.state != MissionState.CLOSED:
        raise Refusal("The mission is not closed.")
    if reopens_until(mission) is None or mission.closed_at is None:
        raise Refusal("The mission was closed more than 24 hours ago; it stays closed.")
    ended = mission.closed_at
    phones = update(Phone).where(col(Phone.revoked_at) == ended).values(revoked_at=None)
    work.session.execute(phones)
    restored = int(
        work.session.execute(
            text("SELECT restore_credentials(:ended)"), {"ended": ended}
        ).scalar_one()
    )
    mission.state = mission.closed_from or MissionState.ACTIVE
    mission.closed_at, mission.closed_from = None, ""
    work.session.add(mission)
    note = f"It was closed at {ended:%Y-%m-%d %H:%M} UTC; {restored} credentials live again."
    work.log("mission.reopen", mission.slug, note=note)
    work.session.flush()
    return restored


UPTO = "(SELECT coalesce(max(upto), 0) FROM seal WHERE mission_id = :m)"
NOT_SEALED = " + ".join(
    f"(SELECT count(*) FROM {each.table} t {each.join}"  # noqa: S608  our own names alone
    f" WHERE t.mission_id = :m AND {each.clock} > {UPTO})"
    for each in CLOCKED
)
"""Rows that the mission's clock tells of; those that triggers tell of stand in a table."""
COUNTS = f"""
SELECT (SELECT count(*) FROM report WHERE mission_id = :m AND status = 'held') AS held,
  (SELECT count(*) FROM round r WHERE mission_id = :m AND EXISTS (
    SELECT FROM jsonb_array_elements_text(to_jsonb(r.polling_days)) AS day
    WHERE day::date >= (now() AT TIME ZONE r.zone)::date)) AS rounds,
  (SELECT count(*) FROM statement WHERE mission_id = :m AND state <> 'released') AS statements,
  (SELECT coalesce(sum(cardinality(row_keys)), 0) FROM unsealed_write WHERE mission_id = :m)
    + {NOT_SEALED} AS unsealed"""  # noqa: S608  our own names alone
KINDS = {
    "held": (N_("Reports held for review"), "reports?status=held"),
    "incidents": (N_("Incidents that await a decision"), "incidents"),
    "rounds": (N_("Rounds still to come"), "elections"),
    "statements": (N_("Statements not released"), "statements"),
    "unsealed": (N_("Writes not sealed yet"), "audit"),
}
"""What each is called, and the page below the mission where it is worked off."""


@dataclass(frozen=True)
class OpenItems:
    """One kind of what is open: how many, what they are called, where they are."""

    kind: str
    count: int
    title: str
    page: str

    def as_sent(self, slug: str) -> dict[str, object]:
        """For scripts."""
        return {"kind": self.kind, "count": self.count, "page": f"/missions/{slug}/{self.page}"}


def still_open(session: Session) -> list[OpenItems]:
    """Everything that is open in the session's mission; kinds of which there is nothing too."""
    mission = session.exec(select(Mission)).one()
    row = dict(session.execute(text(COUNTS), {"m": mission.mission_id}).mappings().one())
    of_mission = col(Report.mission_id) == mission.mission_id
    waiting = select(func.count()).select_from(Report).where(of_mission, is_undecided())
    row["incidents"] = session.execute(waiting).scalar_one()
    return [OpenItems(kind, int(row[kind]), *words) for kind, words in KINDS.items()]


def mission_and_open(session: Session) -> tuple[Mission, list[OpenItems]]:
    """The session's mission, and what is open in it."""
    return session.exec(select(Mission)).one(), still_open(session)


def in_lines(found: Sequence[OpenItems], slug: str) -> str:
    """What is open, a line each, for a terminal."""
    lines = [
        f"  {each.count:>6,}  {each.title}: /missions/{slug}/{each.page}"
        for each in found
        if each.count
    ]
    return "\n".join(["Still open:", *lines]) if lines else "Nothing is open."


def must_name(session: Session, typed: str) -> None:
    """Raises :class:`Refusal` unless the mission's name was typed exactly."""
    slug = session.exec(select(Mission)).one().slug
    if typed != slug:
        raise Refusal(f"type the mission's name exactly: {slug}", "name")
