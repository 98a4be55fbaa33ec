"""Evidence of compliance: what on record bears a duty, how much of it there is, what is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from api.compliance.record import Record
from schemas.condition import CONDITIONS
from schemas.words import N_

Found = Literal["all", "some", "none", "nothing_asked"]
"""How much of the evidence is there; ``nothing_asked`` where there is nothing that it could be of:
such evidence says neither that a duty is met nor that it is not."""


@dataclass(frozen=True)
class Evidence:
    """A line of the record. Texts hold places for counts; ``where`` is the page that what is
    missing is put right on, below the mission."""

    found: Found
    on_record: str
    missing: str
    where: str


Look = Callable[[Record], Evidence]
"""Looks for one sort of evidence in the record."""


def part(many: int, of: int) -> Found:
    """How much so many of so many are; none of none is none."""
    return "none" if not many else "all" if many >= of else "some"


def some(name: str, words: str, missing: str, where: str) -> Look:
    """At least one is on record."""
    return lambda record: Evidence("all" if record[name] else "none", words, missing, where)


def every(name: str, of: str, words: str, missing: str, where: str) -> Look:
    """As many are on record as there are of something."""
    return lambda record: Evidence(part(record[name], record[of]), words, missing, where)


def everyone(name: str, words: str, missing: str) -> Look:
    """On record of every observer."""
    return every(name, "observers", words, missing, "people")


def none_left(name: str, of: str, words: str, missing: str, where: str) -> Look:
    """None of them is left open; where there are none, nothing is said by it."""

    def look(record: Record) -> Evidence:
        closed = record[of] - record[name]
        found: Found = part(closed, record[of]) if record[of] else "nothing_asked"
        return Evidence(found, words, missing, where)

    return look


def asks(code: str, missing: str) -> Look:
    """A published checklist asks about it."""
    words = N_("Published checklists: {checklists}.")
    return lambda record: Evidence(
        "all" if code in record.codes else "none", words, missing, "checklists"
    )


def condition(letter: str) -> Look:
    """How a condition under which observation can be done stands by the record."""

    def look(record: Record) -> Evidence:
        state = record.conditions.get(letter)
        found: dict[str | None, tuple[Found, str, str]] = {
            "met": ("all", N_("Recorded as met."), ""),
            "partly": (
                "some",
                N_("Recorded as partly met."),
                N_("It is met in part: say so in the statement."),
            ),
            "not_met": (
                "none",
                N_("Recorded as not met: a finding of its own."),
                N_("It is not met: say so in the statement."),
            ),
        }
        otherwise: tuple[Found, str, str] = (
            "none",
            N_("Not recorded."),
            N_("Record how this condition stands, with evidence and date."),
        )
        return Evidence(*found.get(state, otherwise), "registers/conditions")

    return look


def conditions_recorded(record: Record) -> Evidence:
    """All nine conditions are on record, however they stand."""
    known = [each for each in record.conditions.values() if each != "unknown"]
    return Evidence(
        part(len(known), len(CONDITIONS)),
        N_("{conditions} of nine are on record."),
        N_("Record all nine conditions."),
        "registers/conditions",
    )


def conditions_met(record: Record) -> Evidence:
    """All nine conditions are met."""
    return Evidence(
        part(record["conditions_met"], len(CONDITIONS)),
        N_("Recorded as met: {conditions_met} of nine."),
        N_("Say in the statement which conditions are not met."),
        "registers/conditions",
    )


def wider(record: Record) -> Evidence:
    """A checklist looks at what is before and after election day."""
    return Evidence(
        "all" if {"pre_election", "all"} & record.stages else "none",
        N_("Published checklists: {checklists}."),
        N_("Publish a checklist for the time before and after election day."),
        "checklists",
    )


def consulted(record: Record) -> Evidence:
    """Citizen groups were consulted before the mission said what it found."""
    late: Found = "some" if record["with_citizens"] else "none"
    return Evidence(
        "all" if record.consulted_first else late,
        N_("Contacts with citizen groups: {with_citizens}."),
        N_("Consult citizen groups before the mission speaks, and note it."),
        "registers/contacts",
    )


def sized(record: Record) -> Evidence:
    """A sample was drawn, or the mission says that it is a limited one."""
    enough = bool(record["samples"]) or record["scope"] != "full"
    return Evidence(
        "all" if enough else "none",
        N_("Samples drawn: {samples}; without one nothing is said of all polling stations."),
        N_("Draw a sample, or say that the mission is a limited one."),
        "samples",
    )


def both_kinds(record: Record) -> Evidence:
    """Domestic and international observers are in the mission."""
    found: Found = "all" if record["domestic"] and record["international"] else "none"
    return Evidence(
        found,
        N_("Organisations: domestic {domestic}, international {international}."),
        N_("Only one kind of observer is here."),
        "people",
    )


def cooperated(record: Record) -> Evidence:
    """Both kinds are in the mission, or there were contacts with the other."""
    other = both_kinds(record).found == "all" or record["with_citizens"]
    return Evidence(
        "all" if other else "none",
        N_(
            "Organisations: domestic {domestic}, international {international}; "
            "contacts with citizen groups: {with_citizens}."
        ),
        N_("Meet the other missions, and note it."),
        "registers/contacts",
    )


def copied(record: Record) -> Evidence:
    """The authority was given a copy of everything that was published."""
    found = part(record["copied"], record["published"])
    return Evidence(
        found if record["published"] else "nothing_asked",
        N_("With the authority's copy: {copied} of {published}."),
        N_("Record who of the authority was given each copy, when and how."),
        "registers/publications",
    )
