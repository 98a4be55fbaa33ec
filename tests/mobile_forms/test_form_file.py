"""Which files a form may have, and what phones are given of them."""

import pytest

from mobile_forms.media import FileProblem, read_file, with_lists
from mobile_forms.sheets import MAX_ROWS
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.form_files import OWN_LIST, PICTURE, WITH_FILES
from tests.mobile_forms.spreadsheets import spreadsheet

JPEG, WEBP = b"\xff\xd8\xff\xe0" + bytes(9), b"RIFF\x0a\x0d\x00\x00WEBPVP8 "


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", PICTURE, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("A.JPEG", JPEG, "image/jpeg"),
        ("a.webp", WEBP, "image/webp"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes_and_given_on_as_it_is(
    name: str, data: bytes, kind: str
) -> None:
    read = read_file(name, data)
    assert (read.type, read.content) == (kind, data)
    with pytest.raises(FileProblem, match="no picture"):
        read_file(name, b"x" + data)


def test_what_a_spreadsheet_program_writes_around_a_list_is_left_out() -> None:
    written = b"\xef\xbb\xbf" + OWN_LIST.replace(b"\n", b"\r\n") + b"\r\n\r\n"
    assert read_file("towns.csv", written).content.splitlines() == OWN_LIST.splitlines()


def test_a_list_is_no_longer_than_a_sheet() -> None:
    rows = b"".join(b"n%d,N\n" % number for number in range(MAX_ROWS))
    read_file("towns.csv", b"name,label\n" + rows)
    with pytest.raises(FileProblem, match="5000"):
        read_file("towns.csv", b"name,label\n" + rows + b"last,L\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"name;label\na;A\n",
        b"name,label,name\na,A,b\n",
        b"name,label\na,\n",
        b"name,label\na,A\n\nb,B\n",
        b"name,label\na\xc3\xa9,A\n",
    ],
)
def test_a_list_that_phones_would_read_otherwise_is_refused(data: bytes) -> None:
    with pytest.raises(FileProblem, match=r"towns\.csv"):
        read_file("towns.csv", data)


def test_a_question_knows_the_options_of_its_list_in_every_language() -> None:
    definition = compile_workbook(WITH_FILES).definition
    (town,) = [each for each in definition.questions if each.file]
    assert (town.name, town.file, town.choices) == ("town", "towns.csv", ())
    filled = with_lists(definition, {"towns.csv": OWN_LIST})
    (town,) = [each for each in filled.questions if each.file]
    assert [(each.name, each.label) for each in town.choices] == [
        ("akh", {"en": "Akhali"}),
        ("bor", {"en": "Bora"}),
    ]
    assert with_lists(filled, {}) == definition


def test_a_picture_that_names_no_language_is_shown_in_every_language() -> None:
    labels = {"label::English (en)": "Which?", "label::French (fr)": "Lequel ?"}
    survey = [{"type": "text", "name": "which", "media::image": "seal.png", **labels}]
    form = compile_workbook(spreadsheet(survey=survey, choices=[], indicators=[], checks=[]))
    assert form.xform.count("jr://images/seal.png") == 2
    assert "default" not in form.xform
    assert [each.file for each in form.named] == ["seal.png"]
