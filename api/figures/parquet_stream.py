"""A Parquet file that is sent while it is written, in groups of rows with typed columns."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

Kind = Literal["text", "whole", "number", "moment"]
Cell = str | int | float | None
ROWS_PER_GROUP = 5_000
WHOLE = range(-(2**63), 2**63)
_NOT_OF_ITS_KIND = object()


class _Buffer:
    """Where the file is written to, and taken from piece by piece."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is waiting."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class ParquetStream:
    """Rows of texts, whole numbers, numbers and moments. ``columns`` are names and kinds in their
    order, ``zone`` the name of the moments' zone. A value that is not of its column's kind stands
    in the column ``other``, a JSON object by the name of the column, and its own cell is empty.

    :meth:`take` gives what is ready to be sent, :meth:`close` the end."""

    def __init__(self, columns: Sequence[tuple[str, Kind]], zone: str, other: str) -> None:
        import pyarrow
        import pyarrow.parquet

        kinds = {
            "text": pyarrow.string(),
            "whole": pyarrow.int64(),
            "number": pyarrow.float64(),
            "moment": pyarrow.timestamp("us", tz=zone),
        }
        self._names = [name for name, _ in columns]
        self._kinds: list[Kind] = [kind for _, kind in columns]
        self._other = self._names.index(other)
        self._arrow = pyarrow
        self._schema = pyarrow.schema([(name, kinds[kind]) for name, kind in columns])
        self._buffer = _Buffer()
        self._out = pyarrow.PythonFile(self._buffer, mode="w")
        self._file = pyarrow.parquet.ParquetWriter(self._out, self._schema, compression="zstd")
        self._rows: list[list[Any]] = []

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Rows in the order of the columns."""
        self._rows += [self._typed(row) for row in rows]
        if len(self._rows) >= ROWS_PER_GROUP:
            self._write()

    def take(self) -> bytes:
        """What has been written since it was taken last."""
        return self._buffer.take()

    def close(self) -> bytes:
        """The end of the file."""
        self._write()
        self._file.close()
        return self.take()

    def _typed(self, row: Sequence[Cell]) -> list[Any]:
        found: list[Any] = []
        left: dict[str, Cell] = {}
        for name, kind, value in zip(self._names, self._kinds, row, strict=True):
            typed = None if value is None else _AS[kind](value)
            if typed is _NOT_OF_ITS_KIND:
                left[name], typed = value, None
            found.append(typed)
        if left:
            stood = json.loads(found[self._other] or "{}")
            found[self._other] = json.dumps(left | stood, ensure_ascii=False)
        return found

    def _write(self) -> None:
        if not self._rows:
            return
        arrays = [
            self._arrow.array(list(column), type=field.type)
            for column, field in zip(zip(*self._rows, strict=True), self._schema, strict=True)
        ]
        self._file.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []


def _text(value: Cell) -> Any:
    return str(value)


def _whole(value: Cell) -> Any:
    return value if isinstance(value, int) and value in WHOLE else _NOT_OF_ITS_KIND


def _number(value: Cell) -> Any:
    if isinstance(value, float):
        return value
    near = isinstance(value, int) and abs(value) <= 2**53
    return float(value) if near and value is not None else _NOT_OF_ITS_KIND


def _moment(value: Cell) -> Any:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return _NOT_OF_ITS_KIND


_AS: Mapping[Kind, Callable[[Cell], Any]] = {
    "text": _text,
    "whole": _whole,
    "number": _number,
    "moment": _moment,
}
