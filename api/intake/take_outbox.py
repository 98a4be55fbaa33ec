"""Taking a sealed outbox in at the desk: its reports as their phone would have sent them, and the
receipts that are carried back to it."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.audit.unit_of_work import unit_of_work
from api.auth.principal import Authenticator, Principal
from api.intake.accept import Answer, Arrival, Intake, json_arrival
from api.intake.parse import REPORT_BYTES
from api.intake.photo_store import PhotoStore, in_photo_thread
from api.intake.photo_upload import PHOTO_BYTES, complete
from api.intake.sealed_outbox import SealedOutbox, open_outbox
from api.problems import CONFLICT, DISK_FULL, INVALID, TOO_LARGE, Problem
from schemas.credential import Purpose, Role
from schemas.words import N_

CHANNEL = "file"
NDJSON = "application/x-ndjson"
RECEIPTS = "indelible receipts 1"
CARRIED = ("id", "received_at", "sequence", "signature")
"""What a link holds of a receipt; the phone itself knows the hash."""
RECEIPTS_A_LINK = 6
"""So many receipts fit into a QR that a plain phone reads from a screen."""
UNVOUCHED = N_(
    "The phone that sealed this file is signed out or was revoked. Take it only if you know from "
    "whose hand it came, and say so."
)


@dataclass(frozen=True)
class TakenOutbox:
    """What became of a file. ``observer`` is None where its phone is signed out."""

    mission: str
    observer: str | None
    saved_at: str
    names: list[tuple[str, str]]
    """Of each report the station that it says, and the checklist; empty where it says none."""
    answers: list[Answer]
    photos_kept: list[str]
    photos_refused: list[dict[str, str]]

    def receipts(self) -> dict[str, Any]:
        """The file that goes back to the phone."""
        items = [each.as_sent() for each in self.answers if each.receipt is not None]
        return {"kind": RECEIPTS, "mission": self.mission, "items": items}

    def as_sent(self, public_url: str) -> dict[str, Any]:
        """The answer to the import."""
        return {
            "observer": self.observer,
            "saved_at": self.saved_at,
            "items": [each.as_sent() for each in self.answers],
            "photos": {"kept": self.photos_kept, "refused": self.photos_refused},
            "receipts": self.receipts(),
            "links": self.links(public_url),
        }

    def links(self, public_url: str) -> list[str]:
        """Addresses that bring the receipts into the app: to be shown as QR, or sent as text."""
        items = [each for each in self.answers if each.receipt is not None]
        parts = [items[at : at + RECEIPTS_A_LINK] for at in range(0, len(items), RECEIPTS_A_LINK)]
        return [f"{public_url.rstrip('/')}/field/#receipts={_packed(each)}" for each in parts]


def _packed(answers: Sequence[Answer]) -> str:
    rows = [
        [each.status, *(each.receipt[name] for name in CARRIED)]
        for each in answers
        if each.receipt is not None
    ]
    return urlsafe_b64encode(orjson.dumps(rows)).decode().rstrip("=")


async def take_outbox(state: Any, who: Principal, raw: bytes, *, vouched: bool) -> TakenOutbox:
    """Take a file in for ``who``, a member of the desk. The same file twice adds nothing.

    Its reports are those of the observer whose phone sealed it. Where that phone is signed out,
    the member must have ``vouched`` for the file, and the reports are taken on their word.
    """
    sealed = open_outbox(raw, state.settings.secret, who.mission_id, who.slug)
    sender = await _phone(state.authenticator, who, sealed.token)
    if sender is None and not vouched:
        raise Problem(CONFLICT, UNVOUCHED, "vouch")
    intake: Intake = state.intake
    arrivals = list(_arrivals(sealed))
    answers = await intake.accept_reports(sender or who, arrivals)
    kept, refused = await _photos(state, who, sealed)
    names = [_named(each) for each in arrivals]
    taken = TakenOutbox(
        who.slug,
        sender.pseudonym if sender else None,
        sealed.saved_at,
        names,
        answers,
        kept,
        refused,
    )
    await _note(state, who, raw, taken)
    return taken


async def _phone(authenticator: Authenticator, who: Principal, token: str) -> Principal | None:
    """The observer whose phone it is, where its credential still opens this mission."""
    found = await authenticator.of_token(token, Purpose.BEARER)
    if found is None or found.role != Role.OBSERVER:
        return None
    return found if found.mission_id == who.mission_id else None


def _named(arrival: Arrival | Problem) -> tuple[str, str]:
    said = arrival.report if isinstance(arrival, Arrival) else None
    if not isinstance(said, dict):
        return "", ""
    station, checklist = (said.get(name) for name in ("station", "checklist"))
    return (
        station[:200] if isinstance(station, str) else "",
        checklist[:200] if isinstance(checklist, str) else "",
    )


def _arrivals(sealed: SealedOutbox) -> "Iterator[Arrival | Problem]":
    for each in sealed.reports:
        try:
            if len(each) > REPORT_BYTES:
                raise Problem(TOO_LARGE, f"A report has at most {REPORT_BYTES} bytes.", "body")
            yield json_arrival(each, CHANNEL, NDJSON)
        except Problem as problem:
            yield problem.alone()


async def _photos(
    state: Any, who: Principal, sealed: SealedOutbox
) -> tuple[list[str], list[dict[str, str]]]:
    kept, refused = [], []
    for name, content in sealed.photos:
        try:
            await _photo(state, who, name, content)
            kept.append(name)
        except Problem as problem:
            if problem.kind is DISK_FULL:
                raise
            refused.append({"name": name, "reason": problem.detail or problem.kind.title})
    return kept, refused


async def _photo(state: Any, who: Principal, name: str, content: bytes) -> None:
    """Keep one photo under its hash, going on where an upload of it had stopped."""
    digest = hashlib.sha256(content).digest()
    if name.split(".")[0] != digest.hex():
        raise Problem(INVALID, "The photo has not the hash that its name says.", "photos")
    if len(content) > PHOTO_BYTES:
        raise Problem(TOO_LARGE, f"A photo has at most {PHOTO_BYTES} bytes.", "photos")
    store: PhotoStore = state.photos
    offset = await in_photo_thread(store.offset, who.mission_id, digest)
    if offset < len(content):
        await in_photo_thread(
            store.append, who.mission_id, digest, offset, len(content), content[offset:]
        )
    await complete(state.writes, who.mission_id, digest, len(content))


async def _note(state: Any, who: Principal, raw: bytes, taken: TakenOutbox) -> None:
    received = sum(each.receipt is not None for each in taken.answers)
    note = f"{received} of {len(taken.answers)} reports, {len(taken.photos_kept)} photos"
    async with unit_of_work(state.engine, who, though_closed=True) as work:
        work.log("outbox.import", taken.observer or "signed out", raw, note)
