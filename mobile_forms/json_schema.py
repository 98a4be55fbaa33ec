"""The JSON Schema of a report, for partners who send reports without a phone.

Intake is more forgiving: numbers may be texts of digits, and null is no answer.
"""

from typing import Any

from mobile_forms.outline import CONTEXT
from schemas.checklist import Definition, Question

_FILE = {"type": "string", "description": "a file's name"}
SCALARS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer", "minimum": -999_999_999, "maximum": 999_999_999},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "datetime": {"type": "string", "format": "date-time"},
    "geopoint": {"type": "string", "description": "latitude longitude [altitude [accuracy]]"},
    "geotrace": {"type": "string", "description": "positions, a semicolon after each"},
    "geoshape": {"type": "string", "description": "positions, the first one again at the end"},
    "image": {"type": "string", "description": "the photo's file name"},
    **dict.fromkeys(("audio", "video", "file"), _FILE),
}
MOMENT = {"type": "string", "format": "date-time"}
IDENTITY = {"type": "string", "format": "uuid"}


def report_schema(definition: Definition) -> dict[str, Any]:
    """The schema (draft 2020-12) of a report on this version of a checklist."""
    top = [each for each in definition.questions if not each.repeat and each.section != CONTEXT]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Report: {definition.title.get('en', definition.name)}",
        "type": "object",
        "required": ["id", "checklist", "answers"],
        "additionalProperties": False,
        "properties": {
            "id": IDENTITY,
            "replaces": IDENTITY,
            "checklist": {"const": definition.name},
            "version": {"const": definition.version},
            "round": {"type": "string"},
            **({"contest": {"type": "string"}} if definition.is_protocol else {}),
            "station": {"type": ["string", "null"]},
            "place": {"type": "object"},
            "observer": {"type": "string"},
            "with": {"type": "array", "items": {"type": "string"}},
            "visit": IDENTITY,
            "arrived_at": MOMENT,
            "departed_at": MOMENT,
            "finalised_at": MOMENT,
            "position": {
                "type": "object",
                "required": ["lat", "lon"],
                "properties": {name: {"type": "number"} for name in ("lat", "lon", "accuracy_m")},
            },
            "device": {"type": "object"},
            "answers": _answers(top, definition),
            "observed": {
                "type": "object",
                "additionalProperties": {"enum": ["personally", "reported"]},
            },
        },
    }


def _answers(questions: list[Question], definition: Definition) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {each.name: _answer(each, definition) for each in questions},
    }


def _answer(question: Question, definition: Definition) -> dict[str, Any]:
    said = {"title": question.label.get("en", question.name)}
    names = [each.name for each in question.choices]
    # The options of a list that the mission keeps change while the schema stands.
    if question.type == "select_one":
        return said | ({"enum": [*names, None]} if names else {"type": ["string", "null"]})
    if question.type == "select_multiple":
        items = {"enum": names} if names else {"type": "string"}
        return said | {"type": "array", "uniqueItems": True, "items": items}
    if question.type == "repeat":
        rows = [each for each in definition.questions if each.repeat == question.name]
        return said | {"type": "array", "items": _answers(rows, definition)}
    return said | SCALARS.get(question.type, {"type": "string"})
