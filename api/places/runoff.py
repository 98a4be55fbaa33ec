"""A run-off: a second round of the election with the same people, places and pledges."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from api.audit.unit_of_work import Work
from api.places.voting import set_areas
from schemas.election import Contest, Contestant, ContestArea, Round
from schemas.problems import Refusal

PLACES = text("""
INSERT INTO round_place (mission_id, round_id, place_id, registered_voters, contests)
SELECT mission_id, :new, place_id, registered_voters, contests FROM round_place
WHERE mission_id = :mission AND round_id = :old""")


def hold_runoff(
    work: Work,
    *,
    of: str,
    code: str,
    name: str,
    days: Sequence[date],
    contests: Mapping[str, Sequence[str]],
) -> Round:
    """Begin a run-off of the round ``of``. ``contests`` maps a contest to who goes on in it.

    Nothing of the first round is touched, and nothing of it counts in the second. Raises
    :class:`Refusal` naming what cannot be.
    """
    first = _round(work, of)
    if _find(work, code) is not None:
        raise Refusal(f"there is a round {code!r} already.", "code")
    if not days:
        raise Refusal("at least one polling day is needed.", "day")
    if not contests:
        raise Refusal("at least one contest goes on.", "contest")
    new = Round(
        mission_id=work.mission_id,
        election_id=first.election_id,
        code=code,
        name=name,
        polling_days=[each.isoformat() for each in sorted(days)],
        opens=first.opens,
        closes=first.closes,
        zone=first.zone,
    )
    work.session.add(new)
    work.session.flush()
    values = {"mission": work.mission_id, "new": new.id, "old": first.id}
    work.session.execute(PLACES, values)
    for contest, going_on in contests.items():
        _go_on(work, first.id, new.id, contest, going_on)
    said = f"{of} {code} {days} {dict(contests)}".encode()
    work.log("round.runoff", code, said)
    work.session.flush()
    return new


def _find(work: Work, code: str) -> Round | None:
    return work.session.exec(
        select(Round).where(Round.mission_id == work.mission_id, Round.code == code)
    ).first()


def _round(work: Work, code: str) -> Round:
    found = _find(work, code)
    if found is None:
        raise Refusal(f"the mission has no round {code!r}.", "of")
    return found


def _go_on(work: Work, old: UUID, new: UUID, code: str, going_on: Sequence[str]) -> None:
    contest = work.session.exec(
        select(Contest).where(
            Contest.mission_id == work.mission_id, Contest.round_id == old, Contest.code == code
        )
    ).first()
    if contest is None:
        raise Refusal(f"the round has no contest {code!r}.", "contest")
    people = {
        each.code: each
        for each in work.session.exec(
            select(Contestant).where(
                Contestant.mission_id == work.mission_id, Contestant.contest_id == contest.id
            )
        )
    }
    strange = [each for each in going_on if each not in people]
    if strange or len(set(going_on)) < max(2, len(going_on)):
        raise Refusal(
            f"two or more of {', '.join(people)} are needed, each once"
            + (f"; not known: {', '.join(strange)}." if strange else "."),
            "contestants",
        )
    second = Contest(
        mission_id=work.mission_id,
        round_id=new,
        code=contest.code,
        name=contest.name,
        names=contest.names,
        denominator=contest.denominator,
        choices_per_ballot=contest.choices_per_ballot,
        thresholds=contest.thresholds,
        position=contest.position,
    )
    work.session.add(second)
    work.session.flush()
    areas = select(ContestArea.area_id).where(ContestArea.contest_id == contest.id)
    set_areas(work.session, second, work.session.exec(areas).all())
    for position, each in enumerate(going_on, 1):
        work.session.add(
            Contestant(
                mission_id=work.mission_id,
                contest_id=second.id,
                code=each,
                name=people[each].name,
                names=people[each].names,
                position=position,
                acceptance=people[each].acceptance,
                acceptance_on=people[each].acceptance_on,
            )
        )
