"""Which sections a statement has, in which order: by its kind, and by who observes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.mission import Kind, Scope
from schemas.statement import StatementKind

Filled = Literal["person", "rules", "fixed"]


@dataclass(frozen=True)
class Section:
    """A section by its code. ``filled`` is who writes it; one that is ``required`` is never
    silent: without content it says that nothing was observed, or who left it out."""

    code: str
    filled: Filled = "person"
    required: bool = False
    level: Literal[2, 3] = 2
    alone: bool = True
    """Whether its heading stands over other sections, though it has no text of its own."""


def _persons(*codes: str) -> tuple[Section, ...]:
    return tuple(Section(each, required=True, level=3) for each in codes)


_STAGES = (
    Section("election_day", "rules"),
    Section("opening", "rules", required=True, level=3),
    Section("voting", "rules", required=True, level=3),
    Section("closing", "rules", level=3),
    Section("counting", "rules", required=True, level=3),
    Section("tabulation", "rules", required=True, level=3),
    Section("access", "rules", level=3),
    Section("incidents", "rules", required=True, level=3),
)
_BEFORE = (
    Section("pre_election", "rules"),
    *_persons(
        "legal_framework",
        "administration",
        "registration",
        "candidates",
        "campaign",
        "finance",
        "complaints",
        "media",
        "inclusion",
        "technology",
    ),
)
_ABOUT = (
    Section("conditions", "rules"),
    Section("about", "fixed", required=True),
    Section("departures", "fixed"),
    Section("thanks"),
    Section("method", "fixed", required=True),
)
_CONCLUSIONS = (Section("assessment"), Section("conclusions", "rules", required=True))
_INTERNATIONAL = (
    *_CONCLUSIONS,
    *_BEFORE,
    *_STAGES,
    Section("quick_count", "rules"),
    Section("observers"),
)
_CITIZEN = (
    Section("conclusions", "rules", required=True),
    Section("quick_count", "rules"),
    Section("pre_election", "rules", alone=False),
    *_STAGES,
    Section("limits", "fixed", required=True),
    Section("would_change", "rules"),
    Section("asks"),
)
_CORRECTION = (
    Section("what_was_wrong", required=True),
    Section("corrected", "rules", required=True),
    Section("unchanged", required=True),
    Section("how_found", required=True),
    Section("other_languages", required=True),
    Section("method", "fixed"),
)


def sections_of(kind: StatementKind, who: Kind) -> tuple[Section, ...]:
    """The sections of a kind of statement, in their order, of an international mission or of a
    citizen group."""
    body = _INTERNATIONAL if who is Kind.INTERNATIONAL else _CITIZEN
    recommendations = Section("recommendations", required=True)
    return {
        StatementKind.PRESENCE: (Section("mandate", required=True), *_ABOUT),
        StatementKind.INTERIM: (*_CONCLUSIONS, *_BEFORE, *_ABOUT),
        StatementKind.PRELIMINARY: (*body, *_ABOUT),
        StatementKind.FINAL: (*body, recommendations, *_ABOUT),
        StatementKind.AD_HOC: (
            Section("situation", required=True),
            Section("conclusions", "rules"),
            *_ABOUT,
        ),
        StatementKind.CORRECTION: _CORRECTION,
    }[kind]


def disclaimers_of(kind: StatementKind, scope: Scope) -> Iterator[str]:
    """What a kind of statement must say of its own limits."""
    if kind in (StatementKind.INTERIM, StatementKind.PRELIMINARY):
        yield "before_completion"
    if scope is not Scope.FULL:
        yield "scope"
    if kind is not StatementKind.CORRECTION:
        yield "not_endorsement"


@dataclass(frozen=True)
class LeftOut:
    """Who left a section out, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class CorrectedNumber:
    """A number of an earlier statement as published and as it is now; ``effect`` on the sentence
    is a person's, ``words`` what it changes to. ``moved`` is at how many it was seen, as published
    and now. ``said`` is how it was and is in each language,
    ``places`` and ``words_in`` the place and the words."""

    number_id: str
    place: str
    was: str
    now: str
    moved: str
    effect: Literal["stands", "weaker", "changes", "withdrawn"]
    words: str = ""
    said: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    words_in: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> tuple[str, str]:
        """How it was and how it is, as a language says it."""
        return self.said.get(language, (self.was, self.now))

    def place_in(self, language: str) -> str:
        """The place in the statement, as a language calls it."""
        return self.places.get(language) or self.place

    def changes_to(self, language: str) -> str:
        """What its sentence changes to in a language, as it was given where it has none in it."""
        return self.words_in.get(language) or self.words
