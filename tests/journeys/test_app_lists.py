"""Lists that a form chooses from and that the mission keeps: on the phone, without a network."""

import json
from pathlib import Path

from playwright.sync_api import expect

from api.settings import Settings
from mobile_forms.authoring import CONTEST
from tests.journeys import observer
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import found
from tests.journeys.test_app_forms import stored
from tests.mobile_forms.spreadsheets import spreadsheet
from tests.serving import installation

CONTEXT = [
    {"type": "begin_group", "name": "context", "label": "Visit"},
    {"type": "text", "name": "station", "label": "Station"},
    CONTEST | {"label": "Which contest is this of?"},
    {"type": "end_group"},
]
SURVEY = [
    *CONTEXT,
    {"type": "begin_group", "name": "lead", "label": "Who leads"},
    {"type": "select_one_from_file contestants.csv", "name": "first", "label": "Who is first?"},
    {"type": "select_one_from_file stations.csv", "name": "here", "label": "Which station?"},
    {"type": "end_group"},
]
FORM = {"form_title": "Leaders", "form_id": "leaders", "version": "1", "per": "contest"}
WORKBOOK = spreadsheet(survey=SURVEY, choices=[], indicators=[], checks=[], settings=[FORM])
LISTS = [{"code": f"C{number}", "name": f"List {number}"} for number in range(1, 21)]
MAYOR = {"code": "M1", "name": "Mo Reed"}
CONTESTS = [
    {
        "round": "first",
        "code": "c",
        "name": "Assembly",
        "denominator": "valid",
        "contestants": LISTS,
    },
    {"round": "first", "code": "m", "name": "Mayor", "contestants": [MAYOR]},
]
DEPLOYMENTS = b"station,observers,expect leaders\n0471,S-2041,1\n"


def test_an_observer_chooses_from_the_mission_s_lists_without_a_network(tmp_path: Path) -> None:
    with installation() as serving, browsing(tmp_path / "phone") as phone:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        mission = found(settings, workbook=WORKBOOK, contests=CONTESTS, deployments=DEPLOYMENTS)
        page = phone.new_page()
        wrong = troubles(page)
        observer.enrol(page, f"http://127.0.0.1:{serving.port}", mission.codes[0])
        serving.stop()
        page.reload()
        observer.start(page, "Leaders: Assembly")
        observer.pick(page, "Which contest is this of?", "Assembly")
        observer.next_section(page)
        contestants = page.get_by_role("radiogroup", name="Who is first?")
        expect(contestants.get_by_role("radio")).to_have_count(21)
        search = page.get_by_role("searchbox", name="Search the list")
        search.fill("nobody")
        expect(page.get_by_text("Nothing in the list holds these words.")).to_be_visible()
        search.fill("list 17")
        observer.pick(page, "Who is first?", "List 17")
        search.fill("")
        expect(contestants.get_by_role("radio", checked=True)).to_have_count(1)
        stations = page.get_by_role("radiogroup", name="Which station?")
        expect(stations.get_by_role("radio")).to_have_count(1)
        observer.pick(page, "Which station?", "School 3")
        observer.to_the_end(page)
        observer.finish(page)
        (kept,) = stored(page, "outbox")
        report = json.loads(kept["body"])
        assert report["answers"] == {"first": "C17", "here": "0471"}
        assert report["contest"] == "c"
        assert wrong == []
