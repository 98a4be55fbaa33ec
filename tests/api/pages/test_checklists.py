"""The checklists' page: what is to be mended, what is drafted, what is published."""

import re

import httpx
import pytest

from mobile_forms.media import LONGEST_FILE, MAX_FILES
from mobile_forms.workbook import compile_workbook
from tests.api.small import SmallMission
from tests.mobile_forms.form_files import OWN_LIST, PICTURE, WITH_FILES
from tests.mobile_forms.spreadsheets import CHOICES, INDICATORS, SETTINGS, SURVEY, spreadsheet

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def place(mission: SmallMission) -> str:
    return f"/missions/{mission.slug}/checklists"


async def upload(client: httpx.AsyncClient, place: str, workbook: bytes) -> httpx.Response:
    return await client.post(place, files={"file": ("small.xlsx", workbook)}, headers=SAME)


async def test_what_is_to_be_mended_is_told_with_its_row(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    bad = spreadsheet(survey=[*SURVEY, {"type": "integer", "name": "x", "relevnt": "1"}])
    answer = await upload(as_lead, place, bad)
    assert answer.status_code == 422
    assert "relevnt" in answer.text
    assert "Nothing was kept" in answer.text


async def test_a_draft_is_looked_at_and_then_published(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    drafted = await upload(as_lead, place, spreadsheet())
    assert drafted.headers["location"] == f"{place}/small/7"
    page = await as_lead.get(f"{place}/small/7")
    assert "This is a draft" in page.text
    assert "Was the box sealed?" in page.text
    await as_lead.post(f"{place}/small/7", data={"act": "publish"}, headers=SAME)
    assert "This is a draft" not in (await as_lead.get(f"{place}/small/7")).text


async def test_the_noun_of_an_irregularity_is_shown_and_whether_a_native_speaker_has_read_them(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    forms = {"noun": "broken seals", "label": "Seals broken", "rel": "where seals were broken"}
    rest = INDICATORS[1:]
    for version, unread in (("7", "en"), ("8", "")):
        words = [INDICATORS[0] | forms | {"unread": unread}, *rest]
        workbook = spreadsheet(indicators=words, settings=[SETTINGS | {"version": version}])
        await upload(as_lead, place, workbook)
        page = (await as_lead.get(f"{place}/small/{version}")).text
        assert "broken seals" in page
        assert ("No native speaker has read these words yet." in page) == bool(unread)


async def test_a_yes_and_no_without_meaning_is_shown_to_whoever_writes_checklists(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    asked = {"type": "select_one plain", "name": "plain", "label": "Was a queue outside?"}
    plain = [{"list_name": "plain", "name": each, "label": each} for each in ("yes", "no")]
    workbook = spreadsheet(survey=[*SURVEY, asked], choices=[*CHOICES, *plain])
    await upload(as_lead, place, workbook)
    page = (await as_lead.get(f"{place}/small/7")).text
    told = page.partition("of which no answer is irregular")[2].partition("</details>")[0]
    assert "Was a queue outside?" in told
    assert "Was the box sealed?" not in told


async def test_a_form_of_others_becomes_a_draft_or_is_given_back_as_it_was_rewritten(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    async def upload_foreign(kind: str) -> httpx.Response:
        survey = [{"type": kind, "name": "poster", "label": "Poster"}]
        data = spreadsheet(survey=survey, choices=[], indicators=[], checks=[], settings=[])
        files = {"file": ("Posters 2026.xlsx", data)}
        return await as_lead.post(place, files=files, data={"others": "yes"}, headers=SAME)

    drafted = await upload_foreign("add photo prompt")
    assert drafted.headers.get("location") == f"{place}/posters_2026/1", drafted.text
    refused = await upload_foreign("osm")
    assert refused.status_code == 422
    assert "osm" in refused.text
    assert 'download="checklist.xlsx"' in refused.text


async def test_the_template_and_the_library_are_there_to_be_copied(
    as_lead: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    page = (await as_lead.get(place)).text
    links = re.findall(r'href="([^"]+/library/[^"]+)"', page)
    assert len(links) == 12
    for link in links:
        found = await as_lead.get(link)
        assert compile_workbook(found.content).definition.languages[0] == "en"
    own = f"/missions/{mission.slug}/library"
    assert (await as_lead.get(f"{own}/..%2Fwords.toml")).status_code == 404
    assert (await as_lead.get(f"{own}/nothing.xlsx")).status_code == 404


async def test_a_hostile_label_is_inert(as_lead: httpx.AsyncClient, place: str) -> None:
    label = "<script>alert(1)</script>"
    hostile = spreadsheet(survey=[*SURVEY, {"type": "text", "name": "h", "label": label}])
    await upload(as_lead, place, hostile)
    page = await as_lead.get(f"{place}/small/7")
    assert "&lt;script&gt;alert(1)" in page.text
    assert label not in page.text


async def test_without_a_file_the_page_says_what_to_do(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    answer = await as_lead.post(place, data={"x": "y"}, headers=SAME)
    assert answer.status_code == 409
    assert "Choose a workbook" in answer.text


async def test_an_observer_finds_no_such_page(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    headers = mission.bearer("observer") | SAME
    assert (await client.get(place, headers=headers)).status_code == 404
    posted = await client.post(place, files={"file": ("x.xlsx", b"x")}, headers=headers)
    assert posted.status_code == 404


async def test_pictures_and_lists_are_added_to_a_draft_and_taken_away(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    draft = f"{place}/small/7"
    await upload(as_lead, place, WITH_FILES)
    page = (await as_lead.get(draft)).text
    assert page.count(">missing<") == 2
    files = [("file", ("seal.png", PICTURE)), ("file", ("spare.png", PICTURE))]
    added = await as_lead.post(f"{draft}/media", files=files, headers=SAME)
    assert added.status_code == 303
    page = (await as_lead.get(draft)).text
    assert (page.count(">missing<"), page.count("nothing names it")) == (1, 1)
    refused = await as_lead.post(draft, data={"act": "publish"}, headers=SAME)
    assert "towns.csv" in refused.text
    gone = await as_lead.post(f"{draft}/media", data={"remove": "spare.png"}, headers=SAME)
    assert gone.status_code == 303
    bad = {"file": ("towns.csv", b"code\n1\n")}
    refused = await as_lead.post(f"{draft}/media", files=bad, headers=SAME)
    assert (refused.status_code, "name and label" in refused.text) == (409, True)
    none = await as_lead.post(f"{draft}/media", headers=SAME)
    assert none.status_code == 409
    await as_lead.post(f"{draft}/media", files={"file": ("towns.csv", OWN_LIST)}, headers=SAME)
    await as_lead.post(draft, data={"act": "publish"}, headers=SAME)
    page = (await as_lead.get(draft)).text
    assert "seal.png" in page
    assert "spare.png" not in page
    assert "Add them" not in page


async def test_as_many_files_as_a_form_may_have_are_added_at_once(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    await upload(as_lead, place, WITH_FILES)
    large = PICTURE + bytes(LONGEST_FILE - len(PICTURE))
    files = [("file", (f"{number}.png", large)) for number in range(MAX_FILES)]
    added = await as_lead.post(f"{place}/small/7/media", files=files, headers=SAME)
    assert added.status_code == 303
    longer = [("file", ("seal.png", large + b"x"))]
    refused = await as_lead.post(f"{place}/small/7/media", files=longer, headers=SAME)
    assert (refused.status_code, "larger than 1 MiB" in refused.text) == (409, True)
