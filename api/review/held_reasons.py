"""What may hold a report, in plain words, and which act lifts it.

Every reason that intake gives stands in this table; what is held for it leaves by its act and then
counts. What cannot leave says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.intake.envelope import MEMBERS
from api.review.judge_version import TOO_LARGE, question_of
from schemas.words import N_


class By(StrEnum):
    """The kind of act that lifts a reason."""

    PLACE = "place"
    """``POST reports/{id}/placement``."""
    ACCEPT = "accept"
    """``POST reports/{id}/acceptance``."""
    CORRECT = "correct"
    """``POST reports/{id}/corrections``."""
    DECIDE = "decide"
    """``POST reports/{id}/decision`` on another report."""
    GATE = "gate"
    """Something that the observer, or who keeps the observers, does; it is released then."""
    PUBLISH = "publish"
    """Something of the checklist; it is released, or judged again, then."""
    REOPEN = "reopen"
    NOTHING = "nothing"
    """It cannot leave."""


@dataclass(frozen=True)
class HeldReason:
    """A reason in ``words``; the ``act`` that lifts it, in words; whether it ``must`` be settled,
    for it cannot be accepted; and the kind of act that it is."""

    words: str
    act: str
    must: bool
    by: By


def _must(words: str, act: str, by: By) -> HeldReason:
    return HeldReason(words, act, True, by)


def _may(words: str, act: str) -> HeldReason:
    return HeldReason(words, act, False, By.ACCEPT)


_SAY_STATION = N_("Place it: say at which station, or at which other place.")
_SAY_ROUND = N_("Place it: say in which round.")
_SAY_CONTEST = N_("Place it: say of which contest.")
_SAY_OBSERVER = N_("Place it: say which observer.")
_RELEASED = N_("Publish the checklist with a rule that can be used. It is judged again then.")
_CORRECT = N_("Correct the answer, or take it away.")
_WITHOUT = N_("Accept it: it counts without what could not be read.")
_NO_STATION = N_("It does not say at which station.")
_STATION = _must(N_("The mission has no station or place of this code."), _SAY_STATION, By.PLACE)
_NO_CONTEST = N_("The station votes in several contests, and it does not say in which.")
_READING = N_("Part of what the phone sent beside the answers could not be read.")
_KNOWLEDGE = N_("Whether the observer saw it or was told is unclear.")

REASONS: Mapping[tuple[str, str], HeldReason] = {
    ("mission", "mission_closed"): _must(
        N_("It came while the mission was closed."),
        N_("Reopen the mission. It is released then."),
        By.REOPEN,
    ),
    ("checklist", "unknown"): _must(
        N_("No checklist of this name is published."),
        N_("Publish the checklist under this name. It is released then."),
        By.PUBLISH,
    ),
    ("version", "unknown"): _may(
        N_("This version of the checklist is not published."),
        N_("Accept it: it is judged by the newest version. Or publish the version."),
    ),
    ("version", "wrong_type"): _may(
        N_("The version of the checklist could not be read."),
        N_("Accept it: it is judged by the newest version."),
    ),
    ("round", "unknown"): _must(N_("The mission has no such round."), _SAY_ROUND, By.PLACE),
    ("round", "unclear"): _must(
        N_("No one round was open at its time, and it does not say which."), _SAY_ROUND, By.PLACE
    ),
    ("round", "wrong_type"): _must(N_("The round could not be read."), _SAY_ROUND, By.PLACE),
    ("station", "absent"): _must(_NO_STATION, _SAY_STATION, By.PLACE),
    ("station", "unknown"): _STATION,
    ("station", "wrong_type"): _must(_NO_STATION, _SAY_STATION, By.PLACE),
    ("place", "contradicts"): _must(
        N_("It names a station and another place."), _SAY_STATION, By.PLACE
    ),
    ("place", "absent"): _must(_NO_STATION, _SAY_STATION, By.PLACE),
    ("place", "unknown"): _STATION,
    ("place", "wrong_type"): _must(_NO_STATION, _SAY_STATION, By.PLACE),
    ("contest", "absent"): _must(_NO_CONTEST, _SAY_CONTEST, By.PLACE),
    ("contest", "contradicts"): _must(
        N_("The contest that it names is not voted on at its station."), _SAY_CONTEST, By.PLACE
    ),
    ("contest", "wrong_type"): _must(N_("The contest could not be read."), _SAY_CONTEST, By.PLACE),
    ("observer", "absent"): _must(N_("It does not say who observed."), _SAY_OBSERVER, By.PLACE),
    ("observer", "unknown"): _must(
        N_("The mission has no such observer."), _SAY_OBSERVER, By.PLACE
    ),
    ("observer", "wrong_type"): _must(
        N_("The observer could not be read."), _SAY_OBSERVER, By.PLACE
    ),
    ("observer", "not_own"): _must(
        N_("It names one observer and came from the phone of another."), _SAY_OBSERVER, By.PLACE
    ),
    ("observer", "no_declaration"): _must(
        N_("The observer's declaration of interests is not accepted."),
        N_("Decide on the declaration of interests. It is released then."),
        By.GATE,
    ),
    ("observer", "no_pledge"): _must(
        N_("The observer has not signed the pledge that is in force."),
        N_("The observer signs the pledge. It is released then."),
        By.GATE,
    ),
    ("observer", "suspended"): _must(
        N_("The observer is suspended."),
        N_("End the suspension. It is released then."),
        By.GATE,
    ),
    ("observer", "no_identity"): _must(
        N_("The observer's identity is not recorded."),
        N_("Record the observer's identity. It is released then."),
        By.GATE,
    ),
    ("observer", "no_briefing"): _must(
        N_("The observer has not been briefed on law, security and method."),
        N_("Record the briefing. It is released then."),
        By.GATE,
    ),
    ("observer", "no_accreditation"): _must(
        N_("The observer is not accredited."),
        N_("Record the accreditation. It is released then."),
        By.GATE,
    ),
    ("with", "no_pledge"): _must(
        N_("Somebody on the team has not signed the pledge that is in force."),
        N_("Everybody on the team signs the pledge. It is released then."),
        By.GATE,
    ),
    ("with", "unknown"): _may(
        N_("The mission has no such observer as one who is named with the team."),
        N_("Accept it: it counts without that person. Or import the observer."),
    ),
    ("with", "contradicts"): _may(
        N_("Somebody on the team is of another organisation."),
        N_("Accept it: it counts as the sender's organisation's."),
    ),
    ("with", "wrong_type"): _may(N_("Who was on the team could not be read."), _WITHOUT),
    ("visit", "contradicts"): _may(
        N_("Its visit is another organisation's, or at another place or in another round."),
        N_("Accept it: it counts as a visit of its own. Or place it where it belongs."),
    ),
    ("visit", "wrong_type"): _may(
        N_("The visit could not be read."), N_("Accept it: it counts as a visit of its own.")
    ),
    ("visit", "decided"): _must(
        N_("Another report of this visit is verified."),
        N_("Take back the verification of that report, then this one counts; or exclude this one."),
        By.DECIDE,
    ),
    ("replaces", "unknown"): _may(
        N_("The report that it corrects is not here."),
        N_("It joins that report when it comes. Or accept it: it counts as a report of its own."),
    ),
    ("replaces", "decided"): _may(
        N_("A person has decided on the report that it corrects."),
        N_("Accept it: it becomes the newest version of that report, which is verified anew."),
    ),
    ("replaces", "outdated"): _may(
        N_("The report that it corrects has a newer version."),
        N_("Accept it: it becomes the newest version of that report."),
    ),
    ("replaces", "wrong_type"): _may(
        N_("Which report it corrects could not be read."),
        N_("Accept it: it counts as a report of its own."),
    ),
    ("arrived_at", "wrong_type"): _may(N_("The time of arrival could not be read."), _WITHOUT),
    ("departed_at", "wrong_type"): _may(N_("The time of departure could not be read."), _WITHOUT),
    ("finalised_at", "wrong_type"): _may(N_("The time of finishing could not be read."), _WITHOUT),
    ("device", "wrong_type"): _may(_READING, _WITHOUT),
    ("position", "wrong_type"): _may(N_("Where the phone was could not be read."), _WITHOUT),
    ("observed", "wrong_type"): _may(
        _KNOWLEDGE, N_("Accept it: it counts as seen. Or correct the answer first.")
    ),
    ("observed", "unknown_question"): _may(_KNOWLEDGE, _WITHOUT),
    ("observed", "contradicts"): _may(
        _KNOWLEDGE, N_("Accept it: what the answer says stands. Or correct the answer.")
    ),
    ("body", "more"): _must(
        N_("There are more reasons than are listed."),
        N_("Settle those that are listed. The others are listed then."),
        By.NOTHING,
    ),
    ("body", "unstorable"): _must(
        N_("Its content could not be stored as answers. The bytes are kept."),
        N_("It cannot count. Ask the observer to send it again, and exclude this one."),
        By.NOTHING,
    ),
    ("judgement", "too_slow"): _must(
        N_("The rules of the checklist took too long on its answers."), _RELEASED, By.PUBLISH
    ),
    ("answers", "unjudgeable"): _must(
        N_("The rules of the checklist could not be applied to its answers."),
        _RELEASED,
        By.PUBLISH,
    ),
}
"""Every reason by the member of a report that is to blame, and its code."""
OF_ANSWERS: Mapping[str, HeldReason] = {
    "wrong_type": _must(N_("An answer is not of its question's type."), _CORRECT, By.CORRECT),
    "unknown_option": _must(
        N_("An answer is none of its question's options."), _CORRECT, By.CORRECT
    ),
    "too_large": _must(N_("A number is too large for its question."), _CORRECT, By.CORRECT),
    "too_many": _must(N_("A list of rows is too long."), _CORRECT, By.CORRECT),
    "unknown_question": _may(
        N_("The checklist does not ask this question."),
        N_("Accept it: the answer is kept and not counted."),
    ),
    "unknown_member": _may(
        N_("It holds something that no report has."),
        N_("Accept it: that is kept and not counted."),
    ),
    "rule_unusable": _must(N_("A rule of the checklist could not be used."), _RELEASED, By.PUBLISH),
}
"""Reasons that blame an answer, or a rule, by their code."""
UNKNOWN = _must(
    N_("Something holds it that this version does not know."),
    N_("It cannot count. Exclude it, or ask the observer to send it again."),
    By.NOTHING,
)


def act_for(reason: Mapping[str, str]) -> HeldReason:
    """What lifts a reason, as a report has it: ``field``, ``code``, ``message``."""
    about, code = question_of(reason["field"]), reason["code"]
    if code == TOO_LARGE and about in MEMBERS:
        code = "wrong_type"  # a number that a member of the report does not take
    return REASONS.get((about, code)) or OF_ANSWERS.get(code, UNKNOWN)


def is_known(reason: Mapping[str, str]) -> bool:
    """Whether the table has it."""
    return act_for(reason) is not UNKNOWN
