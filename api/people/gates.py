"""The gates before a report counts: declaration of interests, pledge to the code (dop:6, dop:21).

Two stand in every mission: the newest declaration of interests is accepted, and the code of the
observer's organisation is pledged to as it is in force. Identity, briefing and accreditation
hold reports back only where the mission says so; else they warn.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.audit.unit_of_work import Work
from schemas.columns import now
from schemas.mission import Gate
from schemas.observer import AccreditationState, Decision, Observer, ObserverState
from schemas.problems import Refusal

SUBJECTS = ("law", "security", "method")
"""What everybody is briefed on."""
BRIEFED_ON = " + ".join(f"bool_or(b.subject = '{each}')::int" for each in SUBJECTS)
"""How many of them, whatever else, and however often."""
INSTRUMENT = (
    "coalesce(nullif(g.instrument, ''), CASE g.kind WHEN 'domestic' THEN 'gndem' ELSE 'coc' END)"
)
"""What an organisation ``g`` is bound by, where it does not say: by who observes."""
TEXTS = """
SELECT DISTINCT ON (t.instrument, t.language) t.instrument, t.language, t.sha256, t.id
FROM code_text t WHERE t.mission_id = %(m)s AND t.in_force_since <= now()
ORDER BY t.instrument, t.language, t.in_force_since DESC, t.id DESC"""
"""The texts in force: of each instrument the newest one in each language."""
GATES = f"""
WITH texts AS MATERIALIZED ({TEXTS}),
signed AS MATERIALIZED (
  SELECT p.observer_id, p.instrument, bool_or(
    NOT EXISTS (SELECT FROM texts t WHERE t.instrument = p.instrument)
    OR (p.instrument, p.text_sha256) IN (SELECT t.instrument, t.sha256 FROM texts t)) AS in_force
  FROM pledge p WHERE p.mission_id = %(m)s GROUP BY 1, 2),
declared AS MATERIALIZED (
  SELECT DISTINCT ON (d.observer_id) d.observer_id, d.decision, d.id
  FROM interest_declaration d WHERE d.mission_id = %(m)s
  ORDER BY d.observer_id, d.declared_at DESC, d.id DESC),
briefed AS MATERIALIZED (
  SELECT b.observer_id, {BRIEFED_ON} AS subjects FROM briefing b
  WHERE b.mission_id = %(m)s GROUP BY 1)
SELECT o.id, o.pseudonym, o.organisation_id, {INSTRUMENT} AS instrument, o.state,
  coalesce(d.decision, 'missing') AS declaration,
  CASE WHEN s.in_force THEN 'signed' WHEN s.observer_id IS NULL THEN 'missing'
    ELSE 'outdated' END AS pledge,
  o.identified_at IS NOT NULL AS identity, coalesce(b.subjects, 0) AS briefings,
  coalesce(a.state, 'missing') AS accreditation, d.id AS declaration_id
