"""What the library's checklists must ask, whatever the stage."""

import pytest

from api.checklists.publishing import library_names, library_workbook
from mobile_forms.workbook import compile_workbook
from schemas.checklist import CASES, Definition

STAGES = ("opening", "voting", "closing", "counting", "tabulation", "weekly")


def compiled(name: str) -> Definition:
    """A checklist of the library."""
    return compile_workbook(library_workbook(name)).definition


@pytest.mark.parametrize("name", STAGES)
def test_agents_and_citizen_observers_are_asked_about_at_every_stage(name: str) -> None:
    asked = {each.code for each in compiled(name).indicators}
    assert {"AC-AGENT", "AC-CIT", "AC-OBS"} <= asked


@pytest.mark.parametrize("name", sorted(set(library_names()) - CASES))
def test_what_is_judged_by_an_option_can_be_answered_well_or_as_not_observed(name: str) -> None:
    definition = compiled(name)
    asked = {each.name: each for each in definition.questions}
    for indicator in definition.indicators:
        for source in indicator.sources:
            options = {choice.name for choice in asked[source.question].choices}
            if source.options and asked[source.question].type == "select_one":
                good = options - source.options.keys() - {"not_observed", "not_applicable"}
                assert good, source.question
                known = asked.get(f"{source.question}__known")
                assert known is not None, source.question


def test_an_incident_can_be_hate_speech_with_its_target_and_online() -> None:
    asked = {
        each.name: [one.name for one in each.choices] for each in compiled("incident").questions
    }
    assert "hate_speech" in asked["nature"]
    assert "online" in asked["where"]
    assert {"women", "minority", "migrants"} <= set(asked["affected"])
