"""Pledges and declarations of interests: signed on paper or on the phone, and decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, text
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
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
from schemas.problems import Refusal

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


def pledge(work: Work, observer: UUID, text_sha256: str) -> Pledge:
    """Keep an observer's pledge to the text with this hash.

    Raises :class:`Refusal` where that text of the organisation's code is not in force.
    """
    who = work.session.get_one(Observer, (work.mission_id, observer))
    paper = PaperSignatures.of(work.session, work.mission_id)
    instrument = paper.instruments[who.organisation_id]
    texts = paper.texts.get(instrument, {})
    language = next((each for each, digest in texts.items() if digest == text_sha256), None)
    if language is None:
        raise Refusal("this text is not in force; read the one that is.", "text_sha256")
    made = Pledge(
        mission_id=work.mission_id,
        observer_id=observer,
        instrument=instrument,
        text_sha256=text_sha256,
        language=language,
        means=Means.PHONE,
        signed_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("pledge.sign", observer, text_sha256)
    return made


MAX_TEXT_LENGTH = 4000


def declare(
    work: Work, observer: UUID, answers: Mapping[str, str], language: str
) -> InterestDeclaration:
    """Keep what an observer declares on the phone; it waits for somebody's decision.

    Raises :class:`Refusal` for a question that is not asked or an answer that is too long.
    """
    unknown = set(answers) - set(INTEREST_QUESTIONS)
    if unknown:
        raise Refusal("there is no such question.", f"answers.{min(unknown)[:40]}")
    for name, reply in answers.items():
        if "\0" in reply:
            raise Refusal("a NUL cannot be kept.", f"answers.{name}")
    if any(len(text) > MAX_TEXT_LENGTH for text in answers.values()):
        raise Refusal(f"at most {MAX_TEXT_LENGTH} characters each.", "answers")
    said = nothing_to_declare() | {name: text.strip() for name, text in answers.items()}
    made = InterestDeclaration(
        mission_id=work.mission_id,
        observer_id=observer,
        answers=said,
        means=Means.PHONE,
        language=language,
        declared_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("declaration.make", observer)
    return made


def decide(
    work: Work,
    declarations: Sequence[UUID],
    decision: Decision,
    reason: str,
    visible: Select[Any],
) -> list[UUID]:
    """Accept or refuse declarations of ``visible`` observers by one act; whose they were.

    Several are accepted at once only where nothing is declared. Raises :class:`Refusal`.
    """
    if not reason.strip():
        raise Refusal("say why.", "reason")
    found = work.session.exec(
        select(InterestDeclaration).where(
            InterestDeclaration.mission_id == work.mission_id,
            col(InterestDeclaration.id).in_(declarations),
            col(InterestDeclaration.observer_id).in_(visible.with_only_columns(col(Observer.id))),
        )
    ).all()
    if len(found) != len(set(declarations)):
        raise Refusal("one of them is not there.", "declarations")
    if len(found) > 1 and any(declares(each) for each in found):
        raise Refusal("whoever declares something is decided one by one.", "declarations")
    for each in found:
        each.decision, each.decided_by, each.decided_at = decision, work.actor, now()
        each.reason = reason.strip()
        work.session.add(each)
        work.log(f"declaration.{decision.value}", each.observer_id, reason)
    work.session.flush()
    return [each.observer_id for each in found]


def declares(declaration: InterestDeclaration) -> bool:
    """Whether anything is declared."""
    return any(text.strip() for text in declaration.answers.values())


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
