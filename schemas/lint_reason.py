"""Why a warning of the release lint may stand, in the words of whoever answers for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import SQLModel

from schemas.columns import key, mission_key, moment, refers


class LintReason(SQLModel, table=True):
    """One reason for a warning, by rule and block ("" for the statement as a whole). The newest of
    a rule and a block counts; earlier ones are kept."""

    __tablename__ = "lint_reason"
    __table_args__ = (
        refers("statement_id", "statement"),
        Index("lint_reason_by_statement", "mission_id", "statement_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    statement_id: UUID
    rule: str
    block: str
    reason: str
    kept_by: UUID
    kept_at: datetime = moment()
