"""OpenRosa, for ODK Collect: the list of forms, the forms, and the submission of reports.

The token is in the address, since Collect knows no bearer tokens. A submission is accepted as
every other report is. Its reply is 201 for a replay too: Collect takes a 200 for
the page of a captive network.
"""

import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from api.auth.http_digest import ANONYMOUS, Digest
from api.auth.principal import Authenticator, Principal
from api.database.sessions import Pool
from api.database.write_queue import ClockedWrites
from api.intake.accept import Answer, Arrival, Intake, refuse_who_may_not_send
from api.intake.json_endpoint import DisconnectedError, Receive, Scope, Send, respond
from api.intake.multipart import FILE_BYTES, FILES, XML_BYTES, XML_PART, Form
from api.intake.openrosa_forms import XML, Forms
from api.intake.photo_store import PhotoStore, in_photo_thread
from api.intake.photo_upload import counted
from api.intake.photo_upload import name as note_names
from api.intake.photo_upload import refused as note_refused
from api.problems import (
    METHOD_NOT_ALLOWED,
    NOT_A_PHOTO,
    NOT_A_REPORT,
    NOT_FOUND,
    TOO_DEEP,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNPARSABLE,
    Problem,
    of_error,
)
from api.server.health import Metrics
from api.server.request_headers import Headers, client_of
from mobile_forms.instance import Instance, InstanceError, answers_of, read_instance
from mobile_forms.openrosa import message
from schemas.checklist import Definition
from schemas.credential import Purpose

ADDRESS = re.compile(
    r"/openrosa/([^/]+)/(formList|submission|forms/([^/]+)/([^/]+)(/manifest|/media/[^/]+)?)/?"
)
BODY_BYTES = XML_BYTES + 5 * FILE_BYTES
"""The size that a phone may send at once (X-OpenRosa-Accept-Content-Length); it splits more."""
CHANNEL = "openrosa"
REFUSALS = {"too_large": TOO_LARGE, "too_deep": TOO_DEEP, "not_an_instance": NOT_A_REPORT}


@dataclass(frozen=True)
class OpenRosa:
    """Answers the addresses under ``/openrosa/``."""

    intake: Intake
    authenticator: Authenticator
    photos: PhotoStore
    pool: Pool
    writes: ClockedWrites
    metrics: Metrics
    public_url: str | None
    digest: Digest

    def takes(self, scope: Scope) -> bool:
        """Whether a request is one of ours."""
        path: str = scope["path"]
        return path.startswith("/openrosa/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; no failure leaves here but as a problem."""
        try:
            status, headers, body = await self._answer(scope, receive)
        except DisconnectedError:
            return
        except Exception as error:
            response = of_error(error).response()
            await response(scope, receive, send)
            return
        headers = {
            "X-OpenRosa-Version": "1.0",
            "X-OpenRosa-Accept-Content-Length": str(BODY_BYTES),
        } | headers
        await respond(send, status, headers, body)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, str], bytes]:
        match = ADDRESS.fullmatch(scope["path"])
        if match is None:
            raise Problem(NOT_FOUND)
        who = await self._who(scope, match[1])
        method = scope["method"]
        if match[2] == "submission" and method == "HEAD":
            return 204, {"Location": self._base(scope) + scope["path"]}, b""
        if match[2] == "submission" and method == "POST":
            return await self._submission(who, Headers.of(scope), receive)
        if match[2] == "submission" or method not in ("GET", "HEAD"):
            raise Problem(METHOD_NOT_ALLOWED)
        base = f"{self._base(scope)}/openrosa/{quote(match[1])}/forms"
        forms = Forms(self.intake.registers, self.pool, who, base)
        if match[2] == "formList":
            return 200, {"Content-Type": XML}, await forms.listed()
        return await forms.answer(match[3], match[4], match[5])

    async def _who(self, scope: Scope, token: str) -> Principal:
        """By the token in the address, or by Digest where there is none."""
        if token != ANONYMOUS:
            found = await self.authenticator.of_token(token, Purpose.BEARER)
            if found is None:
                await self.authenticator.wrong(client_of(scope))
                raise Problem(UNAUTHENTICATED)
            return found
        authorization = Headers.of(scope).get(b"authorization")
        claim = self.digest.claim(authorization, scope["method"], _target(scope))
        found = None
        if claim is not None and not claim.stale:
            found = await self.authenticator.of_hash(claim.token_hash, Purpose.BEARER)
        if found is None:
            if authorization and not (claim is not None and claim.stale):
                await self.authenticator.wrong(client_of(scope))
            challenge = self.digest.challenge(stale=claim is not None and claim.stale)
            raise Problem(UNAUTHENTICATED, headers={"WWW-Authenticate": challenge})
        return found

    async def _submission(
        self, who: Principal, headers: Headers, receive: Receive
    ) -> tuple[int, dict[str, str], bytes]:
        refuse_who_may_not_send(who)

        def new_file() -> Path:
            return self.photos.receiving(who.mission_id)

        with Form(headers.content_type, new_file) as form:
            await _stream(form, receive)
            raw = form.finish()
            answer = await self._accept(who, raw)
            self.metrics.report(answer.status, answer.reasons)
            if answer.receipt is None:
                raise answer.problem or Problem(NOT_FOUND)
            refused: list[str] = []
            if form.files:
                report = answer.report_id or UUID(str(answer.receipt["id"]))
                refused = await self._keep_files(who, report, form)
        return _said(answer, refused)

    async def _accept(self, who: Principal, raw: bytes) -> Answer:
        """Keep a report, or an edit of one."""
        arrival = await _arrival(self.intake, who, raw, _read(raw))
        return await self.intake.accept_report(who, arrival)

    async def _keep_files(self, who: Principal, report: UUID, form: Form) -> list[str]:
        """Keep what came beside the XML; parts of one report may come in several requests.

        A file that is no photo is refused by itself, and the report stays; returns the
        messages about such files.
        """
        kept, refused, reasons = {}, [], []
        for name, path in form.files.items():
            try:
                kept[name] = await in_photo_thread(
                    self.photos.take, who.mission_id, path, counted(who)
                )
            except Problem as problem:
                if problem.kind is not NOT_A_PHOTO:
                    raise
                reason = problem.detail or f"{problem.kind.title}."
                reasons.append(reason)
                refused.append(f"{_printable(name)}: {reason}")
        if kept:
            await note_names(self.writes, who.mission_id, report, kept)
        if reasons:
            await note_refused(self.writes, who.mission_id, report, reasons)
        return refused

    def _base(self, scope: Scope) -> str:
        if self.public_url is not None:
            return self.public_url
        host = Headers.of(scope).get(b"host") or "127.0.0.1"
        return f"{scope.get('scheme', 'http')}://{host}"


