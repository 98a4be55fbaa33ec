"""What a statement must be told of its mission: plain facts, read from the tables by others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from analytics.grammar.dates import day_in_words
from analytics.grammar.lists import joined
from analytics.results.quick_count import QuickCount
from analytics.statements.registers import NOTHING_ON_RECORD, MissionRegisters
from schemas.checklist import Texts
from schemas.election import Denominator
from schemas.mission import Kind, Scope
from schemas.station_noun import StationNoun


@dataclass(frozen=True)
class SampleFacts:
    """The draw as it was lodged: anyone can draw it again. ``kind`` is whom it was drawn for."""

    frame_size: int
    frame_sha256: str
    drawn: int
    strata: int
    seed: int
    method: str
    stratified_by: str | None = None
    kind: Kind = Kind.DOMESTIC


@dataclass(frozen=True)
class ChecklistFacts:
    """One checklist version as it stood, and whether its rules changed after the first report."""

    name: str
    title: Texts
    version: str
    sha256: str
    rules: str
    rules_changed: tuple[str, ...] = ()
    """Codes of the rules that changed after the first report came in."""


@dataclass(frozen=True)
class ObserverFacts:
    """The observers of one kind: how many, from how many organisations, how many stations."""

    kind: Kind
    observers: int
    organisations: int
    stations: int


@dataclass(frozen=True)
class Incidents:
    """Verified incidents of one sort, by grade of evidence."""

    label: str
    cases: int
    observed: int
    documented: int
    several_sources: int
    labels: Texts = field(default_factory=dict)
    """The label in other languages."""

    def says(self, language: str) -> str:
        """The label in a language, as it was given where it has none in it."""
        return self.labels.get(language) or self.label


@dataclass(frozen=True)
class ContestCount:
    """A contest's quick count with what it is held against; ``official`` and ``names`` by
    contestant's code.

    Shares are between 0 and 1; ``thresholds`` are (name, share) as the law has them.
    """

    code: str
    name: str
    denominator: Denominator
    count: QuickCount
    official: Mapping[str, float] | None = None
    thresholds: tuple[tuple[str, float], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Texts = field(default_factory=dict)
    """The contest's name in other languages."""
    threshold_names: Mapping[str, Texts] = field(default_factory=dict)
    """Names of thresholds in other languages, by their name."""
    names_in: Mapping[str, Texts] = field(default_factory=dict)
    """Names of contestants in other languages, by code."""

    def says(self, language: str) -> str:
        """The contest's name in a language, as it was given where it has none in it."""
        return self.titles.get(language) or self.name

    def name_of(self, contestant: str, language: str) -> str:
        """What a contestant is called in a language: by its code where nothing else is known."""
        own = self.names_in.get(contestant, {}).get(language)
        return own or self.names.get(contestant, contestant)

    def threshold_in(self, name: str, language: str) -> str:
        """What a threshold is called in a language."""
        return self.threshold_names.get(name, {}).get(language) or name


@dataclass(frozen=True)
class MissionFacts:
    """Who speaks, of which polling, by which means. Dates are written as they are to be read."""

    title: str
    country: str
    organisation: str
    election: str
    polling_day: str
    kind: Kind
    scope: Scope
    response_threshold: float
    frozen_at: datetime
    observers: tuple[ObserverFacts, ...]
    checklists: tuple[ChecklistFacts, ...]
    samples: tuple[SampleFacts, ...] = ()
    """The main sample first; where there are two, one of each kind of observers."""
    software: str = "Indelible"
    demonstration: bool = False
    standing: MissionRegisters = NOTHING_ON_RECORD
    place: str = ""
    """Where the statement is issued."""
    days: tuple[date, ...] = ()
    """The polling days; where they are given, each language writes them itself."""
    stations: Mapping[str, StationNoun] = field(default_factory=dict)
    """What the mission calls a polling station, by language; else the language's first noun."""
    election_names: Texts = field(default_factory=dict)
    country_names: Texts = field(default_factory=dict)
    organisation_names: Texts = field(default_factory=dict)

    def election_in(self, language: str) -> str:
        """The election's name in a language, as it was given where it has none in it."""
        return self.election_names.get(language) or self.election

    def country_in(self, language: str) -> str:
        """The country's name in a language, as it was given where it has none in it."""
        return self.country_names.get(language) or self.country

    def organisation_in(self, language: str) -> str:
        """The organisation's name in a language, as it was given where it has none in it."""
        return self.organisation_names.get(language) or self.organisation

    def day_in(self, language: str) -> str:
        """The polling days as a language writes them, else as they were given."""
        written = [day_in_words(each, language) for each in self.days]
        return joined(written, language) if written else self.polling_day
