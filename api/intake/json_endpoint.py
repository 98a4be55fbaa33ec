"""The endpoint of JSON reports: two addresses as one ASGI callable, ahead of the framework.

``POST /api/v1/missions/{slug}/reports`` stores; ``…/reports/check`` judges and stores nothing.
"""

import math
import re
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from api.auth.principal import Authenticator, Principal
from api.intake.accept import Answer, Arrival, Intake, json_arrival, refuse_who_may_not_send
from api.intake.parse import OUTBOX_BYTES, REPORT_BYTES, has_more_lines, lines
from api.problems import (
    INVALID,
    MEDIA_TYPE,
    TOO_LARGE,
    TOO_MANY,
    UNPARSABLE,
    WRONG_ENCODING,
    Problem,
    of_error,
)
from api.server.health import Metrics
from api.server.request_headers import Headers
from schemas.credential import Role

REQUESTS = 6000
"""Per minute, of one observer."""


class RateLimit:
    """Counts the requests of observers."""

    def __init__(self, requests: int = REQUESTS) -> None:
        self._limit = RateLimitItemPerMinute(requests)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check(self, who: Principal) -> None:
        """Raise a problem (429, with Retry-After) where one phone sends too fast."""
        if who.role != Role.OBSERVER:
            return
        key = str(who.holder_id)
        if self._limiter.hit(self._limit, key):
            return
        reset = self._limiter.get_window_stats(self._limit, key).reset_time
        wait = str(max(1, math.ceil(reset - time.time())))
        raise Problem(TOO_MANY, "This phone sends too fast.", headers={"Retry-After": wait})


Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ADDRESS = re.compile(r"/api/v1/missions/([^/]+)/reports(/check)?/?")
NDJSON = "application/x-ndjson"
JSON = "application/json"
OUTBOX_REPORTS = 1000
MAX_ANSWER_RATIO = 4
"""So many times as long as the outbox its answer may be."""
SHORT_ANSWER = 64 * 1024
"""An answer that is no longer is never shortened."""


class DisconnectedError(Exception):
    """The sender went away in mid-body; there is nobody to answer."""


@dataclass(frozen=True)
class JsonEndpoint:
    """Answers the intake's own addresses; everything else is not its business."""

    intake: Intake
    authenticator: Authenticator
    metrics: Metrics
    pace: RateLimit = field(default_factory=RateLimit)

    def takes(self, scope: Scope) -> bool:
        """Whether a request is one of ours."""
        return scope["method"] == "POST" and ADDRESS.fullmatch(scope["path"]) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; no failure leaves here but as a problem."""
        try:
            status, headers, body = await self._answer(scope, receive)
        except DisconnectedError:
            return
        except Exception as error:
            problem = of_error(error)
            status, headers, body = _of_problem(problem, None)
        await respond(send, status, headers, body)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, str], bytes]:
        match = ADDRESS.fullmatch(scope["path"])
        if match is None:
            raise LookupError(scope["path"])
        headers = Headers.of(scope)
        principal = await self.authenticator.principal(headers, match[1], writes=True)
        refuse_who_may_not_send(principal)
        self.pace.check(principal)
        outbox = _is_outbox(headers)
        raw = await read_body(receive, headers, OUTBOX_BYTES if outbox else REPORT_BYTES)
        arrivals = _outbox(raw) if outbox else iter((_arrival(raw, JSON),))
        if match[2]:
            answers = [await self.intake.check(principal, one) for one in arrivals]
        else:
            answers = await self.intake.accept_reports(principal, arrivals)
        for answer in answers:
            self.metrics.report(answer.status, answer.reasons)
        return _of_answers(answers, MAX_ANSWER_RATIO * len(raw))


def _is_outbox(headers: Headers) -> bool:
    media_type, _, parameters = headers.content_type.partition(";")
    charset = parameters.lower().partition("charset=")[2].strip().strip('"')
    if charset and charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(WRONG_ENCODING, "Reports are sent as UTF-8.", "Content-Type")
    if headers.get(b"content-encoding") not in ("", "identity"):
        raise Problem(INVALID, "Compressed content is not taken.", "Content-Encoding")
    return media_type.strip().lower() in (NDJSON, "application/ndjson")


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    """The whole body, refused as soon as it is known to be over ``limit`` bytes."""
    declared = headers.get(b"content-length")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


def _too_large(limit: int) -> Problem:
    # The connection stays open: the server drops what still comes. Were it closed with bytes
    # unread, the reset would take the answer with it.
    return Problem(TOO_LARGE, f"At most {limit} bytes.", "body")


def _arrival(raw: bytes, media_type: str) -> Arrival | Problem:
    if len(raw) > REPORT_BYTES:
        return Problem(TOO_LARGE, f"A report has at most {REPORT_BYTES} bytes.", "body")
    try:
        return json_arrival(raw, "json", media_type)
    except Problem as problem:
        return problem.alone()


def _outbox(raw: bytes) -> "Iterator[Arrival | Problem]":
    """The reports of an outbox, each read when its turn comes. Raises :class:`Problem` where it
    holds none, or more than it may."""
    if has_more_lines(raw, OUTBOX_REPORTS):
        detail = f"An outbox holds at most {OUTBOX_REPORTS} reports; send the others in another."
        raise Problem(TOO_LARGE, detail, "body")
    if not has_more_lines(raw, 0):
        raise Problem(UNPARSABLE, "The outbox holds no report.", "body")
    return (_arrival(line, NDJSON) for line in lines(raw))


def _of_answers(answers: list[Answer], most: int) -> tuple[int, dict[str, str], bytes]:
    """One status where all agree, else 207. A lone problem is also the document itself.

    What would be longer than ``most`` bytes, and longer than any honest outbox is answered, is
    shortened.
    """
    statuses = {answer.status for answer in answers}
    if len(answers) == 1 and answers[0].problem is not None:
        return _of_problem(answers[0].problem, answers[0])
    status = statuses.pop() if len(statuses) == 1 else 207
    waits = {503, 507} & {answer.status for answer in answers}
    headers = {"Content-Type": JSON} | ({"Retry-After": "2"} if waits else {})
    body = orjson.dumps({"items": [answer.as_sent() for answer in answers]})
    if len(body) > max(most, SHORT_ANSWER):
        body = orjson.dumps({"items": [answer.in_short() for answer in answers]})
    return status, headers, body


def _of_problem(problem: Problem, answer: Answer | None) -> tuple[int, dict[str, str], bytes]:
    document = problem.members()
    if answer is not None:
        document["items"] = [answer.as_sent()]
    headers = {"Content-Type": MEDIA_TYPE, **problem.all_headers()}
    return problem.kind.status, headers, orjson.dumps(document)


async def respond(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    """Send one whole answer."""
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
