"""A report's way from a phone without a network to its receipt, in a real browser."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, TimeoutError, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    from PIL import Image

    file = tmp_path / "station.png"
    Image.new("RGB", (64, 48), (120, 90, 60)).save(file)
    return file


def fill_voting(page: Page, picture: Path) -> None:
    """Answer some of the voting checklist, an irregularity that was told among it."""
    observer.pick(page, "Were you let in, and could you observe freely?", "Yes, freely")
    observer.enter(page, "Voters on the roll of this station", "812")
    observer.next_section(page)
    observer.enter(page, "Officials at work now", "7")
    observer.next_section(page)
    observer.pick(page, "Is voters' identity checked?", "Sometimes")
    observer.pick(page, "How do you know?", "I was told")


def test_an_incident_takes_three_taps_without_a_network_and_goes_before_all_else(
    tmp_path: Path, picture: Path
) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        address = f"http://127.0.0.1:{serving.port}"
        with browsing(tmp_path / "phone") as phone:
            page = phone.new_page()
            observer.enrol(page, address, mission.codes[0])
            page.get_by_role("button", name="I have arrived").click()
            expect(page.get_by_role("button", name="I am leaving")).to_be_visible()
            serving.stop()
            expect(
                page.get_by_text("VAS-0031"), "the accreditation, to be shown (coc:6)"
            ).to_be_visible()
            observer.start(page, "Voting")
            fill_voting(page, picture)
            observer.to_the_end(page)
            observer.finish(page)
            page.get_by_role("button", name="Incident").click()
            observer.pick(page, "What is it?", "Violence or threats")
            observer.pick(page, "Is anyone in danger now?", "Yes")
            observer.send_at_once(page)
            page.get_by_role("button", name="Access denied").click()
            observer.pick(page, "If it was otherwise", "Sent out")
            observer.send_at_once(page)
            expect(page.get_by_text("reports on this phone only")).to_be_visible()
            assert observer.outbox_count(page) == 3
            serving.begin()
            page.get_by_role("button", name="Try now").click()
            expect(page.get_by_text("reports on this phone only")).to_be_hidden(
                timeout=observer.WAIT
            )
        came = sorted(sent(serving, mission), key=lambda each: each["receipt"]["sequence"])  # type: ignore[index]
    assert [each["checklist"] for each in came] == ["incident", "access_denied", "voting"]
    assert came[0]["answers"] == {"nature": "conflict", "danger": "yes"}
    assert (came[1]["answers"]["access"], came[1]["station"]) == ("sent_out", "0471")  # type: ignore[index]


def test_an_author_looks_at_a_form_as_phones_show_it_and_nothing_is_kept(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        address = f"http://127.0.0.1:{serving.port}"
        with browsing(tmp_path / "desk") as desk:
            page = desk.new_page()
            wrong = troubles(page)
            page.goto(f"{address}{mission.sign_in}")
            page.get_by_role("button", name="Sign in").click()
            page.goto(f"{address}/missions/{mission.slug}/checklists")
            page.locator("a[href*='/checklists/voting/']").first.click()
            page.get_by_role("link", name="Preview as on a phone").click()
            expect(page.get_by_text("Preview: nothing is kept")).to_be_visible(
                timeout=observer.WAIT
            )
            observer.pick(page, "Is voters' identity checked?", "Sometimes")
            observer.pick(page, "How do you know?", "I was told")
            page.reload()
            expect(page.get_by_text("Preview: nothing is kept")).to_be_visible(
                timeout=observer.WAIT
            )
            expect(page.get_by_role("radio", name="Sometimes").first).not_to_be_checked()
            page.goto(f"{address}/field/#preview=//elsewhere.example/form")
            page.reload()
            expect(page.get_by_text("This form cannot be opened")).to_be_visible()
            assert wrong == []


def sent(serving: Serving, mission: JourneyMission) -> list[dict[str, object]]:
    """The reports that the server holds, as the data manager sees them."""
    headers = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}
    base = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports"
    items = httpx.get(base, headers=headers).raise_for_status().json()["items"]
    return [httpx.get(f"{base}/{each['id']}", headers=headers).json() for each in items]


def test_a_report_filled_without_a_server_survives_a_reload_and_arrives_once(
    tmp_path: Path, picture: Path
) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        address = f"http://127.0.0.1:{serving.port}"
        with browsing(tmp_path / "phone") as phone:
            page = phone.new_page()
            wrong = troubles(page)
            observer.enrol(page, address, mission.codes[0])
            serving.stop()

            observer.start(page, "Voting")
            fill_voting(page, picture)
            expect(page.get_by_text("Saved on this phone")).to_be_visible()
            page.reload()
            expect(page.get_by_role("radio", name="Sometimes").first).to_be_checked(
                timeout=observer.WAIT
            )
            expect(page.get_by_role("radio", name="I was told")).to_be_checked()
            for _ in range(4):
                observer.next_section(page)
            observer.take_photo(page, picture)
            page.reload()
            expect(page.get_by_alt_text("Your photo")).to_be_visible(timeout=observer.WAIT)
            observer.to_the_end(page)
            observer.finish(page)
            expect(page.get_by_text("report on this phone only")).to_be_visible()
            page.reload()
            expect(page.get_by_text("report on this phone only")).to_be_visible()

            serving.begin()
            with suppress(TimeoutError):  # unless it was tried by itself meanwhile
                page.get_by_role("button", name="Try now").click(timeout=3_000)
            expect(page.get_by_text("report on this phone only")).to_be_hidden(
                timeout=observer.WAIT
            )
            observer.open_outbox(page)
            expect(page.get_by_text("Received. Receipt")).to_be_visible()
            (report,) = sent(serving, mission)
            assert report["status"] == "received"
            assert report["station"] == "0471"
            answers = report["answers"]
            assert isinstance(answers, dict)
            assert answers["id_checked__known"] == "told"
            assert answers["registered"] == 812
            _photo_arrives(page, serving, mission, str(answers["station_photo"]))
            assert wrong == []


def _photo_arrives(page: Page, serving: Serving, mission: JourneyMission, name: str) -> None:
    """The photo follows its report and is what its name says."""
    media = serving.home / "media"

    def there() -> bool:
        return any(
            hashlib.sha256(file.read_bytes()).hexdigest() == name.split(".")[0]
            for file in media.rglob("*")
            if file.is_file() and name.split(".")[0] in str(file)
        )

    for _ in range(100):
        if there():
            return
        page.wait_for_timeout(200)
    raise AssertionError("the photo did not arrive")


def test_a_captive_portal_s_answer_is_no_receipt(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        with browsing(tmp_path / "phone") as phone:
            page = phone.new_page()
            observer.enrol(page, f"http://127.0.0.1:{serving.port}", mission.codes[0])
            portal = "<html><body>Welcome to the hotel</body></html>"
            said: dict[str, Any] = {"status": 200, "content_type": "text/html", "body": portal}
            phone.route("**/reports", lambda route: route.fulfill(**said))
            observer.start(page, "Voting")
            observer.pick(page, "Were you let in, and could you observe freely?", "Yes, freely")
            observer.to_the_end(page)
            observer.finish(page)
            page.get_by_role("button", name="Try now").click()
            expect(page.get_by_text("This network wants a sign-in")).to_be_visible()
            expect(page.get_by_text("report on this phone only")).to_be_visible()
            lie = json.dumps({"items": [{"id": "x", "status": 201}]})
            said.update(status=201, content_type="application/json", body=lie)
            page.get_by_role("button", name="Try now").click()
            page.wait_for_timeout(1500)
            expect(page.get_by_text("report on this phone only")).to_be_visible()
            phone.unroute("**/reports")
            with suppress(TimeoutError):  # unless it was tried by itself meanwhile
                page.get_by_role("button", name="Try now").click(timeout=3_000)
            expect(page.get_by_text("report on this phone only")).to_be_hidden(
                timeout=observer.WAIT
            )
            assert len(sent(serving, mission)) == 1


def test_a_used_code_says_what_to_do_and_leads_to_the_day_where_it_was_used(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        address = f"http://127.0.0.1:{serving.port}"
        with browsing(tmp_path / "first") as phone:
            page = phone.new_page()
            observer.enrol(page, address, mission.codes[0])
            observer.enrol(page, address, mission.codes[0])  # its own link again: to the day
        with browsing(tmp_path / "second") as phone:
            page = phone.new_page()
            page.goto(f"{address}/field/#enrol={mission.codes[0]}")
            expect(page.get_by_text("This code was used. Ask for a new one.")).to_be_visible(
                timeout=observer.WAIT
            )
