"""A passkey in a real browser: made by a device, and the door opened by it alone."""

from pathlib import Path

from playwright.sync_api import Page, expect

from api.settings import Settings
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import found
from tests.serving import installation

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def hold(page: Page) -> None:
    """Give the browser a device that knows its owner."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_a_lead_makes_a_passkey_and_comes_back_with_it_alone(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        address = f"http://localhost:{serving.port}"
        with browsing(tmp_path / "desk") as desk:
            page = desk.new_page()
            wrong = troubles(page)
            hold(page)
            page.goto(address + mission.sign_in)
            page.get_by_role("button", name="Sign in").click()
            page.goto(f"{address}/missions/{mission.slug}/sessions")
            page.get_by_role("button", name="Add a passkey").click()
            kept = page.locator("section", has_text="Passkeys").get_by_role("listitem")
            expect(kept).to_contain_text("localhost")
            page.get_by_role("button", name="Add a passkey").click()
            expect(page.get_by_text("It may hold one for you already.")).to_be_visible()

            desk.clear_cookies()
            page.goto(address)
            page.get_by_role("button", name="Sign in with a passkey").click()
            page.wait_for_url(f"**/missions/{mission.slug}/")
            expect(page.get_by_role("main")).to_contain_text("No report yet.")

            page.goto(f"{address}/missions/{mission.slug}/sessions")
            kept.get_by_role("button", name="End").click()
            expect(kept).to_have_count(0)
            desk.clear_cookies()
            page.goto(address)
            page.get_by_role("button", name="Sign in with a passkey").click()
            expect(page.get_by_role("alert")).to_contain_text("This passkey opens nothing here.")
            assert [each for each in wrong if "401" not in each] == []
