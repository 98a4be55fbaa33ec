"""Sections by the words of their form."""

from api.checklists.publishing import library_workbook
from mobile_forms.section_labels import section_labels
from mobile_forms.workbook import compile_workbook


def test_a_section_is_called_as_the_form_calls_it_in_each_language() -> None:
    labels = section_labels(compile_workbook(library_workbook("voting")).xform)
    assert labels["arrival"]["en"] == "Arrival and access"
    assert set(labels["arrival"]) == {"en", "fr", "ar", "es", "pt"}


def test_what_is_no_form_has_no_sections() -> None:
    assert section_labels("no form") == {}
