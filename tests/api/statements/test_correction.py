"""A correction: old, new, cause and effect, linked both ways; what is out stays as it is."""

import io
from typing import Any
from uuid import UUID

import httpx
from lxml import html
from pypdf import PdfReader

from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import Excluding, shown
from tests.api.statements.test_release import clean, cleaned

__all__ = ["clean"]
READ, COPY = {"read": ["en", "fr", "ar"]}, {"authority": "Commission"}
CAUSE = "Reports of another day were counted."
WRONG_DAY = "احتُسبت تقارير من يوم آخر."


async def test_a_published_number_is_corrected_by_a_statement_of_its_own(
    asking: httpx.AsyncClient, clean: UUID, country: SmallCountry, excluding: Excluding
) -> None:
    place, manager = f"statements/{clean}", country.bearer("data_manager")
    causes = {"en": CAUSE, "fr": "Des rapports d’un autre jour ont été comptés.", "ar": WRONG_DAY}
    given: dict[str, Any] = {"cause": causes, "items": [{"number_id": "x", "effect": "stands"}]}
    early = await asking.post(f"{place}/corrections", json=given)
    assert early.status_code == 409
    await asking.post(f"{place}/review", json={}, headers=manager)
    await asking.post(f"{place}/approval", json=READ, headers=country.bearer("deputy"))
    assert (await asking.post(f"{place}/release", json=COPY)).status_code == 200
    original = await shown(asking, clean)
    unknown = await asking.post(f"{place}/corrections", json=given)
    assert (unknown.status_code, unknown.json()["field"]) == (422, "items")
    said = {
        part["number_id"]
        for block in original["blocks"]
        for part in block["text"]
        if part["type"] == "bound"
    }
    findings = (await asking.get("findings?limit=1000")).json()["items"]
    used = [each for each in findings if each["code"] in said and len(each["reports"]) > 3]
    finding = used[-1]
    for report in finding["reports"][:3]:
        await excluding(report)
    item = {"number_id": finding["code"], "effect": "changes"}
    wordless = await asking.post(f"{place}/corrections", json={**given, "items": [item]})
    assert (wordless.status_code, wordless.json()["field"]) == (422, "words")
    item["words"] = {"de": "Es war so."}
    foreign = await asking.post(f"{place}/corrections", json={**given, "items": [item]})
    assert (foreign.status_code, foreign.json()["field"]) == (422, "words")
    item["words"] = {"en": "It was seen.", "fr": "Cela a été vu."}
    made = await asking.post(f"{place}/corrections", json={**given, "items": [item]})
    assert made.status_code == 201, made.text
    (moved,) = made.json()["items"]
    again = await asking.post(f"statements/{made.json()['id']}/snapshot")
    assert (again.status_code, "draft another" in again.json()["detail"]) == (409, True)
    assert moved["old"] == original["snapshot"]["numbers"][finding["code"]]["text"]
    assert moved["new"] != moved["old"]
    assert moved["blocks"]
    correction = await shown(asking, UUID(made.json()["id"]))
    assert (correction["kind"], correction["corrects"]) == ("correction", str(clean))
    assert correction["title"] == f"Correction: {original['title']}"
    everything = "".join(part["text"] for each in correction["blocks"] for part in each["text"])
    assert all(
        each in everything for each in (CAUSE, moved["old"], moved["new"], item["words"]["en"])
    )
    (table,) = country.execute(
        "SELECT contents -> 'fr' -> 'rows' FROM statement_block"
        " WHERE statement_id = %s AND contents -> 'fr' ->> 'type' = 'table'",
        correction["id"],
    )
    first, *_, effect = ("".join(part["text"] for part in cell) for cell in table[0][0])
    assert first.startswith("Annexe")
    assert effect.endswith("Cela a été vu.")
    again = await shown(asking, clean)
    assert again["corrected_by"] == [correction["id"]]
    assert {**again, "corrected_by": []} == {**original, "corrected_by": []}
    arabic = next(each["texts"]["ar"] for each in correction["blocks"] if each["type"] == "table")
    assert finding["phrase"]["ar"] in "".join(part["text"] for part in arabic)
    inside = f"/missions/{country.slug}/statements/{clean}"
    wrong = await counted_otherwise(asking, inside)
    assert finding["code"] in wrong
    await the_public_page_leads_there_and_back(asking, country, clean, correction)
    assert await counted_otherwise(asking, inside) == wrong - {finding["code"]}


