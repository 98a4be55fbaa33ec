"""Shares: answers frozen for partners until the next share."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, document, mission_key, moment, refers


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
