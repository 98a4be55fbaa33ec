"""Pages of another round than the nearest: the same pages, under an address that names it."""

import re

import httpx
import pytest

from api.pages.layout import in_round, round_of
from tests.api.figures.test_round_asked import sent  # noqa: F401 (a fixture)
from tests.api.small import SmallMission

PAGES = ("", "coverage", "irregularities", "breakdowns", "quick-count", "incidents", "reports",
         "flags", "statements", "setup", "people", "samples", "deployments", "checklists",
         "registers", "compliance", "sessions", "irregularities.csv")  # fmt: skip


@pytest.mark.parametrize(("path", "page", "code"), [
    ("/missions/a/rounds/first/coverage", "/missions/a/coverage", "first"),
    ("/missions/a/rounds/first/", "/missions/a/", "first"),
    ("/missions/a/rounds/first", "/missions/a/", "first"),
    ("/missions/a/rounds/first/people/x/y", "/missions/a/people/x/y", "first"),
    ("/missions/a/coverage", "/missions/a/coverage", None),
    ("/missions/a/rounds/", "/missions/a/rounds/", None),
    ("/api/v1/missions/a/rounds/first/contests", "/api/v1/missions/a/rounds/first/contests", None),
])  # fmt: skip
def test_the_round_is_taken_out_of_the_address(path: str, page: str, code: str | None) -> None:
    found = in_round({"type": "http", "path": path})
    assert (found["path"], round_of(found)) == (page, code)


@pytest.mark.usefixtures("sent")
async def test_every_page_is_there_in_an_earlier_round_and_its_links_stay_in_it(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    base = f"/missions/{mission.slug}"
    rounds = (f"{base}/rounds/first/", f"{base}/rounds/second/")
    for path in PAGES:
        page = await as_lead.get(f"{base}/rounds/first/{path}")
        assert page.status_code == 200, (path, page.text)
        links = re.findall(r'(?:href|action|hx-get|data-events)="(/[^"?#]*)', page.text)
        astray = [each for each in links if each.startswith(base) and not each.startswith(rounds)]
        assert not astray, path
        json = re.findall(r'href="(/api/v1/missions/[^"]*)"', page.text)
        assert all("round=first" in each and "/rounds/" not in each for each in json), path


@pytest.mark.usefixtures("sent")
async def test_a_page_says_of_which_round_it_is_and_leads_to_the_other(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    base = f"/missions/{mission.slug}"
    nearest = (await as_lead.get(f"{base}/irregularities")).text
    assert f'href="{base}/rounds/first/irregularities"' in nearest
    assert 'role="note"' not in nearest
    first = (await as_lead.get(f"{base}/rounds/first/irregularities")).text
    assert "This is First round, which is asked for." in first
    assert f'href="{base}/rounds/second/irregularities"' in first


async def test_where_there_is_one_round_no_choice_is_offered(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    assert "/rounds/" not in (await as_lead.get(f"/missions/{mission.slug}/coverage")).text


@pytest.mark.usefixtures("sent")
async def test_a_round_that_is_not_there_is_no_page_and_a_stranger_learns_nothing(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    base = f"/missions/{mission.slug}/rounds"
    lead, observer = mission.bearer("lead"), mission.bearer("observer")
    assert (await client.get(f"{base}/third/coverage", headers=lead)).status_code == 404
    assert (await client.get(f"{base}/first/coverage", headers=observer)).status_code == 404
    assert (
        await client.get(f"{base}/first/reports", headers=mission.bearer("partner"))
    ).status_code == 404


@pytest.mark.usefixtures("sent")
async def test_a_draft_of_the_first_round_has_not_moved_because_a_run_off_began(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    base = f"/missions/{mission.slug}"
    made = await as_lead.post(
        f"{base}/rounds/first/statements",
        data={"language": "en"},
        headers={"origin": "http://indelible"},
    )
    assert made.status_code == 303, made.text
    identity = made.headers["location"].rpartition("/")[2]
    told = (await as_lead.get(f"/api/v1/missions/{mission.slug}/findings")).json()["items"]
    assert [each["number"]["of"] for each in told] == [3]
    inside = (await as_lead.get(f"{base}/rounds/first/statements/{identity}")).text
    outside = (await as_lead.get(f"{base}/statements/{identity}")).text
    for page in (inside, outside):
        assert "moved" not in re.sub(r"<[^>]*>", "", page).lower()
