"""Control characters in a query are refused at every door, and no header holds what was asked."""

import re
from urllib.parse import quote

import httpx
import pytest
from fastapi import Request

from api.routes.asking import answer, digest
from api.settings import Settings
from tests.api.conftest import listening
from tests.api.small import SmallMission

CONTROLS = [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0))]
DOORS = (
    "/api/v1/missions/vastria-2026/reports?station={}",
    "/api/v1/missions/vastria-2026/irregularities?checklist={}",
    "/api/v1/missions/vastria-2026/nothing?{}=1",
    "/openrosa/none/formList?formID={}",
    "/field/?x={}",
    "/?next={}",
    "/healthz?x={}",
)


@pytest.mark.parametrize("door", DOORS)
async def test_a_control_character_in_a_query_is_refused_and_its_parameter_named(
    as_lead: httpx.AsyncClient, door: str
) -> None:
    for control in CONTROLS:
        said = await as_lead.get(door.format(quote(f"a{control}b")))
        assert (said.status_code, said.json()["code"]) == (422, "forbidden_character"), control
        named = door.partition("?")[2].partition("=")[0].replace("{}", "ab")
        assert said.json()["field"] == named


async def test_a_control_character_in_the_query_of_a_page_is_refused_by_a_page(
    as_lead: httpx.AsyncClient,
) -> None:
    said = await as_lead.get("/missions/vastria-2026/reports?station=a%07b")
    assert (said.status_code, said.headers["content-type"][:9]) == (422, "text/html")


async def test_other_characters_of_a_query_are_let_through(as_lead: httpx.AsyncClient) -> None:
    for asked in ("Àéß", "ع", "a b", "\N{GRINNING FACE}", "%", "\ufffe"):
        said = await as_lead.get(DOORS[0].format(quote(asked)))
        assert said.status_code == 200, asked


@pytest.mark.parametrize("asked", ["a\nb", "\x7f", "\u2028", "é", "ع" * 50, '"', "\x00"])
async def test_whatever_is_asked_over_a_socket_is_answered(
    serving: Settings, mission: SmallMission, asked: str
) -> None:
    """What was asked for stood in the ETag, and the server could not write that header."""
    with listening(serving) as (address,):
        async with httpx.AsyncClient(headers=mission.bearer("lead"), base_url=address) as client:
            base = f"/api/v1/missions/{mission.slug}"
            for path in ("irregularities", "coverage", "reports", "changes", "stations"):
                params = {"checklist": asked, "round": asked, "kind": asked, "area": asked}
                said = await client.get(f"{base}/{path}", params=params)
                assert said.status_code < 500
                assert said.headers.get("etag", "").isascii()


def test_a_figure_of_any_size_is_written() -> None:
    content = {"sum": [{1: 2**64 + 1}, (10**5000, 7)]}
    written = answer(Request({"type": "http", "method": "GET", "headers": []}), content, "x").body
    assert written == b'{"sum":[{"1":"1.844674e+19"},["1.000000e+5000",7]]}'
    assert digest(content) == digest(content)


@pytest.mark.parametrize("tag", ["a\nb", "\x85", "ع", '"', "\ud800", "irregularities-7"])
def test_no_header_holds_what_a_tag_was_made_of(tag: str) -> None:
    request = Request({"type": "http", "method": "GET", "headers": []})
    made = answer(request, {}, tag).headers["etag"]
    assert re.fullmatch(r'W/"[0-9a-f]{24}"', made)
    asked = Request(
        {"type": "http", "method": "GET", "headers": [(b"if-none-match", made.encode())]}
    )
    assert answer(asked, {}, tag).status_code == 304
    assert answer(asked, {}, f"{tag}.").status_code == 200
