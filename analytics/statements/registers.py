"""What the mission's registers say in its statement: how it stands to the Declaration itself.

Departures (dop:22), conditions (dop:12), citizen groups consulted (dop:17), composition (dop:20),
funding (dop:6); and, where they are so, that it only explores, or has withdrawn (dop:11).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analytics.statements.blocks import (
    ExemptText,
    Paragraph,
    Sentence,
    Sentences,
    Table,
    _,
)
from analytics.statements.ledger import Ledger
from schemas.mission import MissionState


@dataclass(frozen=True)
class StatedDeparture:
    """Where the mission departs from a principle, and why, in its own words."""

    standard: str
    explanation: str


@dataclass(frozen=True)
class NotedCondition:
    """How a condition of observation stood when last noted: its letter, state, on which day."""

    letter: str
    state: str
    on: str
    evidence: str


@dataclass(frozen=True)
class MissionRegisters:
    """What is on record of the mission itself. ``state`` is the mission's.

    ``citizenships`` are how many citizenships its observers have, ``women`` and ``gender_said``
    how many observers are women of those who said; ``withdrawn`` how many teams were withdrawn
    for security; ``denied`` how many reports say that access was denied, ``unobserved`` how many
    stations could not be observed, by reason (refused, closed, unsafe).
    """

    state: str = MissionState.ACTIVE
    withdrawal_reason: str = ""
    departures: tuple[StatedDeparture, ...] = ()
    conditions: tuple[NotedCondition, ...] = ()
    consulted: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    citizenships: int = 0
    women: int = 0
    gender_said: int = 0
    withdrawn: int = 0
    plans: int = 0
    denied: int = 0
    unobserved: Mapping[str, int] = field(default_factory=dict)
    accreditations: Mapping[str, int] = field(default_factory=dict)


NOTHING_ON_RECORD = MissionRegisters()
_CONDITIONS = {
    "a": _("Invitation or acceptance"),
    "b": _("Access to every stage and technology"),
    "c": _("Access to everyone concerned"),
    "d": _("Free movement"),
    "e": _("Freedom to publish"),
    "f": _("Free choice of observers"),
    "g": _("Accreditation for the whole country"),
    "h": _("No interference with activities"),
    "i": _("No reprisals"),
}
_STATES = {
    "met": _("met"),
    "partly": _("partly met"),
    "not_met": _("not met"),
    "unknown": _("unknown"),
}


def conditions(standing: MissionRegisters, ledger: Ledger, words: Sentences) -> Iterator[Paragraph]:
    """How far the State let the mission work: accreditation, access, withdrawals."""
    yield from _accredited(standing, ledger, words)
    yield from _denied(standing, ledger, words)
    yield from _unobserved(standing, ledger, words)
    yield from _withdrawn(standing, ledger, words)


def condition_table(standing: MissionRegisters, words: Sentences) -> Iterator[Table]:
    """The nine conditions of observation, as last noted."""
    if standing.conditions:
        columns = (_("Condition"), _("State"), _("Noted on"), _("Evidence"))
        yield Table(
            title=words.word("The nine conditions, as last noted"),
            columns=tuple(words.word(each) for each in columns),
            rows=tuple(_condition(each, words) for each in standing.conditions),
        )


def _condition(each: NotedCondition, words: Sentences) -> tuple[Sentence, ...]:
    return (
        words.gettext("{text}", text=words.word(_CONDITIONS[each.letter])),
        words.gettext("{text}", text=words.word(_STATES[each.state])),
        words.gettext("{text}", text=ExemptText(text=each.on, why="date")),
        words.gettext("{text}", text=ExemptText(text=each.evidence, why="wording")),
    )


def _accredited(
    standing: MissionRegisters, ledger: Ledger, words: Sentences
) -> Iterator[Paragraph]:
    asked = sum(standing.accreditations.values())
    if asked:
        counts = {
            state: ledger.fact(
                f"accreditation/{state}",
                standing.accreditations.get(state, 0),
                {"measure": "accreditations", "state": state},
            )
            for state in ("issued", "refused")
        }
        yield Paragraph(
            text=words.gettext(
                "Accreditations asked for: {asked}; issued: {issued}; refused: {refused}.",
                asked=ledger.fact("accreditation/asked", asked, {"measure": "accreditations"}),
                **counts,
            )
        )


def _denied(standing: MissionRegisters, ledger: Ledger, words: Sentences) -> Iterator[Paragraph]:
    if standing.denied:
        yield Paragraph(
            text=words.gettext(
                "Reports that access was denied or restricted: {denied}.",
                denied=ledger.fact("access/denied", standing.denied, {"measure": "access denied"}),
            )
        )


def _unobserved(
    standing: MissionRegisters, ledger: Ledger, words: Sentences
) -> Iterator[Paragraph]:
    if any(standing.unobserved.values()):
        counts = {
            name: ledger.fact(f"stations/{name}", count, {"measure": f"stations {name}"})
            for name, count in standing.unobserved.items()
        }
        yield Paragraph(
            text=words.gettext(
                "Polling stations that could not be observed: entry refused {refused}, closed "
                "{closed}, unsafe {unsafe}. None of them is counted as missing; an entry refused "
                "is among the restrictions of observers' access.",
                **counts,
            )
        )


def _withdrawn(standing: MissionRegisters, ledger: Ledger, words: Sentences) -> Iterator[Paragraph]:
    if standing.withdrawn:
        yield Paragraph(
            text=words.gettext(
                "Planned assignments withdrawn for the safety of observers: {withdrawn}; what they "
                "would have reported is not known.",
                withdrawn=ledger.part(
                    "plans/withdrawn",
                    standing.withdrawn,
                    standing.plans,
                    {"measure": "plans withdrawn for security"},
                ),
            )
        )


def departures(standing: MissionRegisters, words: Sentences) -> Iterator[Paragraph]:
    """Where the mission departs from a principle: said in public, with its reason (dop:22)."""
    for each in standing.departures:
        yield Paragraph(
            text=words.gettext(
                "{standard}: {explanation}",
                standard=ExemptText(text=each.standard, why="article"),
                explanation=ExemptText(text=each.explanation, why="wording"),
            )
        )


def relations(standing: MissionRegisters, ledger: Ledger, words: Sentences) -> Iterator[Paragraph]:
    """Of whom the mission consists, whom it consulted, who pays for it."""
    if standing.gender_said:
        yield Paragraph(
            text=words.gettext(
                "Women among the observers who stated their gender: {women}.",
                women=ledger.part(
                    "mission/women",
                    standing.women,
                    standing.gender_said,
                    {"measure": "women among observers"},
                ),
            )
        )
    if standing.citizenships > 1:
        yield Paragraph(
            text=words.gettext(
                "The observers hold {citizenships} citizenships.",
                citizenships=ledger.fact(
                    "mission/citizenships",
                    standing.citizenships,
                    {"measure": "citizenships of observers"},
                ),
            )
        )
    if standing.consulted:
        yield Paragraph(
            text=words.gettext(
                "Citizen groups consulted before this statement: {groups}.",
                groups=ExemptText(text=", ".join(standing.consulted), why="name"),
            )
        )
    if standing.funders:
        yield Paragraph(
            text=words.gettext(
                "The mission is paid for by {funders}.",
                funders=ExemptText(text=", ".join(standing.funders), why="name"),
            )
        )
