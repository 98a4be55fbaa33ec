"""Reading the fields of a register row from a form or from JSON."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from api.problems import INVALID, Problem
from api.registers.register import Field, Kind, Register, Row
from schemas.columns import now
from schemas.condition import Complaint
from schemas.mission import Mission, MissionStandard, Organisation
from schemas.observer import Observer
from schemas.place import Area
from schemas.standards import Standard, catalogue, own_code
from schemas.statement import Publication, Statement
from schemas.words import in_language

LINE, WORDS = 500, 20_000
CODES: dict[str, tuple[Any, str]] = {
    "area": (Area, "code"),
    "observer": (Observer, "pseudonym"),
    "organisation": (Organisation, "code"),
    "complaint": (Complaint, "number"),
    "publication": (Publication, "number"),
    "statement": (Statement, "id"),
}
"""Kinds of field that name something else: the noun, and the column it is named by."""
SHA256 = re.compile(r"[0-9a-f]{64}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True)
class ReferenceNames:
    """What fields may refer to in one mission."""

    mission_id: UUID
    zone: ZoneInfo
    standards: frozenset[str]


async def known_of(session: AsyncSession, mission_id: UUID) -> ReferenceNames:
    """The standards and the time zone of a mission."""
    mission = await session.get_one(Mission, mission_id)
    return ReferenceNames(
        mission_id, ZoneInfo(mission.zone), await known_standards(session, mission_id)
    )


async def known_standards(session: AsyncSession, mission_id: UUID) -> frozenset[str]:
    """Every standard that may be named in a mission: the catalogue's and the mission's own."""
    return frozenset(catalogue()) | await own_standards(session, mission_id)


async def own_standards(session: AsyncSession, mission_id: UUID) -> frozenset[str]:
    """The standards that a mission added."""
    own = select(MissionStandard.code).where(MissionStandard.mission_id == mission_id)
    return frozenset((await session.execute(own)).scalars())


async def standards_named(
    session: AsyncSession, mission_id: UUID, ids: Iterable[str], language: str
) -> list[Standard]:
    """The standards of these ids, the mission's own in a language that a reader asks for."""
    query = select(MissionStandard).where(MissionStandard.mission_id == mission_id)
    own = {
        each.code: Standard(each.code, each.instrument, in_language(each.says, language))
        for each in (await session.execute(query)).scalars()
    }
    known = catalogue() | own
    return [known[each] for each in dict.fromkeys(ids) if each in known]


async def read_row(
    session: AsyncSession,
    known: ReferenceNames,
    register: Register,
    given: Mapping[str, Any],
    fields: tuple[Field, ...],
) -> Row:
    """The columns of a row. Problem 422 naming the first field that cannot be used."""
    strange = sorted(given.keys() - {each.name for each in fields})
    if strange:
        raise Problem(INVALID, "There is no such field, or it cannot be changed.", strange[0][:100])
    row: Row = {}
    for field in fields:
        value = given.get(field.name)
        if value is None or value == "":
            if _is_needed(field, given):
                raise Problem(INVALID, "This field is needed.", field.name)
            continue
        row[register.column(field)] = await _value(session, known, field, value)
    return row


def must_be_in_order(register: Register, row: Mapping[str, Any]) -> None:
    """Problem 422 naming the field whose day lies before the one that it follows."""
    for first, second in register.in_order:
        before, after = row.get(first), row.get(second)
        if before and after and after < before:
            raise Problem(INVALID, f"This day is before the one in {first}.", second)


def _is_needed(field: Field, given: Mapping[str, Any]) -> bool:
    if field.needed_where is not None:
        other, value = field.needed_where
        return given.get(other) == value
    return field.required and not field.later


async def _value(session: AsyncSession, known: ReferenceNames, field: Field, value: Any) -> Any:
    if field.kind in CODES:
        return await _named(session, known, field, _line(value, field.name))
    try:
        return READERS[field.kind](value, field, known)
    except (ValueError, OverflowError) as error:
        raise Problem(INVALID, f"{error}.", field.name) from None


