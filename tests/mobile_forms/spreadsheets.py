"""Small checklists as spreadsheets, to be compiled by tests."""

import io
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

import mobile_forms
from mobile_forms.judgement import Judge
from mobile_forms.media import missing
from mobile_forms.sheets import Problem, WorkbookProblems
from mobile_forms.workbook import Compiled, compile_workbook

LIBRARY = Path(mobile_forms.__file__).parent / "library"

SETTINGS = {"form_title": "Small", "form_id": "small", "version": "7", "stage": "voting"}
SURVEY: list[dict[str, Any]] = [
    {"type": "begin_group", "name": "inside", "label": "Inside"},
    {"type": "select_one sealed", "name": "sealed", "label": "Was the box sealed?"},
    {"type": "select_multiple seen", "name": "seen", "label": "What did you see?"},
    {
        "type": "integer",
        "name": "late",
        "label": "Minutes late",
        "indicator": "OP-LATE",
        "irregular_when": "${late} > 30",
    },
    {"type": "text", "name": "why", "label": "Why?", "relevant": "${late} > 0"},
    {"type": "end_group"},
]
CHOICES: list[dict[str, Any]] = [
    {"list_name": "sealed", "name": "yes", "label": "Yes"},
    {"list_name": "sealed", "name": "no", "label": "No", "irregularity": "CO-SEAL"},
    {"list_name": "sealed", "name": "not_observed", "label": "Not observed"},
    {"list_name": "sealed", "name": "not_applicable", "label": "No box"},
    {"list_name": "seen", "name": "nothing", "label": "Nothing"},
    {"list_name": "seen", "name": "crowd", "label": "A crowd", "irregularity": "VO-CROWD"},
    {
        "list_name": "seen",
        "name": "crush",
        "label": "A crush",
        "irregularity": "VO-CROWD",
        "severity": 3,
    },
    {
        "list_name": "seen",
        "name": "broken_seal",
        "label": "A seal broken",
        "irregularity": "CO-SEAL",
        "severity": 1,
    },
]
INDICATORS: list[dict[str, Any]] = [
    {
        "code": code,
        "stage": "voting",
        "severity": severity,
        "standards": "obl:18",
        "phrase": f"{code} happened",
        "positive_phrase": f"{code} did not happen",
    }
    for code, severity in (("CO-SEAL", 2), ("VO-CROWD", 1), ("OP-LATE", 1))
]
CHECKS: list[dict[str, Any]] = [
    {
        "name": "far-too-late",
        "flag_when": "${late} > 120",
        "explanation": "Two hours are rare.",
        "difference": "${late} - 120",
        "tolerance": 5,
    }
]


def spreadsheet(**sheets: list[dict[str, Any]]) -> bytes:
    """A workbook of rows by header; a sheet that is not given is the small checklist's."""
    rows = {
        "survey": SURVEY,
        "choices": CHOICES,
        "indicators": INDICATORS,
        "checks": CHECKS,
        "settings": [SETTINGS],
    } | sheets
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, each in rows.items():
        sheet = book.create_sheet(name)
        headers = list(dict.fromkeys(header for row in each for header in row))
        sheet.append(headers)
        for row in each:
            sheet.append([row.get(header) for header in headers])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def changed(rows: list[dict[str, Any]], which: str, **cells: Any) -> list[dict[str, Any]]:
    """The same rows, with other cells in the rows of this name (or code)."""
    found = [
        each | cells if which in (each.get("name"), each.get("code")) else each for each in rows
    ]
    assert found != rows
    return found


@cache
def small() -> Compiled:
    """The small checklist, compiled."""
    return compile_workbook(spreadsheet())


@cache
def library(name: str) -> Compiled:
    """A checklist of the library, compiled."""
    return compile_workbook((LIBRARY / f"{name}.xlsx").read_bytes())


@cache
def judge_of(name: str) -> Judge:
    """A judge of a library checklist, or of ``small``."""
    return Judge((small() if name == "small" else library(name)).definition)


def read_problems(data: bytes) -> list[Problem]:
    """What an author would have to mend; empty where the workbook can be published as it is."""
    try:
        return missing(compile_workbook(data).named, ())
    except WorkbookProblems as found:
        return found.problems
