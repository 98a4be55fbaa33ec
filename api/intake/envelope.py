"""Reading a report's wire form into a typed envelope.

``id``, ``checklist`` and ``answers`` are its shape: without them it is no report (422). Any
other field that is not what it should be is a reason to hold the report, never to refuse it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard
from uuid import UUID

from api.intake.candidate import Reason
from api.intake.parse import TooLarge
from api.problems import NOT_A_REPORT, Problem
from schemas.place import PlaceKind

KNOWLEDGE = ("personally", "reported")
MEMBERS = frozenset({
    "id", "checklist", "version", "round", "station", "place", "observer", "with", "visit",
    "arrived_at", "departed_at", "finalised_at", "position", "device", "answers", "observed",
    "replaces", "contest", "reason",
})  # fmt: skip
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CODE_LENGTH = 200
_BIGINT = 2**63


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place as the sender names it: a code of a kind, or words where it has no code."""

    kind: str
    code: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A report as sent, each member of its type or absent with a reason.

    ``sent`` holds every member but the answers, exactly as it came.
    """

    id: UUID
    checklist: str
    answers: dict[str, Any]
    sent: dict[str, Any]
    reasons: tuple[Reason, ...]
    version: str | None
    round: str | None
    place: PlaceRef | None
    observer: str | None
    companions: tuple[str, ...]
    visit: UUID | None
    arrived_at: datetime | None
    departed_at: datetime | None
    finalised_at: datetime | None
    device_id: str | None
    device_sequence: int | None
    observed: dict[str, str]
    replaces: UUID | None = None
    contest: str | None = None


def read_envelope(value: Any) -> Envelope:
    """The envelope of a parsed report. Raises :class:`Problem` (422) where it is none."""
    if not isinstance(value, dict):
        raise Problem(NOT_A_REPORT, "A report is a JSON object.", "body")
    identity, checklist, answers = _shape(value)
    reader = _Reader(value)
    reader.unknown_members()
    device_id, device_sequence = reader.device()
    reader.position()
    reader.text("reason")
    return Envelope(
        id=identity,
        checklist=checklist,
        answers=answers,
        sent={name: member for name, member in value.items() if name != "answers"},
        version=reader.text("version"),
        round=reader.text("round"),
        place=reader.place(),
        observer=reader.text("observer"),
        companions=reader.companions(),
        visit=reader.identity("visit"),
        arrived_at=reader.moment("arrived_at"),
        departed_at=reader.moment("departed_at"),
        finalised_at=reader.moment("finalised_at"),
        device_id=device_id,
        device_sequence=device_sequence,
        observed=reader.observed(),
        replaces=reader.identity("replaces"),
        contest=reader.text("contest"),
        reasons=tuple(reader.reasons),
    )


def _shape(value: Mapping[str, Any]) -> tuple[UUID, str, dict[str, Any]]:
    for name in ("id", "checklist", "answers"):
        if name not in value:
            raise Problem(NOT_A_REPORT, "This member is required.", name)
    identity, checklist, answers = value["id"], value["checklist"], value["answers"]
    if not isinstance(identity, str) or not _UUID.fullmatch(identity):
        raise Problem(NOT_A_REPORT, "A UUID in its usual form is needed.", "id")
    if not _is_text(checklist) or not 0 < len(checklist) <= _CODE_LENGTH:
        raise Problem(NOT_A_REPORT, "The name of a checklist is needed.", "checklist")
    if not isinstance(answers, dict):
        raise Problem(NOT_A_REPORT, "An object of question and value is needed.", "answers")
    return UUID(identity), checklist, answers


class _Reader:
    """Takes members out of a report, noting why where one cannot be used."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._value = value
        self.reasons: list[Reason] = []

    def blame(self, name: str, code: str, message: str) -> None:
        self.reasons.append(Reason(name, code, message))

    def unknown_members(self) -> None:
        for name in self._value.keys() - MEMBERS:
            self.blame(name[:_CODE_LENGTH], "unknown_member", "A report has no such member.")

    def text(self, name: str) -> str | None:
        return self._text(self._value.get(name), name)

    def _text(self, value: Any, name: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and 0 < len(value) <= _CODE_LENGTH:
            return value
        self.blame(name, "wrong_type", "A short text is needed.")
        return None

    def identity(self, name: str) -> UUID | None:
        value = self._value.get(name)
        if value is None:
            return None
        if isinstance(value, str) and _UUID.fullmatch(value):
            return UUID(value)
        self.blame(name, "wrong_type", "A UUID in its usual form is needed.")
        return None

    def moment(self, name: str) -> datetime | None:
        value = self._value.get(name)
        if value is None:
            return None
        at = _moment(value)
        if at is None:
            self.blame(name, "wrong_type", "A date and time with its offset (RFC 3339) is needed.")
        return at

    def companions(self) -> tuple[str, ...]:
        value = self._value.get("with")
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.blame("with", "wrong_type", "A list of pseudonyms is needed.")
        return ()

    def observed(self) -> dict[str, str]:
        value = self._value.get("observed")
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.blame("observed", "wrong_type", "An object of question and word is needed.")
            return {}
        for name, word in value.items():
            if word not in KNOWLEDGE:
                message = "Either 'personally' or 'reported' is needed."
                self.blame(f"observed.{name}", "wrong_type", message)
        return observed_words(value)

    def device(self) -> tuple[str | None, int | None]:
        value = self._value.get("device")
        if value is None:
            return None, None
        if not isinstance(value, dict):
            self.blame("device", "wrong_type", "An object of id and sequence is needed.")
            return None, None
        sequence = value.get("sequence")
        if sequence is not None and not _is_integer(sequence):
            self.blame("device.sequence", "wrong_type", "A whole number is needed.")
            sequence = None
        return self._text(value.get("id"), "device.id"), sequence

    def position(self) -> None:
        value = self._value.get("position")
        if value is None:
            return
        if not isinstance(value, dict):
            self.blame("position", "wrong_type", "An object of lat, lon, accuracy_m is needed.")
            return
        for name, least, most in (("lat", -90, 90), ("lon", -180, 180), ("accuracy_m", 0, 1e8)):
            member = value.get(name)
            if member is None and name == "accuracy_m":
                continue
            if not _is_number(member) or not least <= member <= most:
                message = f"A number between {least} and {most:g} is needed."
                self.blame(f"position.{name}", "wrong_type", message)

    def place(self) -> PlaceRef | None:
        station = self.text("station")
        value = self._value.get("place")
        if value is None:
            return None if station is None else PlaceRef(PlaceKind.STATION, station, None)
        if self._value.get("station") is not None:
            self.blame("place", "contradicts", "A report names a station or a place, not both.")
            return None
        if not isinstance(value, dict) or value.get("kind") not in list(PlaceKind):
            self.blame("place.kind", "wrong_type", "A kind of place is needed.")
            return None
        code = self._text(value.get("code"), "place.code")
        words = value.get("text")
        if words is not None and not isinstance(words, str):
            self.blame("place.text", "wrong_type", "A text is needed.")
            words = None
        return PlaceRef(value["kind"], code, words)


def observed_words(value: Any) -> dict[str, str]:
    """What ``observed`` says in words that are known; for anything else the report is held."""
    if not isinstance(value, dict):
        return {}
    return {name: word for name, word in value.items() if word in KNOWLEDGE}


def _moment(value: Any) -> datetime | None:
    """An instant with its zone, inside the years that the database holds, or None."""
    if not isinstance(value, str) or not 16 <= len(value) <= 40:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    if at.tzinfo is None or not 1900 <= at.year <= 9000:
        return None
    return at.astimezone(UTC)


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and not isinstance(value, TooLarge)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BIGINT


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
