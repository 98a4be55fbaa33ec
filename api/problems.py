"""Problem responses (RFC 9457): every way in which a request can fail, one line each.

``code`` is stable and is what a client reads; titles may be reworded.
"""

import errno
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import DataError, InterfaceError, OperationalError
from psycopg.errors import DiskFull
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as EngineTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2

log = structlog.get_logger("indelible")


@dataclass(frozen=True)
class Kind:
    """A way to fail: its stable code, its HTTP status, and what it is called."""

    code: str
    status: int
    title: str


UNPARSABLE = Kind("unparsable", 422, "The content cannot be read")
WRONG_ENCODING = Kind("wrong_encoding", 422, "The content is not UTF-8 text")
FORBIDDEN_CHARACTER = Kind("forbidden_character", 422, "A character that no text may hold")
NOT_A_NUMBER = Kind("not_a_number", 422, "NaN and Infinity are not numbers of JSON")
DUPLICATE_KEY = Kind("duplicate_key", 422, "A key stands twice in one object")
TOO_DEEP = Kind("too_deep", 422, "The content is nested too deeply")
NOT_A_REPORT = Kind("not_a_report", 422, "The content has not the shape of a report")
INVALID = Kind("invalid", 422, "A value is not what its field takes")
WRONG_HASH = Kind("wrong_hash", 422, "The bytes do not have the hash they were sent under")
NOT_A_PHOTO = Kind("not_a_photo", 422, "The file is no photo, nor of another kind that is kept")
UNSOUND = Kind("unsound", 422, "The checklist cannot be published as it is")
TOO_LARGE = Kind("too_large", 413, "The content is too large")
UNAUTHENTICATED = Kind("unauthenticated", 401, "A valid token is needed")
FORBIDDEN = Kind("forbidden", 403, "This credential may not do that")
CROSS_ORIGIN = Kind("cross_origin", 403, "A session acts only from its own pages")
NOT_FOUND = Kind("not_found", 404, "There is no such thing here")
METHOD_NOT_ALLOWED = Kind("method_not_allowed", 405, "This address does not take that method")
OTHER_BYTES = Kind("other_bytes", 409, "Other bytes are already kept under this id")
CONFLICT = Kind("conflict", 409, "This does not fit what stands here")
MISSION_CLOSED = Kind("mission_closed", 409, "The mission is closed; nothing is written in it")
OUTDATED = Kind("outdated", 409, "There is a newer version than the one this edit was made from")
OFFSET_MISMATCH = Kind("offset_mismatch", 409, "The upload stands at another offset")
USED = Kind("used", 410, "The code was already used or has expired")
TOO_MANY = Kind("too_many", 429, "Too many attempts; wait and try again")
CUT_SHORT = Kind("cut_short", 400, "The content ended before it was whole")
TIMED_OUT = Kind("timed_out", 408, "The request did not come in time")
INTERNAL = Kind("internal", 500, "Something failed here, and was recorded")
UNAVAILABLE = Kind("unavailable", 503, "The service cannot keep anything just now; send again")
DISK_FULL = Kind("disk_full", 507, "There is no room left to keep this; send again later")

