"""Lists that a form chooses from and that are made from the mission."""

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from lxml import etree

from api.checklists.form_files import QUERIES
from mobile_forms.columns import LISTS as KNOWN_LISTS
from tests.api.small import SmallMission
from tests.mobile_forms.spreadsheets import SURVEY, spreadsheet

Rows = Callable[..., list[tuple[Any, ...]]]
FILES = "{http://openrosa.org/xforms/xformsManifest}"
ASKING = spreadsheet(
    survey=[
        *SURVEY,
        {"type": "select_one_from_file stations.csv", "name": "where", "label": "Which one?"},
    ]
)
DEPLOYED = """
WITH d AS (
  INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, place_id, expected)
  SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'static', p.id, '{}'
  FROM observer o JOIN round r ON true JOIN place p ON p.code = '002'
  WHERE o.pseudonym = 'O-1' LIMIT 1 RETURNING mission_id, id)
INSERT INTO deployed_observer (mission_id, deployment_id, observer_id)
SELECT d.mission_id, d.id, o.id FROM d JOIN observer o ON o.pseudonym = 'O-1' RETURNING 1"""


def test_what_authors_may_ask_for_is_what_phones_are_given() -> None:
    assert set(QUERIES) == KNOWN_LISTS


@pytest.fixture
async def door(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """The address of an observer's phone, in a mission whose form asks for a station."""
    place = f"/api/v1/missions/{mission.slug}/checklists"
    lead = mission.bearer("lead")
    drafted = await client.post(place, content=ASKING, headers=lead)
    assert drafted.status_code == 201, drafted.text
    await client.post(f"{place}/small/versions/7/publish", headers=lead)
    return f"/openrosa/{mission.tokens['observer']}"


async def test_an_observer_chooses_among_the_stations_of_their_deployments(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    rows(DEPLOYED)
    listed = await client.get(f"{door}/forms/small/7/media/stations.csv")
    assert listed.text == "name,label,area\n002,School 002,\n"


async def test_the_manifest_names_each_list_with_its_hash(
    client: httpx.AsyncClient, door: str
) -> None:
    forms = await client.get(f"{door}/formList")
    (address,) = [each.text for each in etree.fromstring(forms.content).iter("{*}manifestUrl")]
    document = etree.fromstring((await client.get(str(address))).content)
    ((name, hashed, where),) = [
        [str(each.findtext(f"{FILES}{part}")) for part in ("filename", "hash", "downloadUrl")]
        for each in document.iter(f"{FILES}mediaFile")
    ]
    content = (await client.get(where)).content
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert (name, hashed) == ("stations.csv", f"md5:{digest}")


async def test_a_form_that_asks_for_no_list_has_none(client: httpx.AsyncClient, door: str) -> None:
    assert (await client.get(f"{door}/forms/voting/2/media/stations.csv")).status_code == 404
    empty = await client.get(f"{door}/forms/voting/2/manifest")
    assert len(etree.fromstring(empty.content)) == 0


async def test_what_was_chosen_from_a_list_is_an_answer(
    client: httpx.AsyncClient, door: str, mission: SmallMission
) -> None:
    answers = {"sealed": "yes", "seen": ["nothing"], "late": 0, "where": "002"}
    report = mission.report(checklist="small", version="7", answers=answers)
    answer = await client.post(mission.reports, json=report, headers=mission.bearer("observer"))
    assert (answer.status_code, answer.json()["items"][0]["reasons"]) == (201, [])


async def test_the_app_takes_the_same_lists_for_days_without_a_network(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(DEPLOYED)
    place = f"/api/v1/missions/{mission.slug}/lists"
    own = await client.get(f"{place}/stations.csv", headers=mission.bearer("observer"))
    assert own.text == "name,label,area\n002,School 002,\n"
    assert own.headers["content-type"].startswith("text/csv")
    every = await client.get(f"{place}/stations.csv", headers=mission.bearer("lead"))
    assert len(every.text.splitlines()) == 4
    contestants = await client.get(f"{place}/contestants.csv", headers=mission.bearer("observer"))
    assert contestants.text == "name,label,contest,round\n"


async def test_a_phone_takes_of_a_checklist_only_what_it_fills(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    place = f"/api/v1/missions/{mission.slug}/checklists/voting"
    whole = (await as_observer.get(place)).json()
    form = (await as_observer.get(place, params={"only": "form"})).json()
    left_out = ("schema", "questions")
    assert form == {name: whole[name] for name in whole if name not in left_out} | {"checks": []}
    other = await as_observer.get(place, params={"only": "questions"})
    assert (other.status_code, other.json()["field"]) == (422, "only")


@pytest.mark.parametrize(
    ("persona", "name"),
    [("partner", "stations.csv"), ("observer", "observers.csv"), ("lead", "..%2Fstations.csv")],
)
async def test_no_other_list_is_given_and_to_nobody_else(
    client: httpx.AsyncClient, mission: SmallMission, persona: str, name: str
) -> None:
    place = f"/api/v1/missions/{mission.slug}/lists/{name}"
    assert (await client.get(place, headers=mission.bearer(persona))).status_code == 404
