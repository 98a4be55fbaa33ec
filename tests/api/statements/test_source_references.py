"""A figure of a source stands in a text as a number of the snapshot."""

import httpx
from lxml import html

from schemas.statement import Statement
from tests.api.statements.conftest import first, shown


async def test_a_figure_of_a_source_is_bound_by_its_reference(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    source = {"title": "Roll", "kind": "table", "owner": "Commission", "dated": "2026-03-12"}
    code = (await asking.post("sources", json=source)).json()["id"]
    content = b"what,count\nvoters,4200000\n"
    await asking.put(f"sources/{code}/file", params={"name": "t.csv"}, content=content)
    figure = {"name": "voters", "label": "Voters on the roll", "unit": "count", "cell": "B2"}
    made = await asking.post(f"sources/{code}/figures", json=figure)
    assert made.status_code == 201, made.text
    before = await shown(asking, drafted.id)
    headline = first(before, "heading")
    place = f"statements/{drafted.id}/blocks/{headline['id']}"
    text = f"The roll has {made.json()['reference']} voters"
    written = await asking.put(place, json={"text": text, "version": 1})
    assert written.status_code == 200, written.text
    assert written.json()["block"]["markdown"]["en"] == text
    now = await shown(asking, drafted.id)
    number = now["snapshot"]["numbers"][f"source:{code}/voters"]
    assert number["value"] == 4200000
    assert {**now["snapshot"]["numbers"], f"source:{code}/voters": None} == {
        **before["snapshot"]["numbers"], f"source:{code}/voters": None,
    }  # fmt: skip
    assert (await asking.get(f"statements/{drafted.id}/moves")).json()["items"] == []
    for language, title, says in (
        ("en", "Annex G: Sources of figures", True),
        ("fr", "Annexe G", False),
    ):
        document = f"statements/{drafted.id}/document"
        read = await asking.get(document, params={"language": language, "to": "html"})
        said = html.document_fromstring(read.text).xpath("string()")
        here = {each for each in (title, "Voters on the roll", "Roll", "cell B2") if each in said}
        assert here == ({title, "Voters on the roll", "Roll", "cell B2"} if says else set())
