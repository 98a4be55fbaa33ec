"""A statement as a document: by the API and by the command, for who may see it."""

import io

import docx
import httpx
import pytest
from lxml import html
from pypdf import PdfReader

from tests.api.pages.test_pages import send
from tests.api.small import SmallMission

ORIGIN = {"Origin": "http://indelible"}


@pytest.fixture
async def drafted(as_lead: httpx.AsyncClient, mission: SmallMission) -> str:
    """The address of a draft under the API."""
    await send(as_lead, mission, answers={"sealed": "no", "sealed__known": "saw"})
    made = await as_lead.post(f"/missions/{mission.slug}/statements", headers=ORIGIN)
    name = made.headers["location"].rpartition("/")[2]
    return f"/api/v1/missions/{mission.slug}/statements/{name}"


async def test_a_statement_is_given_in_each_format_under_a_name_of_its_own(
    as_lead: httpx.AsyncClient, mission: SmallMission, drafted: str
) -> None:
    found = {}
    for to in ("html", "pdf", "docx", "json"):
        answer = await as_lead.get(f"{drafted}/document", params={"to": to})
        assert answer.status_code == 200, answer.text
        named = f"{mission.slug}-preliminary.en.{to}"
        assert answer.headers["content-disposition"].endswith(f"UTF-8''{named}")
        found[to] = answer
    page = html.document_fromstring(found["html"].text)
    assert page.xpath("//*[contains(@id, 'annex')]//table")
    assert "style-src 'sha256-" in found["html"].headers["content-security-policy"]
    text = PdfReader(io.BytesIO(found["pdf"].content)).pages[0].extract_text()
    assert "Draft. Not for publication." in text
    assert docx.Document(io.BytesIO(found["docx"].content)).tables
    frozen = (await as_lead.get(drafted)).json()["snapshot"]
    assert found["json"].json()["snapshot"]["numbers"] == frozen["numbers"]


async def test_a_statement_is_given_without_its_annexes_where_that_is_asked(
    as_lead: httpx.AsyncClient, drafted: str
) -> None:
    whole = await as_lead.get(f"{drafted}/document", params={"to": "json"})
    alone = await as_lead.get(f"{drafted}/document", params={"to": "json", "annexes": "no"})
    assert "annex" in {each["type"] for each in whole.json()["blocks"]}
    assert "annex" not in {each["type"] for each in alone.json()["blocks"]}
    assert alone.headers["content-disposition"].endswith("-preliminary.text.en.json")
    unclear = await as_lead.get(f"{drafted}/document", params={"annexes": "few"})
    assert (unclear.status_code, unclear.json()["field"]) == (422, "annexes")


async def test_a_language_that_the_statement_is_not_in_is_refused_with_those_that_it_is_in(
    as_lead: httpx.AsyncClient, drafted: str
) -> None:
    answer = await as_lead.get(f"{drafted}/document", params={"language": "xx"})
    assert answer.status_code == 422
    assert answer.json()["field"] == "language"
    assert "en" in answer.json()["detail"]


async def test_a_draft_is_no_document_for_who_may_not_see_it(
    as_lead: httpx.AsyncClient, mission: SmallMission, drafted: str
) -> None:
    partner = mission.bearer("partner")
    assert (await as_lead.get(f"{drafted}/document", headers=partner)).status_code == 404
