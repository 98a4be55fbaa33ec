"""Checks of a file: rows that are no data, keys that name each row once, codes nearly the same."""

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from api.imports.table import Table, TableRow, UnreadRow, plain
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


EXAMPLES = 5
MAX_LISTED = 1000
CANDIDATES = 12
"""Columns that are tried for a key of several."""
LONGEST_PART, MOST_VALUES = 40, 10_000
_CODES = re.compile(
    r"(^|_)(code|id|no|nr|num|number|kod|код|номер|კოდი|рамز|código|clave|numer)(_|$)"
)
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_BETWEEN = re.compile(r"[\s_\u2010-\u2015]+")
Hashes = npt.NDArray[np.int64]


def alike(code: str) -> str:
    """A code without what is easily lost or changed: leading zeros, capitals, spaces."""
    folded = unicodedata.normalize("NFKC", code).casefold()
    return _ZEROS.sub("", _BETWEEN.sub("", folded))


def joined(row: TableRow, columns: Iterable[str]) -> str:
    """The cells of a key in one text; nothing where all are empty."""
    parts = [row.cells.get(each, "") for each in columns]
    return "\x1f".join(parts) if any(parts) else ""


def _repeated(hashes: "array[int]") -> Hashes:
    values, counts = np.unique(np.frombuffer(hashes, dtype=np.int64), return_counts=True)
    return values[counts > 1]


def key_question(
    table: Table, key: Sequence[str], names: Sequence[Sequence[str]], exact: "array[int]"
) -> tuple[str, tuple[UnreadRow, ...], tuple[str, ...]] | None:
    """What to say of a key that repeats: the words, pairs of rows, and mappings that would be
    unique. None where it does not."""
    again = set(_repeated(exact).tolist())
    if not again:
        return None
    found: dict[str, list[UnreadRow]] = {}
    whole: dict[str, set[int]] = {}
    for row in table.rows:
        code = joined(row, key)
        if code and hash(code) in again and (code in found or len(found) < EXAMPLES):
            rows = found.setdefault(code, [])
            if len(rows) < 2:
                whole.setdefault(code, set()).add(hash(tuple(row.cells.values())))
                rows.append(UnreadRow(row.line, row.shown, code.replace("\x1f", ", ")))
    pairs = [each for rows in found.values() if len(rows) > 1 for each in rows]
    field = "+".join(each[0] for each in names)
    proposals = _proposals(table, key[0], names[0][0]) if len(key) == 1 else []
    text = f"`{field}` is not unique" + (": a key of several columns?" if len(key) == 1 else ".")
    if pairs:
        one, two = pairs[0], pairs[1]
        same = " and are the same throughout" if len(next(iter(whole.values()))) == 1 else ""
        text += f" Rows {one.line} and {two.line} both have {one.why}{same}."
    if len(again) > 1:
        text += f" {len(again)} of its values repeat."
    return text, tuple(pairs), tuple(proposals)


def _proposals(table: Table, key: str, field: str) -> list[str]:
    """Mappings under which no two rows would have the same key, the likeliest first."""
    own = key.split("+")
    parents, alone = _code_columns(table, own)
    tried = [(each,) for each in parents] + list(combinations(parents[:6], 2))
    wanted = [*((*each, *own) for each in tried), *((each,) for each in alone)]
    unique = _unique(table, wanted)
    position = {name: at for at, name in enumerate(table.headers)}
    best = [each for each in wanted if each in unique]
    best = best[:1] + [
        each for each in best[1:2] if all(_CODES.search(plain(name)) for name in each)
    ]
    ordered = (
        each if len(each) == 1 else (*sorted(each[: -len(own)], key=position.__getitem__), *own)
        for each in best
    )
    return [f"--map {field}={'+'.join(each)}" for each in ordered]


def _code_columns(table: Table, own: Sequence[str]) -> tuple[list[str], list[str]]:
    """Columns of short cells that are never empty: those that repeat, as a parent's code does, and
    those named like codes that do not. What is named like a code comes first, then what has the
    fewest values."""
    values: dict[str, set[int]] = {
        each: set() for each in table.headers if each and each not in own
    }
    count = 0
    for row in table.rows:
        count += 1
        for name in list(values):
            text = row.cells.get(name, "")
            if not text or len(text) > LONGEST_PART:
                del values[name]
            elif len(values[name]) < MOST_VALUES:
                values[name].add(hash(text))
    kinds = sorted(values, key=lambda each: (not _CODES.search(plain(each)), len(values[each])))
    parents = [each for each in kinds if 1 < len(values[each]) < count]
    alone = [
        each
        for each in kinds
        if len(values[each]) == min(count, MOST_VALUES) and _CODES.search(plain(each))
    ]
    return parents[:CANDIDATES], alone[:CANDIDATES]


def _unique(table: Table, tried: Sequence[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Which combinations of columns name each row once."""
    hashes = {each: array("q") for each in tried}
    for row in table.rows:
        for columns, found in hashes.items():
            found.append(hash(joined(row, columns)))
    return {each for each, found in hashes.items() if not len(_repeated(found))}


def similar(
    table: Table,
    key: str,
    exact: "array[int]",
    near: "array[int]",
    standing: Callable[[], Iterable[str]],
) -> tuple[UnreadRow, ...]:
    """Rows whose code is nearly that of another row, or of what the mission has, and is not it."""
    known, known_near = array("q"), array("q")
    for code in standing():
        known.append(hash(code))
        known_near.append(hash(alike(code)))
    own_near = np.frombuffer(near, dtype=np.int64)
    doubtful = np.isin(own_near, np.frombuffer(known_near, dtype=np.int64))
    doubtful &= ~np.isin(np.frombuffer(exact, dtype=np.int64), np.frombuffer(known, dtype=np.int64))
    beside = set(own_near[doubtful].tolist())
    wanted = beside | set(_repeated(near).tolist())
    twins = {nearly: code for code in standing() if (nearly := hash(alike(code))) in beside}
    return tuple(_rows_alike(table, key, wanted, twins)) if wanted else ()


def _rows_alike(
    table: Table, key: str, wanted: set[int], twins: Mapping[int, str]
) -> Iterator[UnreadRow]:
    """The first rows of those, beside what each is like."""
    first: dict[int, str] = {}
    told = 0
    for row in table.rows:
        code = row.cells.get(key, "")
        nearly = hash(alike(code))
        if not code or nearly not in wanted or told >= MAX_LISTED:
            continue
        twin = twins.get(nearly) or first.get(nearly)
        first.setdefault(nearly, code)
        if twin is not None and twin != code:
            where = "the mission has" if nearly in twins else "an earlier row has"
            told += 1
            yield UnreadRow(row.line, row.shown, f"{code}, {where} {twin}")
