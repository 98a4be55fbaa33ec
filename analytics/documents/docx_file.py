"""A document as DOCX: heading styles, header rows that repeat, a text for each picture."""

import io
from typing import TYPE_CHECKING, Any, assert_never

import segno

from analytics.documents.document import Document
from analytics.documents.docx_package import repacked, set_properties
from analytics.documents.docx_text import (
    LEFT_TO_RIGHT,
    RIGHT_TO_LEFT,
    add_bookmark,
    add_field,
    add_line,
    add_words,
    describe,
    rule,
    set_backwards,
)
from analytics.documents.layout import lay_out
from analytics.documents.parts import (
    MANY_COLUMNS,
    FigurePart,
    HeadingPart,
    Layout,
    ListPart,
    Part,
    Run,
    TablePart,
    TextPart,
    VerdictPart,
)
from analytics.documents.pdf_file import png

if TYPE_CHECKING:
    from docx.document import Document as WordFile

WIDEST = 440.0
"""The widest a picture may be, in points."""
HIGHEST_PAGE, LOWEST_PAGE = 640.0, 390.0
"""The highest a picture may be on an upright page and on one lying on its side, in points."""
STYLES = {"notice": "Intense Quote", "method": "Method"}
"""The style of a paragraph by its role."""
CONTENTS = "annexes"
"""The name of the list of annexes."""


def render_docx(document: Document) -> bytes:
    """The document as a Word file, the same bytes for the same document.

    Raises :class:`Refusal` where it cannot be rendered.
    """
    import docx  # slow to load, and only documents need it

    layout = lay_out(document)
    file = docx.Document()
    set_properties(file, document, layout)
    _Writer(file, document, layout).write()
    out = io.BytesIO()
    file.save(out)
    return repacked(out.getvalue())


