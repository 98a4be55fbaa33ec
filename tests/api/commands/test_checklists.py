"""Forms of others on the command line."""

from pathlib import Path

import openpyxl

from mobile_forms.workbook import compile_workbook
from tests.command_line import CommandLine
from tests.mobile_forms.spreadsheets import spreadsheet


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
