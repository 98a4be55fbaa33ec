"""The JSON Schema that partners build their reports by."""

from mobile_forms.json_schema import report_schema
from tests.mobile_forms.spreadsheets import library, small

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
        "sealed": None, "sealed__known": None, "seen": "array", "seen__known": None,
        "late": "integer", "why": "string",
    }  # fmt: skip


def test_options_are_named() -> None:
    properties = ANSWERS["properties"]
    assert properties["sealed"]["enum"] == ["yes", "no", "not_observed", "not_applicable", None]
    assert properties["seen"]["items"]["enum"] == ["nothing", "crowd", "crush", "broken_seal"]


def test_a_repeat_is_a_list_of_objects_and_the_envelope_is_no_answer() -> None:
    properties = report_schema(library("counting").definition)["properties"]
    rows = properties["answers"]["properties"]["contestant_votes"]
    assert set(rows["items"]["properties"]) == {"contestant", "votes"}
    assert not {"station", "position", "arrived_at"} & set(properties["answers"]["properties"])
    assert {"station", "position", "arrived_at"} <= set(properties)
