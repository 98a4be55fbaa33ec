"""What changed from one version of a checklist to the next."""

from typing import Any

from mobile_forms.versions import Changes, compare
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import CHOICES, INDICATORS, SURVEY, changed, small, spreadsheet


def changes(**sheets: list[dict[str, Any]]) -> Changes:
    return compare(small().definition, compile_workbook(spreadsheet(**sheets)).definition)


def test_the_same_is_no_change() -> None:
    assert changes() == Changes((), ())
    assert not changes().only_rules


def test_another_severity_is_a_change_of_rules_alone() -> None:
    found = changes(choices=changed(CHOICES, "crush", severity=2))
    assert found.only_rules
    assert ("option", "seen.crush", "severity", 3, 2) in [
        (each.kind, each.name, each.what, each.before, each.after) for each in found.rules
    ]
    assert changes(indicators=changed(INDICATORS, "CO-SEAL", phrase="Other words")).only_rules


def test_a_question_that_came_went_or_is_asked_otherwise_changes_the_form() -> None:
    more = [*SURVEY[:-1], {"type": "text", "name": "more", "label": "More"}, SURVEY[-1]]
    (added,) = changes(survey=more).form
    assert (added.name, added.before, added.after["type"]) == ("more", None, "text")
    fewer = [each for each in SURVEY if each.get("name") != "why"]
    (gone,) = changes(survey=fewer).form
    assert (gone.name, gone.after) == ("why", None)
    (asked,) = changes(survey=changed(SURVEY, "why", relevant="${late} > 5")).form
    assert (asked.name, asked.what) == ("why", "relevant")


def test_an_option_that_came_changes_the_form() -> None:
    more = [*CHOICES, {"list_name": "seen", "name": "dust", "label": "Dust"}]
    (option,) = changes(choices=more).form
    assert (option.kind, option.name, option.before) == ("option", "seen.dust", None)
