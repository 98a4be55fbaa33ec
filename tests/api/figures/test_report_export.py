"""The reports of a checklist as one table, and its code book."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import openpyxl
import pyarrow.parquet
import pytest

from api.auth.principal import new_token, token_hash
from api.figures import parquet_stream, workbook_stream
from api.figures.report_table import Areas, ReportTable, StoredRow
from schemas.checklist import Choice, Definition, Question
from tests.api.routes.people import post
from tests.api.small import SmallMission, definition
from tests.api.two_contests import hold_two_contests, protocol, votes

Rows = Callable[..., list[tuple[Any, ...]]]


async def table_of(
    client: httpx.AsyncClient, mission: SmallMission, persona: str = "lead", **asked: str
) -> list[dict[str, str]]:
    """The CSV as rows by column."""
    answer = await client.get(
        f"{mission.reports}.csv",
        params={"checklist": "voting"} | asked,
        headers=mission.bearer(persona),
    )
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_an_export_is_of_the_reports_that_had_come_when_it_was_asked_for(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first = await post(client, mission, answers={"queue": 4})
    at, lead = mission.reports.replace("/reports", "/exports"), mission.bearer("lead")
    asked = await client.post(at, json={"checklist": "voting"}, headers=lead)
    assert asked.status_code == 201, asked.text
    assert asked.json()["reports"] == 1
    await post(client, mission, answers={"queue": 5})
    for _ in range(2):
        file = await client.get(asked.headers["location"], headers=lead)
        rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
        assert [each["id"] for each in rows] == [first["id"]]
    assert len(await table_of(client, mission)) == 2
    unknown = await client.post(at, json={"checklist": "nothing"}, headers=lead)
    assert (unknown.status_code, unknown.json()["field"]) == (422, "checklist")
    for who, answered in (("partner", 404), ("observer", 404)):
        given = await client.get(asked.headers["location"], headers=mission.bearer(who))
        assert given.status_code == answered
    assert (await client.get(f"{at}/nonsense", headers=lead)).status_code == 404


async def test_a_report_is_a_row_and_a_question_a_column(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    answers = {"queue": 4, "sealed": "no", "sealed__known": "told", "comment": "=1+1"}
    sent = await post(client, mission, answers=answers)
    held = await post(client, mission, "data_manager", station="999", answers={"nothing": "x"})
    first, second = await table_of(client, mission)
    assert (first["id"], first["status"], first["station"]) == (sent["id"], "received", "001")
    assert (first["queue"], first["sealed"], first["sealed__known"]) == ("4", "no", "told")
    assert first["comment"] == "'=1+1"
    assert (first["irregularities"], first["irregularities_reported"]) == ("", "box-not-sealed")
    assert (first["station_name"], first["observer"], first["kind"]) == (
        "School 001",
        "O-1",
        "domestic",
    )
    assert (first["round"], first["version"], first["report_version"]) == ("first", "2", "1")
    assert first["arrived_at"] == "2026-11-08T07:10:00+00:00"
    assert (second["id"], second["status"], second["station"]) == (held["id"], "held", "999")
    assert second["other_answers"] == '{"nothing":"x"}'
    assert "station/unknown" in second["reasons"].split()


async def test_options_are_codes_unless_labels_are_asked(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await post(client, mission, answers={"sealed": "no"})
    assert [each["sealed"] for each in await table_of(client, mission)] == ["no"]
    labelled = await table_of(client, mission, labels="true", language="en")
    assert [each["sealed"] for each in labelled] == ["No"]


async def test_a_superseded_report_is_no_row(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    visit = str(uuid4())
    for queue in (1, 2):
        await post(client, mission, visit=visit, answers={"queue": queue})
    assert [each["queue"] for each in await table_of(client, mission)] == ["2"]


async def test_a_workbook_has_the_reports_and_the_code_book(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await post(client, mission, answers={"queue": 4, "comment": "=1+1"})
    asked = {"checklist": "voting"}
    answer = await client.get(
        f"{mission.reports}.xlsx", params=asked, headers=mission.bearer("lead")
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head, row = book["reports"].iter_rows(values_only=True)
    said = dict(zip(head, row, strict=True))
    assert (said["queue"], said["comment"]) == (4, "'=1+1")
    assert ["sealed", "no"] in [
        [line[0], line[5]] for line in book["codebook"].iter_rows(values_only=True)
    ]


async def test_parquet_has_the_columns_of_the_csv_with_numbers_and_moments(
    client: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_stream, "ROWS_PER_GROUP", 1)
    await post(client, mission, answers={"queue": 4, "comment": "=1+1"})
    await post(client, mission, "data_manager", station="999", answers={"queue": "many"})
    answer = await client.get(
        f"{mission.reports}.parquet",
        params={"checklist": "voting"},
        headers=mission.bearer("lead"),
    )
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    listed = await table_of(client, mission)
    assert table.column_names == list(listed[0])
    first, second = table.to_pylist()
    assert (first["queue"], first["comment"], second["queue"]) == (4, "=1+1", None)
    assert (second["status"], second["other_answers"]) == ("held", '{"queue": "many"}')
    assert first["arrived_at"] == datetime(2026, 11, 8, 7, 10, tzinfo=UTC)
    assert str(table.schema.field("queue").type) == "int64"


async def test_a_file_names_its_code_book(client: httpx.AsyncClient, mission: SmallMission) -> None:
    asked = {"checklist": "voting"}
    answer = await client.get(
        f"{mission.reports}.csv", params=asked, headers=mission.bearer("lead")
    )
    address = answer.links["describedby"]["url"]
    book = await client.get(address, headers=mission.bearer("lead"))
    assert (book.status_code, "queue" in book.text) == (200, True)


async def test_quality_flags_are_a_column_for_who_decides_on_reports(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    at = {"arrived_at": "2026-11-08T07:10:00+00:00", "finalised_at": "2026-11-08T03:00:00+00:00"}
    await post(client, mission, **at)
    await post(client, mission, "data_manager", station="999")
    flagged, held = await table_of(client, mission)
    assert flagged["quality_flags"] == "before-opening too-fast"
    assert held["quality_flags"] == "not_screened"
    mission.tokens["analyst"] = new_token()
    given = token_hash(mission.tokens["analyst"]), mission.mission_id, mission.holders["lead"]
    rows(
        "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at) "
        "SELECT %s, %s, 'analyst', 'bearer', %s, now() RETURNING role",
        *given,
    )
    (row, *_) = await table_of(client, mission, "analyst")
    assert "quality_flags" not in row


async def test_each_line_of_a_protocol_has_columns(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    sent = protocol(mission, votes(A=30, B=12), contest="president")
    done = await client.post(mission.reports, json=sent, headers=mission.bearer("observer"))
    assert done.status_code == 201, done.text
    (row,) = await table_of(client, mission, checklist="results")
    assert (row["contest"], row["area_1"], row["valid"]) == ("president", "The Hills", "42")
    assert row["contestant_votes[2]/contestant"] == "B"
    assert row["contestant_votes[2]/votes"] == "12"


async def test_an_export_stands_in_the_audit_log(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await table_of(client, mission)
    asked = "SELECT subject, note, actor_id FROM audit_entry WHERE act = 'reports.export'"
    assert rows(asked) == [("voting", "csv", mission.holders["lead"])]


@pytest.mark.parametrize(
    ("name", "asked", "status", "field"),
    [
        ("reports.csv", {"checklist": "nothing"}, 422, "checklist"),
        ("reports.xlsx", {}, 422, "checklist"),
        ("reports.parquet", {}, 422, "checklist"),
        ("checklists/nothing/codebook", {}, 404, None),
    ],
)
async def test_what_is_not_there_is_said(
    client: httpx.AsyncClient,
    mission: SmallMission,
    name: str,
    asked: dict[str, str],
    status: int,
    field: str | None,
) -> None:
    base = f"/api/v1/missions/{mission.slug}"
    answer = await client.get(f"{base}/{name}", params=asked, headers=mission.bearer("lead"))
    assert (answer.status_code, answer.json().get("field")) == (status, field)


async def test_the_code_book_says_what_each_column_is(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    base = f"/api/v1/missions/{mission.slug}/checklists/voting/codebook"
    answer = await client.get(base, headers=mission.bearer("observer"))
    questions = {each["name"]: each for each in answer.json()["items"]}
    assert questions["queue"]["type"] == "integer"
    assert questions["sealed"]["label"] == {"en": "Box sealed"}
    assert [each["name"] for each in questions["sealed"]["choices"]] == ["yes", "no"]
    (raised,) = questions["sealed"]["indicators"]
    assert (raised["code"], raised["standards"]) == ("box-not-sealed", ["dop:4"])
    (table,) = await table_of(client, mission) or [{}]
    assert not table or questions.keys() <= table.keys()


def _of(*versions: Definition, repeated: dict[str, int] | None = None) -> ReportTable:
    rules = {uuid4(): each for each in versions}
    return ReportTable.of("voting", rules, repeated or {}, Areas({}), ZoneInfo("UTC"))


def _row(answers: dict[str, Any]) -> StoredRow:
    nothing: dict[str, Any] = dict.fromkeys(StoredRow.__dataclass_fields__)
    told = {"id": UUID(int=1), "status": "received", "received_at": datetime.now(UTC)}
    return StoredRow(
        **nothing | told | {"version": 1, "envelope": {}, "answers": answers, "reasons": []}
    )


def _asking(*questions: Question) -> Definition:
    return definition("1").model_copy(update={"questions": questions})


def _question(name: str, kind: str = "text", **more: Any) -> Question:
    shape = {"name": name, "type": kind, "path": f"/data/{name}", "label": {"en": name}}
    return Question.model_validate(shape | more)


def _said(table: ReportTable, answers: dict[str, Any]) -> dict[str, Any]:
    (row,) = table.rows([_row(answers)])
    return dict(zip(table.headers(), row, strict=True))


def test_several_options_have_a_column_together_and_one_each() -> None:
    options = tuple(Choice(name=each, label={"en": each}) for each in ("police", "army"))
    table = _of(_asking(_question("present", "select_multiple", choices=options)))
    said = _said(table, {"present": ["army", "other"]})
    assert (said["present"], said["present/police"], said["present/army"]) == ("army other", 0, 1)
    assert _said(table, {})["present/army"] is None


def test_questions_of_all_versions_have_columns_the_newest_first() -> None:
    table = _of(
        _asking(_question("old"), _question("kept")), _asking(_question("new"), _question("kept"))
    )
    assert table.headers()[-4:] == ["new", "kept", "old", "other_answers"]


def test_a_question_called_as_another_column_keeps_a_column_of_its_own() -> None:
    said = _said(_of(_asking(_question("status"))), {"status": "calm"})
    assert (said["status"], said["answers.status"]) == ("received", "calm")


def test_rows_of_a_repeat_stand_in_columns_and_whole_as_json() -> None:
    asked = (_question("votes", "repeat"), _question("count", "integer", repeat="votes"))
    said = _said(_of(_asking(*asked), repeated={"votes": 2}), {"votes": [{"count": 3}]})
    assert said["votes"] == '[{"count":3}]'
    assert (said["votes[1]/count"], said["votes[2]/count"]) == (3, None)


def test_an_answer_of_another_shape_is_written_as_it_came() -> None:
    table = _of(_asking(_question("queue", "integer")))
    assert _said(table, {"queue": {"deep": [1]}})["queue"] == '{"deep":[1]}'


def test_a_workbook_is_sent_piece_by_piece_and_goes_on_on_a_second_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook_stream, "ROWS_PER_SHEET", 3)
    book = workbook_stream.WorkbookStream()
    book.begin("reports", ["text", "number", "empty"])
    book.add([["a < b & \x0c", 4, None], ["=1", -0.5, None]])
    begun = book.take()
    book.add([["", 12345678901234567890, None], ["x" * 40_000, 1e300, None]])
    sent = begun + book.close()
    read = openpyxl.load_workbook(io.BytesIO(sent))
    assert read.sheetnames == ["reports", "reports 2"]
    first = list(read["reports"].iter_rows(values_only=True))
    second = list(read["reports 2"].iter_rows(values_only=True))
    assert first[1][:2] == ("a < b & \ufffd", 4)
    assert first[2][:2] == ("'=1", -0.5)
    assert second[0][:2] == ("text", "number")
    assert second[1][1] == "12345678901234567890"
    assert len(str(second[2][0])) == 32_767