class _Writer:
    def __init__(self, file: "WordFile", document: Document, layout: Layout) -> None:
        from docx.shared import Mm, Pt

        self._mm, self._pt = Mm, Pt
        self._file, self._document, self._layout = file, document, layout
        self._backwards = layout.front.direction == "rtl"
        self._bookmarks, self._lying = 0, False
        self._accent = document.masthead.accent.lstrip("#")
        # Looked up by name, a style is searched for among all of Word's at every paragraph.
        self._styles = {each.name: each.style_id for each in file.styles}

    def write(self) -> None:
        section = self._file.sections[0]
        self._page(section, lying=False)
        self._edges(section)
        self._front()
        for part in self._layout.parts:
            self._part(part)
        self._foot()
        self._annexes()

    def _page(self, section: Any, *, lying: bool) -> None:
        from docx.enum.section import WD_ORIENT

        self._lying = lying
        sides = (self._mm(297), self._mm(210)) if lying else (self._mm(210), self._mm(297))
        section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = sides
        section.left_margin = section.right_margin = self._mm(22)
        section.top_margin = section.bottom_margin = self._mm(20)

    def _edges(self, section: Any) -> None:
        """The line of a draft above each page; who speaks and the page's number below."""
        front = self._layout.front
        above, below = section.header.paragraphs[0], section.footer.paragraphs[0]
        self._words(above, front.draft)
        self._words(below, front.footer)
        pages = section.footer.add_paragraph()
        pages.add_run(LEFT_TO_RIGHT)
        for name, between in (("PAGE", " / "), ("NUMPAGES", "")):
            add_field(pages, name)
            pages.add_run(f"{LEFT_TO_RIGHT}{between}{LEFT_TO_RIGHT}")
        for edge in (above, below, pages):
            edge.style = "Method"
            set_backwards(edge, self._backwards)

    def _front(self) -> None:
        front, logo = self._layout.front, self._document.masthead.logo
        self._notices()
        if logo is not None:
            place = self._paragraph("Normal").add_run()
            shown = place.add_picture(io.BytesIO(logo.content), height=self._mm(14))
            describe(shown, logo.alternative)
        self._words(self._paragraph("Masthead"), front.organisation, bold=True)
        for text in (front.mission, f"{front.kind}. {front.edition}"):
            self._words(self._paragraph("Masthead"), text)
        rule(self._file.paragraphs[-1], "bottom", self._accent, 18)
        self._words(self._paragraph("Title"), front.title)
        for text in (front.issued, front.also):
            if text:
                self._words(self._paragraph("Masthead"), text)
        if front.annexes:
            where = self._paragraph("Masthead")
            self._line(where, (Run(front.annexes, link=f"#{CONTENTS}"),))
        for text in (front.unread, front.embargo, front.alone):
            if text:
                self._words(self._paragraph("Masthead"), text, bold=True)

    def _notices(self) -> None:
        """The bars over a text that was corrected, or that corrects another."""
        for each in self._layout.front.notices:
            bar = self._paragraph("Masthead")
            rule(bar, "top", "000000", 6)
            self._words(bar, each.text, bold=True)
            if each.changes:
                self._words(self._paragraph("Masthead"), each.changes)
            where = self._paragraph("Masthead")
            add_line(where, (Run(each.address, direction="ltr"),), self._accent, self._backwards)
            rule(where, "bottom", "000000", 6)

    def _foot(self) -> None:
        front = self._layout.front
        first = self._paragraph("Masthead")
        rule(first, "top", self._accent, 18)
        self._words(first, front.check, bold=True)
        for text in front.checks:
            self._words(self._paragraph("Masthead"), text)
        if not front.address:
            return
        line = self._paragraph("Masthead")
        self._words(line, f"{front.address_label}: ")
        add_line(line, (Run(front.address, direction="ltr"),), self._accent, self._backwards)
        code = io.BytesIO()
        segno.make(front.address, error="m").save(code, kind="png", scale=6, border=0)
        code.seek(0)
        shown = self._paragraph("Masthead").add_run().add_picture(code, height=self._mm(18))
        describe(shown, f"{front.address_label}: {front.address}")

    def _annexes(self) -> None:
        """The annexes after a list of them; new pages begin where these turn on their side."""
        from docx.enum.section import WD_SECTION

        annexes = self._layout.annexes
        for annex in annexes:
            if annex is annexes[0] or annex.lying is not self._lying:
                self._page(self._file.add_section(WD_SECTION.NEW_PAGE), lying=annex.lying)
            if annex is annexes[0]:
                self._contents()
            title = self._paragraph("Heading 1")
            self._words(title, annex.title)
            self._mark(title, annex.id)
            for part in annex.parts:
                self._part(part)

    def _contents(self) -> None:
        head = self._paragraph("Heading 1")
        self._words(head, self._layout.front.annexes)
        self._mark(head, CONTENTS)
        for annex in self._layout.annexes:
            self._line(self._paragraph("Masthead"), (Run(annex.title, link=f"#{annex.id}"),))

    def _mark(self, paragraph: Any, name: str) -> None:
        self._bookmarks += 1
        add_bookmark(paragraph, name, self._bookmarks)

    def _part(self, part: Part) -> None:
        match part:
            case HeadingPart():
                self._line(self._paragraph(f"Heading {part.level - 1}"), part.text)
            case TextPart():
                words = self._paragraph(STYLES.get(part.role, "Normal"))
                self._line(words, part.text)
                self._mark(words, part.id)
            case ListPart():
                self._list(part)
            case TablePart():
                self._table(part)
            case FigurePart():
                self._figure(part)
            case VerdictPart():
                self._words(self._paragraph("Verdict"), f"{part.sign} {part.word}", bold=True)
                self._line(self._paragraph("Verdict"), part.text)
            case _:
                assert_never(part)

    def _list(self, part: ListPart) -> None:
        for item in part.items:
            self._line(self._paragraph("List Bullet"), item)

    def _table(self, part: TablePart) -> None:
        caption = self._paragraph("Caption")
        caption.paragraph_format.keep_with_next = True
        self._words(caption, part.title)
        table = self._file.add_table(rows=0, cols=len(part.columns), style="Statement Table")
        size = self._pt(7) if len(part.columns) > MANY_COLUMNS else self._pt(8.5)
        self._row(table, tuple((Run(each),) for each in part.columns), size, head=True)
        names = part.names or ("",) * len(part.rows)
        for name, row in zip(names, part.rows, strict=True):
            made = self._row(table, row, size)
            if name:
                self._mark(made.cells[0].paragraphs[0], name)
        self._widths(table, part.weights)
        set_backwards(table, self._backwards)
        describe(table, part.title)
        if part.note:
            self._words(self._paragraph("Method"), part.note)

    def _widths(self, table: Any, weights: tuple[int, ...]) -> None:
        """Columns as wide beside each other as their texts ask for."""
        section: Any = self._file.sections[-1]
        whole = section.page_width - section.left_margin - section.right_margin
        table.autofit = False
        widths = [whole * weight // sum(weights) for weight in weights]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width

    def _row(self, table: Any, cells: Any, size: Any, *, head: bool = False) -> Any:
        from docx.oxml import OxmlElement

        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, line in zip(row.cells, cells, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph._p.style = self._styles["Table Text"]
            set_backwards(paragraph, self._backwards)
            add_line(paragraph, line, self._accent, self._backwards, size=size, bold=head)
        return row

    def _figure(self, part: FigurePart) -> None:
        caption = self._paragraph("Caption")
        caption.paragraph_format.keep_with_next = True
        self._words(caption, part.title)
        for picture in part.pictures:
            if picture.label:
                label = self._paragraph("Method")
                label.paragraph_format.keep_with_next = True
                self._words(label, picture.label)
            tallest = LOWEST_PAGE if self._lying else HIGHEST_PAGE
            width = min(picture.width * 0.8, WIDEST, picture.width / picture.height * tallest)
            drawn = io.BytesIO(png(picture.svg, width))
            place = self._paragraph("Normal")
            if self._backwards:  # else a small picture may stand at the left
                self._words(place, RIGHT_TO_LEFT)
            shown = place.add_run().add_picture(drawn, width=self._pt(width))
            describe(shown, picture.alternative)

    def _paragraph(self, style: str) -> Any:
        paragraph = self._file.add_paragraph()
        paragraph._p.style = self._styles[style]
        set_backwards(paragraph, self._backwards)
        return paragraph

    def _words(self, paragraph: Any, text: str, *, bold: bool = False) -> None:
        set_backwards(paragraph, self._backwards)
        add_words(paragraph, text, self._backwards, bold=bold)

    def _line(self, paragraph: Any, line: tuple[Run, ...]) -> None:
        add_line(paragraph, line, self._accent, self._backwards)
