"""One statement in several languages and formats: whole, readable, and refused where it is not."""

import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from analytics.documents import (
    Corrected,
    Correction,
    Document,
    Logo,
    as_json,
    render_docx,
    render_html,
    render_pdf,
)
from analytics.documents.document import bound_numbers
from analytics.documents.layout import direction_of
from analytics.statements.blocks import Annex, Figure, Heading, Paragraph, PlainText, Table
from schemas.problems import Refusal
from tests.analytics.documents.sarelia import ISSUED, TEXTS, statement
from tests.pictures import png

LANGUAGES = ["en", "fr", "ar"]
FORMATS: list[Callable[[Document], Any]] = [render_html, render_pdf, render_docx, as_json]
every_format = pytest.mark.parametrize("render", FORMATS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def changed(document: Document, kind: type, **values: Any) -> Document:
    """The document with the first block of a type changed."""
    at = next(n for n, each in enumerate(document.blocks) if isinstance(each, kind))
    blocks = list(document.blocks)
    blocks[at] = blocks[at].model_copy(update=values)
    return replace(document, blocks=blocks)


@every_format
@pytest.mark.parametrize("missing", ["alternative", "title"])
def test_a_figure_that_says_nothing_in_words_is_refused_by_name(
    render: Callable[[Document], Any], missing: str
) -> None:
    with pytest.raises(Refusal) as refused:
        render(changed(statement("en"), Figure, **{missing: " "}))
    assert refused.value.field == "voting-figure"


@every_format
def test_a_figure_of_a_number_that_the_snapshot_has_not_is_refused_by_name(
    render: Callable[[Document], Any],
) -> None:
    document = statement("en")
    without = {k: v for k, v in document.numbers.items() if k != "VO-GROUP"}
    with pytest.raises(Refusal, match="VO-GROUP") as refused:
        render(replace(document, numbers=without))
    assert refused.value.field == "voting-figure"


@every_format
def test_a_table_whose_rows_do_not_fit_is_refused_by_name(
    render: Callable[[Document], Any],
) -> None:
    table = Table(id="short", title="T", columns=("a", "b"), rows=(((),),))
    with pytest.raises(Refusal) as refused:
        render(replace(statement("en"), blocks=[table]))
    assert refused.value.field == "short"


@pytest.mark.parametrize("accent", ["violet", "#FFFF00"])
def test_a_colour_that_cannot_be_read_on_white_is_refused(accent: str) -> None:
    document = statement("en")
    with pytest.raises(Refusal, match="colour"):
        render_html(replace(document, masthead=replace(document.masthead, accent=accent)))


@every_language
@every_format
def test_a_statement_is_rendered_in_less_than_three_seconds(
    render: Callable[[Document], Any], language: str
) -> None:
    document = statement(language)
    render(document)
    began = time.process_time()
    render(document)
    assert time.process_time() - began < 3


@every_language
def test_the_page_has_its_language_one_title_and_annexes_that_can_be_found(language: str) -> None:
    page = html.document_fromstring(render_html(statement(language)))
    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language == "ar" else "ltr")
    assert [each.text_content() for each in page.iter("h1")] == [TEXTS[language]["headline"]]
    (annex,) = page.xpath("//section[contains(@id, 'annex')]")
    assert annex.xpath(".//th[@scope='col']")
    assert annex.xpath(".//th[@scope='row']")
    assert not page.xpath("//script | //link[@rel='stylesheet'] | //img[not(@alt)]")
    assert len(page.xpath("//@id")) == len(set(page.xpath("//@id")))
    described = page.xpath("//figure//*[local-name()='svg']")
    assert all(each.xpath("string(./*[local-name()='desc'])").strip() for each in described)


def test_numbers_in_a_page_from_right_to_left_are_isolated_by_their_own_direction() -> None:
    page = html.document_fromstring(render_html(statement("ar")))
    numbers = page.xpath("//span[@class='n']")
    assert numbers
    directions = {each.text_content(): each.xpath("./bdi/@dir") for each in numbers}
    assert directions["11% (8%–13%)"] == ["ltr"]
    assert directions["21 من 126"] == ["rtl"]


def test_the_direction_of_a_text_is_that_of_its_first_letter_outside_of_isolates() -> None:
    assert direction_of("11% (8%–13%)") == "ltr"
    assert direction_of("21 من 126") == "rtl"
    assert direction_of("1% (\u2067لا أكثر من 2%\u2069)") == "ltr"


def test_numbers_lead_to_pages_only_where_asked_and_marks_stand_in_drafts_only() -> None:
    out = html.document_fromstring(render_html(statement("en")))
    draft = html.document_fromstring(
        render_html(statement("en", published=False, link_base="numbers/"))
    )
    assert {each[:5] for each in out.xpath("//a[@class='n']/@href")} == {"#row-"}
    assert not out.xpath("//sup | //*[@class='draft']")
    assert "numbers/VO-ACCESS" in draft.xpath("//a[@class='n']/@href")
    assert "F2" in draft.xpath("//sup/text()")
    assert draft.xpath("string(//*[@class='draft'])") == "Draft. Not for publication."


