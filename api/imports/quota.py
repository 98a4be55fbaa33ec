"""Quotas in a table: how many reports of each checklist are expected of a team."""

import re
from collections.abc import Iterator, Mapping

from api.deployments.limits import MAX_EXPECTED_REPORTS
from api.imports.cells import whole_number
from api.imports.table import CellProblem, Table, TableRow

WORDS = frozenset({"expect", "expected", "quota"})
_PARTS = re.compile(r"[\W_]+")


class Quota:
    """The columns such as ``expect voting`` or ``quota opening``: a checklist's name, else a stage
    that one checklist alone is of. ``stages`` gives the stage of each checklist by name."""

    def __init__(self, table: Table, stages: Mapping[str, str]) -> None:
        self._columns: dict[str, str] = {}
        self._unknown: dict[str, str] = {}
        for label, header in table.labels:
            first, _, wanted = _words(label).partition(" ")
            if first not in WORDS or not wanted:
                continue
            found = _checklists(wanted, stages)
            table.read_as(f"expect {wanted}", header)
            if len(found) == 1:
                self._columns[header] = found[0]
            else:
                self._unknown[header] = f"checklist {wanted}" + (
                    f" (of this stage are {', '.join(found)}: name one)" if found else ""
                )

    def unknown(self, row: TableRow) -> Iterator[str]:
        """What a row expects that no checklist is meant by."""
        return (words for header, words in self._unknown.items() if row.cells.get(header))

    def read(self, row: TableRow) -> dict[str, int]:
        """How many reports a row expects, by checklist; an empty cell says nothing, 0 says none.

        Raises :class:`CellProblem` for what is no number up to :data:`MAX_EXPECTED_REPORTS`.
        """
        expected: dict[str, int] = {}
        for header, checklist in self._columns.items():
            count = whole_number(row, header)
            if count is None:
                continue
            expected[checklist] = expected.get(checklist, 0) + count
            if expected[checklist] > MAX_EXPECTED_REPORTS:
                raise CellProblem(
                    row, header, f"at most {MAX_EXPECTED_REPORTS} reports are expected of a team."
                )
        return expected


def _words(text: str) -> str:
    return " ".join(_PARTS.split(text.strip().casefold()))


def _checklists(wanted: str, stages: Mapping[str, str]) -> list[str]:
    named = [name for name in stages if _words(name) == wanted]
    return named or [name for name, stage in stages.items() if _words(stage) == wanted]