KINDS: dict[str, Kind] = {
    kind.code: kind for kind in list(globals().values()) if isinstance(kind, Kind)
}
BY_STATUS: dict[int, Kind] = {
    401: UNAUTHENTICATED,
    403: FORBIDDEN,
    404: NOT_FOUND,
    405: METHOD_NOT_ALLOWED,
    413: TOO_LARGE,
    429: TOO_MANY,
    503: UNAVAILABLE,
}
DATABASE_DOWN = (OperationalError, InterfaceError, PoolTimeout, EngineTimeoutError)
LONGEST_CHAIN = 8
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Problem(Exception):
    """A request that failed: its kind, what exactly is wrong, and the field to blame."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        field: str | None = None,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(kind.code)
        self.kind, self.detail, self.field = kind, detail, field
        self.headers = headers or {}
        self.more = more or {}

    def __str__(self) -> str:
        return f"{self.kind.code}: {self.detail}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Problems are sent between processes: there they are of the same kind."""
        return _of_code, (self.kind, self.detail, self.field, self.headers, self.more)

    def alone(self) -> "Problem":
        """The same, without the frames it was raised in: whoever keeps it keeps nothing else."""
        self.__traceback__ = self.__context__ = self.__cause__ = None
        return self

    def members(self) -> dict[str, Any]:
        """The members of the problem document."""
        document: dict[str, Any] = {
            "type": f"https://indelible.invalid/problems/{self.kind.code}",
            "code": self.kind.code,
            "title": self.kind.title,
            "status": self.kind.status,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.field is not None:
            document["field"] = self.field
        return document | self.more

    def all_headers(self) -> dict[str, str]:
        """The headers that go with the problem: ``Retry-After`` where waiting helps."""
        headers = dict(self.headers)
        if self.kind.status in (429, 503, 507):
            headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
        if self.kind.status == 401:
            headers.setdefault("WWW-Authenticate", "Bearer")
        return headers

    def response(self) -> Response:
        """The problem as an answer over HTTP."""
        body = orjson.dumps(self.members())
        return Response(body, self.kind.status, self.all_headers(), media_type=MEDIA_TYPE)


def _of_code(kind: Kind, *rest: Any) -> Problem:
    return Problem(KINDS.get(kind.code, kind), *rest)


def is_database_down(error: BaseException) -> bool:
    """Whether an error means that the database cannot be reached, not that it was misused."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, DATABASE_DOWN)
    return isinstance(error, DATABASE_DOWN)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what it was raised from, means that a disk is full: ours, or the
    database's."""
    for _ in range(LONGEST_CHAIN):
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, DiskFull) or (isinstance(cause, OSError) and cause.errno in NO_ROOM):
            return True
        error = None if error is None else error.__cause__ or error.__context__
    return False


def passes(error: BaseException) -> bool:
    """Whether waiting helps: the database does not answer, or a disk is full."""
    return is_disk_full(error) or is_database_down(error)


def of_error(error: Exception) -> Problem:
    """The problem that stands for an unexpected error; nothing of the error shows in it."""
    if isinstance(error, Problem):
        return error
    if is_disk_full(error):
        log.warning("disk full", error=type(error).__name__)
        return Problem(DISK_FULL)
    if isinstance(error, ClientDisconnect):
        return Problem(CUT_SHORT)
    if is_database_down(error):
        log.warning("database unreachable", error=type(error).__name__)
        return Problem(UNAVAILABLE)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, DataError | UnicodeEncodeError):
        log.warning("value not kept", error=type(cause).__name__, at=_where(error))
        return Problem(INVALID, "A value holds what cannot be kept, such as a NUL.")
    log.error("unexpected error", error=type(error).__name__, at=_where(error))
    return Problem(INTERNAL)


def _where(error: BaseException) -> list[str]:
    """Files and lines of the innermost frames; never values, which may be answers."""
    frames: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return frames[-6:]


def _of_validation(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"] if part not in ("body", "query", "path", "header")]
    if first["type"] == "json_invalid":
        return Problem(UNPARSABLE, "The body is not JSON.", "body")
    return Problem(INVALID, f"{first['msg']}.", ".".join(where) or str(first["loc"][0]))


def _of_http(error: HTTPException) -> Problem:
    kind = BY_STATUS.get(error.status_code)
    if kind is None:
        kind = Kind(f"http_{error.status_code}", error.status_code, str(error.detail))
    return Problem(kind, headers=dict(error.headers or {}))


def answer_with_problems(app: FastAPI) -> None:
    """Let every failure of ``app`` be a problem document."""

    async def answer(request: Request, error: Exception) -> Response:
        if not isinstance(error, Problem) and is_disk_full(error):
            return of_error(error).response()
        if isinstance(error, RequestValidationError):
            return _of_validation(error).response()
        if isinstance(error, HTTPException):
            return _of_http(error).response()
        return of_error(error).response()

    for family in (
        Problem,
        ClientDisconnect,
        RequestValidationError,
        HTTPException,
        DBAPIError,
        *DATABASE_DOWN,
    ):
        app.add_exception_handler(family, answer)
    app.add_exception_handler(Exception, answer)
