"""What each rule says to the author: one sentence of what is wrong, one act that mends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.words import N_


@dataclass(frozen=True)
class Message:
    """A message in English with its gaps, and the act; both are translated where they are shown."""

    says: str
    act: str


_WRITE_IT = N_("Add it to the statement.")
MESSAGES: Mapping[str, Mapping[str, Message]] = {
    "number.unbound": {
        "": Message(
            N_("“{words}” in {section} is typed, not bound."),
            N_(
                "Bind it to a finding, a source or the mission's record, or mark it as a date or "
                "an article."
            ),
        )
    },
    "number.moved": {
        "": Message(
            N_("“{words}” differs from the snapshot."),
            N_("Take a new snapshot and accept the moves, or restore."),
        ),
        "hash": Message(
            N_("The numbers of the snapshot are not those of its hash."),
            N_("Take a new snapshot."),
        ),
    },
    "number.stale": {
        "": Message(
            N_("Since {time}, reports ({k}) would change printed numbers ({m})."),
            N_("Take a new snapshot, or say why not."),
        )
    },
    "unit.wrong": {
        "": Message(
            N_(
                "“{noun}” follows a number of {unit}: observations: {n}, polling stations: "
                "{stations}."
            ),
            N_("Use the unit's words."),
        )
    },
    "domain.missing": {
        "": Message(
            N_("“{words}” was asked at {n} of {all} polling stations."),
            N_("Say of which, or give the share of all."),
        )
    },
    "interval.forbidden": {
        "": Message(
            N_("“{words}” was not drawn by lot: it has no interval."),
            N_("Say it as x of n, without an interval."),
        ),
        "of_all": Message(
            N_("“{words}” was not drawn by lot: it does not speak of all polling stations."),
            N_("Say that it is of the polling stations observed."),
        ),
        "ranking": Message(
            N_("“{words}” ranks areas by counts of what was observed."),
            N_("Order them by name."),
        ),
    },
    "interval.display": {
        "": Message(
            N_("“{words}” reads as {from}–{to}; the interval is {low}–{high}."),
            N_("Print the interval."),
        ),
        "rounded": Message(
            N_("“{words}” hides {seen} of {n}."),
            N_("Say fewer than 1%, or more than 99%."),
        ),
        "decimals": Message(
            N_("“{words}” is a share of votes: it has one decimal."),
            N_("Print it with one decimal, its margin too."),
        ),
    },
    "n.small": {
        "": Message(
            N_("{n} is too few for {form}."),
            N_("Write “{seen} of {n}”."),
        )
    },
    "response.low": {
        "": Message(
            N_("Only {share}% of {class} reported: no estimate may be printed."),
            N_("Print the counts and the reason."),
        )
    },
    "day.not-begun": {
        "": Message(
            N_("The polls of {round} had not opened at {freeze}."),
            N_("Leave the section out until they have."),
        ),
        "ahead": Message(
            N_("Reports dated ahead of the freeze stand in “{words}”."),
            N_("Take a new snapshot without them, or accept them on the desk."),
        ),
    },
    "contest.mixed": {
        "": Message(
            N_("“{a}” and “{b}” are of different contests."),
            N_("Name the contest of each."),
        ),
        "denominator": Message(
            N_("“{words}” is not a share of what its contest counts."),
            N_("Use the contest's denominator."),
        ),
    },
    "zero.claim": {
        "": Message(
            N_("“{words}”: nothing was seen, and no more than that is known."),
            N_("Say where it could be seen and the upper limit, once."),
        ),
        "limit": Message(
            N_("“{words}” says that nothing was seen, without its upper limit or N."),
            N_("Add the upper limit, or the number of places observed."),
        ),
        "confidence": Message(
            N_("“{words}” stands in the statement more than once."),
            N_("Say the level of confidence once, with the zeros together."),
        ),
    },
    "silence.read": {
        "": Message(
            N_("Teams were refused at polling stations ({k}): they belong in “{words}”."),
            N_("Say how many were refused or restricted."),
        ),
        "missing": Message(
            N_("“{words}” holds who was refused or was not asked ({k})."),
            N_("Count them apart from what is missing."),
        ),
    },
    "verdict.machine": {
        "": Message(
            N_("“{words}” is nobody's judgement."),
            N_("Write it, or accept it under your name with its reason."),
        ),
        "headline": Message(
            N_("The headline is not written."),
            N_("Write it under your name."),
        ),
        "assessment": Message(
            N_("The overall assessment is not written."),
            N_("Write it under your name."),
        ),
    },
    "word.banned": {
        "": Message(
            N_("“{words}” does not say what was seen."),
            N_("Say what was seen, where and how often."),
        )
    },
    "scope.overall": {
        "": Message(
            N_("“{words}”: this mission's scope is {scope}, it may not assess the whole."),
            N_("Speak of what the mission looked at."),
        ),
        "unsaid": Message(
            N_("This mission's scope is {scope}, and the statement does not say so."),
            N_("Add the sentence on the scope."),
        ),
    },
    "disclaimer.missing": {
        "before_completion": Message(
            N_("A statement of this kind says that the process is not complete."), _WRITE_IT
        ),
        "not_endorsement": Message(
            N_("A statement says that the presence of observers lends no credibility."), _WRITE_IT
        ),
        "demonstration": Message(
            N_("A demonstration's statement says that its data are invented."), _WRITE_IT
        ),
        "exploratory": Message(N_("A mission that only explores says so."), _WRITE_IT),
        "withdrawn": Message(N_("A mission that has withdrawn says so, and why."), _WRITE_IT),
        "about": Message(
            N_("The statement does not say the mission's mandate, composition and dates."),
            _WRITE_IT,
        ),
    },
    "section.silent": {
        "": Message(
            N_("The section “{section}” is empty."),
            N_("Write it, or say that it was not observed, or why it is left out."),
        ),
        "departures": Message(
            N_("The register of departures holds something that the statement does not say."),
            N_("Add the section on departures."),
        ),
    },
    "citizen.consulted": {
        "": Message(
            N_("Before a statement the mission hears citizen observers, and names whom and when."),
            N_("Record whom you heard on which day, or why nobody."),
        )
    },
    "balance": {
        "": Message(
            N_("“{finding}” ({n}) is not in the text."),
            N_("Add it, merge it, or give the reason."),
        ),
        "good": Message(
            N_("The text says nothing that went right, though findings do."),
            N_("Add a good finding, or say why there is none."),
        ),
        "bad": Message(
            N_("The text says nothing that went wrong, though findings do."),
            N_("Add a shortcoming, or say why there is none."),
        ),
    },
    "incident.unverified": {
        "": Message(
            N_("“{case}” is not verified: {grade}."),
            N_("Leave it out, or wait for its verification."),
        ),
        "rate": Message(
            N_("“{words}” makes a rate of cases."),
            N_("Count the cases."),
        ),
        "told": Message(
            N_("“{words}”: this case was reported to observers, not seen by them."),
            N_("Say that it was reported to observers."),
        ),
        "person": Message(
            N_("“{words}” lets a person be recognised."),
            N_("Leave it out."),
        ),
    },
    "compare.untested": {
        "": Message(
            N_("“{words}”: no test of two samples shows a difference."),
            N_("Test it, or put the two side by side."),
        ),
        "not_different": Message(
            N_("“{words}”: the interval of the difference holds 0."),
            N_("Say that no difference is shown."),
        ),
        "direction": Message(
            N_("The words do not point the way of the difference. {words}"),
            N_("Say which way it goes, as it was tested."),
        ),
        "joined": Message(
            N_("“{words}” joins the findings of two kinds of observers."),
            N_("Put them side by side."),
        ),
    },
    "contradiction": {
        "": Message(
            N_("“{a}” and “{b}” cannot both stand without a word."),
            N_("Explain, or leave one out."),
        )
    },
    "standard.missing": {
        "": Message(
            N_("“{words}” names no standard."),
            N_("Name the obligation by its short name."),
        ),
        "unknown": Message(
            N_("No instrument holds “{words}”."),
            N_("Name a standard of the catalogue or of the mission."),
        ),
        "code": Message(
            N_("“{words}” is a code."),
            N_("Name the obligation by its short name; the code goes to the annex."),
        ),
        "article": Message(
            N_("“{words}” names no article."),
            N_("Name the article of the law."),
        ),
    },
    "release.gates": {
        "language": Message(
            N_("Not all languages of the statement are written."),
            N_("The authors write them."),
        ),
        "incomplete": Message(
            N_("“{words}” in {section} says nothing in this language."),
            N_("Translate it, or leave the language out of the statement."),
        ),
        "behind": Message(
            N_("“{words}” was changed after this language said it."),
            N_("Say it here too, or mark this language as read, or say why not."),
        ),
        "unequal": Message(
            N_("A block has other numbers than in the reference language."),
            N_("Give it the same numbers."),
        ),
        "alternative": Message(
            N_("“{words}” has no alternative text."),
            N_("Say what the figure shows, with its n."),
        ),
        "winner": Message(
            N_("“{words}” names a winner."),
            N_("Leave it to the authority."),
        ),
        "place": Message(
            N_("The place of issue is not set."),
            N_("Set it on the page of the release; date and hour are those at which it is out."),
        ),
        "reviewer": Message(
            N_("Nobody has reviewed the statement."),
            N_("A second person reviews it."),
        ),
        "approver": Message(
            N_("Nobody has approved it who neither wrote nor reviewed it."),
            N_("Another person approves it."),
        ),
        "heads": Message(
            N_("Not all heads of the joint mission have approved it."),
            N_("Each head approves it."),
        ),
        "embargo": Message(
            N_("The hour of the embargo is past."),
            N_("Set an hour in the future."),
        ),
        "zone": Message(
            N_("The embargo has no time zone."),
            N_("Set the time zone."),
        ),
        "authority": Message(
            N_("No copy to the authority is planned."),
            N_("Plan it, or record that it was given."),
        ),
        "reader": Message(
            N_("Nobody has read this text in: {words}."),
            N_("Somebody who reads it well reads it and marks it as read."),
        ),
        "correction": Message(
            N_("A corrected figure lacks what it was, what it is, its cause or its effect."),
            N_("Fill all four."),
        ),
        "links": Message(
            N_("The correction and its statement are not linked both ways."),
            N_("Link them."),
        ),
        "quick_count": Message(
            N_("A quick count is released by two persons."),
            N_("A second person releases it."),
        ),
        "official": Message(
            N_("The official result has no source and hash."),
            N_("Record its source."),
        ),
    },
}
