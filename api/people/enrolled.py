"""Taking an observer into the mission, with what was signed on paper."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.people.paper import Paper
from schemas.observer import Observer


def add_observer(
    session: Session, paper: Paper, organisation: UUID, pseudonym: str,
    languages: Iterable[str], *, pledged: bool, declared: bool, **members: Any,
) -> None:  # fmt: skip
    """Add an observer, and the pledge and the declaration where they were signed on paper."""
    observer = Observer(
        mission_id=paper.mission_id, organisation_id=organisation, pseudonym=pseudonym,
        languages=list(languages), **members,
    )  # fmt: skip
    session.add(observer)
    session.flush()
    if pledged:
        session.add(paper.pledge(observer.id, organisation, observer.languages))
    if declared:
        session.add(paper.declaration(observer.id))
