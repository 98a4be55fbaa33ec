"""The JSON Schema that partners build their reports by."""

from mobile_forms.json_schema import report_schema
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import SURVEY, library, small, spreadsheet

ANSWERS = report_schema(small().definition)["properties"]["answers"]


def test_a_report_needs_its_id_its_checklist_and_its_answers() -> None:
    schema = report_schema(small().definition)
    assert schema["required"] == ["id", "checklist", "answers"]
    assert schema["properties"]["checklist"] == {"const": "small"}
    assert schema["properties"]["version"] == {"const": "7"}


def test_each_question_is_a_property_of_its_type() -> None:
    assert ANSWERS["additionalProperties"] is False
    kinds = {name: each.get("type") for name, each in ANSWERS["properties"].items()}
    assert kinds == {
        "sealed": None,
        "sealed__known": None,
        "seen": "array",
        "seen__known": None,
        "late": "integer",
        "why": "string",
    }


def test_options_are_named() -> None:
    properties = ANSWERS["properties"]
    assert properties["sealed"]["enum"] == ["yes", "no", "not_observed", "not_applicable", None]
    assert properties["seen"]["items"]["enum"] == ["nothing", "crowd", "crush", "broken_seal"]


def test_whatever_stands_in_a_list_of_the_mission_s_may_be_chosen() -> None:
    asked = [
        {"type": f"{kind}_from_file stations.csv", "name": kind, "label": "?"}
        for kind in ("select_one", "select_multiple")
    ]
    schema = report_schema(compile_workbook(spreadsheet(survey=[*SURVEY, *asked])).definition)
    properties = schema["properties"]["answers"]["properties"]
    assert properties["select_one"]["type"] == ["string", "null"]
    assert properties["select_multiple"]["items"] == {"type": "string"}


def test_a_repeat_is_a_list_of_objects_and_the_envelope_is_no_answer() -> None:
    properties = report_schema(library("counting").definition)["properties"]
    rows = properties["answers"]["properties"]["contestant_votes"]
    assert set(rows["items"]["properties"]) == {"contestant", "votes"}
    assert not {"station", "position", "arrived_at"} & set(properties["answers"]["properties"])
    assert {"station", "position", "arrived_at"} <= set(properties)
