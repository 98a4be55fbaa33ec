"""XLSForms as the world writes them: adopted, each change told, the rest refused in words."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile_forms.adoption import adopt
from mobile_forms.sheets import WorkbookProblems, read_sheets
from mobile_forms.workbook import Compiled, compile_workbook
from tests.mobile_forms.spreadsheets import LIBRARY, read_problems, spreadsheet

Rows = list[dict[str, Any]]
YES_NO: Rows = [
    {"list name": "yes_no", "name": "yes", "label:English": "Yes", "label:French": "Oui"},
    {"list name": "yes_no", "name": "no", "label:English": "No"},
    {"list name": "yes_no", "name": "perhaps", "label:English": "Perhaps"},
]
LONG = "number_of_registered_voters_on_the_list"
OLD: Rows = [
    {"type": "device id", "name": "imei"},
    {"type": "add note prompt", "label:English": "Good morning"},
    {"type": "add select one prompt using yes_no", "name": "open", "label:English": "Open?"},
    {
        "type": "select all that apply from yes_no or specify other",
        "name": "why",
        "label:English": "Why?",
        "bind:relevant": "${open} = 'no'",
    },
    {"type": "integer", "name": LONG, "label:English": "Registered", "skippable": "yes"},
    {
        "type": "phone number",
        "name": "call",
        "label:English": "Whom to call",
        "constraint": f"regex(., '[0-9]+') and ${{{LONG}}} > 0",
    },
    {"type": "", "name": "", "label:English": "Only a remark of the author"},
    {"type": "text", "name": "station", "label:English": "Which?", "relevant": "${call} != ''"},
    {"type": "begin lgroup", "name": "party", "label:English": "Party"},
    {"type": "add image prompt", "name": "poster", "label:English": "Poster"},
    {"type": "end lgroup"},
]


def foreign(survey: Rows, choices: Rows | None = None, **sheets: Rows) -> bytes:
    """A workbook without anything of ours."""
    none: dict[str, Rows] = {"indicators": [], "checks": [], "settings": []}
    return spreadsheet(**(none | {"survey": survey, "choices": choices or []} | sheets))


def compiled(data: bytes, language: str = "en") -> Compiled:
    return compile_workbook(adopt(data, "Opening day", language).workbook)


def test_a_form_written_in_the_old_ways_becomes_a_checklist() -> None:
    definition = compiled(foreign(OLD, YES_NO)).definition
    asked = {each.name: each for each in definition.questions}
    assert definition.name == "opening_day"
    assert set(definition.languages) == {"en"}
    assert [asked[name].type for name in ("open", "why", "call", "poster")] == [
        "select_one",
        "select_multiple",
        "text",
        "image",
    ]
    assert asked["why"].relevant
    assert [each.name for each in asked["why"].choices] == ["yes", "no", "perhaps", "other"]
    assert asked["why_other"].type == "text"
    assert asked["poster"].repeat == "party"
    assert "imei" not in asked
    assert {"station", "arrived_at"} <= set(asked)


def test_every_change_is_told_and_stands_in_the_workbook() -> None:
    adopted = adopt(foreign(OLD, YES_NO), "opening")
    told = "\n".join(map(str, adopted.changes))
    for found in (
        "device id",
        "add note prompt",
        "skippable",
        "without a type",
        LONG,
        "[0-9]+",
        "or_other",
        "The form has no id",
    ):
        assert found in told
    notes = read_sheets(adopted.workbook)["notes"].rows
    assert len(notes) == len(adopted.changes)
    assert adopt(adopted.workbook, "opening").changes == ()


def test_what_speaks_of_a_renamed_question_speaks_of_it_by_its_new_name() -> None:
    definition = compiled(foreign(OLD, YES_NO)).definition
    short = next(each for each in definition.questions if each.name.startswith("number_of"))
    assert len(short.name) <= 32
    call = next(each for each in definition.questions if each.name == "call")
    assert short.path in (call.constraint or "")
    assert "^([0-9]+)$" in (call.constraint or "")


@pytest.mark.parametrize(
    "name", sorted({each.stem for each in LIBRARY.glob("*.xlsx")} - {"template"})
)
def test_a_checklist_of_ours_is_adopted_as_it_is(name: str) -> None:
    own = (LIBRARY / f"{name}.xlsx").read_bytes()
    adopted = compile_workbook(adopt(own, name).workbook)
    assert adopted.definition == compile_workbook(own).definition


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("q string", "text"),
        ("int", "integer"),
        ("add date time prompt", "datetime"),
        ("gps", "geopoint"),
        ("barcode", "text"),
        ("percentage", "integer"),
        ("range", "integer"),
        ("photo", "image"),
        ("add photo prompt", "image"),
        ("add audio prompt", "audio"),
        ("q video", "video"),
        ("add file prompt", "file"),
        ("q geotrace", "geotrace"),
        ("geoshape", "geoshape"),
        ("Select1 yes_no", "select_one"),
        ("select multiple yes_no", None),
        ("select one from yes_no", "select_one"),
        ("select_multiple yes_no", "select_multiple"),
    ],
)
def test_a_type_has_many_names(written: str, ours: str | None) -> None:
    data = foreign([{"type": written, "name": "q", "label": "?"}], YES_NO)
    if ours is None:
        assert "is not a type" in str(read_problems(adopt(data, "x").workbook)[0])
        return
    (found,) = (each for each in compiled(data).definition.questions if each.name == "q")
    assert found.type == ours


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("label::français", "fr"),
        ("label:Arabic", "ar"),
        ("Label :: Kiswahili", "sw"),
        ("label::anything (uk)", "uk"),
        ("caption:中文", "zh"),
        ("label", "pt"),
    ],
)
def test_a_language_is_known_by_what_its_speakers_call_it(header: str, code: str) -> None:
    data = foreign([{"type": "text", "name": "q", header: "?"}])
    assert compiled(data, "pt").definition.languages == (code,)


def test_the_form_s_default_language_is_that_of_texts_without_one() -> None:
    data = foreign(
        [{"type": "text", "name": "q", "label": "Qui ?", "label::English": "Who?"}],
        settings=[{"form_id": "a", "default_language": "French"}],
    )
    (found,) = (each for each in compiled(data).definition.questions if each.name == "q")
    assert found.label == {"fr": "Qui ?", "en": "Who?"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"type": "osm"}, "Ask for a geopoint"),
        ({"type": "begin loop over yes_no"}, "Write each"),
        ({"type": "xml-external"}, "sheet choices"),
        ({"type": "select_one_from_file towns.csv"}, "--media"),
        ({"type": "text", "relevant": "${last-saved#q} = 1"}, "earlier report"),
        ({"type": "text", "constraint": "pulldata('a', 'b', 'c', 'd') = 1"}, "phones alone"),
        ({"type": "hologram"}, "is not a type"),
    ],
)
def test_what_cannot_be_carried_is_left_to_the_author_with_a_remedy(
    row: dict[str, str], said: str
) -> None:
    data = foreign([{"name": "q", "label": "?"} | row], YES_NO)
    assert said in "\n".join(map(str, read_problems(adopt(data, "x").workbook)))


def test_options_may_be_filtered_by_columns_of_their_own() -> None:
    choices = [{"list_name": "town", "name": "a", "label": "A", "county": "x"}]
    survey = [
        {"type": "text", "name": "county", "label": "?"},
        {
            "type": "select_one town",
            "name": "q",
            "label": "?",
            "choice_filter": "county = ${county}",
        },
    ]
    assert "<county>x</county>" in compiled(foreign(survey, choices)).xform
    unused = foreign([survey[0], survey[1] | {"choice_filter": ""}], choices)
    assert "`county`" in "\n".join(map(str, adopt(unused, "x").changes))


def test_a_printer_s_quotation_marks_become_those_that_are_typed() -> None:
    survey = [
        {"type": "select_one yes_no", "name": "a", "label": "?"},
        {"type": "text", "name": "c", "label": "?"},
        {"type": "text", "name": "b", "label": "?", "relevant": "${a} = ’no’ or ${c} = 'it’s'"},
    ]
    (found,) = (
        each for each in compiled(foreign(survey, YES_NO)).definition.questions if each.name == "b"
    )
    assert found.relevant == "(/data/a  = 'no' or  /data/c  = 'it’s')"


def test_options_that_cannot_be_named_so_are_renamed_wherever_they_are_spoken_of() -> None:
    choices = [
        {"list_name": "town", "name": "old town", "label": "A", "county": "don't know"},
        {"list_name": "county", "name": "don't know", "label": "B"},
        {"list_name": "county", "name": "old_town", "label": "C"},
    ]
    survey = [
        {"type": "select_one county", "name": "c", "label": "?", "default": "don't know"},
        {"type": "select_one town", "name": "t", "label": "?", "choice_filter": "county = ${c}"},
        {"type": "text", "name": "b", "label": "?", "relevant": "${t} = 'old town'"},
        {"type": "text", "name": "d", "label": "?", "relevant": '${c} = "don\'t know"'},
    ]
    made = compiled(foreign(survey, choices))
    asked = {each.name: each for each in made.definition.questions}
    assert [each.name for each in asked["c"].choices] == ["dont_know", "old_town"]
    assert [each.name for each in asked["t"].choices] == ["old_town_2"]
    assert asked["b"].relevant == "(/data/t  = 'old_town_2')"
    assert asked["d"].relevant == "(/data/c  = 'dont_know')"
    assert "<county>dont_know</county>" in made.xform
    assert "<c>dont_know</c>" in made.xform


def test_a_name_that_stands_in_two_groups_is_another_the_second_time() -> None:
    survey = [
        {"type": "begin_group", "name": "a", "label": "A"},
        {"type": "integer", "name": "count", "label": "?"},
        {"type": "end_group"},
        {"type": "begin_group", "name": "b", "label": "B"},
        {"type": "integer", "name": "count", "label": "?"},
        {"type": "end_group"},
    ]
    asked = [each.path for each in compiled(foreign(survey)).definition.questions]
    assert asked[-2:] == ["/data/a/count", "/data/b/count_2"]


def test_a_column_with_a_namespace_of_others_is_left_out() -> None:
    survey = [{"type": "text", "name": "a", "label": "?", "body::esri:style": "x"}]
    assert "body::esri:style" in str(adopt(foreign(survey), "x").changes)
    assert compiled(foreign(survey))


WORDS = st.sampled_from([
    "type", "name", "label", "label:English", "list name", "bind:relevant", "select one from a",
    "begin repeat", "end repeat", "or_other", "range", "${q}", "q", "a", "meta", "context",
    "media::image", "", "é", "regex(., 'a')", "x__known", "note", "audit",
])  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.dictionaries(WORDS.filter(bool), WORDS, max_size=6), max_size=8), WORDS)
def test_whatever_stands_in_a_workbook_is_adopted_or_refused_in_words(
    rows: Rows, name: str
) -> None:
    with suppress(WorkbookProblems):
        compile_workbook(adopt(foreign(rows, rows, settings=rows), name).workbook)
