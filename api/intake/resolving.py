"""Resolving the names in a report (observer, place, round, checklist, contest) to ids.

Where that fails there are reasons to hold it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from api.auth.principal import Principal
from api.intake.candidate import Reason
from api.intake.contests import ABSENT, CONTEST, CONTRADICTS, contest_of, contestants_named
from api.intake.envelope import Envelope
from api.intake.reference_cache import KnownObserver, KnownRound, KnownRules, Register
from api.people.gates import REASONS
from schemas.credential import Role
from schemas.place import PlaceKind
from schemas.report import CLOCK_TOLERANCE

AFTER_DAYS = 3
"""Counting and tabulation run on: a round is still open so many days after its last."""
ON_POLLING_DAYS = frozenset({"opening", "voting", "closing"})
AFTER_POLLING = frozenset({"counting", "tabulation"})
OF_A_TEAM = frozenset({"no_pledge"})
"""What everybody on a form must have done, beside whoever sends it."""
UNKNOWN_VERSION = "version/unknown"
"""Accepted, the report is judged by the newest version."""
NOT_OWN = "observer/not_own"
"""Accepted where a person said whose report it is."""
PLACED_STAGES = ON_POLLING_DAYS | AFTER_POLLING


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an envelope refers to. ``missed``: a name was not found, so look again;
    ``unknown_place`` is the kind and code of the place, where that is what was not found."""

    rules: KnownRules | None
    round: KnownRound | None
    place_id: UUID | None
    observer: KnownObserver | None
    contest_id: UUID | None
    reasons: tuple[Reason, ...]
    missed: bool
    unknown_place: tuple[str, str] | None


def place(
    envelope: Envelope,
    register: Register,
    principal: Principal,
    received: datetime,
    accepted: Collection[str] = (),
) -> Resolved:
    """Find what a report refers to; whatever is not found is a reason to hold it, but for the
    reasons that a person ``accepted``."""
    look = _Look(envelope, register, accepted)
    look.mission()
    rules = look.rules()
    round_, place_id = look.round(received), look.place(rules)
    return Resolved(
        rules=rules,
        round=round_,
        place_id=place_id,
        observer=look.observer(principal),
        contest_id=look.contest(rules, round_, place_id),
        reasons=tuple(look.reasons),
        missed=look.missed,
        unknown_place=look.unknown_place,
    )


class _Look:
    def __init__(
        self, envelope: Envelope, register: Register, accepted: Collection[str] = ()
    ) -> None:
        self._envelope, self._register, self._accepted = envelope, register, accepted
        self.reasons: list[Reason] = []
        self.missed = False
        self.unknown_place: tuple[str, str] | None = None

    def _hold(self, field: str, code: str, message: str, *, missed: bool = False) -> None:
        reason = Reason(field, code, message)
        if reason.name not in self._accepted:
            self.reasons.append(reason)
        self.missed = self.missed or missed

    def mission(self) -> None:
        """What comes after the closing is kept and counts for nothing."""
        if self._register.closed:
            self._hold("mission", "mission_closed", "The mission is closed.")

    def rules(self) -> KnownRules | None:
        versions = self._register.checklists.get(self._envelope.checklist)
        if not versions:
            self._hold("checklist", "unknown", "No such checklist is published.", missed=True)
            return None
        wanted = self._envelope.version
        if wanted is None:
            return next(reversed(versions.values()))
        if wanted not in versions:
            self._hold("version", "unknown", "No such version is published.", missed=True)
            if UNKNOWN_VERSION in self._accepted:
                return next(reversed(versions.values()))
        return versions.get(wanted)

    def round(self, received: datetime) -> KnownRound | None:
        rounds, wanted = self._register.rounds, self._envelope.round
        if wanted is not None:
            if wanted not in rounds:
                self._hold("round", "unknown", "The mission has no such round.", missed=True)
            return rounds.get(wanted)
        at = self._envelope.arrived_at or self._envelope.finalised_at or received
        found = open_round(list(rounds.values()), at)
        if found is None:
            message = "No one round was open at that time; the report must name its round."
            self._hold("round", "unclear", message, missed=not rounds)
        return found

    def place(self, rules: KnownRules | None) -> UUID | None:
        named = self._envelope.place
        if named is None:
            wrong = any(reason.field in ("station", "place") for reason in self._envelope.reasons)
            anywhere = rules is not None and rules.definition.stage not in PLACED_STAGES
            if not anywhere and not wrong:
                self._hold("station", "absent", "The report names no station or other place.")
            return None
        field = "station" if named.kind == "station" else "place.code"
        if named.code is None:
            if not named.text or named.kind == "station":
                self._hold(field, "absent", "A place is named by its code or in words.")
            return None
        found = self._register.places.get((named.kind, named.code))
        if found is None:
            self._hold(field, "unknown", "The mission knows no place by this code.", missed=True)
            self.unknown_place = named.kind, named.code
        return found

    def contest(
        self, rules: KnownRules | None, round_: KnownRound | None, place_id: UUID | None
    ) -> UUID | None:
        """Of a protocol its contest. Where round or place are not known, that alone holds it."""
        envelope, named = self._envelope, self._envelope.place
        if rules is None or round_ is None or not rules.definition.is_protocol:
            return None
        if place_id is None and named is not None and named.code is not None:
            return None
        station = named is not None and named.kind == PlaceKind.STATION
        here = self._register.contests_at(round_.id, place_id, station=station)
        known = self._register.contests.of(round_.id)
        found, reason = contest_of(envelope.contest, envelope.answers, here, known)
        if reason is ABSENT and rules.definition.policy.per != "contest":
            # Without votes it speaks of the procedure alone.
            reason = reason if contestants_named(envelope.answers) else None
        wrong = any(each.field == CONTEST for each in envelope.reasons)
        if reason is not None and not wrong:
            self._hold(reason.field, reason.code, reason.message, missed=reason is CONTRADICTS)
        return None if found is None or wrong else found.id

    def observer(self, principal: Principal) -> KnownObserver | None:
        pseudonym = self._envelope.observer
        if principal.role == Role.OBSERVER:
            own = pseudonym in (None, principal.pseudonym)
            if not own and NOT_OWN not in self._accepted:
                message = "An observer's own credential reports only for that observer."
                self._hold("observer", "not_own", message)
                return None
            pseudonym = principal.pseudonym if own else pseudonym
        if pseudonym is None:
            self._hold("observer", "absent", "The report does not say who observed.")
            return None
        found = self._register.observers.get(pseudonym)
        if found is None:
            self._hold("observer", "unknown", "The mission has no such observer.", missed=True)
        else:
            for code in found.closed:
                self._gate("observer", code, REASONS[code])
        self._team(found)
        return found

    def _gate(self, field: str, code: str, message: str) -> None:
        """A gate that was passed a moment ago may be seen only by looking again."""
        self._hold(field, code, message, missed=True)

    def _team(self, observer: KnownObserver | None) -> None:
        """All of a team are of one organisation, and all are pledged; who is not is named."""
        for pseudonym in self._envelope.companions:
            companion = self._register.observers.get(pseudonym)
            if companion is None:
                message = f"{pseudonym[:200]}: the mission has no such observer."
                self._hold("with", "unknown", message, missed=True)
            elif observer and companion.organisation_id != observer.organisation_id:
                self._hold("with", "contradicts", f"{pseudonym}: a team is of one organisation.")
            if companion is not None:
                for code in OF_A_TEAM.intersection(companion.closed):
                    self._gate("with", code, f"{pseudonym}: {REASONS[code]}")


