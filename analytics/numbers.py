"""The two kinds of number, which never mix; each knows its unit and its domain.

An :class:`Estimate` speaks of every polling station, because a probability sample was drawn. An
:class:`ObservedCount` speaks of what was visited, and can carry no interval: it has no field
for one. Which of the two a figure is, is decided by its design, not by a flag. What a number
counts (``unit``) and where its question was asked (``domain``) are fields as well: the noun of a
sentence is the unit's, whoever writes it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Unit = Literal["station", "observation", "report", "vote"]
"""What a number counts. A station is counted once however often it was visited; an observation is
one report that counts, of which a visit may have several."""


@dataclass(frozen=True)
class Domain:
    """Where the question of a number was asked: ``text`` by language, such as "where a complaint
    was made"; ``n`` units were asked it."""

    text: Mapping[str, str]
    n: int

    def says(self, language: str) -> str:
        """The text in a language, in English where it has none in it."""
        return self.text.get(language) or self.text.get("en", "")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is counted beside a number, in its unit: said by observers, and neither fine nor
    irregular. ``not_asked`` are outside of the number's domain."""

    told: int = 0
    not_observed: int = 0
    unanswered: int = 0
    not_applicable: int = 0
    not_asked: int = 0


NOTHING_BESIDE = Beside()


@dataclass(frozen=True)
class Estimate:
    """A number about a population, from a probability sample of it.

    ``value``, ``se``, ``low`` and ``high`` are in the unit of what is estimated (a share is
    between 0 and 1). ``n`` counts the stations that answered in the domain, ``missing`` those
    sampled from which no report came, ``seen`` those where it was so, where that makes sense;
    ``drawn`` are all that were sampled. ``population`` is the number of stations that the number
    speaks of; ``design`` says how it was drawn.
    """

    value: float
    se: float
    low: float
    high: float
    level: float
    n: int
    df: float
    deff: float | None
    method: str
    missing: int = 0
    seen: int | None = None
    population: int | None = None
    design: str = ""
    unit: Unit = "station"
    domain: Domain | None = None
    beside: Beside = NOTHING_BESIDE
    drawn: int | None = None

    @property
    def margin(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class ObservedCount:
    """``seen`` of ``of`` units, at ``stations`` places that nobody drew by lot.

    From ``missing`` units no report came. Raises ValueError for a count that cannot be.
    """

    seen: int
    of: int
    stations: int
    missing: int = 0
    unit: Unit = field(kw_only=True)
    domain: Domain | None = field(default=None, kw_only=True)
    beside: Beside = field(default=NOTHING_BESIDE, kw_only=True)

    def __post_init__(self) -> None:
        if not 0 <= self.seen <= self.of or self.stations < 0 or self.missing < 0:
            raise ValueError(
                f"{self.seen} of {self.of} {self.unit}s at {self.stations} stations, "
                f"{self.missing} missing: this cannot be."
            )


Number = Estimate | ObservedCount


def counted(number: Number) -> ObservedCount:
    """The count that a number rests on: itself, or of an estimate how many it was so at, of those
    that answered."""
    if isinstance(number, ObservedCount):
        return number
    return ObservedCount(
        number.seen or 0,
        number.n,
        number.n,
        number.missing,
        unit=number.unit,
        domain=number.domain,
        beside=number.beside,
    )


def about(number: Number) -> dict[str, Any]:
    """What a number is of, as JSON has it: unit, domain, and what is counted beside it."""
    domain = number.domain
    return {
        "unit": number.unit,
        "domain": None if domain is None else {"text": dict(domain.text), "n": domain.n},
        **asdict(number.beside),
    }


def domain_of(data: Mapping[str, Any]) -> Domain | None:
    """The domain of a number as JSON has it."""
    found = data.get("domain")
    return None if found is None else Domain(dict(found["text"]), found["n"])