async def counted_otherwise(asking: httpx.AsyncClient, path: str) -> set[str]:
    """The numbers of which the pages of a published statement say that they are others now."""
    for each in (path, path.rpartition("/")[0]):
        assert "counted otherwise now" in (await page(asking, each)).text_content()
    (form,) = (await page(asking, f"{path}/release")).xpath("//form[@class='correct']")
    assert "“" in form.text_content(), "no sentence is shown that says one of them"
    names = form.xpath(".//select/@name")
    return {each.removeprefix("effect:") for each in names}


async def the_public_page_leads_there_and_back(
    asking: httpx.AsyncClient,
    country: SmallCountry,
    original: UUID,
    correction: dict[str, Any],
) -> None:
    """Nothing is said of a correction that is a draft; a published one is dated and linked at each
    number that it moves, and the text stays to the letter."""
    base = f"/statements/{country.slug}"
    before = await page(asking, f"{base}/{original}")
    assert not before.xpath("//*[@class='bar'] | //*[@class='fixed']")
    writer = country.bearer("data_manager")
    name = UUID(correction["id"])
    assert await cleaned(asking, name, writer) == []
    place = f"statements/{name}"
    assert (await asking.post(f"{place}/review", json={}, headers=writer)).status_code == 200
    await asking.post(f"{place}/approval", json=READ, headers=country.bearer("deputy"))
    released = await asking.post(f"{place}/release", json=COPY)
    assert released.status_code == 200, released.text
    after = await page(asking, f"{base}/{original}")
    (bar,) = after.xpath("//p[@class='bar']")
    assert bar.text_content().startswith("Corrected on ")
    assert bar.xpath("string(a/@href)").endswith(f"{base}/{name}")
    marks = after.xpath("//a[@class='fixed']")
    assert marks
    assert {each.get("href") for each in marks} == {bar.xpath("string(a/@href)")}
    drawn = after.xpath("//figure")
    assert any("corrected since" in " ".join(each.text_content().split()) for each in drawn)
    for each in (bar, *marks, *drawn, *before.xpath("//figure")):
        each.drop_tree()
    assert "".join(after.text_content().split()) == "".join(before.text_content().split())
    await the_file_says_so_too(asking, f"{base}/{original}")
    back = (await page(asking, f"{base}/{name}")).xpath("string(//p[@class='bar']/a/@href)")
    assert back.endswith(f"{base}/{original}")


async def the_file_says_so_too(asking: httpx.AsyncClient, path: str) -> None:
    """The PDF that everybody may have, in the language that is asked for."""
    for language, said in (("en", "Corrected on"), ("fr", "Rectifié le")):
        address = asking.base_url.copy_with(path=path, query=f"to=pdf&language={language}".encode())
        answer = await asking.get(address, headers={"Authorization": ""})
        assert answer.headers["content-type"] == "application/pdf"
        assert said in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    for wrong in (b"to=odt", b"annexes=few"):
        unknown = asking.base_url.copy_with(path=path, query=wrong)
        assert (await asking.get(unknown)).status_code == 422
    alone = await asking.get(asking.base_url.copy_with(path=path, query=b"annexes=no"))
    assert alone.status_code == 200
    assert "This is the text alone." in alone.text
    assert "annex" not in html.document_fromstring(alone.text).xpath("string(//section/@id)")


async def page(asking: httpx.AsyncClient, path: str) -> Any:
    """The page at an address, as everybody sees it."""
    origin = asking.base_url.copy_with(path=path)
    answer = await asking.get(origin)
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.text)
