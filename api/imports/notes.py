"""Rows that are no data: totals, sources, notes, the header once more."""

import re
from collections.abc import Sequence

from api.imports.table import TableRow, plain
from schemas.words import N_

TOTALS = frozenset({
    "total", "totals", "grand_total", "sub_total", "subtotal", "sum", "overall_total", "totaux",
    "total_général", "total_general", "sous_total", "totales", "total_nacional", "totais",
    "total_geral", "subtotais", "итого", "всего", "всього", "усього", "разом", "сумма", "итог",
    "სულ", "ჯამი", "ჯამში", "المجموع", "الإجمالي", "الاجمالي", "إجمالي", "اجمالي",
    "المجموع_الكلي", "razem", "ogółem", "suma", "toplam", "genel_toplam", "gesamt", "summe",
    "insgesamt", "totalt", "sum_total", "összesen", "celkem", "ukupno", "укупно", "jumla", "jumlah",
    "σύνολο", "ընդամենը", "cəmi", "national_total", "total_national",
})  # fmt: skip
NOTES = re.compile(
    r"(source|sources|note|notes|nota|notas|fuente|fonte|источник|примечание|джерело|примітка|"
    r"წყარო|შენიშვნა|المصدر|ملاحظة|źródło|uwaga|kilde|kaynak|quelle|anmerkung)s?\s*[:：]|\*",
    re.IGNORECASE,
)
TOTAL, NOTE = N_("a total"), N_("a note")
AGAIN, MOSTLY_EMPTY = N_("the header once more"), N_("most columns are empty")
ENOUGH = 10
"""Rows after which a row that is the sum of all above is no chance."""


class Notes:
    """Looks at each row in turn, and says of those that are no data why not."""

    def __init__(self, headers: Sequence[str], key: Sequence[str]) -> None:
        self._headers = [each for each in headers if each]
        self._key = key
        self._sums: dict[str, int] = {}
        self._since: dict[str, int] = {}
        self._rows = self._cells = 0

    def see(self, row: TableRow) -> str | None:
        """Why a row is no data; None where it is."""
        filled = {name: row.cells[name] for name in self._headers if row.cells.get(name)}
        figures = self._figures(filled)
        reason = self._reason(row, filled, figures)
        if reason == TOTAL:
            self._since = {}
        elif reason is None:
            self._rows, self._cells = self._rows + 1, self._cells + len(filled)
            for name, value in figures.items():
                self._sums[name] = self._sums.get(name, 0) + value
                self._since[name] = self._since.get(name, 0) + value
        return reason

    def _figures(self, filled: dict[str, str]) -> dict[str, int]:
        """The whole numbers of a row, its codes apart."""
        figures = {}
        for name, text in filled.items():
            if len(text) < 14 and name not in self._key:
                digits = text.replace(",", "").replace("\u00a0", "").replace(" ", "")
                if digits.isdecimal() and (len(digits) == 1 or digits[0] != "0"):
                    figures[name] = int(digits)
        return figures

    def _reason(self, row: TableRow, filled: dict[str, str], figures: dict[str, int]) -> str | None:
        texts = list(filled.values())
        if not texts:
            return None
        if any(plain(text.rstrip(":：")) in TOTALS for text in (*texts[:2], *self._codes(row))):
            return TOTAL
        if len(filled) > 1 and all(name == text for name, text in filled.items()):
            return AGAIN
        if not any(self._codes(row)) and plain(texts[0]).split("_")[0] in TOTALS:
            return TOTAL
        if len(filled) <= 2 and NOTES.match(texts[0]):
            return NOTE
        if self._lacks_most(row, filled):
            return MOSTLY_EMPTY
        return TOTAL if self._is_sum(row, filled, figures) else None

    def _codes(self, row: TableRow) -> list[str]:
        return [row.cells.get(each, "") for each in self._key]

    def _lacks_most(self, row: TableRow, filled: dict[str, str]) -> bool:
        """One cell alone where others fill three, unless it is a code."""
        usual = self._cells / self._rows if self._rows else len(self._headers)
        if len(filled) > 1 or usual < 3 or not self._key:
            return False
        return not any(code and not re.search(r"\s", code) for code in self._codes(row))

    def _is_sum(self, row: TableRow, filled: dict[str, str], figures: dict[str, int]) -> bool:
        """Whether every figure is the sum of those above, and the row is not like the others."""
        if not self._key:
            return False
        plainly = self._rows >= ENOUGH and len(filled) * self._rows < self._cells
        if self._rows < 2 or not (plainly or not any(self._codes(row))):
            return False
        return any(
            bool(figures)
            and all(value and sums.get(name) == value for name, value in figures.items())
            for sums in (self._sums, self._since)
        )
