"""``statement lint``, ``approve`` and ``release``: typed by members with their tokens."""

import asyncio
import json
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from tests.api.figures.conftest import SmallCountry
from tests.api.statements.test_release import clean
from tests.command_line import CommandLine

__all__ = ["clean"]


@pytest.fixture
def indelible(
    country: SmallCountry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command ``indelible`` in the country's installation."""
    settings = replace(country.settings, database_url=country.database.admin_url)
    return CommandLine(settings, monkeypatch, capsys)


async def test_a_statement_is_held_against_the_rules_approved_and_released_by_command(
    asking: httpx.AsyncClient,
    clean: UUID,
    country: SmallCountry,
    indelible: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def typed(*words: object) -> tuple[int, str, str]:
        said = await asyncio.to_thread(indelible, "statement", *words)
        return said.code, said.out, said.err

    code, out, _ = await typed("lint", country.slug, clean, "--json")
    assert code == 0
    assert all(each["severity"] == "warning" for each in json.loads(out)["items"])
    manager = country.bearer("data_manager")
    await asking.post(f"statements/{clean}/review", json={}, headers=manager)
    monkeypatch.delenv("INDELIBLE_TOKEN", raising=False)
    code, _, said = await typed("approve", country.slug, clean)
    assert (code, "INDELIBLE_TOKEN" in said) == (1, True)
    monkeypatch.setenv("INDELIBLE_TOKEN", country.tokens["lead"])
    read = ("--read", "en", "--read", "fr", "--read", "ar")
    code, out, said = await typed("approve", country.slug, clean, *read, "--json")
    assert (code, json.loads(out)["state"]) == (0, "approved"), said
    code, _, said = await typed("release", country.slug, clean)
    assert (code, "Another person" in said) == (1, True)
    public = f"http://indelible/statements/{country.slug}/{clean}"
    nobody = {"Authorization": ""}
    assert (await asking.get(public, headers=nobody)).status_code == 404
    monkeypatch.setenv("INDELIBLE_TOKEN", country.tokens["deputy"])
    code, _, said = await typed("release", country.slug, clean)
    assert (code, "No copy to the authority" in said) == (1, True)
    authority = ("--authority", "Commission")
    code, out, said = await typed("release", country.slug, clean, *authority, "--json")
    assert (code, json.loads(out)["state"]) == (0, "published"), said
    read = await asking.get(public, headers=nobody)
    assert (read.status_code, read.headers["content-language"]) == (200, "en"), read.text[:300]
    assert "Observers were let in" in read.text
    assert (await asking.get(f"{public}?language=xx", headers=nobody)).status_code == 422
    assert (await asking.get(f"http://indelible/statements/nowhere/{clean}")).status_code == 404
