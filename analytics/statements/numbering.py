"""Short ids of blocks: the same in every language and snapshot."""

from collections import Counter
from collections.abc import Iterable, Iterator

from analytics.statements.blocks import Block

SINGULAR = {"conclusions": "conclusion"}
"""Sections whose paragraphs are named in the singular."""
NAMED_ALONE = frozenset({"heading", "annex"})
"""Blocks that have the name of their section, or of their annex."""


def numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with an id each: that of the section for its heading, else with a number."""
    given: Counter[str] = Counter()
    for block in blocks:
        if block.id:
            yield block
            continue
        section = block.section or block.type
        if block.type in NAMED_ALONE:
            given[f"{section}/{block.type}"] += 1
            again = given[f"{section}/{block.type}"]
            name = section if again == 1 else f"{section}-{block.type}-{again}"
        else:
            stem = SINGULAR.get(section, section)
            if block.type not in ("paragraph", "disclaimer"):
                stem = f"{stem}-{block.type}"
            given[stem] += 1
            name = f"{stem}-{given[stem]}"
        yield block.model_copy(update={"id": name})
