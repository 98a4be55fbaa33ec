"""Static files, served as the ``.br`` or ``.gz`` that the build made beside them.

A compressed file whose source has changed since is not served: the CRC-32 and the length at the
end of the ``.gz`` must be the source's. What has none is compressed on the way out.
"""

import hashlib
import os
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

import mobile_forms
from api.server.compression import accepts

CODINGS = (("br", ".br"), ("gzip", ".gz"))
"""The codings in the order of preference, and what their files are called."""


class CompressedFiles(StaticFiles):
    """A folder of static files with compressed ones beside them."""

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Any, status_code: int = 200
    ) -> Response:
        """A file in the best coding that the client accepts; a range of it always uncoded."""
        asked = Headers(scope=scope)
        coding, sent = _chosen(Path(full_path), stat_result, asked)
        tag = _digest(Path(full_path), stat_result.st_mtime_ns, stat_result.st_size)
        headers = {"Vary": "Accept-Encoding", "ETag": f'"{tag}{"-" if coding else ""}{coding}"'}
        if coding:
            headers["Content-Encoding"] = coding
        plain = FileResponse(full_path, status_code, stat_result=stat_result)
        response = FileResponse(
            sent, status_code, headers, media_type=plain.media_type, stat_result=sent.stat()
        )
        if self.is_not_modified(response.headers, asked):
            return NotModifiedResponse(response.headers)
        return response

    async def check_config(self) -> None:
        """Where nothing is built, nothing is found; that is no fault of the request."""


def _chosen(file: Path, stat: os.stat_result, asked: Headers) -> tuple[str, Path]:
    """The coding, empty for none, and the file to send."""
    if "range" not in asked:
        for coding, suffix in CODINGS:
            coded = file.with_name(file.name + suffix)
            if accepts(asked.get("accept-encoding", ""), coding) and coded.is_file():
                compressed = file.with_name(file.name + ".gz")
                if _is_of(file, stat.st_mtime_ns, stat.st_size, compressed):
                    return coding, coded
    return "", file


def _is_of(file: Path, changed: int, size: int, compressed: Path) -> bool:
    try:
        made = compressed.stat()
    except OSError:
        return False
    return _matches(file, changed, size, compressed, made.st_mtime_ns)


@lru_cache(256)
def _matches(file: Path, changed: int, size: int, compressed: Path, made: int) -> bool:
    """Whether the end of a ``.gz`` names this file's CRC-32 and length (RFC 1952)."""
    end = compressed.read_bytes()[-8:]
    crc = zlib.crc32(file.read_bytes())
    return end == crc.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")


@lru_cache(256)
def _digest(file: Path, changed: int, size: int) -> str:
    """The tag of a file's content: the same on every machine that serves it."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:24]


DIST = Path(mobile_forms.__file__).parent / "app" / "dist"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
    "img-src 'self' blob: data:; media-src blob:; style-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOREVER = "public, max-age=31536000, immutable"


class ObserverApp(CompressedFiles):
    """The app's files. Hashed assets never change; all else is asked for again each time."""

    def __init__(self, folder: Path = DIST) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        """A file, with the app's policy and how long it may be kept."""
        response = super().file_response(full_path, *args, **kwargs)
        hashed = Path(full_path).parent.name == "assets"
        response.headers["Cache-Control"] = FOREVER if hashed else "no-cache"
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Service-Worker-Allowed"] = "/field/"
        return response