def open_round(rounds: list[KnownRound], at: datetime) -> KnownRound | None:
    """The one round that was open at an instant, or the only one there is."""
    if len(rounds) == 1:
        return rounds[0]
    on_the_day = [one for one in rounds if at.astimezone(one.zone).date() in one.days]
    if len(on_the_day) == 1:
        return on_the_day[0]
    after = [one for one in rounds if _counting(one, at.astimezone(one.zone).date())]
    return after[0] if len(after) == 1 and not on_the_day else None


def _counting(one: KnownRound, day: date) -> bool:
    last = timedelta(days=AFTER_DAYS)
    return bool(one.days) and one.days[0] <= day <= one.days[-1] + last


def clock_flags(envelope: Envelope, placed: Resolved, received: datetime) -> list[dict[str, Any]]:
    """Flags for times that cannot be right: phone time is evidence, not order."""
    flags: list[dict[str, Any]] = []
    for name in ("arrived_at", "departed_at", "finalised_at"):
        at = getattr(envelope, name)
        if at is not None and at > received + CLOCK_TOLERANCE:
            flags.append(_flag("clock_ahead", envelope, (name,), f"${{{name}}} > received_at"))
    arrived, departed = envelope.arrived_at, envelope.departed_at
    if arrived is not None and departed is not None and departed < arrived:
        names = ("arrived_at", "departed_at")
        flags.append(_flag("clock_order", envelope, names, "${departed_at} < ${arrived_at}"))
    if arrived is not None and _off_the_days(arrived, placed):
        formula = "${arrived_at} is on no polling day"
        flags.append(_flag("clock_day", envelope, ("arrived_at",), formula))
    elif _before_polling(received, placed):
        flags.append(_flag("before_polling", envelope, (), "received_at is before polling"))
    return flags


def _off_the_days(arrived: datetime, placed: Resolved) -> bool:
    if placed.round is None or placed.rules is None or not placed.round.days:
        return False
    stage, days = placed.rules.definition.stage, placed.round.days
    if stage not in PLACED_STAGES:
        return False
    longest = timedelta(days=1 if stage in ON_POLLING_DAYS else AFTER_DAYS)
    day = arrived.astimezone(placed.round.zone).date()
    return not days[0] <= day <= days[-1] + longest


def _before_polling(received: datetime, placed: Resolved) -> bool:
    """Whether a report on polling came before its round's first polling day."""
    if placed.round is None or placed.rules is None or not placed.round.days:
        return False
    if placed.rules.definition.stage not in PLACED_STAGES:
        return False
    return received.astimezone(placed.round.zone).date() < placed.round.days[0]


def _flag(name: str, envelope: Envelope, inputs: tuple[str, ...], formula: str) -> dict[str, Any]:
    return {
        "name": name,
        "inputs": {each: envelope.sent.get(each) for each in inputs},
        "formula": formula,
        "difference": None,
        "tolerance": 0.0,
    }
