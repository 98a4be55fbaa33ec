"""A document as one HTML page: no script, nothing loaded from elsewhere, with a print style."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import assert_never

import schemas
from analytics.documents.document import Document, Logo
from analytics.documents.layout import lay_out
from analytics.documents.parts import (
    AnnexPart,
    FigurePart,
    HeadingPart,
    Layout,
    Line,
    ListPart,
    Part,
    Run,
    TablePart,
    TextPart,
    VerdictPart,
)
from analytics.documents.pdf_file import qr
from analytics.statements.blocks import Annex
from schemas.words import LANGUAGES, N_, word

HERE = Path(__file__).parent
TOKENS = Path(schemas.__file__).parent / "design" / "tokens.css"
FILES = ("pdf", "docx", "json")
SHORT = ("html", "pdf", "docx")
"""What the text without its annexes is led to as."""
VERDICTS = {"consistent": "agree", "inconsistent": "differ", "cannot_determine": ""}


def render_html(document: Document) -> str:
    """The document as a page of its own. Raises :class:`Refusal` where it cannot be rendered."""
    layout = lay_out(document, for_screen=True)
    front = layout.front
    accent = document.masthead.accent
    style = stylesheet(accent)
    canonical = f'<link rel="canonical" href="{escape(front.address)}">' if front.address else ""
    return (
        f'<!DOCTYPE html><html lang="{front.language}" dir="{front.direction}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(front.title)}</title>{canonical}<style>{style}</style></head>"
        f'<body><main><article class="doc">{_head(layout, document.masthead.logo)}'
        f"{_elsewhere(document)}"
        f"{''.join(map(_part, layout.parts))}{_foot(layout)}"
        f"{_contents(layout)}"
        f"{''.join(map(_annex, layout.annexes))}</article></main></body></html>"
    )


@cache
def stylesheet(accent: str) -> str:
    """The page's one stylesheet, with the mission's colour on a light ground."""
    own = f":root{{--accent:{accent}}}"
    texts = (TOKENS.read_text("utf-8"), (HERE / "statement.css").read_text("utf-8"), own)
    return "\n".join(texts)


def style_source(accent: str) -> str:
    """What a content security policy must allow in ``style-src`` for a page in this colour."""
    digest = b64encode(sha256(stylesheet(accent).encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _head(layout: Layout, logo: Logo | None) -> str:
    front = layout.front
    picture = ""
    if logo is not None:
        data = b64encode(logo.content).decode()
        picture = (
            f'<img class="logo" alt="{escape(logo.alternative)}"'
            f' src="data:{logo.media};base64,{data}">'
        )
    draft = f'<p class="draft">{escape(front.draft)}</p>' if front.draft else ""
    lines = "".join(
        f'<p class="{name}">{escape(text)}</p>'
        for name, text in (
            ("dl", front.issued),
            ("dl", front.also),
            ("dl b", front.unread),
            ("dl b", front.embargo),
            ("dl b", front.alone),
        )
        if text
    )
    bars = "".join(
        f'<p class="bar"><a href="{escape(each.address)}">{escape(each.text)}</a>'
        f"{' ' if each.changes else ''}{escape(each.changes)}</p>"
        for each in front.notices
    )
    return (
        f'{draft}{bars}<header class="top">{picture}'
        f'<p class="who"><b>{_apart(front.organisation)}</b>'
        f"<br>{_apart(front.mission)}</p><p>{escape(front.kind)}<br>{escape(front.edition)}</p>"
        f"</header><h1>{escape(front.title)}</h1>{lines}"
    )


def _elsewhere(document: Document) -> str:
    """Of a published page: the way to the other languages, and to the same as files."""
    head = document.masthead
    if not head.published or not head.address:
        return ""
    here, at = document.language, escape(f"{head.address}?language=")
    links = [
        f'<a href="{at}{each}" lang="{each}" hreflang="{each}">{LANGUAGES[each]}</a>'
        for each in head.languages
        if each != here
    ]
    files = [f'<a href="{at}{here}&amp;to={to}">{to.upper()}</a>' for to in FILES]
    whole = f'<p class="else">{" · ".join(links + files)}</p>'
    if not any(isinstance(each, Annex) for each in document.blocks):
        return whole
    if not document.with_annexes:
        said = escape(word(here, N_("With the annexes")))
        return f'{whole}<p class="else"><a href="{at}{here}">{said}</a></p>'
    said = escape(word(here, N_("The text alone, without annexes:")))
    short = " · ".join(
        f'<a href="{at}{here}&amp;annexes=no&amp;to={to}">{to.upper()}</a>' for to in SHORT
    )
    return f'{whole}<p class="else">{said} {short}</p>'


def _contents(layout: Layout) -> str:
    """The annexes by their titles, between the text and them."""
    if not layout.annexes:
        return ""
    items = "".join(
        f'<li><a href="#{each.id}">{escape(each.title)}</a></li>' for each in layout.annexes
    )
    said = escape(layout.front.annexes)
    return f'<nav class="contents" aria-label="{said}"><h2>{said}</h2><ul>{items}</ul></nav>'


def _foot(layout: Layout) -> str:
    front = layout.front
    code = qr(front.address)
    drawn = (
        f'<div class="qr" role="img" aria-label="{escape(front.address_label)}">{code}</div>'
        if code
        else ""
    )
    address = (
        f'<br>{escape(front.address_label)}: <a href="{escape(front.address)}">'
        f'<bdi dir="ltr">{escape(front.address)}</bdi></a>'
        if front.address
        else ""
    )
    checks = "".join(f"<br>{escape(each)}" for each in front.checks)
    return f'<div class="ver">{drawn}<p><b>{escape(front.check)}</b>{checks}{address}</p></div>'


def _apart(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _run(run: Run) -> str:
    text = escape(run.text)
    if run.direction:
        text = f'<bdi dir="{run.direction}">{text}</bdi>'
    if run.style == "corrected":
        return f' <a class="fixed" href="{escape(run.link)}">{text}</a>'
    if run.style == "mark":
        return f"<sup>{text}</sup>"
    if run.style == "key":
        return f'<span class="key">{text}</span>'
    if run.style != "number":
        return text
    if run.link:
        return f'<a class="n" href="{escape(run.link)}">{text}</a>'
    return f'<span class="n">{text}</span>'


def _line(line: Line) -> str:
    return "".join(map(_run, line))


def _heading(part: HeadingPart) -> str:
    return f'<h{part.level} id="{part.id}">{_line(part.text)}</h{part.level}>'


def _text(part: TextPart) -> str:
    extra = ' role="note"' if part.role in ("notice", "method") else ""
    return f'<p id="{part.id}" class="{part.role}"{extra}>{_line(part.text)}</p>'


def _list(part: ListPart) -> str:
    items = "".join(f"<li>{_line(each)}</li>" for each in part.items)
    return f'<ul id="{part.id}" class="findings">{items}</ul>'


def _table(part: TablePart) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in part.columns)
    names = part.names or ("",) * len(part.rows)
    rows = "".join(
        (f'<tr id="{name}">' if name else "<tr>")
        + f'<th scope="row">{_line(row[0])}</th>'
        + "".join(f"<td>{_line(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for name, row in zip(names, part.rows, strict=True)
    )
    note = f'<p class="note">{escape(part.note)}</p>' if part.note else ""
    title = escape(part.title)
    return (
        f'<div class="wide" id="{part.id}" role="region" aria-label="{title}" tabindex="0">'
        f"<table><caption>{title}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}"
    )


def _figure(part: FigurePart) -> str:
    drawn = "".join(
        (f'<p class="label">{escape(each.label)}</p>' if each.label else "") + each.svg
        for each in part.pictures
    )
    return f'<figure id="{part.id}"><figcaption>{escape(part.title)}</figcaption>{drawn}</figure>'


def _verdict(part: VerdictPart) -> str:
    return (
        f'<div id="{part.id}" class="vd"><p class="verdict {VERDICTS[part.verdict]}">'
        f"<b>{part.sign}</b> {escape(part.word)}</p><p>{_line(part.text)}</p></div>"
    )


def _annex(part: AnnexPart) -> str:
    inside = "".join(map(_part, part.parts))
    kind = "annex lying" if part.lying else "annex"
    return f'<section id="{part.id}" class="{kind}"><h2>{escape(part.title)}</h2>{inside}</section>'


def _part(part: Part) -> str:
    match part:
        case HeadingPart():
            return _heading(part)
        case TextPart():
            return _text(part)
        case ListPart():
            return _list(part)
        case TablePart():
            return _table(part)
        case FigurePart():
            return _figure(part)
        case VerdictPart():
            return _verdict(part)
        case _:
            assert_never(part)
