"""Asks for operations of pages and API one after another, sealing before each."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

APPROVED = Path(__file__).parents[1] / "authorisation" / "approved.csv"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def every_act() -> set[str]:
    """The operations that may write, as the table of who may do what lists them."""
    with APPROVED.open(encoding="utf-8", newline="") as file:
        names = [row["operation"] for row in csv.DictReader(file)]
    return {each for each in names if each.split(" ")[0] not in ("GET", "HEAD")}


class Acting:
    """Whoever acts in a mission: ``tokens`` by who it is, ``done`` what was done with success."""

    def __init__(
        self, client: httpx.AsyncClient, slug: str, tokens: dict[str, str], seal: Callable[[], int]
    ) -> None:
        self.client, self.slug, self.tokens, self.seal = client, slug, tokens, seal
        self.done: set[str] = set()

    async def __call__(
        self, operation: str, who: str = "lead", *, at: dict[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        """Do one act, after a seal that left nothing waiting; it must succeed.

        ``operation`` is shortened: ``POST api/…`` and ``POST page/…`` are of the mission. Whoever
        has no token acts by the session in the browser, if there is one.
        """
        method, _, path = operation.partition(" ")
        path = path.replace("api/", "/api/v1/missions/{slug}/", 1) if path[:4] == "api/" else path
        path = path.replace("page/", "/missions/{slug}/", 1) if path[:5] == "page/" else path
        self.seal()
        answer = await self.client.request(
            method, path.format(slug=self.slug, **at or {}), headers=self.headers(who), **sent
        )
        assert answer.status_code < 400, f"{operation}: {answer.status_code} {answer.text[:2000]}"
        self.done.add(f"{method} {path}")
        return answer

    async def get(self, path: str, who: str = "lead") -> Any:
        """What the API lists at an address of the mission."""
        answer = await self.client.get(
            f"/api/v1/missions/{self.slug}/{path}", headers=self.headers(who)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def headers(self, who: str) -> dict[str, str]:
        token = self.tokens.get(who)
        return SAME_ORIGIN | ({"Authorization": f"Bearer {token}"} if token else {})
