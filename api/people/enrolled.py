"""Enrolling an observer with what was signed on paper."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.people.paper_signatures import PaperSignatures
from schemas.observer import InterestDeclaration, Observer, Pledge


def add_observer(
    session: Session,
    paper: PaperSignatures,
    organisation: UUID,
    pseudonym: str,
    languages: Iterable[str],
    *,
    pledged: bool,
    declared: bool,
    **members: Any,
) -> list[Pledge | InterestDeclaration]:
    """Add an observer. What they signed on paper is given back, to be added once observers are
    written: thousands go in together."""
    observer = Observer(
        mission_id=paper.mission_id,
        organisation_id=organisation,
        pseudonym=pseudonym,
        languages=list(languages),
        **members,
    )
    session.add(observer)
    signed: list[Pledge | InterestDeclaration] = []
    if pledged:
        signed.append(paper.pledge(observer.id, organisation, observer.languages))
    if declared:
        signed.append(paper.declaration(observer.id))
    return signed
