"""The findings page: what is proposed and why, chosen by forms, refused with what was typed."""

import html
import re
from typing import Any

import httpx
import pytest

from analytics.statements.proposing import propose
from analytics.statements.significance import suggest_significance
from api.pages.findings_shown import ordered
from api.statements.finding_list import ListedFinding
from schemas.mission import Kind
from tests.analytics.statements.found import a_finding, count, share
from tests.api.routes.people import post
from tests.api.small import SmallMission

CODE = "voting/box-not-sealed/domestic/visits"
FORM = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def place(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """The address of the page, when of three stations a box was not sealed at one."""
    seen = {"queue": 1, "sealed": "no", "sealed__known": "saw"}
    await post(client, mission, station="001", answers=seen)
    await post(client, mission, station="002")
    await post(client, mission, station="003")
    client.headers.update(mission.bearer("lead") | FORM)
    return f"/missions/{mission.slug}/findings"


async def _text(client: httpx.AsyncClient, address: str, **asked: str) -> str:
    answer = await client.get(address, params=asked or None)
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_a_finding_stands_with_its_number_its_basis_and_the_reason_for_the_annex(
    client: httpx.AsyncClient, place: str
) -> None:
    page = await _text(client, place)
    assert "0 of 1 findings are chosen; 0 wait for a person; 1 go to the annex" in page
    assert "The ballot box was not sealed: 1 of 3 polling stations" in page
    assert "1 Fewer than 10 answers, and not of severity 3." in page
    opened = await _text(client, place, open=CODE)
    assert "Basis: Fewer than 10 answers: nothing is suggested. A person decides." in opened


@pytest.mark.parametrize("order", ["worst", "frequent"])
def test_estimates_and_counts_are_never_in_one_ranking(order: str) -> None:
    found = [
        a_finding("VO-RARE", share(6, 600), severity=1),
        a_finding("VO-SEEN", count(60, 80), severity=3, kind=Kind.INTERNATIONAL),
        a_finding("VO-OFTEN", share(60, 600)),
        a_finding("VO-FEW", count(3, 80), kind=Kind.INTERNATIONAL),
    ]
    listed = [
        ListedFinding(each, proposal, suggest_significance(each), None, "")
        for each, proposal in zip(found, propose(found), strict=True)
    ]
    shown = [each.finding.indicator for each in ordered(listed, order)]
    assert {*shown[:2]} == {"VO-RARE", "VO-OFTEN"}
    if order == "frequent":
        assert shown == ["VO-OFTEN", "VO-RARE", "VO-SEEN", "VO-FEW"]


async def test_what_is_chosen_on_the_page_is_said_in_the_words_given_with_the_number_of_now(
    client: httpx.AsyncClient, place: str
) -> None:
    typed = {
        "code": CODE,
        "version": "0",
        "chosen": "yes",
        "significance": "isolated",
        "reason": "One station",
        "words-en": f"A box stood open at {{finding:{CODE}}} stations.",
    }
    done = await client.post(f"{place}/choose", data=typed)
    assert done.status_code == 303, done.text
    page = await _text(client, f"/{done.headers['location'].lstrip('/')}")
    assert "1 of 1 findings are chosen" in page
    assert "A box stood open at 1 of 3 stations." in page
    assert "Isolated" in page
    assert "Take it back" in page
    await client.post(f"{place}/undo", data={"code": CODE, "version": "1"})
    assert "0 of 1 findings are chosen" in await _text(client, place)


async def test_who_saves_an_older_version_sees_both_texts_and_loses_none(
    client: httpx.AsyncClient, place: str
) -> None:
    typed: dict[str, Any] = {"code": CODE, "version": "0", "chosen": "yes"}
    await client.post(f"{place}/choose", data=typed | {"words-en": "Theirs.", "reason": "a"})
    late = await client.post(f"{place}/choose", data=typed | {"words-en": "Mine.", "reason": "b"})
    assert late.status_code == 409
    page = plain(late.text)
    assert "lead changed this meanwhile" in page
    assert "“Theirs.”" in page
    assert ">Mine.</textarea>" in late.text
    assert 'name="version" value="1"' in late.text


async def test_a_wording_that_names_no_number_is_refused_on_the_page_and_kept_there(
    client: httpx.AsyncClient, place: str
) -> None:
    typed = {"code": CODE, "version": "0", "chosen": "yes", "words-en": "At {estimate:none}."}
    refused = await client.post(f"{place}/choose", data=typed)
    assert refused.status_code == 422
    assert "names no number here" in plain(refused.text)
    assert ">At {estimate:none}.</textarea>" in refused.text


async def test_a_finding_is_added_by_a_form_and_waits_to_be_chosen(
    client: httpx.AsyncClient, place: str
) -> None:
    assert "Add a finding" in await _text(client, f"{place}/add")
    typed = {"stage": "campaign", "origin": "person", "words-en": "Officials campaigned."}
    refused = await client.post(f"{place}/add", data=typed | {"standards": "law:404"})
    assert refused.status_code == 422
    assert ">Officials campaigned.</textarea>" in refused.text
    done = await client.post(f"{place}/add", data=typed)
    assert done.status_code == 303, done.text
    page = await _text(client, place)
    assert "Officials campaigned." in page
    assert "0 of 2 findings are chosen; 1 wait for a person" in page


async def test_a_source_is_added_with_its_file_and_a_figure_bound_on_its_page(
    client: httpx.AsyncClient, place: str
) -> None:
    sources = place.replace("findings", "sources")
    typed = {"title": "Media monitoring", "kind": "table", "owner": "Media unit"}
    file = {"file": ("media.csv", b"party,share\nA,61%\n", "text/csv")}
    assert (await client.post(sources, data=typed)).status_code == 422
    done = await client.post(sources, data=typed, files=file)
    assert done.status_code == 303, done.text
    figure = {"name": "a", "label": "News time of A", "unit": "percent", "cell": "C2"}
    refused = await client.post(f"{sources}/S1/figures", data=figure)
    assert refused.status_code == 422
    assert 'value="News time of A"' in refused.text
    done = await client.post(f"{sources}/S1/figures", data=figure | {"cell": "B2"})
    assert done.status_code == 303, done.text
    page = await _text(client, sources)
    assert "News time of A 61% cell B2 lead {source:S1/a}" in page
