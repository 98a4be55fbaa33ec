"""Pledges and declarations signed on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from api.people.gates import TEXTS
from schemas.columns import now
from schemas.mission import BOUND_BY, Kind, Organisation
from schemas.observer import (
    INTEREST_QUESTIONS,
    Decision,
    InterestDeclaration,
    Means,
    Observer,
    Pledge,
)

IN_FORCE = text(TEXTS.replace("%(m)s", ":mission"))


def instrument_of(organisation: Organisation) -> str:
    """What an organisation's observers pledge to: where it says nothing, by who observes."""
    return organisation.instrument or BOUND_BY[Kind(organisation.kind)]


def nothing_to_declare() -> dict[str, str]:
    """The answers of somebody who has nothing to declare."""
    return dict.fromkeys(INTEREST_QUESTIONS, "")


@dataclass
class PaperSignatures:
    """The papers of one mission: what is in force, and who has signed and declared."""

    mission_id: UUID
    actor: UUID | None = None
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    instruments: dict[UUID, str] = field(default_factory=dict)
    signed: set[tuple[UUID, str]] = field(default_factory=set)
    declared: set[UUID] = field(default_factory=set)

    @classmethod
    def of(cls, session: Session, mission_id: UUID, actor: UUID | None = None) -> "PaperSignatures":
        """What stands in the mission now."""
        paper = cls(mission_id, actor)
        for instrument, language, sha256, _ in session.execute(IN_FORCE, {"mission": mission_id}):
            paper.texts.setdefault(instrument, {})[language] = sha256
        paper.instruments = {
            each.id: instrument_of(each) for each in session.exec(select(Organisation))
        }
        paper.signed = {
            (row[0], row[1]) for row in session.exec(select(Pledge.observer_id, Pledge.instrument))
        }
        paper.declared = set(session.exec(select(InterestDeclaration.observer_id)))
        return paper

    def has_signed(self, observer: Observer) -> bool:
        """Whether any text of the organisation's code was ever pledged to. Who pledged to one
        that is no longer in force signs anew, on the phone or by ``pledges import``."""
        return (observer.id, self.instruments[observer.organisation_id]) in self.signed

    def pledge(
        self,
        observer: UUID,
        organisation: UUID,
        languages: Sequence[str],
        at: datetime | None = None,
        **more: Any,
    ) -> Pledge:
        """A pledge signed on paper to the text in force, in the first language there is."""
        instrument = self.instruments[organisation]
        texts = self.texts.get(instrument, {})
        language = next((each for each in (*languages, *texts) if each in texts), "")
        return Pledge(
            mission_id=self.mission_id,
            observer_id=observer,
            instrument=instrument,
            text_sha256=texts.get(language, ""),
            language=language,
            means=Means.PAPER,
            signed_at=at or now(),
            recorded_by=self.actor,
            **more,
        )

    def declaration(self, observer: UUID, at: datetime | None = None) -> InterestDeclaration:
        """Nothing to declare, on paper; accepted by whoever brings it in."""
        at = at or now()
        return InterestDeclaration(
            mission_id=self.mission_id,
            observer_id=observer,
            answers=nothing_to_declare(),
            means=Means.PAPER,
            declared_at=at,
            decision=Decision.ACCEPTED,
            decided_at=at,
            decided_by=self.actor,
            reason="nothing to declare, brought in on paper",
        )

    def papers(
        self,
        observer: UUID,
        organisation: UUID,
        languages: Sequence[str],
        at: datetime | None = None,
    ) -> Iterable[Pledge | InterestDeclaration]:
        """Both, for somebody who signed both."""
        return self.pledge(observer, organisation, languages, at), self.declaration(observer, at)