def structure(reader: PdfReader) -> list[DictionaryObject]:
    """Every element of the tree of tags."""
    found, left = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        each = left.pop().get_object()
        if isinstance(each, list):
            left += each
        elif isinstance(each, DictionaryObject):
            found += [each] if "/S" in each else []
            left += [each["/K"]] if "/K" in each else []
    return found


@every_language
def test_the_pdf_is_tagged_and_has_language_title_header_cells_and_a_text_for_each_picture(
    language: str,
) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(statement(language))))
    root: Any = reader.trailer["/Root"]
    assert str(root["/Lang"]).startswith(language)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == TEXTS[language]["headline"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    tags = structure(reader)
    kinds = [str(each["/S"]) for each in tags]
    heads = [each for each in tags if each["/S"] == "/TH"]
    assert [heads[at]["/A"][0]["/Scope"] for at in range(4)] == ["/Column"] * 4
    assert len(heads) == 4
    assert {"/H1", "/Table", "/Caption", "/L", "/P"} <= set(kinds)
    pictures = [each for each in tags if each["/S"] == "/Figure"]
    assert len(pictures) == 4
    assert all(str(each["/Alt"]).strip() for each in pictures)
    assert TEXTS[language]["alternative"] in {str(each["/Alt"]) for each in pictures}
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    named = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts}
    assert {name for name in named if not name.startswith(("Noto", "LibertinusSerif"))} == set()


def test_letters_that_no_font_holds_are_refused_and_named() -> None:
    document = statement("en")
    head = replace(document.masthead, organisation="\U000e0101\U0001f9ff\u2ffa")
    with pytest.raises(Refusal, match="could not be displayed"):
        render_pdf(replace(document, masthead=head))


def test_pages_of_a_pdf_are_counted_and_each_page_of_a_draft_says_so() -> None:
    pages = PdfReader(io.BytesIO(render_pdf(statement("en", published=False)))).pages
    texts = [each.extract_text().replace("\u2066", "").replace("\u2069", "") for each in pages]
    assert all(f"{n} / {len(pages)}" in text for n, text in enumerate(texts, start=1))
    assert all("Draft. Not for publication." in text for text in texts)


@every_language
def test_the_docx_has_language_title_headings_header_rows_and_a_text_for_each_picture(
    language: str,
) -> None:
    file = docx.Document(io.BytesIO(render_docx(statement(language))))
    assert file.core_properties.title == TEXTS[language]["headline"]
    assert file.core_properties.language == language
    headings = [
        each.text for each in file.paragraphs if (each.style.name or "").startswith("Heading")
    ]
    assert TEXTS[language]["conclusions"] in headings
    assert TEXTS[language]["annex"] in headings
    (table,) = file.tables
    heads = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows]
    assert heads == [True, False, False, False]
    pictures = file.element.xpath("//wp:docPr")
    assert len(pictures) == 4
    assert all(each.get("descr").strip() for each in pictures)
    written = [each for each in file.paragraphs if each.text]
    backwards = [each for each in written if each._p.xpath("./w:pPr/w:bidi")]
    assert len(backwards) == (len(written) if language == "ar" else 0)
    members = [each.tag for each in table._tbl.tblPr]
    assert (members[1] == qn("w:bidiVisual")) == (language == "ar")
    assert (members[0], members[-1]) == (qn("w:tblStyle"), qn("w:tblCaption"))


@every_language
def test_every_word_of_the_statement_stands_in_the_page_and_in_the_docx(language: str) -> None:
    document = statement(language)
    page = html.document_fromstring(render_html(document)).text_content()
    file = docx.Document(io.BytesIO(render_docx(document)))
    written = "\n".join(each.text for each in file.paragraphs)
    hidden = dict.fromkeys(map(ord, "\u2060\u200e\u200f\u2066\u2067\u2069")) | {0xA0: " "}
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading):
            said = "".join(piece.text for piece in block.text)
            assert said in page
            assert said.translate(hidden) in written.translate(hidden)


def test_the_numbers_of_a_statement_are_the_same_in_every_language_and_in_its_json() -> None:
    bound = [set(bound_numbers(statement(each).blocks)) for each in LANGUAGES]
    assert bound[0] == bound[1] == bound[2]
    frozen = [as_json(statement(each))["snapshot"] for each in LANGUAGES]
    assert frozen[0] == frozen[1] == frozen[2]
    assert bound[0] <= set(frozen[0]["numbers"])


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_a_document_is_the_same_bytes_each_time(render: Callable[[Document], Any]) -> None:
    assert render(statement("fr")) == render(statement("fr"))


