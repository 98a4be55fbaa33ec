"""A document as JSON: its front, its blocks as they are, and the numbers they speak of."""

from typing import Any

from analytics.documents.document import Document, check, of_annex
from analytics.documents.front import front


def as_json(document: Document) -> dict[str, Any]:
    """The document as what JSON can hold. Raises :class:`Refusal` where it cannot be rendered."""
    check(document)
    head, around = document.masthead, front(document)
    return {
        "language": document.language,
        "direction": around.direction,
        "title": around.title,
        "kind": head.kind,
        "state": "published" if head.published else "draft",
        "version": head.version,
        "organisation": head.organisation,
        "mission": head.mission,
        "election": head.election,
        "place": head.place,
        "zone": head.zone,
        "issued_at": head.issued_at.isoformat() if head.issued_at else None,
        "embargo_until": head.embargo_until.isoformat() if head.embargo_until else None,
        "unread": head.unread,
        "authority": head.authority,
        "copied_at": head.copied_at.isoformat() if head.copied_at else None,
        "corrections": [
            {"address": each.address, "issued_at": each.issued_at.isoformat()}
            for each in document.corrections
        ],
        "corrects": document.corrects.address if document.corrects else None,
        "languages": list(head.languages),
        "reference": head.reference,
        "address": head.address,
        "annexes": document.with_annexes,
        "blocks": [
            block.model_dump(mode="json")
            for block in document.blocks
            if document.with_annexes or not of_annex(block)
        ],
        "snapshot": {
            "sha256": head.sha256,
            "frozen_at": head.frozen_at.isoformat(),
            "numbers": dict(document.numbers),
        },
    }
