"""A multipart form read as it streams: its XML in memory, its files straight onto the disk."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.database.private_files import open_private
from api.problems import FORBIDDEN_CHARACTER, INVALID, TOO_LARGE, UNPARSABLE, Problem

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def refuse_file_name(name: str, field: str) -> None:
    """Raise a problem (422) naming ``field`` where a file's name holds a control character."""
    if _CONTROL.search(name):
        raise Problem(FORBIDDEN_CHARACTER, "A file name holds a control character.", field[:200])


XML_PART = "xml_submission_file"
INCOMPLETE_PART = "*isIncomplete*"
XML_BYTES = 1024 * 1024
FIELD_BYTES = 1024
FILE_BYTES = 20 * 1024 * 1024
FILES = 100
HEADER_BYTES = 4096


def boundary(content_type: str) -> bytes:
    """The boundary that a form's header names. Raises :class:`Problem` (422)."""
    media_type, options = parse_options_header(content_type)
    found = options.get(b"boundary")
    if media_type != b"multipart/form-data" or not found or len(found) > 200:
        raise Problem(UNPARSABLE, "A multipart/form-data body is needed.", "Content-Type")
    return found


@dataclass
class _Part:
    """One part while it is read: into memory, or into a file."""

    name: str
    file_name: str | None
    limit: int
    data: bytearray = field(default_factory=bytearray)
    path: Path | None = None
    file: BinaryIO | None = None
    size: int = 0


class Form:
    """The parts of a submission. Use as a context: files not taken are deleted at its end."""

    def __init__(self, content_type: str, new_file: Callable[[], Path]) -> None:
        self.xml: bytes | None = None
        self.incomplete = False
        self.files: dict[str, Path] = {}
        self._new_file = new_file
        self._part: _Part | None = None
        self._headers: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self._ended = False
        self._paths: list[Path] = []
        self._parser = MultipartParser(
            boundary(content_type),
            {
                "on_part_begin": self._headers.clear,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._all,
            },
        )

    def __enter__(self) -> "Form":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._part is not None and self._part.file is not None:
            self._part.file.close()
        for path in self._paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the body. Raises :class:`Problem` (413, 422)."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise Problem(UNPARSABLE, "The multipart body is malformed.", "body") from error

    def finish(self) -> bytes:
        """The XML of a body that has wholly arrived. Raises :class:`Problem` (422)."""
        if not self._ended:
            raise Problem(UNPARSABLE, "The multipart body ends before its last boundary.", "body")
        if self.xml is None:
            raise Problem(INVALID, "The form has no such part.", XML_PART)
        return self.xml

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name = self._bounded(self._name, data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value = self._bounded(self._value, data[start:end])

    @staticmethod
    def _bounded(held: bytes, more: bytes) -> bytes:
        if len(held) + len(more) > HEADER_BYTES:
            raise Problem(TOO_LARGE, "A part's header is too long.", "body")
        return held + more

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _begin(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        raw_name = options.get(b"filename")
        if name == XML_PART:
            self._part = _Part(name, None, XML_BYTES)
        elif raw_name is None:
            self._part = _Part(name, None, FIELD_BYTES)
        else:
            self._part = self._file(name, raw_name.decode("utf-8", "replace"))

    def _file(self, name: str, file_name: str) -> _Part:
        refuse_file_name(name, "name")
        refuse_file_name(file_name, "filename")
        if len(self._paths) >= FILES:
            raise Problem(TOO_LARGE, f"At most {FILES} files.", "body")
        path = self._new_file()
        self._paths.append(path)
        file = open_private(path, "xb")
        return _Part(name, file_name or name, FILE_BYTES, path=path, file=file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part is None:
            return
        part.size += end - start
        if part.size > part.limit:
            raise Problem(TOO_LARGE, f"At most {part.limit} bytes.", part.name[:200])
        if part.file is not None:
            part.file.write(data[start:end])
        else:
            part.data += data[start:end]

    def _end(self) -> None:
        part, self._part = self._part, None
        if part is None:
            return
        if part.file is not None and part.path is not None and part.file_name is not None:
            part.file.close()
            self.files[part.file_name.replace("\\", "/").rsplit("/", 1)[-1][:255]] = part.path
        elif part.name == XML_PART:
            self.xml = bytes(part.data)
        elif part.name == INCOMPLETE_PART:
            self.incomplete = bytes(part.data).strip().lower() == b"yes"

    def _all(self) -> None:
        self._ended = True