async def read_arrival(
    intake: Intake, who: Principal, raw: bytes, *, though_unknown: bool = False
) -> Arrival:
    """The report that an instance says; ``though_unknown`` reads the answers to a version that is
    not known as those to the newest. Problem where it is none."""
    return await _arrival(intake, who, raw, _read(raw), though_unknown=though_unknown)


async def _arrival(
    intake: Intake,
    who: Principal,
    raw: bytes,
    instance: Instance,
    *,
    though_unknown: bool = False,
) -> Arrival:
    register = await intake.registers.of(who.mission_id)
    versions = register.checklists.get(instance.form_id, {})
    if instance.version is not None and instance.version not in versions:
        register = await intake.registers.newer_than(register)
        versions = register.checklists.get(instance.form_id, {})
    newest = next(reversed(versions), "")
    known = versions.get(instance.version or newest)
    if known is None and though_unknown:
        known = versions.get(newest)
    report = _wire(instance, None if known is None else known.definition)
    return Arrival(raw, report, CHANNEL, "text/xml")


def _target(scope: Scope) -> str:
    """The path and query as the phone sent them."""
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


async def _stream(form: Form, receive: Receive) -> None:
    """Feed the body into the form as it comes; at most ``BODY_BYTES`` and its boundaries."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        piece: bytes = message.get("body", b"")
        size += len(piece)
        if size > BODY_BYTES + FILES * 4096:
            raise Problem(TOO_LARGE, f"At most {BODY_BYTES} bytes.", "body")
        form.feed(piece)
        if not message.get("more_body", False):
            return


def _wire(instance: Instance, definition: Definition | None) -> dict[str, Any]:
    """An instance as the report on the wire that it says."""
    report: dict[str, Any] = {
        "id": instance.instance_id,
        "checklist": instance.form_id,
        "version": instance.version,
        "replaces": instance.deprecated_id,
        **instance.context,
        "answers": answers_of(instance, definition),
    }
    if "position" in report:
        report["position"] = _position(report["position"])
    return {name: value for name, value in report.items() if value is not None}


def _position(text: str) -> dict[str, float] | str:
    """A geopoint, "latitude longitude altitude accuracy", as a position; else as it is."""
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return text
    if not 2 <= len(numbers) <= 4 or not all(map(isfinite, numbers)):
        return text
    position = {"lat": numbers[0], "lon": numbers[1]}
    return position | {"accuracy_m": numbers[3]} if len(numbers) == 4 else position


def _read(raw: bytes) -> Instance:
    try:
        return read_instance(raw)
    except InstanceError as error:
        kind = REFUSALS.get(error.code, UNPARSABLE)
        raise Problem(kind, error.detail, error.field or XML_PART) from None
    except SyntaxError:
        raise Problem(UNPARSABLE, "It is not well-formed XML.", XML_PART) from None


def _printable(name: str) -> str:
    """A file's name as XML and a log may hold it."""
    return "".join(each if each.isprintable() else "?" for each in name[:100])


def _said(answer: Answer, refused: list[str]) -> tuple[int, dict[str, str], bytes]:
    """201 also where it was kept before; 202 where it is held. Files that were refused
    are named: sent again they would be no better, so the report is not asked for again."""
    held = bool(answer.reasons)
    words = ["Kept; a person will look at it." if held else "Kept."]
    if refused:
        words += ["Not kept:", *refused]
    return 202 if held else 201, {"Content-Type": XML}, message(" ".join(words))
