"""An XML instance as phones send it, read safely into a report.

What comes is not trusted: a size, a depth, a number of attributes, and no document type; all
counted by a parser that does nothing else, before anything is built.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from lxml import etree

from mobile_forms.outline import CONTEXT
from schemas.checklist import Definition, Question

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_ATTRIBUTES = 64
MAX_ELEMENTS = 20_000


class InstanceError(Exception):
    """Bytes that are no instance of a form. ``field`` names what is to blame, if anything."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.field = code, detail, field


@dataclass(frozen=True)
class Instance:
    """One instance: which form, which id, and its element, not yet read by any checklist."""

    form_id: str
    version: str | None
    instance_id: str
    deprecated_id: str | None
    context: dict[str, str]
    root: "etree._Element" = field(repr=False)


def read_instance(xml: bytes) -> Instance:
    """Read an instance. Raises :class:`InstanceError` where it is none, or over a limit."""
    if len(xml) > MAX_BYTES:
        raise InstanceError("too_large", f"At most {MAX_BYTES} bytes.", "xml_submission_file")
    _count(xml)
    root = _root(xml)
    form_id = root.get("id")
    if not form_id:
        raise InstanceError("not_an_instance", "The root element names no form.", "id")
    instance_id = _find(root, "meta", "instanceID")
    if not instance_id:
        raise InstanceError("not_an_instance", "There is no instance id.", "instanceID")
    return Instance(
        form_id=form_id,
        version=root.get("version"),
        instance_id=instance_id.removeprefix("uuid:"),
        deprecated_id=_find(root, "meta", "deprecatedID").removeprefix("uuid:") or None,
        context=dict(_leaves(root, CONTEXT)),
        root=root,
    )


def _root(xml: bytes) -> "etree._Element":
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        # Two parsers differ on little, such as a prefix that nothing declares.
        raise InstanceError("unparsable", f"It is not well-formed XML: {error}.") from None


def answers_of(instance: Instance, definition: Definition | None) -> dict[str, Any]:
    """The answers of an instance as a report has them: groups flat, repeats as lists.

    Every leaf is kept as text; a leaf that the checklist does not know keeps its name, so that
    it is found and named. A name that stands more than once and is no repeat becomes a list of
    its texts: nothing is lost, and the list is not of its question's type.
    """
    known = {each.name: each for each in definition.questions} if definition else {}
    answers: dict[str, Any] = {}
    for child in root_children(instance.root):
        _collect(child, known, answers)
    return answers


def root_children(root: "etree._Element") -> Iterator["etree._Element"]:
    """The elements that hold answers: all but the meta block and the context."""
    return (child for child in root if _local(child) not in ("meta", CONTEXT))


def _collect(element: "etree._Element", known: dict[str, Question], into: dict[str, Any]) -> None:
    name = _local(element)
    question = known.get(name)
    if question is not None and question.type == "repeat":
        row: dict[str, Any] = {}
        for child in element:
            _collect(child, known, row)
        into.setdefault(name, []).append(row)
    elif len(element):
        for child in element:
            _collect(child, known, into)
    elif element.text and element.text.strip():
        text, before = element.text.strip(), into.get(name)
        into[name] = text if before is None else [*_listed(before), text]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _leaves(root: "etree._Element", group: str) -> Iterator[tuple[str, str]]:
    for child in root:
        if _local(child) == group:
            for leaf in child:
                if leaf.text and leaf.text.strip():
                    yield _local(leaf), leaf.text.strip()


def _find(root: "etree._Element", *names: str) -> str:
    element = root
    for name in names:
        found = [child for child in element if _local(child) == name]
        if not found:
            return ""
        element = found[0]
    return (element.text or "").strip()


def _local(element: "etree._Element") -> str:
    return etree.QName(element).localname


def _count(xml: bytes) -> None:
    """Refuse what is not well formed, has a document type, or is deep, wide or many."""
    parser = expat.ParserCreate()
    counts = {"depth": 0, "elements": 0}

    def start(_: str, attributes: dict[str, str]) -> None:
        counts["depth"] += 1
        counts["elements"] += 1
        if counts["depth"] > MAX_DEPTH:
            raise InstanceError("too_deep", f"At most {MAX_DEPTH} levels.")
        if len(attributes) > MAX_ATTRIBUTES or counts["elements"] > MAX_ELEMENTS:
            raise InstanceError("too_wide", f"At most {MAX_ATTRIBUTES} attributes.")

    def end(_: str) -> None:
        counts["depth"] -= 1

    def doctype(*_: Any) -> None:
        raise InstanceError("doctype", "A document type is not allowed.")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InstanceError("unparsable", f"It is not well-formed XML: {error}.") from None