AWKWARD = "<b>bold</b> & #strong[x] $y$ *z* _u_ @ref \\ \"q\" 'a' // [k] \x00\x0b\ufffe{{ }}"


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_text_that_looks_like_markup_is_text(render: Callable[[Document], Any]) -> None:
    text = (PlainText(text=AWKWARD),)
    table = Table(id="t", title=AWKWARD, columns=(AWKWARD, "b"), rows=((text, text),), note=AWKWARD)
    blocks = [
        Heading(id="<i>", level=1, text=text),
        Paragraph(id="<i>", text=text),
        table,
        Annex(id="x", title=AWKWARD, blocks=(table,)),
    ]
    made = render(replace(statement("en"), blocks=blocks))
    shown = "*z* _u_ @ref"
    if render is render_html:
        page = html.document_fromstring(made)
        assert page.text_content().count(shown) >= 8
        assert not page.xpath("//article//b[text()='bold']")
    elif render is render_docx:
        file = docx.Document(io.BytesIO(made))
        assert sum(shown in each.text for each in file.paragraphs) == 8
    else:
        text_of = PdfReader(io.BytesIO(made)).pages[0].extract_text()
        assert shown in text_of


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_a_mission_s_sign_and_colour_stand_in_the_document(
    render: Callable[[Document], Any],
) -> None:
    document = statement("en")
    logo = Logo(png(), "image/png", "Sign of the assembly: a bridge")
    head = replace(document.masthead, logo=logo, accent="#0B5D3B")
    made = render(replace(document, masthead=head))
    if render is render_html:
        assert 'alt="Sign of the assembly: a bridge"' in made
        assert "#0B5D3B" in made
    elif render is render_docx:
        file = docx.Document(io.BytesIO(made))
        described = [each.get("descr") for each in file.element.xpath("//wp:docPr")]
        assert described[0] == "Sign of the assembly: a bridge"
    else:
        tags = structure(PdfReader(io.BytesIO(made)))
        assert "Sign of the assembly: a bridge" in {str(each.get("/Alt")) for each in tags}
    with pytest.raises(Refusal, match="alternative text"):
        render(replace(document, masthead=replace(head, logo=replace(logo, alternative=""))))


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_a_corrected_statement_says_over_its_text_when_where_and_what_changed(
    render: Callable[[Document], Any],
) -> None:
    where = "https://observers.example/statements/sarelia-2027/2"
    moved = (("the result was not posted", "21 of the 126", "18 of the 122"),)
    at = datetime(2027, 3, 19, 8, tzinfo=UTC)
    correction = Correction(where, at, frozenset({"CO-NOPOST"}), moved)
    text = words_of(render(replace(statement("en"), corrections=(correction,))))
    for each in (
        "Corrected on Friday",
        "the result was not posted: 21 of the 126 is now 18 of the 122",
        where,
    ):
        assert each in text
    assert text.index("Corrected on") < text.index(TEXTS["en"]["headline"])
    assert "Corrected on" not in words_of(render(statement("en")))


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_a_correction_leads_back_to_the_statement_that_it_corrects(
    render: Callable[[Document], Any],
) -> None:
    where = "https://observers.example/statements/sarelia-2027/1"
    of = Corrected(where, "preliminary", 1, datetime(2027, 3, 16, 12, tzinfo=UTC), 2)
    text = words_of(render(replace(statement("en"), corrects=of)))
    assert "Correction no. 2 of: Preliminary statement, Tuesday" in text
    assert where in text


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_a_text_that_nobody_has_read_says_so_and_the_place_stands_over_the_others(
    render: Callable[[Document], Any],
) -> None:
    document = statement("en")
    head = replace(document.masthead, unread=True, authority="the Commission", copied_at=ISSUED)
    text = words_of(render(replace(document, masthead=head)))
    assert "Nobody has read this text in English yet." in text
    assert "Copy given to the Commission, Tuesday" in text
    assert "Ilmar City, Tuesday" in words_of(render(document))
    assert "Nobody has read" not in words_of(render(document))


def words_of(made: Any) -> str:
    """What a page, a PDF or a Word file says, links included, without marks of direction."""
    if isinstance(made, str):
        page = html.document_fromstring(made)
        text = page.find("body").text_content() + " ".join(page.xpath("//@href"))
    elif made.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(made)).pages
        text = " ".join(" ".join(each.extract_text() for each in pages).split())
    else:
        text = "\n".join(each.text for each in docx.Document(io.BytesIO(made)).paragraphs)
    marks = "\u200e\u200f\u2060\u2066\u2067\u2068\u2069"
    return text.translate(dict.fromkeys(map(ord, marks)) | {0xA0: " "})
