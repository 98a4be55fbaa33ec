"""What an observer signed and declared already is asked for on no phone again."""

from pathlib import Path

from playwright.sync_api import expect

from api.audit.sealed_work import office
from api.people.texts import load_text
from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import found
from tests.serving import installation

DECLARED = b"pseudonym,organisation,pledged,declared\nS-2041,civic,no,yes\n"


def test_an_accepted_declaration_is_not_asked_for_after_the_pledge_nor_after_a_reload(
    tmp_path: Path,
) -> None:
    with installation() as serving, browsing(tmp_path / "phone") as phone:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        mission = found(settings, observers=DECLARED)
        with office(settings) as at, at.work(at.mission(mission.slug)) as work:
            load_text(work.session, work.mission_id, "gndem", "en", "The code", "Observe.")
        address = f"http://127.0.0.1:{serving.port}/field/"
        page = phone.new_page()
        wrong = troubles(page)
        page.goto(f"{address}#enrol={mission.codes[0]}")
        sign = page.get_by_role("button", name="I have read this and pledge to keep to it")
        expect(sign).to_be_visible(timeout=observer.WAIT)
        sign.click()
        expect(page.get_by_role("button", name="Start:").first).to_be_visible(timeout=observer.WAIT)
        assert page.url == f"{address}#day"
        page.goto(f"{address}#declaration")
        page.reload()
        expect(page.get_by_role("button", name="Start:").first).to_be_visible(timeout=observer.WAIT)
        assert page.get_by_role("heading", name="Declaration of interests").count() == 0
        assert page.url == f"{address}#day"
        assert wrong == []
