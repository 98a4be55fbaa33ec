"""The annexes of a document: numbers lead to their rows, and a text may stand without them."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html
from pypdf import PdfReader

from analytics.documents import (
    Correction,
    Document,
    as_json,
    render_docx,
    render_html,
    render_pdf,
)
from analytics.documents.layout import lay_out
from analytics.documents.parts import FigurePart
from analytics.statements.blocks import (
    Annex,
    Bound,
    ExemptText,
    Figure,
    Paragraph,
    PlainText,
    Table,
)
from tests.analytics.documents.sarelia import TEXTS, bound, statement
from tests.analytics.documents.test_documents import words_of

ROW = "row-VO-ACCESS"
FINDING = "VO-ACCESS"


def with_finding(document: Document) -> Document:
    """The statement with an annex whose row is that of a finding, and a number that is said of it
    and of another."""
    merged = Bound(
        number_id="merge/1", mark="F99", text="1 to 2%", value="1", measure="fact", query={}
    )
    numbers = {**document.numbers, "merge/1": {"text": "1 to 2%", "members": [FINDING]}}
    row = (
        (PlainText(text="No access"),),
        (bound(FINDING, "en").model_copy(update={"finding": FINDING}),),
    )
    figure = next(each for each in document.blocks if isinstance(each, Figure))
    blocks = (
        Paragraph(id="one", text=(PlainText(text="Seen at "), merged)),
        Paragraph(id="two", text=(PlainText(text="At "), bound(FINDING, "en"))),
        Paragraph(id="three", text=(PlainText(text="At "), bound("TR-ACCESS", "en"))),
        figure.model_copy(update={"section": "annex-b", "id": "drawn"}),
        Annex(
            id="annex-b",
            title="Annex B",
            section="annex-b",
            blocks=(Table(id="t", title="Findings", columns=("What", "Number"), rows=(row,)),),
        ),
    )
    return replace(document, blocks=blocks, numbers=numbers)


def test_a_number_of_a_page_leads_to_the_row_that_holds_it_which_has_its_marks() -> None:
    page = html.document_fromstring(render_html(with_finding(statement("en"))))
    links = {each.text_content(): each.get("href") for each in page.xpath("//a[@class='n']")}
    assert links == {"1 to 2%": f"#{ROW}", bound(FINDING, "en").text: f"#{ROW}"}
    (row,) = page.xpath(f"//tr[@id='{ROW}']")
    assert row.xpath("string(.//*[@class='key'])") == "F2, F99"
    assert not row.xpath(".//a")
    (plain,) = page.xpath("//p[@id='three']/span[@class='n']")
    assert plain.text_content() == bound("TR-ACCESS", "en").text


@pytest.mark.parametrize("with_annexes", [True, False])
def test_a_number_that_no_annex_holds_leads_to_its_row_in_a_table_of_the_text(
    with_annexes: bool,
) -> None:
    document = with_finding(statement("en"))
    row = ((PlainText(text="View"),), (bound("TR-ACCESS", "en"),))
    table = Table(id="views", title="Views", columns=("What", "Number"), rows=(row,))
    blocks = (*document.blocks[:3], table, *document.blocks[3:])
    made = render_html(replace(document, blocks=blocks, with_annexes=with_annexes))
    page = html.document_fromstring(made)
    assert page.xpath("//p[@id='three']/a/@href") == ["#row-TR-ACCESS"]
    (found,) = page.xpath("//tr[@id='row-TR-ACCESS']")
    assert not found.xpath(".//a | .//*[@class='key']"), "a row does not lead to itself"


def test_a_number_of_a_pdf_leads_to_the_page_of_its_row() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(with_finding(statement("en")))))
    links = [each.get_object() for each in reader.pages[0]["/Annots"]]
    inside = [each for each in links if "/Dest" in each or each["/A"]["/S"] == "/GoTo"]
    assert len(inside) == 3, "two numbers, and the line that says where the annexes are"
    assert "Annexes: pages 2 to 2." in words_of(render_pdf(with_finding(statement("en"))))


def test_a_number_of_a_docx_leads_to_the_bookmark_of_its_row() -> None:
    file = docx.Document(io.BytesIO(render_docx(with_finding(statement("en")))))
    marks = set(file.element.xpath("//w:bookmarkStart/@w:name"))
    links = file.element.xpath("//w:hyperlink")
    assert {each.get(qn("w:anchor")) for each in links} - {None} <= marks
    texts = {"".join(each.xpath(".//w:t/text()")).strip("\u200e") for each in links}
    assert {"1 to 2%", "Annexes", "Annex B"} <= texts
    assert all(len(each) <= 40 for each in marks)
    linked = {each.getparent() for each in file.element.xpath("//w:r[w:rPr/w:u]")}
    assert {each.tag for each in linked} == {qn("w:hyperlink")}, "nothing else looks like a link"


def test_a_figure_of_an_annex_stands_in_it() -> None:
    layout = lay_out(with_finding(statement("en")))
    assert not any(isinstance(each, FigurePart) for each in layout.parts)
    (annex,) = layout.annexes
    assert [each.id for each in annex.parts if isinstance(each, FigurePart)] == ["drawn"]


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_a_figure_says_which_of_its_numbers_was_corrected_since(
    render: Callable[[Document], Any],
) -> None:
    at = datetime(2027, 3, 19, 8, tzinfo=UTC)
    correction = Correction("https://observers.example/2", at, frozenset({"VO-GROUP"}))
    document = replace(statement("en"), corrections=(correction,))
    figures = [each for each in lay_out(document).parts if isinstance(each, FigurePart)]
    (said,) = [each.alternative for each in figures[0].pictures]
    label = TEXTS["en"]["VO-GROUP"]
    assert said.endswith(f"{label} (corrected since)")
    assert f"{label} (corrected since)" in figures[0].pictures[0].svg
    assert render(document)


@pytest.mark.parametrize("render", [render_html, render_pdf, render_docx])
def test_a_text_without_annexes_says_where_they_are_and_leads_there(
    render: Callable[[Document], Any],
) -> None:
    whole = with_finding(statement("en"))
    alone = replace(whole, with_annexes=False)
    text = words_of(render(alone))
    assert "This is the text alone. Its annexes stand at the permanent address." in text
    assert "Annex B" not in text
    assert "Annex B" in words_of(render(whole))
    head = replace(alone.masthead, address="", published=False)
    assert "This is the text alone, without its annexes." in words_of(
        render(replace(alone, masthead=head))
    )


def test_numbers_of_a_text_without_annexes_lead_to_the_rows_at_the_permanent_address() -> None:
    document = replace(with_finding(statement("en")), with_annexes=False)
    page = html.document_fromstring(render_html(document))
    (link,) = set(page.xpath("//a[@class='n']/@href"))
    assert link == f"{document.masthead.address}?language=en#{ROW}"


def test_json_without_annexes_holds_none_and_says_so() -> None:
    whole = with_finding(statement("en"))
    made = as_json(replace(whole, with_annexes=False))
    assert [each["id"] for each in made["blocks"]] == ["one", "two", "three"]
    assert made["annexes"] is False
    assert as_json(whole)["annexes"] is True


def test_a_published_page_leads_to_its_text_alone_as_page_pdf_and_docx() -> None:
    page = html.document_fromstring(render_html(statement("en")))
    links = page.xpath("//a[contains(@href, 'annexes=no')]/@href")
    assert [each.rpartition("=")[2] for each in links] == ["html", "pdf", "docx"]
    assert page.xpath("//nav//a/@href") == ["#annex-b"]


def test_the_hash_of_a_form_breaks_inside_its_column_and_is_copied_as_it_is() -> None:
    hash_of_form = "0123456789abcdef" * 4
    cell = (ExemptText(text=hash_of_form, why="hash"),)
    columns = ("Checklist", "Version", "Form", "Rules", "Signed", "Sealed")
    table = Table(id="t", title="Forms", columns=columns, rows=((cell,) * len(columns),))
    reader = PdfReader(io.BytesIO(render_pdf(replace(statement("en"), blocks=(table,)))))
    lines = reader.pages[0].extract_text().split("\n")
    assert not [each for each in lines if hash_of_form in each], "it would run over the next column"
    assert sum(each.count(hash_of_form[:8]) for each in lines) >= len(columns)
    assert not any("\u200b" in each for each in lines)
