"""Recommendations name whom they address, what they follow from, and how far they were followed."""

from typing import Any

import httpx
import pytest

from analytics.statements.blocks import plain
from api.statements.recommended import Recommended
from tests.analytics.statements.five import read
from tests.api.routes.people import get, post
from tests.api.small import SmallMission

CODE = "voting/box-not-sealed/domestic/visits"
GIVEN = {
    "texts": {"en": "Seal every box in view of observers.", "fr": "Sceller chaque urne."},
    "addressee": "The Election Commission",
    "priority": "priority",
    "law": "Law on Elections, art. 62",
    "part": "part:8",
    "obligations": ["obl:18"],
}
FORM = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def place(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """Where recommendations are posted; a box was seen that was not sealed."""
    answers = {"queue": 1, "sealed": "no", "sealed__known": "saw"}
    await post(client, mission, answers=answers)
    client.headers.update(mission.bearer("lead"))
    return f"/api/v1/missions/{mission.slug}/recommendations"


async def test_a_recommendation_is_kept_with_all_that_it_names(
    client: httpx.AsyncClient, place: str, mission: SmallMission
) -> None:
    made = await client.post(place, json=GIVEN | {"findings": [CODE]})
    assert made.status_code == 201, made.text
    again = await client.post(place, json=GIVEN | {"earlier": "1"})
    assert again.json()["number"] == "2"
    first, second = (await get(client, mission, "recommendations")).json()["items"]
    assert {name: first[name] for name in GIVEN} == GIVEN
    assert (first["findings"], first["status"], first["mission"]) == (
        [CODE],
        "not_assessed",
        mission.slug,
    )
    assert second["earlier"] == "1"
    file = (await get(client, mission, "recommendations.csv")).text
    assert "Seal every box in view of observers." in file


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"texts": {}}, "texts"),
        ({"part": "part:99"}, "part"),
        ({"obligations": ["obl:99"]}, "obligations"),
        ({"findings": ["voting/nothing"]}, "findings"),
        ({"earlier": "77"}, "earlier"),
    ],
)
async def test_what_names_nothing_is_refused_by_its_field(
    client: httpx.AsyncClient, place: str, given: dict[str, Any], field: str
) -> None:
    refused = await client.post(place, json=GIVEN | given)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_how_far_it_was_followed_is_said_unless_another_has_said_otherwise(
    client: httpx.AsyncClient, place: str, mission: SmallMission
) -> None:
    await client.post(place, json=GIVEN)
    said = {"status": "mostly", "was": "not_assessed"}
    assert (await client.patch(f"{place}/1", json=said)).json()["status"] == "mostly"
    late = await client.patch(f"{place}/1", json=said)
    assert (late.status_code, late.json()["stands"]) == (409, "mostly")
    same = await client.patch(f"{place}/1", json={"status": "mostly", "was": "mostly"})
    assert same.status_code == 422
    asked = await client.get(place, params={"status": "fully"})
    assert asked.json()["items"] == []


async def test_the_page_shows_all_and_keeps_what_was_refused(
    client: httpx.AsyncClient, place: str, mission: SmallMission
) -> None:
    client.headers.update(FORM)
    page = f"/missions/{mission.slug}/recommendations"
    typed = {"text-en": "Post every result.", "addressee": "The Commission", "earlier": "77"}
    refused = await client.post(page, data=typed)
    assert refused.status_code == 422
    assert ">Post every result.</textarea>" in refused.text
    assert (await client.post(page, data=typed | {"earlier": ""})).status_code == 303
    status = {"number": "1", "status": "fully", "was": "not_assessed"}
    assert (await client.post(f"{page}/status", data=status)).status_code == 303
    shown = (await client.get(page)).text
    assert "Post every result." in shown
    assert '<option value="fully" selected>' in shown


async def test_a_final_statement_says_its_recommendations_and_when_one_was_made_before(
    client: httpx.AsyncClient, place: str, mission: SmallMission
) -> None:
    client.headers.update(FORM)
    old = GIVEN | {"of_mission": "vastria-2022", "number": "V7"}
    assert (await client.post(place, json=old)).status_code == 201
    assert (await client.post(place, json=GIVEN | {"earlier": "V7"})).status_code == 201
    new = {"texts": {"en": "Publish the roll."}, "addressee": "Parliament"}
    assert (await client.post(place, json=new)).status_code == 201
    said = {}
    for kind in ("final", "preliminary"):
        asked = {"language": "en", "kind": kind}
        drafted = await client.post(f"/missions/{mission.slug}/statements", data=asked)
        assert drafted.status_code == 303, drafted.text
        identity = drafted.headers["location"].rsplit("/", 1)[-1].partition("?")[0]
        blocks = (await get(client, mission, f"statements/{identity}")).json()["blocks"]
        said[kind] = [
            "".join(part["text"] for part in each["text"])
            for each in blocks
            if each["section"] == "recommendations" and each["type"] == "paragraph"
        ]
    assert said["final"] == [
        "The Election Commission: Seal every box in view of observers (recommended in 2022).",
        "Parliament: Publish the roll.",
    ]
    assert said["preliminary"] == []


@pytest.mark.parametrize(
    ("language", "again"),
    [
        ("en", "Commission: Seal every box (recommended in 2022)."),
        ("fr", "Commission : Seal every box (recommandé en 2022)."),
        ("ar", "Commission: Seal every box (سبقت التوصية به عام 2022)."),
        ("es", "Commission: Seal every box (recomendado en 2022)."),
        ("pt", "Commission: Seal every box (recomendado em 2022)."),
    ],
)
def test_l10_what_was_recommended_before_says_when(language: str, again: str) -> None:
    words = {language: "Seal every box."}
    made = Recommended("1", "Commission", words, "vastria-2022")
    assert read(plain(made.says(language))) == again
    fresh = Recommended("1", "Commission", words, None)
    assert "(" not in plain(fresh.says(language))
    assert "2022" not in plain(Recommended("1", "Commission", words, "earlier").says(language))
    assert made.says("sw") == ()
