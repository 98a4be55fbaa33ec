"""What a phone calculated is calculated again, and noted where it differs."""

import pytest

from mobile_forms.judgement import Judge
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import SURVEY, spreadsheet


def flags(calculation: str, sent: object) -> set[str]:
    calculated = {"type": "calculate", "name": "hours", "calculation": calculation}
    definition = compile_workbook(spreadsheet(survey=[*SURVEY, calculated])).definition
    judged = Judge(definition).judge({"late": 90, "hours": sent}, {})
    assert judged.answers["hours"] == sent
    return {flag["name"] for flag in judged.flags}


@pytest.mark.parametrize("sent", [1.5, "1.5", 1.5 + 1e-12])
def test_what_is_right_is_not_noted(sent: object) -> None:
    assert flags("${late} div 60", sent) == set()


@pytest.mark.parametrize("sent", [2, "1.6", "soon"])
def test_what_is_otherwise_is_noted_beside_the_answer(sent: object) -> None:
    assert flags("${late} div 60", sent) == {"calculation:hours"}


@pytest.mark.parametrize("calculation", ["now()", "once(${late})", "random()", ". + 1"])
def test_what_only_the_phone_can_know_is_taken_as_sent(calculation: str) -> None:
    assert flags(calculation, "7") == set()