async def _named(session: AsyncSession, known: ReferenceNames, field: Field, code: str) -> UUID:
    noun, column = CODES[field.kind]
    query = select(noun.id).where(
        noun.mission_id == known.mission_id,
        getattr(noun, column) == (_identity(code) if column == "id" else code),
    )
    found: UUID | None = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise Problem(INVALID, f"The mission knows no such {field.kind}.", field.name)
    return found


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(value: Any, name: str, longest: int = LINE) -> str:
    if not isinstance(value, str) or not _can_be_kept(value) or not value.strip():
        raise Problem(INVALID, "A text is needed.", name)
    if len(value) > longest:
        raise Problem(INVALID, f"At most {longest} characters.", name)
    return value.strip()


def _can_be_kept(text: str) -> bool:
    """Whether a text holds neither NUL nor half a character."""
    return "\0" not in text and text == text.encode(errors="replace").decode()


def _date(value: Any, field: Field, known: ReferenceNames) -> date:
    if not isinstance(value, str):
        raise ValueError("A date such as 2026-11-08 is needed")
    day = date.fromisoformat(value)
    if field.past and day > datetime.now(known.zone).date():
        raise ValueError("This has not come yet: write it down once it has")
    return day


def _moment(value: Any, field: Field, known: ReferenceNames) -> datetime:
    """An instant; without an offset, as a form's field gives it, in the mission's zone."""
    if not isinstance(value, str):
        raise ValueError("A date and time is needed")
    at = datetime.fromisoformat(value)
    at = (at if at.tzinfo else at.replace(tzinfo=known.zone)).astimezone(UTC)
    if field.past and at > now():
        raise ValueError("This has not come yet: write it down once it has")
    return at


def _choice(value: Any, field: Field, _: ReferenceNames) -> str:
    values = [each for each, _ in field.choices]
    if value not in values:
        raise ValueError(f"One of {', '.join(values)} is needed")
    return str(value)


def _amount(value: Any, *_: Any) -> float:
    amount = float(str(value).replace(" ", "").replace(",", "."))
    if not math.isfinite(amount) or amount < 0:
        raise ValueError("An amount that is not below 0 is needed")
    return amount


def _yes(value: Any, *_: Any) -> bool:
    if value in (True, "true", "yes", "on"):
        return True
    if value in (False, "false", "no"):
        return False
    raise ValueError("Yes or no is needed")


def _sha256(value: Any, *_: Any) -> str:
    if not isinstance(value, str) or not SHA256.fullmatch(value.strip().lower()):
        raise ValueError("A SHA-256 of 64 digits and letters a to f is needed")
    return value.strip().lower()


def _languages(value: Any, *_: Any) -> list[str]:
    given = _listed(value, "languages")
    if not given or not all(isinstance(each, str) and LANGUAGE.fullmatch(each) for each in given):
        raise ValueError("Codes of languages are needed, such as en fr")
    return list(dict.fromkeys(given))


def _listed(value: Any, what: str) -> list[Any]:
    given = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(given, list):
        raise ValueError(f"A list of {what} is needed")
    return given


def _standards(value: Any, field: Field, known: ReferenceNames) -> list[str]:
    return [_standard(each, field, known) for each in _listed(value, "standards")]


def _standard(value: Any, _: Field, known: ReferenceNames) -> str:
    if value not in known.standards:
        raise ValueError(f"There is no standard {str(value)[:60]!r}, such as dop:12b")
    return str(value)


def _own(value: Any, field: Field, _: ReferenceNames) -> str:
    return own_code(_line(value, field.name))


def _texts(value: Any, field: Field, _: ReferenceNames) -> dict[str, str]:
    texts = {"en": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not texts:
        raise ValueError("A text, or a text for each language, is needed")
    return {_line(code, field.name, 10): _line(each, field.name) for code, each in texts.items()}


READERS: dict[Kind, Callable[[Any, Field, ReferenceNames], Any]] = {
    "line": lambda value, field, _: _line(value, field.name),
    "words": lambda value, field, _: _line(value, field.name, WORDS),
    "date": _date,
    "moment": _moment,
    "choice": _choice,
    "amount": _amount,
    "yes": _yes,
    "sha256": _sha256,
    "languages": _languages,
    "texts": _texts,
    "own": _own,
    "standard": _standard,
    "standards": _standards,
}
