"""A backup taken while reports and photos arrive, restored into an empty home."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from PIL import Image

from tests.api.small import SmallMission, sow
from tests.serving import Serving, installation, temporary_home

HOUSE = Path(__file__).parents[2]
PHONES = 4


@pytest.fixture
def serving() -> Iterator[Serving]:
    """An installation with one worker, its database syncing."""
    with installation() as serving:
        yield serving


def indelible(home: Path, *words: str) -> Any:
    """Run a command in a home; its JSON."""
    done = subprocess.run(
        [sys.executable, "-c", "from api.commands import main; main()", *words, "--json"],
        cwd=HOUSE,
        env=os.environ | {"INDELIBLE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Phone:
    """Sends reports, every tenth with a photo, and keeps the receipts."""

    def __init__(self, serving: Serving, mission: SmallMission, number: int) -> None:
        self._at, self._mission, self._number = f"http://127.0.0.1:{serving.port}", mission, number
        self.receipts: dict[str, str] = {}
        self.photos: set[str] = set()

    async def run(self, done: asyncio.Event) -> None:
        headers = self._mission.bearer("observer")
        async with httpx.AsyncClient(base_url=self._at, headers=headers, timeout=30) as client:
            while not done.is_set():
                await self._send(client, len(self.receipts))
                await asyncio.sleep(0.02)

    async def _send(self, client: httpx.AsyncClient, count: int) -> None:
        answers: dict[str, Any] = {"queue": 4, "sealed": "yes"}
        if count % 10 == 0:
            photo = picture(self._number, count)
            digest = hashlib.sha256(photo).hexdigest()
            await self._upload(client, digest, photo)
            answers["photo"] = f"{digest}.jpg"
        body = json.dumps(self._mission.report(answers=answers)).encode()
        answer = await client.post(self._mission.reports, content=body)
        assert answer.status_code == 201, answer.text
        receipt = answer.json()["items"][0]["receipt"]
        self.receipts[receipt["id"]] = receipt["sha256"]

    async def _upload(self, client: httpx.AsyncClient, digest: str, photo: bytes) -> None:
        address = f"/api/v1/missions/{self._mission.slug}/media/{digest}"
        headers = {"Upload-Offset": "0", "Upload-Length": str(len(photo))}
        answer = await client.patch(address, content=photo, headers=headers)
        assert answer.status_code in (200, 201, 204), answer.text
        self.photos.add(digest)


def picture(phone: int, count: int) -> bytes:
    """A small photo, another for each phone and count."""
    out = BytesIO()
    Image.new("RGB", (64, 64), (phone, count >> 8, count & 255)).save(out, "PNG")
    return out.getvalue()


async def test_what_had_a_receipt_before_a_backup_is_there_after_its_restore(
    serving: Serving, tmp_path: Path
) -> None:
    with serving.embedded.running() as url:
        mission = sow(url)
    phones = [Phone(serving, mission, number) for number in range(PHONES)]
    done = asyncio.Event()
    sending = [asyncio.create_task(phone.run(done)) for phone in phones]
    await asyncio.sleep(3)
    before = {key: sha for phone in phones for key, sha in phone.receipts.items()}
    photos = {photo for phone in phones for photo in phone.photos}
    file = tmp_path / "backup.tar"
    made = await asyncio.to_thread(indelible, serving.home, "backup", str(file))
    done.set()
    await asyncio.gather(*sending)
    after = sum(len(phone.receipts) for phone in phones)
    assert len(before) > 50
    assert len(photos) >= PHONES
    assert len(before) <= made["reports"] <= after
    with temporary_home() as home:
        restored = await asyncio.to_thread(indelible, home, "restore", str(file))
        assert restored["sound"]
        assert restored["reports"] == made["reports"]
        assert photos <= kept_photos(home)
        with Serving(home).embedded.running() as url, psycopg.connect(url) as connection:
            rows = connection.execute("SELECT report_id::text, sha256 FROM submission").fetchall()
        kept = {report: bytes(sha256).hex() for report, sha256 in rows}
        assert {report: kept.get(report) for report in before} == before
        assert indelible(home, "doctor")["sound"]


def kept_photos(home: Path) -> set[str]:
    """The SHA-256 of every photo's bytes in a home; each is the photo's name."""
    files = [each for each in (home / "media").rglob("*") if each.is_file()]
    found = {hashlib.sha256(each.read_bytes()).hexdigest() for each in files}
    assert found == {each.name for each in files}
    return found
