"""Every row of the table in docs/errors.md, sent and answered."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.small import SmallMission

ERRORS = Path(__file__).parents[3] / "docs" / "errors.md"
ROW = re.compile(r"^\| ([a-z-]+) \| (\d{3}) \| ([a-z_]*) ?\|", re.MULTILINE)
TABLE = ROW.findall(ERRORS.read_text("utf-8"))

Example = Callable[[SmallMission], Any]


def sent(body: bytes | dict[str, Any], persona: str = "observer", **headers: str) -> Example:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda mission: [(raw, mission.bearer(persona) | headers)]


def made(persona: str = "observer", **members: Any) -> Example:
    def example(mission: SmallMission) -> Any:
        report = mission.report(**members)
        return [(json.dumps(report).encode(), mission.bearer(persona))]

    return example


def twice(second: dict[str, Any], first: dict[str, Any] | None = None) -> Example:
    def example(mission: SmallMission) -> Any:
        report = mission.report(**(first or {}))
        bodies = [json.dumps(report).encode(), json.dumps(report | second).encode()]
        return [(body, mission.bearer("observer")) for body in bodies]

    return example


def with_a_newline(mission: SmallMission) -> Any:
    body = json.dumps(mission.report()).encode()
    return [(body, mission.bearer("observer")), (body + b"\r\n", mission.bearer("observer"))]


def written(member: str) -> Example:
    def example(mission: SmallMission) -> Any:
        name = member.partition(":")[0].strip('" ')
        body = json.dumps(mission.report(**{name: ...}))[:-1] + f", {member}}}"
        return [(body.encode(), mission.bearer("observer"))]

    return example


def many(mission: SmallMission) -> Any:
    headers = mission.bearer("observer") | {"Content-Type": "application/x-ndjson"}
    return [(b"{}\n" * 1001, headers)]


def queried(mission: SmallMission) -> Any:
    body = json.dumps(mission.report()).encode()
    return [(body, mission.bearer("observer"), f"{mission.reports}?x=a%0Ab")]


def outbox(mission: SmallMission) -> Any:
    lines = [json.dumps(mission.report()), json.dumps(mission.report(station="999")), "{"]
    headers = mission.bearer("observer") | {"Content-Type": "application/x-ndjson"}
    return [("\n".join(lines).encode(), headers)]


def decided_then(**members: Any) -> Example:
    """A report that is verified, and another one."""

    def example(mission: SmallMission) -> Any:
        first = mission.report(id=FIRST, visit=VISIT)
        decision = {"status": "verified", "reason": "Read over the telephone."}
        return [
            (json.dumps(first).encode(), mission.bearer("observer")),
            (
                json.dumps(decision).encode(),
                mission.bearer("lead") | {"Content-Type": "application/json"},
                f"{mission.reports}/{FIRST}/decision",
            ),
            (json.dumps(mission.report(**members)).encode(), mission.bearer("observer")),
        ]

    return example


def corrected_twice(mission: SmallMission) -> Any:
    reports = [mission.report(id=FIRST), *(mission.report(replaces=FIRST) for _ in range(2))]
    return [(json.dumps(each).encode(), mission.bearer("observer")) for each in reports]


def numbered(number: int) -> dict[str, Any]:
    return {"id": str(uuid4()), "visit": VISIT, "device": {"id": "phone", "sequence": number}}


ELSEWHERE = "/api/v1/missions/elsewhere/reports"
FIRST = str(uuid4())
VISIT = str(uuid4())
ANSWERS = b'{"id": "%s", "checklist": "voting", "answers": {%%s}}' % str(uuid4()).encode()
EXAMPLES: dict[str, Example] = {
    "new": made(),
    "same-bytes-again": twice({}),
    "same-with-a-newline": with_a_newline,
    "unknown-station": made(station="999"),
    "unknown-version": made(version="99"),
    "unknown-checklist": made(checklist="tasting"),
    "unknown-round": made(round="fourth"),
    "unknown-question": made(answers={"weather": "fine"}),
    "unknown-member": made(stattion="001"),
    "letters-in-a-number": made(answers={"queue": "four"}),
    "number-too-large": made(answers={"queue": 10**40}),
    "number-beyond-all": written('"answers": {"comment": 1e999}'),
    "number-in-the-envelope": written('"device": {"id": "d", "sequence": 1e300}'),
    "wrong-type-of-time": made(arrived_at="2026-11-08T07:00"),
    "another-observer": made(observer="O-2"),
    "no-pledge": made("unpledged", observer="O-unpledged"),
    "no-pledge-of-a-companion": made(**{"with": ["O-unpledged"]}),
    "no-declaration": made("undeclared", observer="O-undeclared"),
    "suspended": made("suspended", observer="O-suspended"),
    "visit-elsewhere": twice({"id": str(uuid4()), "station": "002"}, {"visit": VISIT}),
    "sent-late": twice(numbered(1), numbered(2)),
    "visit-decided": decided_then(visit=VISIT),
    "corrects": twice({"id": str(uuid4()), "replaces": FIRST}, {"id": FIRST}),
    "corrects-unknown": made(replaces=FIRST),
    "corrects-decided": decided_then(replaces=FIRST),
    "observed-disagrees": made(
        answers={"sealed": "no", "sealed__known": "saw"}, observed={"sealed": "reported"}
    ),
    "mixed-outbox": outbox,
    "no-token": lambda mission: [(b"{}", {})],
    "partner-token": made("partner"),
    "another-mission": lambda mission: [(b"{}", mission.bearer("observer"), ELSEWHERE)],
    "other-bytes": twice({"answers": {"queue": 5}}),
    "corrects-an-older": corrected_twice,
    "too-large": sent(b" " * (1024 * 1024 + 1)),
    "too-many-reports": many,
    "truncated": sent(b'{"id": "'),
    "empty": sent(b""),
    "wrong-encoding": sent('{"answers": "é"}'.encode("latin-1")),
    "compressed": sent(b"\x1f\x8b", **{"Content-Encoding": "gzip"}),
    "nul": sent(ANSWERS % b'"comment": "a\\u0000b"'),
    "lone-surrogate": sent(ANSWERS % b'"comment": "\\ud800"'),
    "control-in-a-file-name": made(answers={"photo": "a\x07.jpg"}),
    "control-in-a-query": queried,
    "nan": sent(ANSWERS % b'"queue": NaN'),
    "duplicate-key": sent(ANSWERS % b'"queue": 1, "queue": 2'),
    "too-deep": sent(ANSWERS % (b'"queue": ' + b"[" * 99 + b"]" * 99)),
    "not-an-object": sent(b"[1, 2]"),
    "no-id": made(id=...),
    "no-checklist": made(checklist=7),
    "no-answers": made(answers=[]),
}


def test_the_table_and_its_examples_are_the_same_list() -> None:
    assert [name for name, _, _ in TABLE] == list(EXAMPLES)


@pytest.mark.parametrize(("name", "status", "code"), TABLE, ids=[row[0] for row in TABLE])
async def test_each_row_of_the_table_is_what_is_answered(
    client: httpx.AsyncClient, mission: SmallMission, name: str, status: str, code: str
) -> None:
    for body, headers, *address in EXAMPLES[name](mission):
        response = await client.post(*(address or [mission.reports]), content=body, headers=headers)
    assert response.status_code == int(status)
    document = response.json()
    if int(status) >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert (document["code"], document["status"]) == (code, int(status))
        assert document.get("field") or status in ("401", "403", "404")
    elif status != "207":
        (item,) = document["items"]
        assert item["receipt"]["id"] == item["id"]
        assert (status == "202") == bool(item["reasons"])
        assert all(reason["field"] and reason["message"] for reason in item["reasons"])
