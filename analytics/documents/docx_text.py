"""Runs, styles and directions of a Word file, beneath what python-docx offers."""

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from analytics.documents.parts import Line, Run

if TYPE_CHECKING:
    from docx.document import Document as WordFile

SERIF, SANS, ARABIC = "Noto Serif", "Noto Sans", "Noto Naskh Arabic"
GREY = "554F62"
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
"""Marks without width that Word and others heed; few heed isolates."""
CULTURES = {"en": "en-GB", "fr": "fr-FR", "ar": "ar-SA", "es": "es-ES", "pt": "pt-PT"}
UNBROKEN = 24
"""So many letters of a number are never broken over two lines."""
ISOLATED = re.compile("([\u2066\u2067][^\u2066-\u2069]*\u2069)")
OWN_STYLES = {
    "Masthead": (SANS, 9.5, 0, 2),
    "Method": (SANS, 8.5, 3, 3),
    "Verdict": (SANS, 9.5, 2, 2),
    "Table Text": (SANS, 8.5, 1, 1),
}
"""Styles of paragraphs that Word does not have: font, size, points before and after."""
SIZES = {"Title": 22, "Heading 1": 13, "Heading 2": 11, "Heading 3": 10, "Caption": 9.5}


def element(name: str, /, **attributes: str) -> Any:
    """An element of WordprocessingML; attributes in the same namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def set_language(file: "WordFile", language: str) -> None:
    """The language in which the text is spelt and read aloud."""
    from docx.oxml.ns import qn

    found = file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in found.findall(qn("w:lang")):
        found.remove(old)
    culture = CULTURES[language]
    found.append(element("lang", val=culture, eastAsia=culture, bidi=culture))


def set_styles(file: "WordFile", *, backwards: bool) -> None:
    """The fonts and sizes of every style that a statement uses."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    black = RGBColor(0, 0, 0)
    _font(file.styles["Normal"], SERIF, 11 if backwards else 10)
    for name, (font, size, before, after) in OWN_STYLES.items():
        style: Any = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = file.styles["Normal"]
        _font(style, font, size)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
    for name, points in SIZES.items():
        style = file.styles[name]
        _font(style, SERIF if name == "Title" else SANS, points)
        style.font.color.rgb, style.font.italic = black, False
        style.font.bold = style.font.cs_bold = name != "Title"
    title = file.styles["Title"]
    for old in title.element.xpath("./w:pPr/w:pBdr | ./w:rPr/w:spacing | ./w:rPr/w:kern"):
        old.getparent().remove(old)
    notice: Any = file.styles["Intense Quote"]
    _font(notice, SANS, 10)
    for face in ("italic", "bold", "cs_italic", "cs_bold"):
        setattr(notice.font, face, False)
    notice.font.color.rgb = black
    for old in notice.element.xpath("./w:pPr/w:pBdr | ./w:pPr/w:ind | ./w:pPr/w:jc"):
        old.getparent().remove(old)
    bar = element("pBdr")
    side = "right" if backwards else "left"
    bar.append(element(side, val="single", sz="18", space="8", color="000000"))
    notice.element.get_or_add_pPr().insert_element_before(
        bar, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )
    notice.paragraph_format.space_before = notice.paragraph_format.space_after = Pt(4)
    _table_style(file)


