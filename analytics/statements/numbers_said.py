"""How many numbers a text says, as its reader counts them: each once, wherever it is said again.

A number is a figure of what was found: a share with its interval, a count with what it is of, the
range of a merge, where a stage was followed, the results that came, a share of votes, cases. None
are the level and the scale, thresholds of the mission and of the law, what stands in tables and
annexes, and what the mission says of itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.statements.blocks import Block, Bound, ExemptText, Paragraph, Sentence, Verdict
from analytics.statements.facts import ContestCount, Incidents
from analytics.statements.front import incidents_told
from analytics.statements.ledger import Ledger
from analytics.statements.printing import Printer
from analytics.statements.speech import Speech
from analytics.statements.stage_findings import BEFORE, STAGES, Chosen, StageFindings
from analytics.statements.stages import access, stage_paragraphs
from analytics.statements.votes import bounds, in_conclusions, quick_counts
from schemas.mission import Kind

OF_FINDINGS = frozenset(
    {"conclusions", "quick_count", BEFORE, *STAGES, "access", "incidents", "would_change"}
)
"""The sections whose numbers are counted."""
GIVEN = ("level", "scale/", "response/", "threshold/")
"""How the ids of figures begin that were set and not found."""


@dataclass(frozen=True)
class Besides:
    """The ids of the numbers that a text says beside those of its findings: of the quick count and
    of incidents; those of the conclusions among them, and in how many paragraphs these say them."""

    text: frozenset[str] = frozenset()
    conclusions: frozenset[str] = frozenset()
    paragraphs: int = 0


NOTHING_BESIDES = Besides()


def numbers_besides(
    contests: Sequence[ContestCount], threshold: float, verified: Sequence[Incidents], own: Kind
) -> Besides:
    """What a text of a mission of a kind says of the quick count and of verified incidents."""
    printer = _printer()
    blocks = list(quick_counts(contests, threshold, printer))
    if own is not Kind.INTERNATIONAL:
        blocks += bounds(contests, threshold, printer)
    told = incidents_told(verified, ExemptText(text="", why="date"), printer)
    paragraphs = list(in_conclusions(contests, threshold, printer))
    key = numbers_in(paragraphs)
    return Besides(key | numbers_in(_sentences(blocks)) | numbers_in(told), key, len(paragraphs))


def numbers_of(
    stages: Sequence[StageFindings], chosen: Chosen, besides: Besides = NOTHING_BESIDES
) -> int:
    """How many numbers a text says of stages and of access, and ``besides``."""
    printer = _printer()
    said = [text for told in stages for text in stage_paragraphs(told, printer)]
    return len(numbers_in([*said, *access(chosen, printer)]) | besides.text)


def numbers_in_blocks(blocks: Iterable[Block], sections: Iterable[str] = OF_FINDINGS) -> set[str]:
    """The ids of the numbers that composed sections say."""
    wanted = frozenset(sections)
    return set(numbers_in(_sentences(each for each in blocks if each.section in wanted)))


def numbers_in(sentences: Iterable[Sentence]) -> frozenset[str]:
    """The ids of the numbers that sentences say."""
    return frozenset(
        piece.number_id
        for sentence in sentences
        for piece in sentence
        if isinstance(piece, Bound) and not piece.number_id.startswith(GIVEN)
    )


def _sentences(blocks: Iterable[Block]) -> list[Sentence]:
    return [each.text for each in blocks if isinstance(each, Paragraph | Verdict)]


def _printer() -> Printer:
    return Printer(Speech("en"), Ledger("en"))
