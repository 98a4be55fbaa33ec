"""What a mission concludes: findings, the numbers frozen beneath them, statements."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, document, key, mission_key, moment, refers
from schemas.words import N_


class StatementKind(StrEnum):
    """The kinds of statement a mission makes (dop:7)."""

    PRESENCE = "presence"
    INTERIM = "interim"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AD_HOC = "ad_hoc"
    CORRECTION = "correction"


class StatementState(StrEnum):
    """A statement is written, read over, approved by one person and released by another; outside
    the database ``released`` is called published."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    RELEASED = "released"

    @property
    def shown(self) -> str:
        """What the state is called in answers."""
        return "published" if self is StatementState.RELEASED else self.value


STATE_WORDS = (N_("draft"), N_("review"), N_("approved"), N_("published"))
"""The states as pages call them."""


class Snapshot(SQLModel, table=True):
    """Every number of a statement as it stood when frozen, and its hash.

    ``sequence`` is the clock that its own writing took, ``as_of`` the one that was read when its
    numbers were counted (None where an earlier version wrote it: they were the same).
    """

    __tablename__ = "snapshot"
    __table_args__ = (refers("round_id", "round"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    sequence: int = clock_reading()
    as_of: int | None = Field(default=None, sa_type=BigInteger)
    frozen_at: datetime = moment()
    sha256: str
    numbers: dict[str, Any] = document()

    @property
    def counted_at(self) -> int:
        """The reading of the clock up to which reports are counted in its numbers."""
        return self.sequence if self.as_of is None else self.as_of


class Finding(SQLModel, table=True):
    """One conclusion: a sentence, its number, the standards it is measured by."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("mission_id", "snapshot_id", "code"),
        refers("round_id", "round"),
        refers("snapshot_id", "snapshot"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    snapshot_id: UUID
    code: str
    stage: str
    body: dict[str, Any] = document()


class Statement(SQLModel, table=True):
    """A statement, bound to one snapshot. Until it is released its text is in rows of
    :class:`schemas.statement_block.StatementBlock`.

    ``language`` is the reference language, ``languages`` are all it is written in. ``owners`` maps
    a section to the member who answers for it, ``readers`` a language to who read its text
    (``{"by", "at", "sha256"}``, the hash of what was read). ``version`` counts the texts that went
    to review. ``issued_in`` is the place of issue; its day and hour are those at which it is out.
    ``authority`` is given a copy, ``copied_at`` says when (None: it is planned). ``approvals`` are
    ``{"by", "at"}``; a ``joint`` statement needs two. ``proposed_id`` is a snapshot that was
    counted anew and not accepted yet, ``proposed`` the text that was composed with it.
    ``corrects`` is the statement that this one corrects, ``correction`` its cause and what moved.
    ``published`` holds, once it is released, the finished blocks of every language,
    ``published_sha256`` their hash.
    """

    __tablename__ = "statement"
    __table_args__ = (
        refers("round_id", "round"),
        refers("snapshot_id", "snapshot"),
        refers("proposed_id", "snapshot"),
        refers("corrects", "statement"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    snapshot_id: UUID
    kind: str
    language: str
    title: str
    state: str = StatementState.DRAFT
    blocks: list[dict[str, Any]] = document()
    drafted_at: datetime = moment()
    drafted_by: UUID
    approved_by: UUID | None = None
    released_by: UUID | None = None
    released_at: datetime | None = moment(nullable=True)
    embargo_until: datetime | None = moment(nullable=True)
    embargo_zone: str = ""
    version: int | None = None
    issued_in: str = ""
    authority: str = ""
    copied_at: datetime | None = moment(nullable=True)
    copied_how: str = ""
    languages: list[str] = document(empty=list)
    owners: dict[str, str] = document(empty=dict)
    readers: dict[str, Any] = document(empty=dict)
    review_by: UUID | None = None
    review_at: datetime | None = moment(nullable=True)
    joint: bool = False
    approvals: list[dict[str, Any]] = document(empty=list)
    proposed_id: UUID | None = None
    proposed: dict[str, Any] | None = document(nullable=True)
    corrects: UUID | None = None
    correction: dict[str, Any] | None = document(nullable=True)
    published: dict[str, Any] | None = document(nullable=True)
    published_sha256: str = ""

    @property
    def state_shown(self) -> str:
        """What the state is called."""
        return StatementState(self.state).shown

    @property
    def version_number(self) -> int:
        """Which version of the text this is, from one."""
        return self.version or 1

    @property
    def written_in(self) -> list[str]:
        """All languages of the statement, the reference language first."""
        return [self.language, *(each for each in self.languages if each != self.language)]


class Shared(StrEnum):
    """The kinds of answer that are shared; each stands as it was last shared."""

    COVERAGE = "coverage"
    IRREGULARITIES = "irregularities"
    REPORTS = "reports"
    FINDINGS = "findings"


class Share(SQLModel, table=True):
    """One act of sharing: who did it, why, and the figures as partners read them.

    ``as_of`` and ``upto`` are the moment and the mission's clock of what was frozen; ``sequence``
    is the clock of this row's own transaction. A figure that was not shared is None.
    """

    __tablename__ = "share"

    mission_id: UUID = mission_key()
    number: int = Field(primary_key=True)
    sequence: int = clock_reading()
    upto: int = Field(sa_column=Column(BigInteger, nullable=False))
    as_of: datetime = moment()
    shared_by: UUID
    reason: str
    what: list[str] = document()
    reports: int
    """How many reports this share brings anew or changes."""
    coverage: dict[str, Any] | None = document(nullable=True)
    irregularities: dict[str, Any] | None = document(nullable=True)
    findings: list[dict[str, Any]] | None = document(nullable=True)


class SharedReport(SQLModel, table=True):
    """A report as partners read it since a share; a share adds only those that changed.

    ``content`` is None where partners may not read it any more.
    """

    __tablename__ = "shared_report"
    __table_args__ = (
        refers("report_id", "report"),
        refers("share_number", "share", "number"),
        Index("shared_report_by_share", "mission_id", "share_number", "report_id"),
    )

    mission_id: UUID = mission_key()
    report_id: UUID = Field(primary_key=True)
    share_number: int = Field(primary_key=True)
    sequence: int = clock_reading()
    status: str
    content: dict[str, Any] | None = document(nullable=True)


class Publication(SQLModel, table=True):
    """One thing published: a statement of this system (``statement_id``) or one made elsewhere.

    ``kind`` is one of :class:`schemas.statement.StatementKind`; a correction names what it
    ``corrects``. ``announces`` says that it tells the mission's mandate, composition and duration.
    The authority's copy may come before it is out, under embargo: its moment is ``copied_at``,
    empty until it is given.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("mission_id", "number"),
        refers("statement_id", "statement"),
        refers("corrects", "publication"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    number: str
    kind: str
    title: str
    languages: list[str] = document()
    published_at: datetime = moment()
    published_in: str
    announces: bool = False
    statement_id: UUID | None = None
    corrects: UUID | None = None
    sha256: str = ""
    authority: str = ""
    copied_at: datetime | None = moment(nullable=True)
    copied_how: str = ""
    recorded_by: UUID
    recorded_at: datetime = moment()
