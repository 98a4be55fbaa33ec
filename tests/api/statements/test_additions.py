"""A draft holds the figures of sources among its numbers, and says what people added and chose."""

import httpx
import pytest

from tests.api.routes.people import get, post
from tests.api.small import SmallMission

FORM = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("chosen", [True, False])
async def test_an_added_finding_is_said_in_its_words_with_the_source_s_figure_once_it_is_chosen(
    client: httpx.AsyncClient, mission: SmallMission, chosen: bool
) -> None:
    await post(client, mission)
    client.headers.update(mission.bearer("lead") | FORM)
    api = f"/api/v1/missions/{mission.slug}"
    source = {"title": "Media monitoring", "kind": "table", "owner": "Media unit"}
    await client.post(f"{api}/sources", json=source)
    await client.put(f"{api}/sources/S1/file", content=b"party,share\nA,61%\n")
    figure = {"name": "news", "label": "News time of A", "unit": "percent", "cell": "B2"}
    await client.post(f"{api}/sources/S1/figures", json=figure)
    words = {"en": "One candidate got {source:S1/news} of the news time."}
    added = {"stage": "media", "origin": "source", "words": words}
    made = await client.post(f"{api}/findings/added", json=added)
    assert made.status_code == 201, made.text
    choice = {"chosen": chosen, "reason": "Unequal", "version": 0}
    await client.put(f"{api}/findings/choices/S1", json=choice)
    drafted = await client.post(f"/missions/{mission.slug}/statements", data={"language": "en"})
    assert drafted.status_code == 303, drafted.text
    identity = drafted.headers["location"].rsplit("/", 1)[-1].partition("?")[0]
    statement = (await get(client, mission, f"statements/{identity}")).json()
    assert statement["snapshot"]["numbers"]["source:S1/news"]["value"] == 61.0
    said = {each["id"]: each for each in statement["blocks"]}
    assert ("added-s1" in said) == chosen
    if chosen:
        text = said["added-s1"]["text"]
        assert "".join(part["text"] for part in text) == ("One candidate got 61% of the news time.")
        assert "source:S1/news" in [part.get("number_id") for part in text]