FROM observer o
JOIN organisation g ON g.mission_id = o.mission_id AND g.id = o.organisation_id
LEFT JOIN signed s ON s.observer_id = o.id AND s.instrument = {INSTRUMENT}
LEFT JOIN declared d ON d.observer_id = o.id
LEFT JOIN briefed b ON b.observer_id = o.id
LEFT JOIN accreditation a ON a.mission_id = o.mission_id AND a.observer_id = o.id
WHERE o.mission_id = %(m)s"""  # noqa: S608
"""Every observer of the mission ``m`` with what is on record of the gates."""
FINGERPRINT = """
(SELECT (count(*),
     sum(hashtext(concat(id, pseudonym, state, identified_at, organisation_id))))::text
   FROM observer WHERE mission_id = %(m)s),
  (SELECT (count(*), max(signed_at), sum(hashtext(concat(id, instrument, text_sha256))))::text
   FROM pledge WHERE mission_id = %(m)s),
  (SELECT (count(*), sum(hashtext(concat(id, decision))))::text
   FROM interest_declaration WHERE mission_id = %(m)s),
  (SELECT (count(*), max(in_force_since) FILTER (WHERE in_force_since <= now()))::text
   FROM code_text WHERE mission_id = %(m)s),
  (SELECT count(*) FROM briefing WHERE mission_id = %(m)s),
  (SELECT (count(*), sum(hashtext(concat(id, state))))::text
   FROM accreditation WHERE mission_id = %(m)s),
  (SELECT gates::text FROM mission WHERE mission_id = %(m)s),
  (SELECT string_agg(concat(id, instrument, kind), ',' ORDER BY id)
   FROM organisation WHERE mission_id = %(m)s)"""
"""Another value after every change that may open or close a gate."""

REASONS = {
    "no_declaration": "This observer's declaration of interests is not accepted yet.",
    "no_pledge": "This observer has not pledged to the code that is in force.",
    "suspended": "This observer is suspended.",
    "no_identity": "This observer's identity is not recorded.",
    "no_briefing": "This observer has not been briefed on law, security and method.",
    "no_accreditation": "This observer is not accredited.",
}
"""Why a report is held at a gate, by the code of the reason."""


@dataclass(frozen=True, slots=True)
class GateState:
    """How an observer stands at every gate."""

    declaration: str
    pledge: str
    identity: bool
    briefings: int
    accreditation: str
    state: str = ObserverState.ACTIVE

    @property
    def briefed(self) -> bool:
        """Whether all of :data:`SUBJECTS` were told."""
        return self.briefings >= len(SUBJECTS)

    def closed(self, asked: Collection[str]) -> tuple[str, ...]:
        """The codes of :data:`REASONS` for which reports are held; ``asked`` are the mission's
        own gates (:class:`schemas.mission.Gate`)."""
        shut = {
            "no_declaration": self.declaration != Decision.ACCEPTED,
            "no_pledge": self.pledge != "signed",
            "suspended": self.state == ObserverState.SUSPENDED,
        } | {code: gate in asked for gate, code in self._further().items()}
        return tuple(code for code, is_shut in shut.items() if is_shut)

    def warnings(self, asked: Collection[str]) -> tuple[str, ...]:
        """The codes that hold nothing back but are said."""
        return tuple(code for gate, code in self._further().items() if gate not in asked)

    def _further(self) -> dict[Gate, str]:
        """What is not there yet of the three that a mission may make gates."""
        lacking = {
            Gate.IDENTITY: None if self.identity else "no_identity",
            Gate.BRIEFING: None if self.briefed else "no_briefing",
            Gate.ACCREDITATION: None
            if self.accreditation == AccreditationState.ISSUED
            else "no_accreditation",
        }
        return {gate: code for gate, code in lacking.items() if code is not None}

    def as_sent(self) -> dict[str, str]:
        """The state of each gate, as the phone and the pages are told it."""
        return {
            "declaration": self.declaration,
            "pledge": self.pledge,
            "identity": "recorded" if self.identity else "missing",
            "briefing": "held" if self.briefed else "partly" if self.briefings else "missing",
            "accreditation": self.accreditation,
        }


def standing_of(row: tuple[Any, ...]) -> GateState:
    """The standing in one row of :data:`GATES`."""
    return GateState(row[5], row[6], row[7], row[8], row[9], row[4])


def suspend(work: Work, observer: UUID, reason: str) -> Observer:
    """Hold what comes from now on. Raises :class:`Refusal` without a reason, or where already."""
    return _turn(work, observer, ObserverState.SUSPENDED, reason)


def reinstate(work: Work, observer: UUID, reason: str) -> Observer:
    """Take a suspension back; what was held for it is released."""
    return _turn(work, observer, ObserverState.ACTIVE, reason)


def _turn(work: Work, observer: UUID, state: ObserverState, reason: str) -> Observer:
    found = work.session.get(Observer, (work.mission_id, observer))
    if found is None:
        raise LookupError(str(observer))
    if not reason.strip():
        raise Refusal("say why.", "reason")
    if found.state == state:
        raise Refusal(f"The observer is {state.value} already.")
    found.state, found.state_reason, found.state_since = state, reason.strip(), now()
    work.session.add(found)
    work.session.flush()
    work.log(f"observer.{state.value}", observer, reason)
    return found
