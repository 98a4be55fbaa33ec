"""Forms of others on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import openpyxl

from mobile_forms.workbook import compile_workbook
from tests.command_line import CommandLine
from tests.mobile_forms.form_files import OWN_LIST, PICTURE, WITH_FILES
from tests.mobile_forms.spreadsheets import INDICATORS, changed, spreadsheet


def test_a_form_of_others_is_written_in_our_way_and_what_is_left_is_said(
    indelible: CommandLine, tmp_path: Path
) -> None:
    written, out = tmp_path / "Posters.xlsx", tmp_path / "ours.xlsx"
    survey = [{"type": "q image", "name": "poster", "label": "Affiche"}]
    none: dict[str, list[dict[str, str]]] = {"choices": [], "indicators": [], "checks": []}
    written.write_bytes(spreadsheet(survey=survey, settings=[], **none))
    said = indelible.done("checklist", "adopt", str(written), str(out), "--language", "fr")
    assert "Written `image`." in {each["remedy"] for each in said["changes"]}
    definition = compile_workbook(out.read_bytes()).definition
    assert (definition.name, definition.languages) == ("posters", ("fr",))
    assert "notes" in openpyxl.load_workbook(out).sheetnames
    indelible.done("checklist", "lint", str(out))


def test_publishing_new_rules_says_how_many_reports_they_judged_again(
    indelible: CommandLine, vastria: str, saved: Callable[[str, str | bytes], Path]
) -> None:
    first, graver = saved("a.xlsx", spreadsheet()), changed(INDICATORS, "CO-SEAL", severity=3)
    assert indelible.done("checklist", "publish", vastria, first)["judged_again"] == 0
    reports = [
        {"id": str(uuid4()), "checklist": "small", "answers": {"sealed": "no"}} for _ in range(3)
    ]
    lines = "\n".join(json.dumps(each) for each in reports)
    indelible.done("reports", "import", vastria, saved("reports.ndjson", lines))
    second = saved("b.xlsx", spreadsheet(indicators=graver))
    said = indelible("checklist", "publish", vastria, second)
    assert "rules 2: published. 3 reports judged again." in said.out
    assert indelible.done("checklist", "publish", vastria, second)["judged_again"] == 0


def test_a_form_s_pictures_and_lists_stand_in_a_folder_beside_it(
    indelible: CommandLine, vastria: str, saved: Callable[[str, str | bytes], Path], tmp_path: Path
) -> None:
    workbook, media = saved("small.xlsx", WITH_FILES), tmp_path / "media"
    media.mkdir()
    for command in (("lint",), ("publish", vastria)):
        said = indelible("checklist", *command, workbook)
        assert said.code == 1
        assert "survey, row 3, column media::image: The file `seal.png` is not there." in (
            said.out + said.err
        )
    (media / "seal.png").write_bytes(b"<svg/>")
    assert "seal.png" in indelible("checklist", "lint", workbook, "--media", media).err
    (media / "seal.png").write_bytes(PICTURE)
    (media / "spare.png").write_bytes(PICTURE)
    (media / "towns.csv").write_bytes(OWN_LIST)
    said = indelible("checklist", "lint", workbook, "--media", media)
    assert said.out.strip() == (
        "look at media: Nothing names the file `spare.png`. "
        "Name it in the workbook, or take it away."
    )
    for is_new in (True, False):
        made = indelible.done("checklist", "publish", vastria, workbook, "--media", str(media))
        assert made["new"] is is_new
    out, back = tmp_path / "back.xlsx", tmp_path / "back"
    assert indelible("checklist", "export", vastria, "small", out, "--media", back).code == 0
    assert {each.name: each.read_bytes() for each in back.iterdir()} == {
        "seal.png": PICTURE,
        "towns.csv": OWN_LIST,
    }
    (media / "seal.png").write_bytes(PICTURE + b"other")
    said = indelible("checklist", "publish", vastria, workbook, "--media", media)
    assert "its files stand as they are" in said.err
