"""Members who are signed in as browsers are: by a session in a cookie."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.auth.principal import new_token, token_hash
from api.server.request_headers import COOKIE
from tests.api.small import SmallMission


@pytest.fixture
def signed_in(
    client: httpx.AsyncClient, mission: SmallMission, rows: Callable[..., list[tuple[Any, ...]]]
) -> Callable[..., None]:
    """Signs the client in as a member, by a session so many minutes old."""

    def sign_in(role: str, minutes: int = 0) -> None:
        token = new_token()
        rows(
            "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at,"
            " label) VALUES (%s, %s, %s, 'session', %s, now() - make_interval(mins => %s), '')"
            " RETURNING 1",
            token_hash(token),
            mission.mission_id,
            role,
            mission.holders[role],
            minutes,
        )
        client.cookies.set(COOKIE, token, domain="indelible.local")

    return sign_in
