"""What of the bytes that came is the report: the JSON text, and nothing around it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
NDJSON = {"Content-Type": "application/x-ndjson"}
AROUND = {
    "a newline": (b"", b"\n"),
    "two newlines": (b"", b"\r\n\r\n"),
    "a space": (b" ", b" "),
    "tabs and newlines": (b"\n\t ", b"\t\r\n"),
}
EARLIER = """
UPDATE {table} SET sha256 = %s WHERE {key} = %s RETURNING 1"""


def receipt(answer: httpx.Response) -> dict[str, Any]:
    (item,) = answer.json()["items"]
    found: dict[str, Any] = item["receipt"]
    return found


@pytest.mark.parametrize("around", AROUND)
async def test_whitespace_around_a_report_makes_no_other_bytes_of_it(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, around: str
) -> None:
    before, after = AROUND[around]
    for first, second in ((b"", b""), (before, after)), ((before, after), (b"", b"")):
        body = json.dumps(mission.report()).encode()
        kept = await as_observer.post(mission.reports, content=first[0] + body + first[1])
        again = await as_observer.post(mission.reports, content=second[0] + body + second[1])
        line = await as_observer.post(mission.reports, content=body + b"\r\n", headers=NDJSON)
        assert [each.status_code for each in (kept, again, line)] == [201, 200, 200]
        assert receipt(kept) == receipt(again) == receipt(line)
        assert receipt(kept)["sha256"] == hashlib.sha256(body).hexdigest()
        raw = rows("SELECT raw FROM submission WHERE report_id = %s", receipt(kept)["id"])
        assert raw == [(body,)]


async def test_what_stands_between_the_braces_is_the_report(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = mission.report()
    compact, spaced = json.dumps(report, separators=(",", ":")), json.dumps(report, indent=1)
    assert (await as_observer.post(mission.reports, content=compact)).status_code == 201
    assert (await as_observer.post(mission.reports, content=spaced)).status_code == 409


async def test_what_an_earlier_version_kept_with_its_newline_is_known_again(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    """The newline was part of the bytes then, and of the hash in the receipt."""
    body = json.dumps(mission.report()).encode()
    identity = receipt(await as_observer.post(mission.reports, content=body))["id"]
    digest = hashlib.sha256(body + b"\n").digest()
    for table, key in (("report", "id"), ("submission", "report_id")):
        rows(EARLIER.format(table=table, key=key), digest, identity)
    again = await as_observer.post(mission.reports, content=body + b"\n")
    assert again.status_code == 200
    assert receipt(again)["sha256"] == digest.hex()
    assert rows("SELECT count(*) FROM submission") == [(1,)]


@pytest.mark.parametrize("number", ["1e300", "-1e308", "1e19", "9" * 40, "9" * 5000, "1e999"])
@pytest.mark.parametrize(
    ("member", "field"),
    [
        ('"answers": {"queue": N}', "queue"),
        ('"answers": {"comment": N}', "comment"),
        ('"answers": {"comment": ["a", {"b": N}]}', "comment[1].b"),
        ('"station": N', "station"),
        ('"device": {"id": N}', "device.id"),
        ('"position": {"lat": N, "lon": 0}', "position.lat"),
        ('"with": [N]', "with[0]"),
    ],
)
async def test_a_number_too_large_is_held_its_field_named_and_read_everywhere(
    as_observer: httpx.AsyncClient, mission: SmallMission, number: str, member: str, field: str
) -> None:
    report = mission.report()
    name = member.partition(":")[0].strip('"')
    report.pop(name, None)
    body = json.dumps(report)[:-1] + ", " + member.replace("N", number) + "}"
    answer = await as_observer.post(mission.reports, content=body)
    assert answer.status_code == 202, answer.text
    reasons = [each for each in answer.json()["items"][0]["reasons"] if each["field"] == field]
    assert [each["code"] for each in reasons] == ["too_large"]
    for address in (mission.reports, f"{mission.reports}/{report['id']}"):
        read = await as_observer.get(address, headers=mission.bearer("lead"))
        assert read.status_code == 200
    again = await as_observer.post(mission.reports, content=body + "\n")
    assert again.json()["items"][0]["receipt"] == answer.json()["items"][0]["receipt"]


async def test_a_member_of_any_other_shape_is_held_and_its_report_is_shown(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    """A page fell over a position that was a text."""
    members = (
        "version",
        "round",
        "station",
        "place",
        "observer",
        "with",
        "visit",
        "arrived_at",
        "departed_at",
        "finalised_at",
        "position",
        "device",
        "observed",
        "what",
    )
    wrong = ("x", 7, [1], [{"a": [1]}], {"a": [1]}, True)
    reports = [mission.report(**{name: value}) for name in members for value in wrong]
    body = "\n".join(map(json.dumps, reports))
    answer = await as_observer.post(mission.reports, content=body, headers=NDJSON)
    assert {item["status"] for item in answer.json()["items"]} <= {201, 202}
    lead = mission.bearer("lead")
    for report in reports:
        for base in (f"/missions/{mission.slug}/reports", mission.reports):
            shown = await as_observer.get(f"{base}/{report['id']}", headers=lead)
            assert shown.status_code == 200, report


@pytest.mark.parametrize("number", ["1e999", "9" * 40])
@pytest.mark.parametrize("name", ["id", "checklist", "answers"])
async def test_a_number_is_no_name_however_large_it_is(
    as_observer: httpx.AsyncClient, mission: SmallMission, name: str, number: str
) -> None:
    report = mission.report(**{name: "NUMBER"})
    body = json.dumps(report).replace('"NUMBER"', number)
    answer = await as_observer.post(mission.reports, content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_report")
    assert answer.json()["field"] == name


@pytest.mark.parametrize("name", ["a\x01.jpg", "\x85", "a\nb.jpg", "\x7f.png"])
@pytest.mark.parametrize("address", ["", "/check"])
async def test_a_control_character_in_a_photos_name_is_refused_before_anything_is_kept(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, name: str, address: str
) -> None:
    report = mission.report(answers={"photo": name})
    answer = await as_observer.post(mission.reports + address, json=report)
    assert (answer.status_code, answer.json()["code"]) == (422, "forbidden_character")
    assert answer.json()["field"] == "photo"
    assert rows("SELECT count(*) FROM submission") == [(0,)]
