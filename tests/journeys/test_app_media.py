"""Pictures and lists of a form's own: shown on the phone, without a network."""

import io
import json
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from api.settings import Settings
from mobile_forms.media import read_file
from tests.journeys import observer
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import found
from tests.journeys.test_app_forms import stored
from tests.mobile_forms.spreadsheets import spreadsheet
from tests.serving import installation


def drawn(size: tuple[int, int], colour: str) -> bytes:
    """A seal with its number, as PNG."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse((8, 8, size[0] - 8, size[1] - 8), outline=colour, width=12)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def said(english: str, arabic: str) -> dict[str, str]:
    return {"label::English (en)": english, "label::Arabic (ar)": arabic}


SURVEY = [
    {"type": "begin_group", "name": "seals", **said("Seals", "الأختام")},
    {
        "type": "select_one seal",
        "name": "seal",
        "media::image": "box.png",
        **said("Which seal is on the box?", "أي ختم على الصندوق؟"),
    },
    {
        "type": "select_one_from_file towns.csv",
        "name": "town",
        "image": "broken.png",
        **said("Which town?", "أي بلدة؟"),
    },
    {
        "type": "calculate",
        "name": "town_name",
        "calculation": "pulldata('towns', 'label', 'name', ${town})",
    },
    {"type": "end_group"},
]
CHOICES = [
    {"list_name": "seal", "name": "red", "image": "red.png", **said("The red one", "الأحمر")},
    {"list_name": "seal", "name": "blue", "image": "blue.png", **said("The blue one", "الأزرق")},
    {"list_name": "seal", "name": "none", **said("None", "لا ختم")},
]
FORM = {"form_title": "Seals", "form_id": "seals", "version": "1"}
WORKBOOK = spreadsheet(survey=SURVEY, choices=CHOICES, indicators=[], checks=[], settings=[FORM])
FILES = {
    "box.png": drawn((1600, 700), "black"),
    "red.png": drawn((300, 300), "red"),
    "blue.png": drawn((300, 300), "blue"),
    "broken.png": b"\x89PNG\r\n\x1a\n and nothing more",
    "towns.csv": b"name,label\nakh,Akhali\nbor,Bora\n",
}
DEPLOYMENTS = b"station,observers,expect seals\n0471,S-2041,1\n"
SHOWN = "images => images.map(each => [each.alt, each.naturalWidth, each.clientWidth])"


def shown(page: Page) -> list[tuple[str, int, int]]:
    """The pictures that stand on the screen: words, own width, width as drawn."""
    found: list[tuple[str, int, int]] = page.locator("img.picture").evaluate_all(SHOWN)
    return [(each[0], each[1], each[2]) for each in found]


def test_an_observer_sees_pictures_and_chooses_from_the_form_s_own_list_without_a_network(
    tmp_path: Path,
) -> None:
    with installation() as serving, browsing(tmp_path / "phone") as phone:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        files = {name: read_file(name, data) for name, data in FILES.items()}
        mission = found(settings, workbook=WORKBOOK, deployments=DEPLOYMENTS, files=files)
        page = phone.new_page()
        wrong = troubles(page)
        page.set_viewport_size({"width": 360, "height": 740})
        observer.enrol(page, f"http://127.0.0.1:{serving.port}", mission.codes[0])
        serving.stop()
        page.reload()
        observer.start(page, "Seals")
        expect(page.locator("img.picture")).to_have_count(3)
        box, red, blue = shown(page)
        assert (box[0], box[1]) == ("Which seal is on the box?", 1600)
        assert 0 < box[2] <= 360
        assert [red[0], blue[0]] == ["The red one", "The blue one"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for option in page.get_by_role("radiogroup").first.locator("label").all():
            assert (option.bounding_box() or {"height": 0})["height"] >= 48
        page.reload()
        expect(page.locator("img.picture")).to_have_count(3, timeout=observer.WAIT)
        observer.pick(page, "Which seal is on the box?", "The blue one")
        observer.pick(page, "Which town?", "Bora")
        observer.to_the_end(page)
        observer.finish(page)
        (kept,) = stored(page, "outbox")
        assert json.loads(kept["body"])["answers"] == {
            "seal": "blue",
            "town": "bor",
            "town_name": "Bora",
        }
        assert wrong == []
