"""Rules of compliance: which evidence each principle and duty asks of the record.

A duty is met where all its evidence is on record, and partly met where some is; none is met by how
the system is built alone. Where the duty is the State's (dop:12) the record says how far it is met.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from api.compliance.evidence import (
    Evidence,
    Look,
    asks,
    both_kinds,
    condition,
    conditions_met,
    conditions_recorded,
    consulted,
    cooperated,
    copied,
    every,
    everyone,
    none_left,
    sized,
    some,
    wider,
)
from api.compliance.record import Record, read_record
from api.database.sessions import Pool
from api.figures.mission_facts import MissionFacts
from schemas.condition import CONDITIONS
from schemas.words import N_

State = Literal["met", "partly_met", "outstanding", "not_due"]


@dataclass(frozen=True)
class Duty:
    """One paragraph or duty as the record stands, with its evidence. Texts hold places for
    ``values``."""

    standard: str
    state: State
    evidence: tuple[Evidence, ...]
    values: dict[str, Any]

    @property
    def outstanding(self) -> tuple[Evidence, ...]:
        """The evidence of which something is missing."""
        return tuple(each for each in self.evidence if each.found in ("some", "none"))


DECLARED = everyone(
    "declared",
    N_("Declarations of interests accepted: {declared} of {observers}."),
    N_("Accept or refuse the missing declarations; reports are held for review till then."),
)
PLEDGED = everyone(
    "pledged",
    N_("Pledged to the code in force: {pledged} of {observers}."),
    N_("Collect the pledges that are missing; reports are held for review till then."),
)
BRIEFED = everyone(
    "briefed",
    N_("Briefed on every subject: {briefed} of {observers}."),
    N_("Record the briefings that are missing."),
)
LAWS = some(
    "laws",
    N_("Laws and rules in the mission's pack: {laws}."),
    N_("Add the election law and the rules for observers to the mission."),
    "setup",
)
AUTHORITY = some(
    "with_authority",
    N_("Contacts with the authority: {with_authority}."),
    N_("Note the contacts with the election authority."),
    "registers/contacts",
)
CASES = none_left(
    "open_cases",
    "cases",
    N_("Cases: {cases}, of them open: {open_cases}."),
    N_("Close the cases that are open."),
    "registers/conduct",
)
CAME = some("reports", N_("Reports: {reports}."), N_("No report has come yet."), "reports")
PUBLISHED = some(
    "published",
    N_("Published: {published}."),
    N_("Publish a statement and write it into the log."),
    "registers/publications",
)
ANNOUNCED = some(
    "announcing",
    N_("Saying mandate, composition and duration: {announcing}."),
    N_("Publish who the mission is, what it does and for how long."),
    "registers/publications",
)


def released(words: str) -> Look:
    """A statement was released: each says it."""
    return some("released", words, N_("Release a statement."), "statements")


JUDGES: dict[str, tuple[Look, ...]] = {
    "dop:1": (wider, CAME),
    "dop:2": (wider, CAME),
    "dop:3": (LAWS,),
    "dop:4": (
        some(
            "reports",
            N_("Reports: {reports}, each number led back to its own."),
            N_("No report has come yet."),
            "reports",
        ),
        some("seals", N_("Seals: {seals}."), N_("Nothing is sealed yet."), "audit"),
    ),
    "dop:5": (
        some(
            "phases",
            N_("Scope: {scope}; phases watched: {phases}."),
            N_("Say which phases the mission watches."),
            "setup",
        ),
        ANNOUNCED,
    ),
    "dop:6": (
        DECLARED,
        some(
            "funding",
            N_("Funders on record: {funding}."),
            N_("Record who pays for the mission."),
            "registers/funding",
        ),
    ),
    "dop:7": (PUBLISHED, copied),
    "dop:8": (cooperated,),
    "dop:9": (LAWS, PLEDGED),
    "dop:10": (AUTHORITY,),
    "dop:11": (
        released(
            N_(
                "Statements released: {released}; each says that a mission's presence vouches "
                "for nothing."
            )
        ),
    ),
    "dop:12": (conditions_recorded, conditions_met),
    **{f"dop:12{letter}": (condition(letter),) for letter in CONDITIONS},
    "dop:13": (
        every(
            "asked",
            "contestants",
            N_("Contestants who have answered: {asked} of {contestants}; who refuse: {refusing}."),
            N_("Ask every contestant whether they accept the observation."),
            "setup",
        ),
    ),
    "dop:14": (
        asks("AC-AGENT", N_("Publish a checklist that asks about contestants' agents.")),
        CAME,
    ),
    "dop:15": (
        some(
            "with_contestants",
            N_(
                "Contacts with contestants: {with_contestants}; a claim enters no rate before it "
                "is verified."
            ),
            N_("Note the contacts with contestants."),
            "registers/contacts",
        ),
    ),
    "dop:16": (
        asks("AC-CIT", N_("Publish a checklist that asks about citizen observers.")),
        CAME,
    ),
    "dop:17": (consulted,),
    "dop:18": (
        released(
            N_(
                "Statements released: {released}; every finding names its standard, every "
                "statement has its method."
            )
        ),
    ),
    "dop:19": (sized,),
    "dop:20": (
        every(
            "gendered",
            "observers",
            N_(
                "Observers: {observers}; organisations: {organisations}; "
                "citizenships: {citizenships}; women: {women} of {gendered} "
                "who said."
            ),
            N_("Record the gender of every observer who says it."),
            "people",
        ),
        some(
            "citizenships",
            N_("Citizenships on record: {citizenships}."),
            N_("Record the observers' citizenships."),
            "people",
        ),
    ),
    "dop:21": (PLEDGED,),
    "dop:22": (
        some(
            "departures",
            N_("Departures explained: {departures}."),
            N_("Explain why the mission left."),
            "registers/departures",
        ),
    ),
    "dop:23": (
        some(
            "endorsing",
            N_("Organisations that endorse or adopt it: {endorsing} of {organisations}."),
            N_("Say how each organisation stands to its instrument."),
            "setup",
        ),
    ),
    "dop:24": (
        every(
            "endorsing",
            "organisations",
            N_("Organisations that endorse or adopt it: {endorsing} of {organisations}."),
            N_("Say how each organisation stands to its instrument."),
            "setup",
        ),
    ),
    "coc:1": (LAWS, PLEDGED),
    "coc:2": (LAWS, AUTHORITY),
    "coc:3": (DECLARED, CASES),
    "coc:4": (PLEDGED,),
    "coc:5": (PLEDGED, BRIEFED, CASES),
    "coc:6": (
        everyone(
            "accredited",
            N_("Accredited: {accredited} of {observers}; refused: {accreditation_refused}."),
            N_("Note each accreditation, and each refusal: it is the State's duty."),
        ),
    ),
    "coc:7": (
        BRIEFED,
        some(
            "reports",
            N_(
                "Reports: {reports}; every question offers good, bad and not observed, with place "
                "and time."
            ),
            N_("No report has come yet."),
            "reports",
        ),
    ),
    "coc:8": (PLEDGED, CASES),
    "coc:9": (consulted,),
    "coc:10": (BRIEFED, CASES),
    "coc:11": (CASES,),
    "coc:12": (PLEDGED,),
    "gndem:2012": (
        every(
            "citizen_pledged",
            "citizen_observers",
            N_(
                "Citizen observers who have pledged to it: {citizen_pledged} of "
                "{citizen_observers}."
            ),
            N_("Collect the pledges that are missing; reports are held for review till then."),
            "people",
        ),
    ),
    "bamako:20": (
        none_left(
            "overdue",
            "complaints",
            N_("Complaints: {complaints}, overdue: {overdue}."),
            N_("Some are past their day: follow them up."),
            "registers/complaints",
        ),
    ),
    "bamako:31": (both_kinds,),
}


def _polled(record: Record) -> bool:
    return bool(record["polled"])


def _spoken(record: Record) -> bool:
    return bool(record["polled"] or record["published"] or record["released"])


DUE: dict[str, Callable[[Record], bool]] = {
    "dop:1": _polled,
    "dop:2": _polled,
    "dop:4": _polled,
    "dop:7": _spoken,
    "dop:11": _spoken,
    "dop:14": _polled,
    "dop:16": _polled,
    "dop:18": _spoken,
    "dop:22": lambda record: record["state"] == "withdrawn",
    "coc:7": _polled,
    "coc:11": lambda record: bool(record["cases"]),
    "gndem:2012": lambda record: bool(record["citizen_observers"]),
    "bamako:20": lambda record: bool(record["complaints"]),
}
"""What is not due from the beginning: a report once it can come; a statement once the polls have
closed, and the authority's copy of whatever is published before; what is of cases, complaints or
citizen observers once there are any."""


async def ledger_now(pool: Pool, facts: MissionFacts) -> list[Duty]:
    """The ledger as the record stands now."""
    return ledger(await read_record(pool, facts))


def ledger(record: Record) -> list[Duty]:
    """Every principle and duty, in their order."""
    return [_duty(standard, record) for standard in JUDGES]


def _duty(standard: str, record: Record) -> Duty:
    evidence = tuple(look(record) for look in JUDGES[standard])
    state = _state(evidence)
    due = DUE.get(standard)
    if state == "outstanding" and due is not None and not due(record):
        state = "not_due"
    values = record.counts | {
        "checklists": len(record.checklists),
        "conditions": sum(each != "unknown" for each in record.conditions.values()),
        "conditions_met": record["conditions_met"],
    }
    return Duty(standard, state, evidence, values)


def _state(evidence: tuple[Evidence, ...]) -> State:
    """Met where all is there that there could be, and something is."""
    found = {each.found for each in evidence} - {"nothing_asked"}
    if found == {"all"}:
        return "met"
    return "outstanding" if found <= {"none"} else "partly_met"
