"""References to numbers in a wording: ``{estimate:CODE}``, ``{finding:CODE}``, ``{number:ID}``,
``{source:ID/FIGURE}``. Their numbers stay bound; a person writes around them.

The marks of words whose digits count nothing, such as ``{article:84}``, are those of
:mod:`analytics.statements.markdown`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from analytics.statements.markdown import EXEMPT, REFERENCES
from schemas.problems import Refusal

MARK = re.compile(rf"\{{({'|'.join((*REFERENCES, *EXEMPT))}):([^{{}}]{{1,300}})\}}")
BRACES = re.compile(r"[{}]")
TYPED = re.compile(r"\d[\d.,]*")
TYPED_NUMBER = (
    "“{number}” is typed. Name the finding or the source whose number it is, as {{finding:CODE}}, "
    "or mark it as a date or an article, as {{date:12 March}}."
)


def referred(text: str) -> Iterator[tuple[str, str]]:
    """The references of a wording in their order: kind and what it names."""
    for each in MARK.finditer(text):
        if each[1] in REFERENCES:
            yield each[1], each[2]


def check_words(words: Mapping[str, str], known: Collection[str]) -> None:
    """Raise :class:`Refusal` where a wording names a number that is not there, types one, or has a
    brace that belongs to no reference. ``known`` are codes of findings, and ``ID/FIGURE`` of
    sources."""
    for language, text in words.items():
        field = f"words.{language}"
        for kind, name in referred(text):
            if name not in known:
                raise Refusal(f"{{{kind}:{name}}} names no number here.", field)
        own = MARK.sub("", text)
        if BRACES.search(own):
            raise Refusal("A brace opens or closes no reference to a number.", field)
        if typed := TYPED.search(own):
            raise Refusal(TYPED_NUMBER.format(number=typed[0]), field)
        if "\0" in text:
            raise Refusal("A NUL cannot be kept.", field)


def replaced(text: str, written: Callable[[str, str], str]) -> list[tuple[bool, str]]:
    """A wording in parts: each its text, and whether it is a number; ``written`` says the number
    of a reference by its kind and what it names."""
    parts, at = list[tuple[bool, str]](), 0
    for each in MARK.finditer(text):
        bound = each[1] in REFERENCES
        said = written(each[1], each[2]) if bound else each[2]
        parts += [(False, text[at : each.start()]), (bound, said)]
        at = each.end()
    return [part for part in [*parts, (False, text[at:])] if part[1]]
