"""What the sections of a form are called, in each of its languages, read from its XForm."""

import re
from functools import lru_cache

from lxml import etree

from schemas.checklist import Texts

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_LABEL = re.compile(r"/([^/]+):label$")
_LANGUAGE = re.compile(r"\(([\w-]+)\)\s*$")
FORMS_KEPT = 64


@lru_cache(maxsize=FORMS_KEPT)
def section_labels(xform: str) -> dict[str, Texts]:
    """The label of each group by its name; nothing where the form cannot be read."""
    try:
        tree = etree.fromstring(xform.encode(), _PARSER)
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, Texts] = {}
    for translation in tree.iter("{*}translation"):
        said = translation.get("lang", "")
        language = _LANGUAGE.search(said)
        for text in translation.iter("{*}text"):
            name, value = _LABEL.search(text.get("id", "")), text.findtext("{*}value")
            if name and value:
                labels = found.setdefault(name.group(1), {})
                labels[language.group(1) if language else said] = value
    return found
