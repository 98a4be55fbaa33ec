"""A document as PDF/UA-1, set by typst: tagged, with its language, its title and a text for each
picture."""

import json
from dataclasses import asdict
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import segno

from analytics.documents.document import Document, Logo
from analytics.documents.layout import lay_out
from analytics.documents.parts import AnnexPart, FigurePart, Layout, Part, TablePart
from schemas.problems import Refusal

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
LETTER_LACKS = "could not be displayed"
"""Of typst's message where no font holds a letter."""


def render_pdf(document: Document) -> bytes:
    """The document as a tagged PDF of A4 pages, the same bytes for the same document.

    Raises :class:`Refusal` where it cannot be rendered, or has letters that no font here holds.
    """
    layout = lay_out(document)
    content = json.dumps(_data(document, layout), ensure_ascii=False)
    moment = document.masthead.issued_at or document.masthead.frozen_at
    return _compiled(
        HERE / "statement.typ",
        {"document": content},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(moment.timestamp()),
    )


def png(svg: str, width: float) -> bytes:
    """A figure as PNG in 220 dots per inch, ``width`` points wide, for files that hold no SVG."""
    inputs = {"svg": svg, "width": str(width)}
    return _compiled(HERE / "picture.typ", inputs, format="png", ppi=220)


def _compiled(source: Path, inputs: dict[str, str], **options: Any) -> bytes:
    """What typst makes with our fonts; with those of the machine too where ours lack a letter."""
    import typst  # 32 MB that only documents need

    for of_machine in (False, True):
        compiler = typst.Compiler(input=source, root=HERE, font_paths=_fonts(of_machine))
        try:
            made = compiler.compile(sys_inputs=inputs, **options)
        except typst.TypstError as error:
            if of_machine or LETTER_LACKS not in error.message:
                raise Refusal(f"This statement cannot be set: {error.message}.") from None
        else:
            assert isinstance(made, bytes)
            return made
    raise AssertionError


@cache
def _fonts(of_machine: bool) -> Any:
    """Our fonts, and Libertinus that typst brings; so that a PDF is the same on every machine."""
    import typst

    if not any(FONTS.glob("*.ttf")):
        raise Refusal("The fonts of documents are not built: run `make pages`.")
    return typst.Fonts(include_system_fonts=of_machine, font_paths=[FONTS])


def _data(document: Document, layout: Layout) -> dict[str, Any]:
    return {
        "front": asdict(layout.front),
        "accent": document.masthead.accent,
        "logo": _logo(document.masthead.logo),
        "qr": qr(layout.front.address),
        "parts": [_part(each) for each in layout.parts],
        "annexes": [
            {"lying": lying, "annexes": [_annex(each) for each in beside]}
            for lying, beside in groupby(layout.annexes, key=lambda each: each.lying)
        ],
    }


def qr(address: str) -> str | None:
    """The address as a QR code in SVG; None where there is none."""
    if not address:
        return None
    return segno.make(address, error="m").svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None
    )


def _logo(logo: Logo | None) -> dict[str, Any] | None:
    if logo is None:
        return None
    return {"content": list(logo.content), "alternative": logo.alternative}


def _annex(annex: AnnexPart) -> dict[str, Any]:
    """An annex; its figures stand beside each other below its text and tables."""
    figures = [_part(each) for each in annex.parts if isinstance(each, FigurePart)]
    parts = [_part(each) for each in annex.parts if not isinstance(each, FigurePart)]
    return {"id": annex.id, "title": annex.title, "parts": parts, "figures": figures}


def _part(part: Part) -> dict[str, Any]:
    data = asdict(part)
    if isinstance(part, FigurePart):
        for picture, drawn in zip(data["pictures"], part.pictures, strict=True):
            picture["width"], picture["height"] = drawn.width, drawn.height
    if isinstance(part, TablePart):
        data["weights"] = part.weights
    return data
