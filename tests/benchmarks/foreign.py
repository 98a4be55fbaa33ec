"""What becomes of forms that were written elsewhere.

``python -m tests.benchmarks.foreign FOLDER [--tell]``: every spreadsheet beneath a folder, read as
it is, and adopted. ``--tell`` prints each reason for which an adopted form is refused. No such form
belongs to this repository: older wheels of pyxform carry its own, as does every archive of surveys.
"""

import sys
import traceback
from collections import Counter
from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from mobile_forms.adoption import adopt
from mobile_forms.sheets import Problem, WorkbookProblems
from mobile_forms.workbook import compile_workbook

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".csv"})
PLACED = ("survey", "choices", "settings")
"""Sheets in which a reason names a row and a column; others are named as a whole."""


def main(folder: str, *, tell: bool) -> None:
    """Print how many forms came to what, apart for those that pyxform accepts and refuses."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in sorted(each for each in Path(folder).rglob("*") if each.suffix in SPREADSHEETS):
        fate, problems = fate_of(path.read_bytes(), path.stem)
        counts["taken" if _taken_by_pyxform(path) else "refused", fate] += 1
        if tell and fate not in ("accepted", "adopted"):
            print(f"{path.name}: {fate}", *problems, sep="\n    ")
    for (pyxform, fate), count in sorted(counts.items()):
        print(f"  pyxform: {pyxform:8} here: {fate:24} {count:5}")


def fate_of(data: bytes, name: str) -> tuple[str, list[str]]:
    """Accepted as it is, adopted, or refused: with a place for each reason, or without."""
    try:
        if not _to_mend(data):
            return "accepted", []
        problems = _to_mend(adopt(data, name).workbook)
    except WorkbookProblems as found:
        problems = found.problems
    except Exception:
        return "crash", traceback.format_exc().splitlines()[-3:]
    if not problems:
        return "adopted", []
    placed = all(map(_is_placed, problems))
    return f"refused, {'each' if placed else 'not each'} with its place", [*map(str, problems)]


def _is_placed(problem: Problem) -> bool:
    named = problem.sheet not in PLACED or bool(problem.row and problem.column)
    return bool(named and problem.message and problem.remedy)


def _to_mend(data: bytes) -> list[Problem]:
    try:
        compile_workbook(data)
    except WorkbookProblems as found:
        return found.problems
    return []


def _taken_by_pyxform(path: Path) -> bool:
    try:
        convert(path, validate=False)
    except PyXFormError:
        return False
    except Exception:  # It stumbles over some workbooks.
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1], tell="--tell" in sys.argv)
