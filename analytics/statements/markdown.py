r"""A sentence as a line of Markdown with references, and back.

``{number:ID}`` is a number of the snapshot, ``{finding:CODE}`` that of a finding,
``{estimate:CODE}`` one that is an estimate, ``{source:ID}`` a figure of a source. ``{date:…}``,
``{article:…}``, ``{name:…}``, ``{hash:…}`` and ``{wording:…}`` hold words whose digits count
nothing. A brace or a backslash that is meant as such stands behind a backslash.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from analytics.statements.blocks import Bound, ExemptText, Piece, PlainText, Sentence, joined
from analytics.statements.ledger import from_data
from analytics.statements.snapshot import Numbers
from analytics.wording import ENGLISH, FORMATS, Format, say
from schemas.problems import Refusal

EXEMPT = get_args(ExemptText.model_fields["why"].annotation)
REFERENCES = ("number", "finding", "estimate", "source")
SOURCE = "source:"
"""How the ids of numbers begin that are bound to a source."""
_TOKEN = re.compile(
    r"\\(?P<literal>[\\{}])|\{(?P<kind>\w+):(?P<value>(?:\\[\\{}]|[^{}\\])*)\}"
    r"|(?P<words>[^\\{}]+)|(?P<stray>[\\{}])"
)


@dataclass(frozen=True)
class References:
    """What a reference may name: the numbers of the snapshot, the codes of its ``findings``, the
    ``marks`` printed beside numbers, and the numbers as they are said in the text now (``known``):
    one that stays keeps the form in which it is said."""

    numbers: Numbers
    language: str = "en"
    findings: Collection[str] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    known: Sequence[Bound] = ()

    def reader(self) -> "_Reader":
        """Resolves the references of one text, from its beginning."""
        return _Reader(self)


class _Reader:
    def __init__(self, references: References) -> None:
        self._of = references
        self._known: dict[str, list[Bound]] = {}
        for each in references.known:
            self._known.setdefault(each.number_id, []).append(each)

    def bound(self, kind: str, code: str) -> Bound:
        """The number that a reference names. Raises :class:`Refusal` naming it where there is
        none."""
        number_id = self._id(kind, code)
        said = self._known.get(number_id, [])
        if said:
            return said.pop(0) if len(said) > 1 else said[0]
        return bound_number(self._of, number_id)

    def _id(self, kind: str, code: str) -> str:
        numbers, here = self._of.numbers, {"source": SOURCE + code}.get(kind, code)
        named = f"{{{kind}:{code}}}"
        if here not in numbers:
            raise Refusal(f"{named} is not among the numbers of this statement.", "text")
        if kind == "estimate" and numbers[here].get("type") != "estimate":
            raise Refusal(f"{named} is a count, not an estimate.", "text")
        if kind == "finding" and here not in self._of.findings:
            raise Refusal(f"{named} is the number of no finding.", "text")
        return here


def bound_number(references: References, number_id: str) -> Bound:
    """A number of the snapshot as it is said in the references' language, in its usual form."""
    frozen = references.numbers[number_id]
    style = FORMATS.get(references.language, ENGLISH)
    text, value, margin = frozen["text"], frozen["text"], ""
    if frozen.get("type") in ("estimate", "count"):
        said = say(from_data(frozen), measure=frozen.get("speaks", "process"), style=style)
        text, value, margin = said.text, said.value, said.margin or said.out_of
    elif frozen.get("measure") == "fact" and frozen.get("of") is not None:
        text = value = f"{style.whole(frozen['value'])} {style.of} {style.whole(frozen['of'])}"
    elif number_id.startswith(SOURCE):
        text = value = _restyled(frozen["text"], style)
    counted = {name: frozen[name] for name in ("seen", "n") if frozen.get(name) is not None}
    if frozen.get("type") == "count":
        counted = {"seen": frozen["seen"], "n": frozen["of"]}
    return Bound(
        number_id=number_id,
        mark=references.marks.get(number_id, ""),
        text=text,
        value=value,
        margin=margin,
        measure=frozen.get("measure", "fact"),
        finding=number_id if number_id in references.findings else None,
        query={**frozen.get("query", {}), **counted},
    )


def _restyled(text: str, style: Format) -> str:
    """A plain figure as English prints it, ``1,234.5%``, in the marks of another language."""
    digits, _, decimals = text.removeprefix("-").rstrip("%").replace(",", "").partition(".")
    if not digits.isdigit():
        return text
    sign = "-" if text.startswith("-") else ""
    whole = sign + style.whole(int(digits)) + (style.decimal + decimals if decimals else "")
    return whole + (style.percent if text.endswith("%") else "")


def as_markdown(sentence: Sentence) -> str:
    """A sentence as it is written in the editor."""
    return "".join(_written(piece) for piece in sentence)


def _written(piece: Piece) -> str:
    if isinstance(piece, PlainText):
        return _escaped(piece.text)
    if isinstance(piece, ExemptText):
        return f"{{{piece.why}:{_escaped(piece.text)}}}"
    if piece.number_id.startswith(SOURCE):
        return f"{{source:{_escaped(piece.number_id.removeprefix(SOURCE))}}}"
    kind = "finding" if piece.finding == piece.number_id else "number"
    return f"{{{kind}:{_escaped(piece.number_id)}}}"


def from_markdown(text: str, references: References) -> Sentence:
    """The sentence of a line of Markdown. Raises :class:`Refusal` naming what is no reference."""
    reader = references.reader()
    return joined([piece for piece in _pieces(text, reader) if piece.text])


def _pieces(text: str, reader: _Reader) -> Iterator[Piece]:
    for token in _TOKEN.finditer(text):
        kind, value = token["kind"], _plain(token["value"] or "")
        if token["stray"]:
            near = text[token.start() : token.start() + 30]
            raise Refusal(
                f"“{near}” is no reference. Write \\{{ for a brace, \\\\ for a backslash.", "text"
            )
        if kind in REFERENCES:
            yield reader.bound(kind, value)
        elif kind in EXEMPT:
            yield ExemptText(text=value, why=kind)
        elif kind:
            known = ", ".join((*REFERENCES, *EXEMPT))
            raise Refusal(f"{{{kind}:{value}}}: there are {known}.", "text")
        else:
            yield PlainText(text=token["literal"] or token["words"])


def from_parts(parts: Iterable[Mapping[str, Any]], references: References) -> Sentence:
    """The sentence of parts as answers give them: ``{"type": "words" | "exempt" | "bound",
    "text", "number_id", "why"}``. Of a bound part only ``number_id`` counts. Raises
    :class:`Refusal`."""
    reader, pieces = references.reader(), list[Piece]()
    for part in parts:
        kind, text = part.get("type", "words"), part.get("text", "")
        if kind == "bound":
            pieces.append(reader.bound("number", str(part.get("number_id", ""))))
        elif not isinstance(text, str):
            raise Refusal("a part's text is words.", "text")
        elif kind == "words":
            pieces.append(PlainText(text=text))
        elif kind == "exempt" and part.get("why", "name") in EXEMPT:
            pieces.append(ExemptText(text=text, why=part.get("why", "name")))
        else:
            raise Refusal(f"a part is words, bound or exempt, not {kind!r}.", "text")
    return joined([each for each in pieces if each.text])


def _escaped(text: str) -> str:
    return re.sub(r"([\\{}])", r"\\\1", text)


def _plain(text: str) -> str:
    return re.sub(r"\\([\\{}])", r"\1", text)
