"""Which contest a protocol is of: the one named, else what follows from its station and its lines.

The one named; else the only one that is voted on at the station; else the only one of the round
whose contestants cover every line of votes. Where none follows the report is held.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api.intake.candidate import Reason
from api.places.contests import KnownContest, RoundContests
from schemas.checklist import VOTES

CONTEST = "contest"
ABSENT = Reason(CONTEST, "absent", "The station votes in several contests, and none is named.")
CONTRADICTS = Reason(CONTEST, "contradicts", "This contest is not voted on at this place.")


def contest_of(
    named: str | None, answers: Mapping[str, Any], here: Sequence[KnownContest], all_: RoundContests
) -> tuple[KnownContest | None, Reason | None]:
    """The contest of a protocol, or why it is held; neither in a round without contests.

    ``here`` are the contests that are voted on at its station.
    """
    if named is not None:
        found = next((each for each in here if each.code == named), None)
        return found, None if found else CONTRADICTS
    if len(here) == 1:
        return here[0], None
    lines = contestants_named(answers)
    covering = [each for each in all_.contests if each.covers(lines)]
    if len(covering) != 1:
        return None, ABSENT if all_.contests else None
    return (covering[0], None) if covering[0] in here else (None, CONTRADICTS)


def contestants_named(answers: Mapping[str, Any]) -> list[str]:
    """What each line of votes calls its contestant; a line that names nobody is an empty text."""
    lines = answers.get(VOTES)
    return [
        str(line.get("contestant") or "").strip()
        for line in (lines if isinstance(lines, list) else ())
        if isinstance(line, dict)
    ]
