"""Where, when and in which languages a statement is issued, and the authority's copy."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AwareDatetime, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.statements.linting import blocks_of
from api.statements.states import BEFORE_RELEASE, done, in_state, said_of
from api.statements.versions import Given
from schemas.columns import now
from schemas.mission import Mission
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Statement, StatementState
from schemas.words import LANGUAGES

OPEN = (StatementState.DRAFT, StatementState.REVIEW)
"""The states in which a text may still be changed."""
Words = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]


class PlaceSet(Given):
    """The place of issue, as it is printed over the text."""

    place: Words


class LanguagesSet(Given):
    """All languages that a statement is issued in, its reference language among them."""

    languages: list[str] = Field(max_length=20)


class EmbargoSet(Given):
    """Until when a statement is kept back (null: not at all), and the zone in which the hour is
    said (null: the mission's)."""

    until: AwareDatetime | None
    zone: str | None = None


class CopyLogged(Given):
    """Which authority gets a copy, and when and how it was given, where it was already."""

    authority: Words = ""
    copied_at: AwareDatetime | None = None
    copied_how: Words = ""


async def set_place(
    work: AsyncWork, who: Principal, statement_id: UUID, given: PlaceSet
) -> dict[str, Any]:
    """Say where a statement is issued; the day and hour are those at which it is out. Problems:
    404; 409 once it is approved; 422 for no place, or the one that stands there."""
    who.must(Right.WRITE_STATEMENTS)
    statement = await in_state(work, who, statement_id, *OPEN)
    if not given.place or not given.place.isprintable():
        raise Refusal("say where it is issued, in words.", "place")
    if given.place == statement.issued_in:
        raise Refusal("this is the place already.", "place")
    statement.issued_in = given.place
    return await done(work, statement, "statement.place", given.place)


async def set_languages(
    work: AsyncWork, who: Principal, statement_id: UUID, given: LanguagesSet
) -> dict[str, Any]:
    """Say which languages a statement is issued in. The text of one that is left out is kept, and
    comes back with it. Problems: 404; 409 once it is approved; 422 for a language that it has no
    text in, none of its reference language, or those that stand there already."""
    who.must(Right.WRITE_STATEMENTS)
    statement = await in_state(work, who, statement_id, *OPEN)
    wanted = list(dict.fromkeys(given.languages))
    if statement.language not in wanted:
        raise Refusal(f"it was drafted in {statement.language}, which stays.", "languages")
    written = await languages_written(work.session, statement)
    unknown = [each for each in wanted if each not in written]
    if unknown:
        raise Refusal(
            f"it has no text in {unknown[0]!r}, but in {', '.join(written)}.", "languages"
        )
    if set(wanted) == set(statement.written_in):
        raise Refusal("these are its languages already.", "languages")
    statement.languages = [each for each in written if each in wanted]
    return await done(work, statement, "statement.languages", " ".join(statement.languages))


async def languages_written(session: AsyncSession, statement: Statement) -> list[str]:
    """The languages that a statement has a text in, the reference language first; those that it
    is not issued in too."""
    have = {each for block in await blocks_of(session, statement) for each in block.contents}
    own = statement.language
    return [own, *(each for each in LANGUAGES if each in have and each != own)]


async def set_embargo(
    work: AsyncWork, who: Principal, statement_id: UUID, given: EmbargoSet
) -> dict[str, Any]:
    """Say until when a statement is kept back. Problems: 404; 409 once it is released; 422 for an
    hour that is over, an unknown zone, or what stands there already."""
    who.must(Right.DIRECT)
    statement = await in_state(work, who, statement_id, *BEFORE_RELEASE)
    mission = await work.session.get_one(Mission, who.mission_id)
    zone = given.zone or mission.zone
    if zone not in available_timezones():
        raise Refusal(f"{zone!r} is no time zone, such as Europe/Lisbon.", "zone")
    if given.until is not None and given.until <= now():
        raise Refusal("an embargo ends in the future.", "until")
    wanted = (given.until, zone if given.until else "")
    if wanted == (statement.embargo_until, statement.embargo_zone):
        raise Refusal("this is the embargo already.", "until")
    statement.embargo_until, statement.embargo_zone = wanted
    return await done(work, statement, "statement.embargo", said_of(statement))


async def log_copy(
    work: AsyncWork, who: Principal, statement_id: UUID, given: CopyLogged
) -> dict[str, Any]:
    """Plan the authority's copy, or log that it was given. Problems: 404; 409 once it is released,
    and for a copy of what is not approved; 422 naming the field."""
    who.must(Right.DIRECT)
    if given.copied_at is None:
        statement = await in_state(work, who, statement_id, *BEFORE_RELEASE)
    else:
        statement = await in_state(work, who, statement_id, StatementState.APPROVED)
    must_be_a_copy(given)
    wanted = (given.authority, given.copied_at, given.copied_how)
    if wanted == (statement.authority, statement.copied_at, statement.copied_how):
        raise Refusal("this is logged already.", "authority")
    statement.authority, statement.copied_at, statement.copied_how = wanted
    return await done(work, statement, "statement.copy", given.authority)


def must_be_a_copy(given: CopyLogged) -> None:
    """Raise :class:`Refusal` for a copy to nobody, one that is not given yet, or no text."""
    if not given.authority:
        raise Refusal("say which authority gets a copy.", "authority")
    if not (given.authority + given.copied_how).isprintable():
        raise Refusal("say it in words on one line.", "authority")
    if given.copied_at is not None and given.copied_at > now():
        raise Refusal("the copy is given already, or not yet: leave the moment out.", "copied_at")
