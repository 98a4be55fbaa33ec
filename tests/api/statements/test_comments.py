"""What is said about blocks, and who answers for a section."""

from uuid import uuid4

import httpx

from schemas.statement import Statement
from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import first, shown


async def test_a_comment_stands_at_its_block_until_somebody_resolves_it_once(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    block = first(await shown(asking, drafted.id), "paragraph")
    place = f"statements/{drafted.id}"
    made = await asking.post(
        f"{place}/blocks/{block['id']}/comments", json={"text": "Which law is meant?"}
    )
    assert made.status_code == 201, made.text
    empty = await asking.post(f"{place}/blocks/{block['id']}/comments", json={"text": " "})
    assert (empty.status_code, empty.json()["field"]) == (422, "text")
    resolution = f"{place}/comments/{made.json()['id']}/resolution"
    done = await asking.post(resolution, json={"resolution": "The one of 2019 is named now."})
    assert done.status_code == 200
    assert (await asking.post(resolution, json={})).status_code == 409
    (listed,) = (await asking.get(f"{place}/comments")).json()["items"]
    assert (listed["block"], listed["by"], listed["version"]) == (
        block["id"],
        "lead of the test",
        1,
    )
    assert listed["resolution"] == "The one of 2019 is named now."
    partner = country.bearer("partner")
    assert (await asking.get(f"{place}/comments", headers=partner)).status_code == 404
    owner = f"{place}/sections/{block['section']}/owner"
    stranger = await asking.put(owner, json={"member": str(uuid4())})
    assert (stranger.status_code, stranger.json()["field"]) == (422, "member")
    query = "SELECT id::text FROM member WHERE handle = 'lead of the test'"
    ((lead,),) = country.execute(query)
    owned = await asking.put(owner, json={"member": lead})
    assert owned.json()["owners"] == {block["section"]: lead}
    assert (await shown(asking, drafted.id))["owners"] == owned.json()["owners"]
    assert (await asking.put(owner, json={"member": None})).json()["owners"] == {}
