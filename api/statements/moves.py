"""What moved between two snapshots: number by number, with the blocks that say each."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.statements import Block
from analytics.statements.blocks import Bound
from analytics.statements.markdown import SOURCE, References, bound_number
from analytics.statements.snapshot import Numbers
from api.statements.blocks import BlockNow, numbers_in

PASSING = frozenset({"as_of_sequence"})
"""What of a number's query says only when it was counted."""


@dataclass(frozen=True)
class Move:
    """A number that is another one: ``was`` and ``now`` as printed, None where it was not or is no
    more. ``printed`` says whether what is printed differs."""

    number_id: str
    was: str | None
    now: str | None
    blocks: tuple[str, ...]
    sections: tuple[str, ...]

    @property
    def printed(self) -> bool:
        """Whether a reader would see it."""
        return self.was != self.now

    def as_sent(self) -> dict[str, Any]:
        """For an answer."""
        return {
            "number_id": self.number_id,
            "was": self.was,
            "now": self.now,
            "printed": self.printed,
            "blocks": list(self.blocks),
            "sections": list(self.sections),
        }


def moves_between(was: Numbers, now: Numbers, blocks: Sequence[BlockNow]) -> list[Move]:
    """The numbers that some block says or will say and that are not the same, in the order of the
    blocks. Numbers are the same where all that was counted is, whenever that was."""
    places: dict[str, list[BlockNow]] = {}
    for each in blocks:
        for number_id in _numbers_of(each):
            places.setdefault(number_id, []).append(each)
    return [
        Move(
            number_id,
            _text(was, number_id),
            _text(now, number_id),
            tuple(dict.fromkeys(each.id for each in where)),
            tuple(dict.fromkeys(each.section for each in where)),
        )
        for number_id, where in places.items()
        if _counted(was, number_id) != _counted(now, number_id)
        and not (number_id.startswith(SOURCE) and number_id not in now)
    ]


def _numbers_of(block: BlockNow) -> list[str]:
    of = [numbers_in(block.block(language)) for language in block.contents]
    return list(dict.fromkeys(each for ids in of for each in ids))


def _text(numbers: Numbers, number_id: str) -> str | None:
    return numbers[number_id]["text"] if number_id in numbers else None


def _counted(numbers: Numbers, number_id: str) -> Any:
    """A number without what says only when and how it is worded. Of several findings said in one
    number the text is the number: its value is the largest of them."""
    if number_id not in numbers:
        return None
    words = set() if "members" in numbers[number_id] else {"text"}
    found = {name: each for name, each in numbers[number_id].items() if name not in words}
    query = found.get("query", {})
    return {**found, "query": {name: each for name, each in query.items() if name not in PASSING}}


def bounds_in(content: Any) -> Iterator[Bound]:
    """The numbers that stored blocks say, in their order."""
    if isinstance(content, Mapping):
        if content.get("type") == "bound":
            yield Bound.model_validate(content)
        content = list(content.values())
    if isinstance(content, list | tuple):
        for each in content:
            yield from bounds_in(each)


def bound_anew(
    content: Any, moved: Iterable[str], references: References, fresh: Sequence[Bound] = ()
) -> Any:
    """Stored blocks in which the numbers that moved are said as they are now: in the form nearest
    to the one that stood there among those of ``fresh``, a text composed anew in the same
    language; where it does not say the number, in its usual form."""
    ids = frozenset(moved)

    def walk(value: Any) -> Any:
        if isinstance(value, Mapping):
            if value.get("type") == "bound" and value.get("number_id") in ids:
                was = Bound.model_validate(value)
                said = _nearest(was, fresh) or bound_number(references, was.number_id)
                kept = {"mark": was.mark, "finding": was.finding}
                return said.model_copy(update=kept).model_dump(mode="json")
            return {name: walk(each) for name, each in value.items()}
        return [walk(each) for each in value] if isinstance(value, list | tuple) else value

    return walk(content)


def _nearest(was: Bound, fresh: Sequence[Bound]) -> Bound | None:
    """Of the same number the text whose form is the same, else one that is a share, or none, too:
    “seven”, “7 of 80” and “9%” may all be of one number."""
    own = [each for each in fresh if each.number_id == was.number_id]
    alike = [each for each in own if _form(each) == _form(was)]
    share = [each for each in own if ("%" in each.text) == ("%" in was.text)]
    return next(iter((*alike, *share)), None)


def _form(bound: Bound) -> str:
    return re.sub(r"\d+", "9", bound.text)


def as_now(texts: Mapping[str, Sequence[Block]], reference: str) -> list[BlockNow]:
    """Composed blocks in the shape of those that stand."""
    of = {language: {each.id: each for each in blocks} for language, blocks in texts.items()}
    return [
        BlockNow(
            each.id,
            at,
            each.section,
            1,
            {
                language: own[each.id].model_dump(mode="json")
                for language, own in of.items()
                if each.id in own
            },
        )
        for at, each in enumerate(texts[reference], 1)
    ]
