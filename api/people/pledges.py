"""Pledges to a code on the phone: of the text that was shown, while it is in force."""

from uuid import UUID

from api.audit.unit_of_work import Work
from api.people.paper_signatures import PaperSignatures
from schemas.columns import now
from schemas.observer import Means, Observer, Pledge
from schemas.problems import Refusal


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
