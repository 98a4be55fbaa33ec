"""What a rule finds: the place, the words and the gaps of its message."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from analytics.statements.lint.facts import Level
from analytics.statements.lint.reading import Place, Reading

WHOLE = Place("", "", "")
"""The place of what is wrong with the statement as a whole."""


@dataclass(frozen=True)
class Found:
    """One thing that a rule found. ``text`` is the key of its message among those of the rule;
    ``gaps`` fill the message, words of the catalogue among them translated."""

    place: Place = WHOLE
    words: str = ""
    numbers: tuple[str, ...] = ()
    text: str = ""
    level: Level = "error"
    gaps: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Reading], Iterator[Found]]
