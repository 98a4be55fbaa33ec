"""The template for authors, and forms by others without our columns."""

from mobile_forms.columns import CHECKS, INDICATORS, OUR_CHOICES, OUR_SETTINGS, OUR_SURVEY
from mobile_forms.sheets import read_sheets, split_language
from mobile_forms.workbook import compile_workbook
from mobile_forms.writing import TEMPLATE, template
from tests.mobile_forms.spreadsheets import read_problems, spreadsheet


def test_the_template_has_nothing_to_mend_and_is_what_the_code_says() -> None:
    assert read_problems(TEMPLATE.read_bytes()) == []
    assert read_sheets(TEMPLATE.read_bytes()) == read_sheets(template())


def test_the_template_uses_every_column_of_ours() -> None:
    sheets = read_sheets(TEMPLATE.read_bytes())
    ours = {
        "survey": OUR_SURVEY,
        "choices": OUR_CHOICES,
        "settings": OUR_SETTINGS,
        "checks": CHECKS,
        "indicators": INDICATORS,
    }
    for name, columns in ours.items():
        assert columns <= {split_language(each)[0] for each in sheets[name].headers}


def test_a_form_without_our_columns_compiles_without_indicators() -> None:
    survey = [{"type": "select_one yn", "name": "open", "label": "Open?"}]
    choices = [{"list_name": "yn", "name": "yes", "label": "Yes"}]
    settings = [{"form_title": "Plain", "form_id": "plain", "version": "1"}]
    made = compile_workbook(
        spreadsheet(survey=survey, choices=choices, indicators=[], checks=[], settings=settings)
    )
    assert made.definition.indicators == ()
    assert [each.name for each in made.definition.questions] == ["open"]
