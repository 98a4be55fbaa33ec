"""Whether a file's key names each row once; which columns would; codes that are nearly the same."""

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from api.imports.table import Table, TableRow, UnreadRow, plain

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
