"""A phone under a passphrase: what it holds is encrypted, and one report arrives once."""

from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing
from tests.journeys.mission import found
from tests.serving import installation

FREELY = "Were you let in, and could you observe freely?"
PASSPHRASE = "grey heron under the bridge"
READABLE = """() => new Promise((done) => {
  const open = indexedDB.open("indelible");
  open.onsuccess = () => {
    const stores = ["visits", "drafts", "outbox", "receipts", "photos", "self"];
    const found = [];
    const transaction = open.result.transaction(stores);
    for (const name of stores) {
      const store = transaction.objectStore(name);
      store.getAllKeys().onsuccess = (keys) => found.push(...keys.target.result);
      store.getAll().onsuccess = (all) => found.push(...all.target.result);
    }
    transaction.oncomplete = () => done(JSON.stringify([found, Object.entries(localStorage)]));
  };
})"""
"""All that lies in the phone's storage and is no cipher."""


def test_a_draft_is_locked_survives_a_reload_and_is_sent_once(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        address = f"http://127.0.0.1:{serving.port}"
        base = f"{address}/api/v1/missions/{mission.slug}/"
        tokens = {role: {"Authorization": f"Bearer {mission.tokens[role]}"} for role in ROLES}
        asked = httpx.put(f"{base}phones", json={"passphrase": True}, headers=tokens["lead"])
        asked.raise_for_status()
        with browsing(tmp_path / "phone") as phone:
            page = phone.new_page()
            page.goto(f"{address}/field/#enrol={mission.codes[0]}")
            choose(page)
            observer.start(page, "Voting")
            observer.pick(page, FREELY, "Yes, freely")
            page.get_by_role("button", name="Back to the day").first.click()
            page.get_by_role("button", name="Lock", exact=True).click()
            expect(page.get_by_role("heading", name="Locked")).to_be_visible(timeout=observer.WAIT)
            assert "0471" not in page.content()
            page.reload()
            unlock(page, "grey heron under the fridge")
            expect(page.get_by_text("This is not the passphrase")).to_be_visible(
                timeout=observer.WAIT
            )
            unlock(page, PASSPHRASE)
            observer.go_on(page, "Voting")
            phone.route("**/api/**", lambda route: route.abort())
            observer.to_the_end(page)
            observer.finish(page)
            kept = page.evaluate(READABLE)
            assert not [told for told in ("0471", "S-2041", "freely") if told in kept], kept
            page.get_by_role("button", name="Lock", exact=True).click()
            page.reload()
            expect(page.get_by_text("Reports that wait: 1. Unlock to send.")).to_be_visible(
                timeout=observer.WAIT
            )
            phone.unroute("**/api/**")
            unlock(page, PASSPHRASE)
            observer.open_outbox(page)
            expect(page.get_by_text("All sent")).to_be_visible(timeout=observer.WAIT)
        listed = httpx.get(f"{base}reports", headers=tokens["data_manager"]).json()["items"]
        assert [each["status"] for each in listed] == ["received"]


ROLES = ("lead", "data_manager")


def choose(page: Page) -> None:
    """Choose the passphrase that the mission asks for; a number is not taken."""
    heading = page.get_by_role("heading", name="Choose a passphrase")
    expect(heading).to_be_visible(timeout=observer.WAIT)
    for typed in ("1234 5678 9012 3456", PASSPHRASE):
        page.get_by_label("Passphrase", exact=True).fill(typed)
        page.get_by_label("The same passphrase again").fill(typed)
        page.get_by_role("button", name="Set the passphrase").click()
        if typed != PASSPHRASE:
            expect(page.get_by_text("Digits alone can be guessed")).to_be_visible()
    expect(page.get_by_role("button", name="Start:").first).to_be_visible(timeout=observer.WAIT)


def unlock(page: Page, passphrase: str) -> None:
    """Type a passphrase on the locked screen."""
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Unlock").click()
