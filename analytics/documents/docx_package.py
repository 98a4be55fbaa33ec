"""A Word file around its text: what it says of itself, and the archive that it is."""

import io
import zipfile
from typing import TYPE_CHECKING

from analytics.documents.document import Document
from analytics.documents.docx_text import set_language, set_styles
from analytics.documents.parts import Layout

if TYPE_CHECKING:
    from docx.document import Document as WordFile

NEVER_CHANGED = (1980, 1, 1, 0, 0, 0)


def set_properties(file: "WordFile", document: Document, layout: Layout) -> None:
    """What a Word file says of itself: title, author, language, moment; and its styles."""
    front, core = layout.front, file.core_properties
    moment = (document.masthead.issued_at or document.masthead.frozen_at).replace(tzinfo=None)
    core.title, core.author, core.language = front.title, front.organisation, front.language
    core.subject, core.comments, core.last_modified_by = front.kind, front.draft, ""
    core.created = core.modified = moment
    core.version = front.edition
    set_language(file, front.language)
    set_styles(file, backwards=front.direction == "rtl")


def repacked(content: bytes) -> bytes:
    """The same archive without the hour at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as was, zipfile.ZipFile(out, "w") as now:
        for name in was.namelist():
            entry = zipfile.ZipInfo(name, NEVER_CHANGED)
            now.writestr(entry, was.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
