"""What the lint is told of a statement beside its texts; everything but the texts may be absent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from analytics.statements.blocks import Block
from analytics.statements.registers import MissionRegisters
from analytics.statements.snapshot import Snapshot
from schemas.checklist import Texts
from schemas.mission import Kind, Scope
from schemas.statement import StatementKind

Level = Literal["error", "warning"]
Step = Literal["review", "approval", "release"]
"""The steps of a statement that gates stand before, in their order."""


class Chosen(Protocol):
    """What was decided of one finding: whether it is said, and why (:class:`Choice`)."""

    @property
    def code(self) -> str:
        """The finding's code."""

    @property
    def chosen(self) -> bool:
        """Whether it is said."""

    @property
    def reason(self) -> str:
        """Why it is said or left out."""


@dataclass(frozen=True)
class Polling:
    """The round that a statement speaks of: its name, and when its first polls open."""

    round: str
    opens_at: datetime
    frozen_at: datetime


@dataclass(frozen=True)
class Response:
    """The share of the sampled stations that reported, 0 to 1, overall and by class of stratum."""

    threshold: float
    overall: float
    by_class: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangesSince:
    """What came after the freeze: how many reports, and the numbers (ids) they would change."""

    since: str
    reports: int
    numbers: Collection[str]


@dataclass(frozen=True)
class Case:
    """A case of the register: how it is called, its grade of evidence, whether it is verified."""

    name: str
    grade: str
    verified: bool
    seen_by_observers: bool = True


@dataclass(frozen=True)
class Consultation:
    """Citizen observers heard before the statement: who, and on which day ("" if unknown)."""

    name: str
    on: str = ""


@dataclass(frozen=True)
class Contest:
    """One contest: its name by language, and what its shares are of."""

    name: Texts
    denominator: str = ""


@dataclass(frozen=True)
class Correction:
    """One corrected figure: as it was, as it is, why it moved, and what that does to its
    sentence (one of ``stands``, ``stands_weaker``, ``changes``, ``withdrawn``)."""

    old: str
    new: str
    cause: str
    effect: str


@dataclass(frozen=True)
class Gates:
    """What must be true before the next step of a statement. Persons are named by any stable id.

    ``before`` is the step that is asked for: gates of later steps stay open. ``heads`` are those
    who must all approve in a joint mission. ``readers`` names who read each language.
    """

    before: Step
    writers: Collection[str] = ()
    reviewed_by: str | None = None
    approved_by: Collection[str] = ()
    heads: Collection[str] = ()
    place: str = ""
    issued_at: datetime | None = None
    embargo_until: datetime | None = None
    time_zone: str = ""
    now: datetime | None = None
    authority_copy: bool = False
    languages: Collection[str] = ()
    readers: Mapping[str, str] = field(default_factory=dict)
    corrections: Sequence[Correction] = ()
    linked: bool = False
    quick_count_persons: Collection[str] | None = None
    official_source: str = ""
    official_sha256: str = ""


@dataclass(frozen=True)
class LintInput:
    """A statement's blocks by language, the reference language first, and what is known of it.

    ``findings`` are those of its snapshot by code, as stored; ``reasons`` are kept for warnings by
    rule and block. ``mission`` is who observes, None where it is unknown. ``consulted`` None: it
    is not known whom the mission heard. ``required`` are the sections that its kind must hold.
    """

    texts: Mapping[str, Sequence[Block]]
    snapshot: Snapshot | None = None
    findings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kind: StatementKind = StatementKind.PRELIMINARY
    scope: Scope = Scope.FULL
    mission: Kind | None = None
    demonstration: bool = False
    standing: MissionRegisters | None = None
    own_standards: Collection[str] = ()
    required: Collection[str] = ()
    polling: Polling | None = None
    ahead: Mapping[str, int] = field(default_factory=dict)
    """How many reports dated ahead of the freeze stand in a number, by its id."""
    response: Response | None = None
    contests: Mapping[str, Contest] = field(default_factory=dict)
    changed: ChangesSince | None = None
    cases: Mapping[str, Case] = field(default_factory=dict)
    """Cases behind numbers, by the number's id."""
    private_names: Collection[str] = ()
    consulted: Sequence[Consultation] | None = None
    not_consulted_because: str = ""
    choices: Sequence[Chosen] = ()
    gates: Gates | None = None
    behind: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By block the languages that say what another said before a person changed it."""
    reasons: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """One rule that a statement breaks: where, in which words, on which numbers.

    ``message`` says what is wrong, ``act`` the one thing that mends it. ``block`` and ``section``
    are empty where the statement as a whole is meant. What is wrong in several languages of one
    block is one problem: ``language`` and ``words`` are of the first, ``words_in`` of each.
    """

    rule: str
    level: Level
    section: str
    block: str
    language: str
    words: str
    numbers: tuple[str, ...]
    message: str
    act: str
    words_in: tuple[tuple[str, str], ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it is wrong, the first first."""
        return tuple(language for language, _ in self.words_in)
