"""The text of a draft is blocks: written, accepted, hidden, moved, restored, each a version."""

import asyncio
from typing import Any

import httpx
import pytest

from schemas.statement import Statement
from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import first, shown


def said(parts: list[dict[str, Any]]) -> str:
    """Parts as text."""
    return "".join(each["text"] for each in parts)


async def test_each_block_has_its_own_id_a_section_a_version_and_its_text_in_each_language(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    statement = await shown(asking, drafted.id)
    ids = [each["id"] for each in statement["blocks"]]
    assert len(set(ids)) == len(ids) > 10
    assert all(each["section"] and each["version"] == 1 for each in statement["blocks"])
    assert (statement["reference"], statement["languages"]) == ("en", ["en", "fr", "ar"])
    assert all(set(each["texts"]) == {"en", "fr", "ar"} for each in statement["blocks"])
    assert all(each["text"] == each["texts"]["en"] for each in statement["blocks"])
    headline = first(statement, "heading")
    assert (headline["level"], headline["text"]) == (1, [])
    annex = first(statement, "annex", bound=True)
    assert {part["number_id"] for part in annex["text"] if part["type"] == "bound"} <= set(
        statement["snapshot"]["numbers"]
    )


async def test_what_a_person_writes_is_a_new_version_with_its_numbers_bound(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    statement = await shown(asking, drafted.id)
    block = first(statement, "paragraph", bound=True)
    number = next(part for part in block["text"] if part["type"] == "bound")["number_id"]
    place = f"statements/{drafted.id}/blocks/{block['id']}"
    text = f"Observers saw this at {{number:{number}}} stations \\{{so it is\\}}."
    answer = await asking.put(place, json={"text": text, "version": 1})
    assert answer.status_code == 200, answer.text
    now = answer.json()["block"]
    assert (answer.json()["version"], now["version"], now["origin"]) == (2, 2, "person")
    assert now["texts"]["en"][1]["number_id"] == number
    assert said(now["text"]).endswith("stations {so it is}.")
    read = {each["id"]: each for each in (await shown(asking, drafted.id))["blocks"]}
    assert read[block["id"]]["text"] == now["text"]
    parts = [{"type": "words", "text": "Seen at "}, {"type": "bound", "number_id": number}]
    for version, given in ((2, parts), (3, {"en": "Seen."})):
        answer = await asking.put(place, json={"text": given, "version": version})
        assert answer.status_code == 200, answer.text
    found = (await asking.get(f"{place}/versions")).json()["items"]
    assert [each["version"] for each in found] == [4, 3, 2, 1]
    assert found[-1]["text"] == block["text"]
    assert found[0]["by"] == "lead of the test"


async def test_who_read_an_older_version_gets_both_texts_and_nothing_is_lost(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    block = first(await shown(asking, drafted.id), "heading")
    place = f"statements/{drafted.id}/blocks/{block['id']}"
    assert (await asking.put(place, json={"text": "Ours", "version": 1})).status_code == 200
    answer = await asking.put(place, json={"text": "Theirs", "version": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "outdated")
    assert said(answer.json()["theirs"]["en"]) == "Ours"
    assert answer.json()["yours"] == "Theirs"
    assert answer.json()["block"]["version"] == 2


@pytest.mark.parametrize(
    ("given", "field", "names"),
    [
        ({"text": "{finding:no-such}"}, "text", "{finding:no-such}"),
        ({"text": "{number:no-such}"}, "text", "{number:no-such}"),
        ({"text": [{"type": "bound", "number_id": "no-such"}]}, "text", "no-such"),
        ({"text": {"es": "Hola"}}, "text", "'es'"),
        ({"text": "Hola", "language": "es"}, "language", "'es'"),
        ({"text": ""}, "text", "already"),
        ({"text": 5}, "text", ""),
        ({"text": "a", "more": 1}, "more", ""),
    ],
)
async def test_what_cannot_be_written_is_refused_naming_it_and_changes_nothing(
    asking: httpx.AsyncClient, drafted: Statement, given: dict[str, Any], field: str, names: str
) -> None:
    headline = first(await shown(asking, drafted.id), "heading")
    place = f"statements/{drafted.id}/blocks/{headline['id']}"
    answer = await asking.put(place, json={"version": 1, **given})
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"].startswith(field)
    assert names in answer.json()["detail"]
    assert first(await shown(asking, drafted.id), "heading")["version"] == 1


async def test_an_annex_of_tables_follows_its_numbers_and_is_not_typed(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    table = first(await shown(asking, drafted.id), "annex")
    answer = await asking.put(
        f"statements/{drafted.id}/blocks/{table['id']}", json={"text": "Mine", "version": 1}
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "text")


async def test_blocks_are_accepted_hidden_moved_added_and_restored_each_once(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    statement = await shown(asking, drafted.id)
    block = first(statement, "paragraph", bound=True)
    blocks = f"statements/{drafted.id}/blocks"
    place = f"{blocks}/{block['id']}"
    why = {"reason": "It is what teams told us.", "version": 1}
    accepted = await asking.post(f"{place}/acceptance", json=why)
    assert accepted.json()["block"]["origin"] == "accepted"
    again = await asking.post(f"{place}/acceptance", json={**why, "version": 2})
    assert again.status_code == 409
    hidden = await asking.post(f"{place}/hiding", json={**why, "version": 2})
    assert hidden.json()["block"]["hidden"] == why["reason"]
    assert (await asking.post(f"{place}/hiding", json={**why, "version": 3})).status_code == 409
    assert (await asking.post(f"{place}/showing", json={**why, "version": 3})).status_code == 200
    assert (await asking.post(f"{place}/hiding", json={"reason": " ", "version": 4})).json()[
        "field"
    ] == "reason"
    restored = await asking.post(f"{place}/restoration", json={"to": 1, "version": 4})
    assert (restored.json()["block"]["origin"], restored.json()["version"]) == ("composed", 5)
    moved = await asking.post(f"{place}/move", json={"after": None, "version": 5})
    assert moved.status_code == 200, moved.text
    assert (
        await asking.post(f"{place}/move", json={"after": None, "version": 6})
    ).status_code == 422
    added = await asking.post(
        blocks, json={"after": block["id"], "text": "We went home.", "section": "conclusions"}
    )
    assert added.status_code == 201, added.text
    ids = [each["id"] for each in (await shown(asking, drafted.id))["blocks"]]
    assert ids[:2] == [block["id"], added.json()["block"]["id"]]
    assert added.json()["block"]["origin"] == "person"
    unknown = await asking.post(blocks, json={"after": "nowhere", "text": "x"})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "after")


async def test_many_writers_at_once_lose_nothing_one_block_takes_one_of_them(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    statement = await shown(asking, drafted.id)
    own = [each["id"] for each in statement["blocks"] if each["type"] == "paragraph"][:5]
    manager = country.bearer("data_manager")

    async def write(block: str, text: str) -> int:
        place = f"statements/{drafted.id}/blocks/{block}"
        answer = await asking.put(place, json={"text": text, "version": 1}, headers=manager)
        return answer.status_code

    apart = await asyncio.gather(*(write(block, f"Text of {block}.") for block in own[1:]))
    assert set(apart) == {200}
    together = await asyncio.gather(*(write(own[0], f"Number {n}.") for n in "abcdefghij"))
    assert sorted(together) == [200, *[409] * 9]
    now = {each["id"]: each for each in (await shown(asking, drafted.id))["blocks"]}
    assert [said(now[each]["text"]) for each in own[1:]] == [f"Text of {each}." for each in own[1:]]
    assert now[own[0]]["version"] == 2


async def test_an_analyst_may_write_and_whoever_may_not_finds_nothing(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    headline = first(await shown(asking, drafted.id), "heading")
    place = f"statements/{drafted.id}/blocks/{headline['id']}"
    given = {"text": "A calm day", "version": 1}
    partner = country.bearer("partner")
    assert (await asking.put(place, json=given, headers=partner)).status_code == 404
    assert (await asking.get(f"{place}/versions", headers=partner)).status_code == 404


async def test_every_change_is_in_the_log(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    headline = first(await shown(asking, drafted.id), "heading")
    place = f"statements/{drafted.id}/blocks/{headline['id']}"
    await asking.put(place, json={"text": "A calm day", "version": 1})
    query = "SELECT act, note FROM audit_entry WHERE subject = %s ORDER BY sequence"
    logged = country.execute(query, str(drafted.id))
    assert logged[-1] == ("statement.write", f"{headline['id']}, version 2")
