"""How observers are reached: their own telephone, and those of their coordinator and deputy.

They stand with the person's name where few may look (:class:`schemas.observer.Identity`), are
deleted on the same date, and every look at them is in the audit log.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import visible_observers
from api.database.roles import RESTRICTED_ROLE
from schemas.columns import now
from schemas.deployment import DeployedObserver
from schemas.observer import Identity, Observer
from schemas.problems import Refusal
from schemas.rights import Right

CONTACTS = ("coordinator", "coordinator_telephone", "deputy", "deputy_telephone")
LONGEST = 200


class ContactsIn(BaseModel):
    """Whom to call about an observer; an empty text is nobody."""

    model_config = ConfigDict(extra="forbid")

    coordinator: str = Field(default="", max_length=LONGEST)
    coordinator_telephone: str = Field(default="", max_length=LONGEST)
    deputy: str = Field(default="", max_length=LONGEST)
    deputy_telephone: str = Field(default="", max_length=LONGEST)


@dataclass(frozen=True)
class Reached:
    """How one observer is reached; what is not known is empty."""

    pseudonym: str
    name: str = ""
    telephone: str = ""
    coordinator: str = ""
    coordinator_telephone: str = ""
    deputy: str = ""
    deputy_telephone: str = ""

    def as_sent(self) -> dict[str, str]:
        """For the API."""
        return dict(vars(self))


@contextmanager
def restricted(session: Session) -> Iterator[None]:
    """For a moment, the right to the tables that few may open, and to no other; as
    :func:`api.database.sessions.unsealed`."""
    session.flush()
    session.execute(text(f"SET LOCAL ROLE {RESTRICTED_ROLE}"))
    yield
    session.flush()
    session.execute(text("RESET ROLE"))


def keep_contacts(
    session: Session, mission_id: UUID, given: Mapping[UUID, Mapping[str, str]]
) -> set[UUID]:
    """Write the contacts of observers, each with what is given of it; whose changed.

    Raises :class:`Refusal` naming the field that is too long or cannot be kept.
    """
    for said in given.values():
        for field, value in said.items():
            if len(value) > LONGEST or "\0" in value:
                raise Refusal(f"at most {LONGEST} characters, and no NUL.", field)
    changed = set()
    with restricted(session):
        held = select(Identity).where(
            Identity.mission_id == mission_id, col(Identity.holder_id).in_(given)
        )
        known = {each.holder_id: each for each in session.exec(held)}
        for observer, said in given.items():
            found = known.get(observer)
            if all(getattr(found, name, "") == value for name, value in said.items()):
                continue
            found = found or Identity(
                mission_id=mission_id, holder_id=observer, name="", recorded_at=now()
            )
            for name, value in said.items():
                setattr(found, name, value)
            session.add(found)
            changed.add(observer)
    return changed


def set_contacts(work: Work, observer: UUID, given: Mapping[str, str]) -> None:
    """Write whom to call about one observer, as far as it is given. Raises :class:`Refusal` where
    nothing changes."""
    said = {name: value.strip() for name, value in given.items() if name in CONTACTS}
    if not keep_contacts(work.session, work.mission_id, {observer: said}):
        raise Refusal("These contacts stand so already.", "coordinator")
    work.log("contacts.keep", observer)


def open_contacts(work: Work, who: Principal, observers: Sequence[UUID]) -> list[Reached]:
    """How these observers are reached, of those that ``who`` may see; each look is in the audit
    log. Names are for whoever may open identities. Problem: 404 for whoever calls nobody."""
    who.must(Right.CALL_TEAMS)
    query = visible_observers(who).where(col(Observer.id).in_(observers))
    names: dict[UUID, str] = {
        each.id: each.pseudonym for each in work.session.execute(query).scalars()
    }
    for observer in names:
        work.log("contacts.open", observer)
    held = select(Identity).where(
        Identity.mission_id == work.mission_id, col(Identity.holder_id).in_(names)
    )
    with restricted(work.session):
        known = {each.holder_id: each for each in work.session.exec(held)}
    found = [_reached(pseudonym, known.get(each)) for each, pseudonym in names.items()]
    if not who.may(Right.SEE_IDENTITIES):
        found = [replace(each, name="", coordinator="", deputy="") for each in found]
    return sorted(found, key=lambda each: each.pseudonym)


def contacts_of_team(work: Work, who: Principal, deployment: UUID) -> list[Reached]:
    """How those are reached who are of a team now; as :func:`open_contacts`."""
    query = select(DeployedObserver.observer_id).where(
        DeployedObserver.mission_id == work.mission_id,
        DeployedObserver.deployment_id == deployment,
        col(DeployedObserver.left_at).is_(None),
    )
    return open_contacts(work, who, list(work.session.exec(query)))


def _reached(pseudonym: str, held: Identity | None) -> Reached:
    if held is None:
        return Reached(pseudonym)
    said: dict[str, Any] = {name: getattr(held, name) for name in CONTACTS}
    return Reached(pseudonym, held.name, held.telephone, **said)
