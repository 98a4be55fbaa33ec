"""The lead's pages: who may see them, what they never do, what a hostile word becomes."""

import re
from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission

PATHS = ("/", "/coverage", "/irregularities", "/quick-count", "/reports", "/statements")
FILES = ("/coverage.csv", "/irregularities.csv")
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


async def send(client: httpx.AsyncClient, mission: SmallMission, **members: Any) -> str:
    """One report through intake; its id."""
    report = mission.report(**members)
    answer = await client.post(mission.reports, json=report)
    assert answer.status_code in (201, 202), answer.text
    return str(report["id"])


@pytest.mark.parametrize("path", PATHS)
async def test_a_lead_sees_every_page_before_and_after_the_first_report(
    as_lead: httpx.AsyncClient, mission: SmallMission, path: str
) -> None:
    for _ in range(2):
        page = await as_lead.get(f"/missions/{mission.slug}{path}")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        await send(as_lead, mission)


@pytest.mark.parametrize("path", [*PATHS, "/irregularities/box-not-sealed", *FILES])
async def test_observers_find_no_page(
    client: httpx.AsyncClient, mission: SmallMission, path: str
) -> None:
    headers = mission.bearer("observer")
    page = await client.get(f"/missions/{mission.slug}{path}", headers=headers)
    assert page.status_code == 404
    assert "There is no such page." in page.text


@pytest.mark.parametrize("path", ["/quick-count", "/reports", "/statements", "/reports/x"])
async def test_partners_find_coverage_and_irregularities_and_nothing_else(
    client: httpx.AsyncClient, mission: SmallMission, path: str
) -> None:
    headers = mission.bearer("partner")
    base = f"/missions/{mission.slug}"
    assert (await client.get(f"{base}{path}", headers=headers)).status_code == 404
    first = await client.get(f"{base}/", headers=headers)
    assert (first.status_code, first.headers["location"]) == (303, f"{base}/coverage")
    page = await client.get(f"{base}/irregularities", headers=headers)
    assert page.status_code == 200
    assert "/reports" not in page.text


async def test_another_mission_s_pages_are_not_there(as_lead: httpx.AsyncClient) -> None:
    assert (await as_lead.get("/missions/elsewhere/")).status_code == 404


async def test_without_a_session_the_way_leads_to_the_door(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    page = await client.get(f"/missions/{mission.slug}/")
    assert (page.status_code, page.headers["location"]) == (303, "/")
    assert "Sign in" in (await client.get("/")).text


@pytest.mark.parametrize("path", PATHS)
async def test_scripts_run_by_nonce_and_no_style_stands_in_an_attribute(
    as_lead: httpx.AsyncClient, mission: SmallMission, path: str
) -> None:
    await send(as_lead, mission)
    page = await as_lead.get(f"/missions/{mission.slug}{path}")
    policy = page.headers["content-security-policy"]
    (nonce,) = re.findall(r"'nonce-([\w-]+)'", policy)
    assert "unsafe-inline" not in policy
    assert all(f'nonce="{nonce}"' in tag for tag in re.findall(r"<script[^>]*>", page.text))
    assert not re.search(r"<[^>]+\sstyle=", page.text)


async def test_an_observer_s_words_are_shown_as_words(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await send(as_lead, mission, answers={"comment": HOSTILE})
    page = await as_lead.get(f"/missions/{mission.slug}/reports/{report}")
    assert HOSTILE not in page.text
    assert "&lt;script&gt;" in page.text


async def test_without_a_sample_a_number_is_a_count_without_interval_or_percentage(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    await send(as_lead, mission, answers={"sealed": "no", "sealed__known": "saw"})
    await send(as_lead, mission, answers={"sealed": "yes"})
    page = (await as_lead.get(f"/missions/{mission.slug}/irregularities")).text
    table = page[page.index("<table") : page.index("</table>")]
    body = table[table.index("</thead>") :]
    assert 'class="obs"' in body
    assert 'class="est"' not in body
    assert "±" not in body
    assert "%" not in body


async def test_a_number_leads_to_the_reports_beneath_it(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    seen = await send(as_lead, mission, answers={"sealed": "no", "sealed__known": "saw"})
    fine = await send(as_lead, mission, answers={"sealed": "yes"})
    page = (await as_lead.get(f"/missions/{mission.slug}/irregularities")).text
    (link, *_) = re.findall(r'href="(/missions/[^"]*/reports\?[^"]+)"', page)
    beneath = (await as_lead.get(link.replace("&amp;", "&"))).text
    assert seen in beneath
    assert fine not in beneath


async def test_a_held_report_says_why_in_words_naming_the_field(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await send(as_lead, mission, station="999")
    page = (await as_lead.get(f"/missions/{mission.slug}/reports/{report}")).text
    assert "Held for review: it does not count yet" in page
    assert "<bdi>station</bdi>" in page


async def test_a_statement_is_drafted_and_each_of_its_numbers_can_be_followed(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = await send(as_lead, mission, answers={"sealed": "no", "sealed__known": "saw"})
    origin = {"Origin": "http://indelible"}
    made = await as_lead.post(f"/missions/{mission.slug}/statements", headers=origin)
    assert made.status_code == 303, made.text
    page = (await as_lead.get(made.headers["location"])).text
    links = re.findall(r'<a class="n" href="([^"]+)"', page)
    assert links
    opened = [await as_lead.get(link) for link in dict.fromkeys(links)]
    assert {each.status_code for each in opened} == {200}
    assert any(report in each.text for each in opened)
    assert re.search(r"<h1[^>]*>What observers saw in [^<]+</h1>", page)
    assert "The headline is left for a person to write" in page


async def test_pages_speak_the_language_asked_for_and_run_its_way(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    page = await as_lead.get(f"/missions/{mission.slug}/reports?lang=ar")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "indelible_language=ar" in page.headers["set-cookie"]


async def test_what_pages_load_is_there_and_nothing_else_is(client: httpx.AsyncClient) -> None:
    for name in ("pages.css", "tokens.css", "live.js", "icon.svg"):
        assert (await client.get(f"/static/{name}")).status_code == 200
    assert (await client.get("/static/..%2Fpage.py")).status_code == 404


async def test_a_page_that_fails_says_so_on_a_page_with_a_way_back(
    as_lead: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("api.pages.findings_view.list_findings", fail)
    page = await as_lead.get(f"/missions/{mission.slug}/findings")
    assert page.status_code == 500
    assert "Something failed here, and was recorded." in page.text
    assert f'href="/missions/{mission.slug}/"' in page.text
    assert "secret" not in page.text
