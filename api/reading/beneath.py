"""The reports beneath a number: those in which one irregularity was seen."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    any_,
    cast,
    false,
    func,
    literal,
    or_,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import UserDefinedType
from sqlmodel import col, select

from api.identity import Principal
from schemas.codes import STATUS_MASK, Status
from schemas.published import Rules
from schemas.report import COUNTED, Judgement, Report

CODES = cast("$.indicators[*].code", JSONPATH)


async def was_seen(session: AsyncSession, who: Principal, indicator: str) -> ColumnElement[bool]:
    """Holds for counted reports whose observer saw it in person, as a number's ``seen`` does.

    False of every report where no rules of the mission know the indicator.
    """
    known = (await session.execute(_indicators(who))).all()
    columns = [(rules, codes.index(indicator)) for rules, codes in known if indicator in codes]
    if not columns:
        return false()
    said = [(col(Judgement.rules_id) == rules) & _is_irregular(at) for rules, at in columns]
    judged = select(Judgement.report_id).where(
        Judgement.mission_id == who.mission_id, Judgement.report_id == Report.id,
        Judgement.number == Report.version, Judgement.rules_id == Report.rules_id, or_(*said),
    )  # fmt: skip
    return col(Report.status).in_(COUNTED) & judged.exists()


def among(column: Any, ids: bytes) -> ColumnElement[bool]:
    """Holds for these ids of sixteen bytes, however many: one value to the database, which takes
    65,535."""
    held: ColumnElement[bool] = column == any_(cast(literal(ids, _Ids()), ARRAY(Uuid())))
    return held


class _Ids(UserDefinedType[bytes]):
    """Ids as one text that the database reads as an array: a driver that writes them one by one
    takes long over ten thousand."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """What it is in the database."""
        return "UUID[]"

    def bind_processor(self, dialect: Any) -> Any:
        """How it is written."""
        return lambda ids: f"{{{ids.hex(',', 16)}}}"


def _indicators(who: Principal) -> Select[Any, Any]:
    """The indicators of each revision of the rules, in the order of its codes."""
    codes = func.jsonb_path_query_array(col(Rules.definition), CODES)
    return select(Rules.id, codes).where(Rules.mission_id == who.mission_id)


def _is_irregular(at: int) -> ColumnElement[bool]:
    """Whether the status at this position says so; codes that end before it say nothing."""
    code = func.substring(col(Judgement.codes), at + 1, 1).op("||")(literal(b"\0", BYTEA))
    return func.get_byte(code, 0).op("&")(STATUS_MASK) == int(Status.IRREGULAR)
