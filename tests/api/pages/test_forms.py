"""A form is read whole, or refused; never cut."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import Request

from api.pages.forms import MAX_FORM_BYTES, read_form
from api.problems import TOO_LARGE, Problem
from tests.api.small import SmallMission

TYPED = {"content-type": "application/x-www-form-urlencoded"}
SAME = {"Sec-Fetch-Site": "same-origin"}


def request_of(pieces: list[bytes], *headers: tuple[bytes, bytes]) -> Request:
    """A request that brings these pieces, without saying how long they are."""
    waiting = [{"type": "http.request", "body": each, "more_body": True} for each in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Any:
        return waiting.pop(0)

    typed = (b"content-type", TYPED["content-type"].encode())
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [typed, *headers]}
    return Request(scope, receive)


async def test_a_long_form_is_read_to_its_last_field() -> None:
    sent = [("declaration", f"{number:036}") for number in range(9000)] + [("reason", "Read. é")]
    body = urlencode(sent).encode()
    async with read_form(request_of([body[:1000], body[1000:]])) as form:
        assert len(form.texts("declaration")) == 9000
        assert form.given() == {"declaration": f"{0:036}", "reason": "Read. é"}


@pytest.mark.parametrize("headers", [(), ((b"content-length", b"%d" % (MAX_FORM_BYTES + 1)),)])
async def test_a_longer_one_is_refused(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    pieces = [b"reason=" + b"a" * MAX_FORM_BYTES]
    with pytest.raises(Problem) as refused:
        async with read_form(request_of(pieces, *headers)):
            pass
    assert refused.value.kind is TOO_LARGE


async def test_nothing_of_it_is_written(
    as_lead: httpx.AsyncClient,
    mission: SmallMission,
    rows: Callable[..., list[tuple[Any, ...]]],
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"name=Nobody&role=data_manager&more="
        for _ in range(MAX_FORM_BYTES // 65536 + 1):
            yield b"a" * 65536

    place = f"/missions/{mission.slug}/accounts/members"
    answer = await as_lead.post(place, content=endless(), headers=TYPED | SAME)
    assert (answer.status_code, "too large" in answer.text) == (413, True)
    assert rows("SELECT 1 FROM member WHERE handle = 'Nobody'") == []
