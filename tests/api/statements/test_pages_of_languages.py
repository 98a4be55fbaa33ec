"""The pages of a statement in each of its languages, and the acts that stand in the open there."""

from typing import Any

import httpx
from lxml import html

from schemas.statement import Statement
from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import Excluding, all_findings, shown

HEADLINE = {"fr": "Les observateurs ont été admis"}


async def page(asking: httpx.AsyncClient, slug: str, path: str) -> Any:
    """A page of the mission as the lead sees it."""
    answer = await asking.get(f"http://indelible/missions/{slug}/statements/{path}")
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.text)


async def test_a_statement_is_read_and_written_under_its_headline_in_the_language_asked_for(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    block = next(each for each in (await shown(asking, drafted.id))["blocks"])
    written = {"text": HEADLINE, "version": block["version"]}
    answer = await asking.put(f"statements/{drafted.id}/blocks/{block['id']}", json=written)
    assert answer.status_code == 200, answer.text
    read = await page(asking, country.slug, f"{drafted.id}?language=fr")
    (article,) = read.xpath("//article")
    assert (article.get("lang"), article.get("dir")) == ("fr", "ltr")
    assert article.xpath("string(.//h1)") == HEADLINE["fr"]
    french = await page(asking, country.slug, f"{drafted.id}/edit?language=fr")
    assert HEADLINE["fr"] in french.xpath("string(//title)")
    arabic = await page(asking, country.slug, f"{drafted.id}/edit?language=ar")
    (heading,) = arabic.xpath("//h1")
    assert (heading.get("lang"), heading.getparent().get("dir")) == ("en", "rtl")


async def test_words_and_numbers_are_accepted_without_opening_a_menu(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry, excluding: Excluding
) -> None:
    found = await all_findings(asking)
    own = [each for each in found if each["snapshot"] == str(drafted.snapshot_id)]
    for report in next(each for each in own if len(each["reports"]) > 3)["reports"][:2]:
        await excluding(report)
    counted = await asking.post(f"statements/{drafted.id}/snapshot")
    assert counted.status_code == 201, counted.text
    editor = await page(asking, country.slug, f"{drafted.id}/edit")
    words = editor.xpath("//form[contains(@action, '/accept')][.//input[@name='reason']]")
    assert words
    numbers = editor.xpath("//section[@data-section]/form[contains(@action, '/snapshot/accept')]")
    assert numbers
    for each in (*words, *numbers):
        assert not each.xpath("ancestor::details[contains(@class, 'more')]")


async def test_languages_are_left_out_and_taken_back_on_the_page_of_the_release(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    at = f"http://indelible/missions/{country.slug}/statements/{drafted.id}/release"
    for ticked in ([], ["fr", "ar"]):
        given = {"reference": "en"} | {f"language:{each}": "yes" for each in ticked}
        answer = await asking.post(
            f"{at}/languages", data=given, headers={"Origin": "http://indelible"}
        )
        assert answer.status_code == 303, answer.text
        assert (await shown(asking, drafted.id))["languages"] == ["en", *ticked]
        words = (await page(asking, country.slug, f"{drafted.id}/release")).xpath("string()")
        assert ("left out:" in words) is not bool(ticked)


async def test_a_number_of_several_findings_leads_to_each_of_them(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    numbers = (await shown(asking, drafted.id))["snapshot"]["numbers"]
    merged = next(code for code, each in numbers.items() if each.get("members"))
    read = await page(asking, country.slug, f"{drafted.id}/numbers/{merged}")
    led = [each.get("href") for each in read.xpath("//li[@class='std']/a")]
    assert [each.split("/numbers/")[1] for each in led] == numbers[merged]["members"]
    assert "[" not in read.xpath("string(//main)")
    for each in led:
        assert (await asking.get(f"http://indelible{each}")).status_code == 200
