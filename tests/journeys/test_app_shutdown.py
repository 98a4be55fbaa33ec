"""The road without a network: from the phone by a file to the desk, and the receipts back."""

from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing
from tests.journeys.mission import JourneyMission, found
from tests.pictures import jpeg
from tests.serving import Serving, installation

TWO_REPORTS = b"station,observers,expect voting\n0471,S-2041,2\n"
FREELY = "Were you let in, and could you observe freely?"


def test_reports_leave_as_a_sealed_file_and_their_receipts_come_back_by_file_and_by_code(
    tmp_path: Path,
) -> None:
    picture = tmp_path / "station.jpg"
    picture.write_bytes(jpeg(side=100))
    with installation() as serving:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        mission = found(settings, deployments=TWO_REPORTS)
        address = f"http://127.0.0.1:{serving.port}"
        with browsing(tmp_path / "phone", accept_downloads=True) as phone:
            page = phone.new_page()
            observer.enrol(page, address, mission.codes[0])
            serving.stop()
            for with_photo in (True, False):
                report(page, picture if with_photo else None)
            observer.open_outbox(page)
            expect(page.get_by_text("No network. Next try").first).to_be_visible()
            with page.expect_download() as leaving:
                page.get_by_role("button", name="Save to a file").click()
            file = tmp_path / leaving.value.suggested_filename
            leaving.value.save_as(file)
            assert b"answers" not in file.read_bytes()
            expect(page.get_by_text("reports 2, photos 1")).to_be_visible()
            serving.begin()
            phone.route("**/api/**", lambda route: route.abort())  # there is still no network here
            desk, receipts = phone.new_page(), tmp_path / "receipts.json"
            link = desk_takes_it_in(desk, serving, mission, file)
            with desk.expect_download() as going:
                desk.get_by_role("link", name="Save the receipts to a file").click()
            going.value.save_as(receipts)
            page.bring_to_front()
            page.get_by_label("Open the file of receipts").set_input_files(receipts)
            expect(page.get_by_text("Received now: 2.")).to_be_visible()
            expect(page.get_by_text("Received. Receipt")).to_have_count(2)
            page.goto(link)
            page.reload()
            expect(page.get_by_text("Received before: 2.")).to_be_visible(timeout=observer.WAIT)
        assert sorted(photos_kept(serving)) == sorted(photos_named(serving, mission))


def report(page: Page, picture: Path | None) -> None:
    """A voting report, with its photo or without."""
    observer.go_on(page, "Voting")
    observer.pick(page, FREELY, "Yes, freely")
    if picture is not None:
        for _ in range(6):
            observer.next_section(page)
        observer.take_photo(page, picture)
    observer.to_the_end(page)
    observer.finish(page)


def desk_takes_it_in(desk: Page, serving: Serving, mission: JourneyMission, file: Path) -> str:
    """The desk takes the file in twice, and shows the receipts' address."""
    desk.goto(f"http://127.0.0.1:{serving.port}{mission.sign_in}")
    desk.get_by_role("button", name="Sign in").click()
    desk.goto(f"http://127.0.0.1:{serving.port}/missions/{mission.slug}/outboxes")
    for said in ("received now", "received before"):
        desk.locator("input[type=file]").set_input_files(file)
        desk.get_by_role("button", name="Take the reports in").click()
        expect(desk.get_by_role("cell", name=said)).to_have_count(2, timeout=observer.WAIT)
    return str(desk.locator("code").last.text_content())


def photos_kept(serving: Serving) -> list[str]:
    media = serving.home / "media"
    return [each.name for each in media.glob("*/[0-9a-f][0-9a-f]/*")]


def photos_named(serving: Serving, mission: JourneyMission) -> list[str]:
    headers = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}
    base = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports"
    items = httpx.get(base, headers=headers).raise_for_status().json()["items"]
    assert len(items) == 2
    answers = [httpx.get(f"{base}/{each['id']}", headers=headers).json() for each in items]
    named = [each["answers"].get("station_photo") for each in answers]
    return [str(each).split(".")[0] for each in named if each]
