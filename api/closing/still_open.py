"""The checklist before closing: what is still open, counted by kind, with links."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, select

from api.audit.canonical import CLOCKED
from schemas.mission import Mission
from schemas.problems import Refusal
from schemas.words import N_

UPTO = "(SELECT coalesce(max(upto), 0) FROM seal WHERE mission_id = :m)"
NOT_SEALED = " + ".join(
    f"(SELECT count(*) FROM {each.table} t {each.join}"  # noqa: S608  our own names alone
    f" WHERE t.mission_id = :m AND {each.clock} > {UPTO})"
    for each in CLOCKED
)
"""Rows that the mission's clock tells of; those that triggers tell of stand in a table."""
COUNTS = f"""
SELECT (SELECT count(*) FROM report WHERE mission_id = :m AND status = 'held') AS held,
  (SELECT count(*) FROM report WHERE mission_id = :m AND checklist = 'incident'
    AND status IN ('held', 'received', 'flagged')) AS incidents,
  (SELECT count(*) FROM round r WHERE mission_id = :m AND EXISTS (
    SELECT FROM jsonb_array_elements_text(to_jsonb(r.polling_days)) AS day
    WHERE day::date >= (now() AT TIME ZONE r.zone)::date)) AS rounds,
  (SELECT count(*) FROM statement WHERE mission_id = :m AND state <> 'released') AS statements,
  (SELECT coalesce(sum(cardinality(row_keys)), 0) FROM unsealed_write WHERE mission_id = :m)
    + {NOT_SEALED} AS unsealed"""  # noqa: S608  our own names alone
KINDS = {
    "held": (N_("Reports held for review"), "reports?status=held"),
    "incidents": (N_("Incidents nobody has decided on"), "incidents"),
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
    row = session.execute(text(COUNTS), {"m": mission.mission_id}).mappings().one()
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
