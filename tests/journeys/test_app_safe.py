"""A phone in the wrong hands: locked after a while, handed over, wiped from the desk."""

from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing
from tests.journeys.mission import OBSERVERS, found
from tests.serving import installation

FREELY = "Were you let in, and could you observe freely?"
WAITING = "localStorage.setItem('indelible-lock-wrong', JSON.stringify({count: 5, at: Date.now()}))"
TWO = OBSERVERS + b"S-2042,civic,yes,yes\n"


def test_a_locked_phone_shows_nothing_and_a_wiped_one_sends_first_and_holds_nothing(
    tmp_path: Path,
) -> None:
    with installation() as serving:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        mission = found(settings, observers=TWO)
        address = f"http://127.0.0.1:{serving.port}"
        desk = httpx.Client(
            base_url=f"{address}/api/v1/missions/{mission.slug}/",
            headers={"Authorization": f"Bearer {mission.tokens['data_manager']}"},
        )
        with desk, browsing(tmp_path / "phone") as phone:
            page = phone.new_page()
            observer.enrol(page, address, mission.codes[0])
            phone.route("**/api/**", lambda route: route.abort())
            observer.start(page, "Voting")
            observer.pick(page, FREELY, "Yes, freely")
            observer.to_the_end(page)
            observer.finish(page)
            lock(page)
            issued = desk.post("observers/S-2042/enrolment", json={}).json()["code"]
            phone.route("**/reports", lambda route: route.abort())
            phone.unroute("**/api/**")
            page.goto(f"{address}/field/#enrol={issued}")
            expect(page.get_by_text("This phone holds reports")).to_be_visible(
                timeout=observer.WAIT
            )
            phone.unroute("**/reports")
            desk.post("observers/S-2041/phones/wipe").raise_for_status()
            page.goto(f"{address}/field/")
            expect(page.get_by_text("The mission wiped this phone")).to_be_visible(
                timeout=observer.WAIT
            )
            (report,) = desk.get("reports").json()["items"]
            assert report["status"] == "received"
            assert stored(page) == 0
            page.goto(f"{address}/field/#enrol={issued}")  # the code that was refused is still good
            expect(page.get_by_text("Observer S-2042")).to_be_visible(timeout=observer.WAIT)
            choose_pin(page)
            answer_a_call_while_locked(page, desk)


def answer_a_call_while_locked(page: Page, desk: httpx.Client) -> None:
    """One tap on the locked screen, which keeps the desk's words to itself."""
    called = desk.post("messages", json={"kind": "safety", "text": "Shots at the market."})
    call = called.raise_for_status().json()["id"]
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Are you safe?")).to_be_visible(timeout=observer.WAIT)
    assert "market" not in page.content()
    with page.expect_response("**/answer") as answered:
        page.get_by_role("button", name="I am safe").click()
    assert answered.value.ok
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert desk.get(f"messages/{call}").json()["safe"] == 1


def choose_pin(page: Page) -> None:
    """Choose a PIN; after five minutes without a touch the screen is locked."""
    page.get_by_role("link", name="More").click()
    page.get_by_text("5 min without a touch", exact=True).click()
    page.get_by_label("New PIN").fill("4711")
    page.get_by_label("The same PIN again").fill("4711")
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.get_by_text("The PIN is set.")).to_be_visible(timeout=observer.WAIT)
    expect(page.get_by_role("button", name="Set the PIN")).to_be_hidden(timeout=observer.WAIT)
    page.evaluate("localStorage.setItem('indelible-lock-touched', '0')")
    page.evaluate("location.hash = '#outbox'")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible(timeout=observer.WAIT)


def lock(page: Page) -> None:
    """Nothing is shown until the PIN is typed."""
    choose_pin(page)
    assert "0471" not in page.content()
    assert page.title() == "Indelible"
    page.reload()
    page.get_by_role("button", name="Unlock").click()
    said = page.get_by_label("PIN").evaluate("field => field.validationMessage")
    assert said == "Fill this in first."
    page.get_by_label("PIN").fill("0000")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("This is not the PIN")).to_be_visible(timeout=observer.WAIT)
    page.evaluate(WAITING)
    page.get_by_label("PIN").fill("4711")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("Nothing was tried yet. Wait")).to_be_visible()
    page.evaluate("localStorage.removeItem('indelible-lock-wrong')")
    page.get_by_role("link", name="Type a code").click()
    page.get_by_role("button", name="Back to the day").click()
    page.get_by_label("PIN").fill("4711")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible(timeout=observer.WAIT)


def stored(page: Page) -> int:
    """How many things the phone's database holds."""
    return int(
        page.evaluate(
            """() => new Promise((done) => {
              const open = indexedDB.open("indelible");
              open.onsuccess = () => {
                const names = [...open.result.objectStoreNames];
                const store = open.result.transaction(names);
                let count = 0;
                for (const name of names) {
                  store.objectStore(name).count().onsuccess = (e) => (count += e.target.result);
                }
                store.oncomplete = () => done(count);
              };
            })"""
        )
    )
