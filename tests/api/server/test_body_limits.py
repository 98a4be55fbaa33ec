"""What one request may send is bounded before anybody asks who sends it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.server.body_limits import MAX_BODY_BYTES
from tests.api.small import SmallMission

PATHS = (
    "/sign-in",
    "/sign-in/passkey",
    "/sign-in/provider",
    "/invitation/none",
    "/api/v1/enrol",
    "/api/v1/enrol/opening",
    "/missions/vastria-2026/accounts/members",
)


async def endless(pieces: list[int]) -> AsyncIterator[bytes]:
    """A body that never says how long it is; keeps how many pieces were asked for."""
    for number in range(1000):
        pieces.append(number)
        yield b"a" * 1024 * 1024


@pytest.mark.parametrize("path", PATHS)
async def test_a_stranger_s_endless_body_is_not_gathered(
    client: httpx.AsyncClient, path: str
) -> None:
    pieces: list[int] = []
    kind = "json" if path.startswith("/api/") else "x-www-form-urlencoded"
    headers = {"content-type": f"application/{kind}", "sec-fetch-site": "same-origin"}
    answer = await client.post(path, content=endless(pieces), headers=headers)
    assert answer.status_code in (401, 413)
    assert len(pieces) <= MAX_BODY_BYTES // 1024 // 1024 + 2


async def test_a_body_that_says_it_is_too_large_is_not_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sign-in", content=b"a" * (MAX_BODY_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_table_may_be_longer_than_anything_else(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    long = b"code,name\n" + b"".join(b"%d,%s\n" % (n, b"n" * 90) for n in range(1000, 51_000))
    assert len(long) > MAX_BODY_BYTES
    place = f"/api/v1/missions/{mission.slug}/tables/stations?dry_run=true"
    answer = await as_lead.post(place, content=long)
    assert (answer.status_code, answer.json()["added"]) == (200, 50_000)
