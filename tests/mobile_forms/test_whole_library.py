"""The eleven checklists together: every irregularity of the field is raised by some question."""

import pytest

from mobile_forms.authoring import LANGUAGES, LIBRARY, names, sheets_of
from mobile_forms.sheets import read_sheets, split_language
from mobile_forms.writing import write_workbook
from tests.mobile_forms.spreadsheets import library, read_problems

FIELD = """
    OP-LATE OP-BOX OP-MAT OP-QUORUM OP-SEC VO-ID VO-ROLL VO-INEL VO-INK VO-SIG VO-GROUP VO-OPEN
    VO-PHOTO VO-ASSIST VO-PROXY VO-STUFF VO-CAROUSEL VO-BUY VO-INTIM VO-VIOL VO-CAMP VO-UNAUTH
    VO-ACCESS VO-SUSP VO-CROWD VO-SHORT VO-TECH VO-ASREF AC-OBS AC-AGENT AC-CIT CL-EARLY CL-QUEUE
    CO-UNUSED CO-SEAL CO-TRANSP CO-INVALID CO-ARITH CO-FALS CO-PRESIGN CO-NOPOST CO-NOCOPY CO-DELAY
    CO-TRANSMIT TR-MISS TR-CHANGE TR-REDO TR-ACCESS TR-CROWD TR-OPENED DR-REFUSE CA-STATE CA-MEDIA
    ID-NET
"""
ALL = [*names(), "voting", "counting"]
EACH = pytest.mark.parametrize("name", names())


def test_every_irregularity_of_the_field_is_raised_by_some_question() -> None:
    raised = {each.code for name in ALL for each in library(name).definition.indicators}
    assert len(ALL) == 11
    assert set(FIELD.split()) - raised == set()


@EACH
def test_nothing_is_to_be_mended(name: str) -> None:
    assert read_problems((LIBRARY / f"{name}.xlsx").read_bytes()) == []


@EACH
def test_the_workbook_is_what_the_sources_say(name: str) -> None:
    stored = read_sheets((LIBRARY / f"{name}.xlsx").read_bytes())
    assert stored == read_sheets(write_workbook(sheets_of(name)))


@EACH
def test_it_speaks_five_languages(name: str) -> None:
    definition = library(name).definition
    languages = {split_language(f"label::{each}")[1] for each in LANGUAGES}
    assert set(definition.languages) == set(definition.title) == languages
    assert all(set(each.label) == languages for each in definition.questions)
    assert all(set(each.phrase) == languages for each in definition.indicators)


@pytest.mark.parametrize("name", ["opening", "voting", "closing", "counting", "tabulation"])
def test_every_stage_asks_who_was_removed_whether_one_could_observe_and_how_it_went(
    name: str,
) -> None:
    definition = library(name).definition
    assert {"removed", "rating", "remarks"} <= {each.name for each in definition.questions}
    assert "AC-OBS" in {each.code for each in definition.indicators}
