"""An empty XForm instance, filled with answers to evaluate expressions on."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from mobile_forms.answers import lexical
from mobile_forms.outline import ROOT
from schemas.checklist import Definition, Question

Nested = dict[str, Any]
Write = Callable[[Any], str]

_FREE = frozenset({"text", "image", "hidden", "calculate"})
_WRITERS: dict[str, Write] = {"select_multiple": " ".join, "decimal": lexical}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True)
class Blank:
    """A form's instance as text with a place for each answer, made once and filled often.

    Writing text and parsing it is several times faster than copying a tree and setting nodes.
    """

    text: str
    places: tuple[tuple[str, Write], ...]

    @classmethod
    def of(cls, definition: Definition, expressions: Iterable[str] = ("//",)) -> "Blank":
        """The blank of a definition: questions at their paths, in order.

        Only those that an expression names, unless one may mean any node: half the work.
        """
        read = "\n".join(expressions)
        anything = any(each in read for each in ("//", "/*", "::"))
        tree: Nested = {}
        for each in definition.questions:
            if not each.repeat and (anything or each.path in read):
                _put(tree, each.path.split("/")[2:], each)
        places: list[tuple[str, Write]] = []
        text = _written(tree, definition.questions, places)
        return cls(f"<{ROOT}>{text}</{ROOT}>", tuple(places))

    def filled(self, answers: Mapping[str, Any]) -> "etree._Element":
        """The instance with these answers, each in the type of its question."""
        # A question without an answer keeps its element, empty; a repeat has none.
        return etree.fromstring(self.text % _texts(self.places, answers), _PARSER)


def _texts(places: Iterable[tuple[str, Write]], answers: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple([write(answers[name]) if name in answers else "" for name, write in places])


def _put(tree: Nested, path: list[str], question: Question) -> None:
    for group in path[:-1]:
        tree = tree.setdefault(group, {})
    tree[path[-1]] = question


def _written(tree: Nested, questions: tuple[Question, ...], places: list[tuple[str, Write]]) -> str:
    text = ""
    for name, inside in tree.items():
        if isinstance(inside, dict):
            text += f"<{name}>{_written(inside, questions, places)}</{name}>"
        elif inside.type == "repeat":
            places.append((name, _rows(inside, questions)))
            text += "%s"
        else:
            places.append((name, _writer(inside)))
            text += f"<{name}>%s</{name}>"
    return text


def _writer(question: Question) -> Write:
    if question.type in _FREE:
        return _free
    return _WRITERS.get(question.type, str)


def _free(value: Any) -> str:
    """A free text, without the few control characters that no XML document can hold."""
    return escape(_NOT_IN_XML.sub("", lexical(value)))


def _rows(repeat: Question, questions: tuple[Question, ...]) -> Write:
    """Writes the rows of a repeat, each like a small instance of its own."""
    tree: Nested = {}
    for each in questions:
        if each.repeat == repeat.name:
            _put(tree, each.path.removeprefix(f"{repeat.path}/").split("/"), each)
    places: list[tuple[str, Write]] = []
    text = f"<{repeat.name}>{_written(tree, (), places)}</{repeat.name}>"
    return lambda rows: "".join(text % _texts(places, row) for row in rows)
