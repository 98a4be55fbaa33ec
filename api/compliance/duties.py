"""Rules of compliance: what each principle and duty asks of the record, and what is missing.

Where the duty is the State's (dop:12) the mission's own is to have it on record; how far it is met
is told beside. A duty that the system keeps by how it is built says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from api.compliance.record import Record, read_record
from api.database.sessions import Pool
from api.figures.mission_facts import MissionFacts
from schemas.condition import CONDITIONS
from schemas.words import N_

State = Literal["kept", "open", "not_due"]


@dataclass(frozen=True)
class Duty:
    """One paragraph or duty as the record stands. Texts hold places for ``values``."""

    standard: str
    state: State
    on_record: str
    missing: str
    values: dict[str, Any]
    where: str
    """The page that it is put right on, below the mission."""


Judge = Callable[[Record], tuple[bool, str, str, str]]
"""Record to: kept?, what is on record, what is missing, and where it is put right."""


def _people(name: str, words: str, missing: str) -> Judge:
    def judge(record: Record) -> tuple[bool, str, str, str]:
        return record[name] == record["observers"] > 0, words, missing, "people"

    return judge


def _some(name: str, words: str, missing: str, where: str) -> Judge:
    return lambda record: (bool(record[name]), words, missing, where)


def _asks(code: str, missing: str) -> Judge:
    words = N_("Published checklists: {checklists}.")
    return lambda record: (code in record.codes, words, missing, "checklists")


def _design(words: str) -> Judge:
    return lambda _: (True, words, "", "")


def _condition(letter: str) -> Judge:
    def judge(record: Record) -> tuple[bool, str, str, str]:
        state = record.conditions.get(letter)
        words = {
            "met": N_("Recorded as met."),
            "partly": N_("Recorded as partly met."),
            "not_met": N_("Recorded as not met: a finding of its own."),
        }.get(state or "", N_("Not recorded."))
        missing = N_("Record how this condition stands, with evidence and date.")
        return state in ("met", "partly", "not_met"), words, missing, "registers/conditions"

    return judge


DECLARED = _people(
    "declared",
    N_("Declarations of interests accepted: {declared} of {observers}."),
    N_("Accept or refuse the missing declarations; reports are held for review till then."),
)
PLEDGED = _people(
    "pledged",
    N_("Pledged to the code in force: {pledged} of {observers}."),
    N_("Collect the pledges that are missing; reports are held for review till then."),
)
LAWS = _some(
    "laws",
    N_("Laws and rules in the mission's pack: {laws}."),
    N_("Add the election law and the rules for observers to the mission."),
    "setup",
)
AUTHORITY = _some(
    "with_authority",
    N_("Contacts with the authority: {with_authority}."),
    N_("Note the contacts with the election authority."),
    "registers/contacts",
)
ENDORSED = _some(
    "endorsing",
    N_("Organisations that endorse or adopt it: {endorsing} of {organisations}."),
    N_("Say how each organisation stands to its instrument."),
    "setup",
)


def _funding(record: Record) -> tuple[bool, str, str, str]:
    declared, words, missing, where = DECLARED(record)
    if declared and not record["funding"]:
        return False, words, N_("Write down who pays for the mission."), "registers/funding"
    return declared, words, missing, where


def _published(record: Record) -> tuple[bool, str, str, str]:
    words = N_(
        "Published: {published}; saying mandate, composition and duration: {announcing}; "
        "with the authority's copy: {copied}."
    )
    missing = N_("Write down who of the authority was given each copy, when and how.")
    if not record["published"]:
        missing = N_("Publish a statement and write it into the log.")
    return record["copied"] == record["published"] > 0, words, missing, "registers/publications"


def _citizens(record: Record) -> tuple[bool, str, str, str]:
    words = N_("Contacts with citizen groups: {with_citizens}.")
    missing = N_("Consult citizen groups before the mission speaks, and note it.")
    return record.consulted_first, words, missing, "registers/contacts"


def _size(record: Record) -> tuple[bool, str, str, str]:
    words = N_("Samples drawn: {samples}; without one nothing is said of all polling stations.")
    return (
        bool(record["samples"]) or record["scope"] != "full",
        words,
        N_("Draw a sample, or say that the mission is a limited one."),
        "setup",
    )


def _left(record: Record) -> tuple[bool, str, str, str]:
    words = N_("Departures explained: {departures}.")
    kept = record["state"] != "withdrawn" or bool(record["departures"])
    return kept, words, N_("Explain why the mission left."), "registers/departures"


def _campaign(record: Record) -> tuple[bool, str, str, str]:
    words = N_("Published checklists: {checklists}.")
    wider = {"pre_election", "all"} & record.stages
    missing = N_("Publish a checklist for the time before and after election day.")
    return bool(wider), words, missing, "checklists"


def _cases(record: Record) -> tuple[bool, str, str, str]:
    words = N_("Cases: {cases}, of them open: {open_cases}.")
    return (
        not record["open_cases"],
        words,
        N_("Close the cases that are open."),
        ("registers/conduct"),
    )


def _both(record: Record) -> tuple[bool, str, str, str]:
    words = N_("Organisations: domestic {domestic}, international {international}.")
    kept = bool(record["domestic"] and record["international"])
    return kept, words, N_("Only one kind of observer is here."), "people"


JUDGES: dict[str, Judge] = {
    "dop:1": _campaign,
    "dop:2": _campaign,
    "dop:3": LAWS,
    "dop:4": _some(
        "reports",
        N_("Reports: {reports}, each number led back to its own; seals: {seals}."),
        N_("No report has come yet."),
        "reports",
    ),
    "dop:5": _some(
        "phases",
        N_("Scope: {scope}; phases watched: {phases}."),
        N_("Say which phases the mission watches."),
        "setup",
    ),
    "dop:6": _funding,
    "dop:7": _published,
    "dop:8": _both,
    "dop:9": LAWS,
    "dop:10": AUTHORITY,
    "dop:11": _design(N_("Every statement says that a mission's presence vouches for nothing.")),
    "dop:12": lambda record: (
        len(record.conditions) == len(CONDITIONS),
        N_("{conditions} of nine are on record."),
        N_("Record all nine conditions."),
        "registers/conditions",
    ),
    **{f"dop:12{letter}": _condition(letter) for letter in CONDITIONS},
    "dop:13": lambda record: (
        record["asked"] == record["contestants"] > 0,
        N_("Contestants who have answered: {asked} of {contestants}; who refuse: {refusing}."),
        N_("Ask every contestant whether they accept the observation."),
        "setup",
    ),
    "dop:14": _asks("AC-AGENT", N_("Publish a checklist that asks about contestants' agents.")),
    "dop:15": _design(N_("A claim enters no rate before it is verified.")),
    "dop:16": _asks("AC-CIT", N_("Publish a checklist that asks about citizen observers.")),
    "dop:17": _citizens,
    "dop:18": _design(N_("Every finding names its standard, every statement has its method.")),
    "dop:19": _size,
    "dop:20": _some(
        "observers",
        N_(
            "Observers: {observers}; organisations: {organisations}; "
            "citizenships: {citizenships}; women: {women} of {gendered} "
            "who said."
        ),
        N_("No observer is on record."),
        "people",
    ),
    "dop:21": PLEDGED,
    "dop:22": _left,
    "dop:23": ENDORSED,
    "dop:24": ENDORSED,
    "coc:1": LAWS,
    "coc:2": AUTHORITY,
    "coc:3": DECLARED,
    "coc:4": PLEDGED,
    "coc:5": _design(N_("No form and no message lets an observer instruct officials.")),
    "coc:6": _people(
        "accredited",
        N_("Accredited: {accredited} of {observers}; refused: {accreditation_refused}."),
        N_("Note each accreditation, and each refusal: it is the State's duty."),
    ),
    "coc:7": _design(N_("Every question offers good, bad and not observed, with place and time.")),
    "coc:8": _design(N_("Observers see no figure before the mission has spoken.")),
    "coc:9": _citizens,
    "coc:10": _cases,
    "coc:11": _cases,
    "coc:12": PLEDGED,
    "gndem:2012": lambda record: (
        record["citizen_observers"] == record["citizen_pledged"],
        N_("Citizen observers who have pledged to it: {citizen_pledged} of {citizen_observers}."),
        N_("Collect the pledges that are missing; reports are held for review till then."),
        "people",
    ),
    "bamako:20": lambda record: (
        not record["overdue"],
        N_("Complaints: {complaints}, overdue: {overdue}."),
        N_("Some are past their day: follow them up."),
        "registers/complaints",
    ),
    "bamako:31": _both,
}
DUE: dict[str, Callable[[Record], bool]] = {
    "dop:4": lambda record: bool(record["polled"]),
    "dop:7": lambda record: bool(record["polled"] or record["published"]),
}
"""What is not due from the beginning: a report once it can come; a statement once the polls have
closed, and the authority's copy of whatever is published before."""


async def ledger_now(pool: Pool, facts: MissionFacts) -> list[Duty]:
    """The ledger as the record stands now."""
    return ledger(await read_record(pool, facts))


def ledger(record: Record) -> list[Duty]:
    """Every principle and duty, in their order."""
    return [_duty(standard, judge, record) for standard, judge in JUDGES.items()]


def _duty(standard: str, judge: Judge, record: Record) -> Duty:
    kept, words, missing, where = judge(record)
    state: State = "kept" if kept else "open"
    if not kept and standard in DUE and not DUE[standard](record):
        state = "not_due"
    values = record.counts | {
        "checklists": len(record.checklists),
        "conditions": len(record.conditions),
    }
    return Duty(standard, state, words, "" if kept else missing, values, where)