def _font(style: Any, name: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = name, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:cs"), ARABIC)
    fonts.set(qn("w:hAnsi"), name)
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    properties.sz.addnext(element("szCs", val=str(round(size * 2))))


def _table_style(file: "WordFile") -> None:
    from docx.enum.style import WD_STYLE_TYPE

    style: Any = file.styles.add_style("Statement Table", WD_STYLE_TYPE.TABLE)
    style.base_style = file.styles["Normal Table"]
    properties = element("tblPr")
    borders = element("tblBorders")
    for edge in ("top", "bottom", "insideH"):
        borders.append(element(edge, val="single", sz="4", space="0", color="BBBBBB"))
    properties.append(borders)
    margins = element("tblCellMar")
    for edge in ("left", "right"):
        margins.append(element(edge, w="50", type="dxa"))
    properties.append(margins)
    style.element.append(properties)


def set_backwards(thing: Any, backwards: bool) -> None:
    """Let a paragraph or a table run from right to left."""
    if not backwards:
        return
    if hasattr(thing, "_tbl"):
        # Word wants the members of a table's properties in their order: this one is second.
        thing._tbl.tblPr.insert(1, element("bidiVisual"))
        return
    properties = thing._p.get_or_add_pPr()
    if not properties.xpath("./w:bidi"):
        properties.insert_element_before(
            element("bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
            "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
            "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl",
            "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
        )  # fmt: skip


def rule(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    """A line above (``top``) or below (``bottom``) a paragraph, in eighths of a point."""
    borders = element("pBdr")
    borders.append(element(side, val="single", sz=str(eighths), space="4", color=colour))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind",
        "w:jc", "w:rPr", "w:sectPr",
    )  # fmt: skip


def add_words(paragraph: Any, text: str, backwards: bool, *, bold: bool = False) -> None:
    """Plain text; what is isolated in it becomes a run with a direction of its own."""
    for piece in ISOLATED.split(text):
        if ISOLATED.fullmatch(piece):
            side = "rtl" if piece[0] == "\u2067" else "ltr"
            _bold(_directed(paragraph, piece[1:-1], side, backwards), bold)
        elif piece:
            _bold(_run(paragraph, piece, backwards), bold)


def add_line(
    paragraph: Any,
    line: Line,
    accent: str,
    backwards: bool,
    *,
    size: Any = None,
    bold: bool = False,
) -> None:
    """A line: numbers that lead somewhere underlined in the mission's colour, marks raised."""
    for piece in line:
        if piece.direction and (backwards or piece.direction == "rtl"):
            made = _directed(paragraph, piece.text, piece.direction, backwards)
        elif piece.style == "words" and not piece.link:
            before = len(paragraph.runs)
            add_words(paragraph, piece.text, backwards, bold=bold)
            for each in paragraph.runs[before:]:
                each.font.size = size
            continue
        else:
            space = " " if piece.style == "corrected" else ""
            made = _run(paragraph, space + piece.text, backwards)
        made.font.size = size
        _bold(made, bold and piece.style != "key")
        _looks(made, piece, accent)
        if piece.link:
            _leads(paragraph, made, piece.link)


def _looks(made: Any, piece: Run, accent: str) -> None:
    from docx.shared import RGBColor

    if piece.style == "number" and piece.link:
        made._r.get_or_add_rPr().append(element("u", val="single", color=accent))
    elif piece.style in ("mark", "corrected", "key"):
        made.font.superscript = True if piece.style != "key" else None
        made.font.color.rgb = RGBColor.from_string(GREY)


def _leads(paragraph: Any, made: Any, link: str) -> None:
    """Let a run lead to a bookmark of the file, or to an address."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn

    around = element("hyperlink")
    if link.startswith("#"):
        around.set(qn("w:anchor"), bookmark(link[1:]))
    else:
        where = paragraph.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        around.set(qn("r:id"), where)
    made._r.addprevious(around)
    around.append(made._r)


def bookmark(name: str) -> str:
    """The name of a bookmark: Word takes no more than 40 letters and digits."""
    return "place_" + sha256(name.encode()).hexdigest()[:24]


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """Let links of the file lead to a paragraph; ``number`` is the bookmark's own in the file."""
    start = element("bookmarkStart", id=str(number), name=bookmark(name))
    paragraph._p.append(start)
    start.addnext(element("bookmarkEnd", id=str(number)))


def _bold(run: Any, bold: bool) -> None:
    """Bold in both kinds of script, or as the style says."""
    run.bold = run.font.cs_bold = bold or None


def _run(paragraph: Any, text: str, backwards: bool) -> Any:
    run = paragraph.add_run(text)
    if backwards:
        run._r.get_or_add_rPr().append(element("rtl"))
    return run


def _directed(paragraph: Any, text: str, side: str, backwards: bool) -> Any:
    """A run that keeps a direction of its own, and lets what follows begin anew."""
    inside = re.sub("[\u2066-\u2069]", "", text)
    if len(inside) < UNBROKEN:
        inside = inside.replace(" ", "\u00a0").replace("–", "\u2060–\u2060")
    own = LEFT_TO_RIGHT if side == "ltr" else RIGHT_TO_LEFT
    around = RIGHT_TO_LEFT if backwards else LEFT_TO_RIGHT
    run = paragraph.add_run(f"{own}{inside}{own}{around}")
    if side == "rtl":
        run._r.get_or_add_rPr().append(element("rtl"))
    return run


def add_field(paragraph: Any, name: str) -> None:
    """A field that Word fills in, such as ``PAGE``."""
    run = paragraph.add_run()
    for kind in ("begin", "", "end"):
        if kind:
            run._r.append(element("fldChar", fldCharType=kind))
        else:
            words = element("instrText")
            words.text = name
            run._r.append(words)


def describe(thing: Any, alternative: str) -> None:
    """Say in words what a picture shows, or what a table holds."""
    if hasattr(thing, "_tbl"):
        thing._tbl.tblPr.append(element("tblCaption", val=alternative))
        return
    thing._inline.docPr.set("descr", alternative)
    for side in ("distT", "distB", "distL", "distR"):
        thing._inline.set(side, "0")
