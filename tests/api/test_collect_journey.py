"""A client that asks in ODK Collect's order, over real sockets.

Set up by a code, it downloads, sends in two halves, sends again, edits. What comes of
it are the rules of ODK Central."""

import base64
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import httpx
import pytest
from lxml import etree

from api.auth.principal import CACHE_SECONDS
from api.settings import Settings
from tests.api.checklists.test_form_lists import ASKING
from tests.api.conftest import listening
from tests.api.intake.test_openrosa import edit_of, instance
from tests.api.small import SmallMission
from tests.pictures import jpeg

Rows = Callable[..., list[tuple[Any, ...]]]
OPENROSA = {"X-OpenRosa-Version": "1.0", "User-Agent": "org.odk.collect.android/v2026.3"}
PHOTOS = {f"{number}.jpg": jpeg(number) for number in (1, 2)}


@dataclass
class Collect:
    """Collect on one phone: its server, its account, what it holds."""

    http: httpx.Client
    server: str

    def forms(self) -> dict[str, dict[str, str]]:
        """The list of forms: each with its parts by name."""
        answer = self.http.get(f"{self.server}/formList")
        assert answer.headers["x-openrosa-version"] == "1.0"
        assert answer.headers["content-type"].startswith("text/xml")
        found = [
            {etree.QName(part).localname: part.text or "" for part in form}
            for form in etree.fromstring(answer.content)
        ]
        return {form["formID"]: form for form in found}

    def download(self, form: dict[str, str]) -> dict[str, bytes]:
        """A form and its media, each held against the hash that was promised."""
        files = {"form.xml": self._taken(form["downloadUrl"], form["hash"])}
        if "manifestUrl" in form:
            manifest = etree.fromstring(self.http.get(form["manifestUrl"]).content)
            for media in manifest:
                said = {etree.QName(part).localname: part.text or "" for part in media}
                files[said["filename"]] = self._taken(said["downloadUrl"], said["hash"])
        return files

    def _taken(self, url: str, promised: str) -> bytes:
        content = self.http.get(url).content
        assert promised == "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()
        return content

    def send(self, xml: bytes, halves: list[dict[str, bytes]]) -> list[int]:
        """Ask where to, then send a part at a time; all but the last say that more will come."""
        where = self.http.head(f"{self.server}/submission", params={"deviceID": "collect:a b"})
        assert where.status_code == 204
        largest = int(where.headers["x-openrosa-accept-content-length"])
        statuses = []
        for number, photos in enumerate(halves, 1):
            files: dict[str, Any] = {"xml_submission_file": ("1.xml", xml, "text/xml")}
            files |= {name: (name, data, "image/jpeg") for name, data in photos.items()}
            assert sum(map(len, photos.values())) + len(xml) < largest
            more = {"*isIncomplete*": "yes"} if number < len(halves) else {}
            url = urljoin(self.server, where.headers["location"])
            statuses.append(self.http.post(url, files=files, data=more).status_code)
        return statuses


@pytest.fixture
def lead(serving: Settings, mission: SmallMission) -> Iterator[httpx.Client]:
    """The lead, whose mission has a form with a list beside it."""
    with listening(serving) as (address,):
        at = f"{address}/api/v1/missions/{mission.slug}/"
        with httpx.Client(base_url=at, headers=mission.bearer("lead"), timeout=30) as client:
            assert client.post("checklists", content=ASKING).status_code == 201
            client.post("checklists/small/versions/7/publish").raise_for_status()
            yield client


@pytest.fixture
def collect(lead: httpx.Client) -> Iterator[Collect]:
    """A phone that was set up by the code that the lead printed."""
    made = lead.post("observers/O-1/collect").json()
    general = json.loads(zlib.decompress(base64.b64decode(made["settings"])))["general"]
    account = httpx.DigestAuth(general["username"], general["password"])
    with httpx.Client(auth=account, headers=OPENROSA, timeout=30) as client:
        yield Collect(client, general["server_url"])


def test_collect_s_whole_road(collect: Collect, lead: httpx.Client, rows: Rows) -> None:
    forms = collect.forms()
    assert {"voting", "small"} <= set(forms)
    assert set(collect.download(forms["small"])) == {"form.xml", "stations.csv"}
    form = collect.download(forms["voting"])["form.xml"]
    assert b'id="voting"' in form

    first, second = str(uuid4()), str(uuid4())
    xml = instance(id=first, version=forms["voting"]["version"])
    halves = [{name: data} for name, data in PHOTOS.items()]
    assert collect.send(xml, halves) == [201, 201]
    assert collect.send(xml, halves) == [201, 201]
    kept = [(name, hashlib.sha256(data).digest()) for name, data in PHOTOS.items()]
    assert rows("SELECT name, sha256 FROM attachment ORDER BY name") == kept
    assert collect.send(instance(id=first, queue="9"), [{}]) == [409]

    edit = edit_of(first, id=second, queue="5", sealed="no")
    assert collect.send(edit, [PHOTOS]) == [201]
    assert collect.send(edit, [PHOTOS]) == [201]
    assert collect.send(edit_of(first, id=str(uuid4()), queue="6"), [PHOTOS]) == [409]

    (item,) = lead.get("reports").json()["items"]
    whole = lead.get(f"reports/{item['id']}").json()
    assert (item["id"], whole["answers"]["queue"]) == (first, 5)
    assert rows("SELECT number FROM report_version ORDER BY number") == [(1,), (2,)]
    assert rows("SELECT count(*) FROM submission WHERE contested") == [(2,)]


def test_a_phone_whose_account_was_revoked_is_let_in_no_more(
    collect: Collect, lead: httpx.Client
) -> None:
    assert collect.forms()
    assert lead.delete("observers/O-1/phones").status_code == 204
    time.sleep(CACHE_SECONDS + 0.1)
    assert collect.http.get(f"{collect.server}/formList").status_code == 401
