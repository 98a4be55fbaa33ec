"""Which languages of a statement somebody read: a mark holds for the very text that was read."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from analytics.statements import Block, canonical
from schemas.statement import Statement, StatementState

Marks = Mapping[str, Mapping[str, Any]]
"""By language: who read it (``by``), when (``at``), and the hash of what was read (``sha256``)."""
NOT_READ = {"origin"}
"""What of a block is no part of its text."""


def text_sha256(blocks: Sequence[Block]) -> str:
    """The hash of a text in one language, numbers and tables included; whoever answers for a
    sentence may change without it."""
    content = [each.model_dump(mode="json", exclude=NOT_READ) for each in blocks]
    return hashlib.sha256(canonical({"blocks": content})).hexdigest()


def languages_read(statement: Statement, texts: Mapping[str, Sequence[Block]]) -> Marks:
    """The marks that hold for the text as it is now. Marks without a hash were set by an earlier
    version of the system, and hold for what is published."""
    out = statement.state == StatementState.RELEASED
    return {
        language: mark
        for language, mark in statement.readers.items()
        if language in texts and (out or mark.get("sha256") == text_sha256(texts[language]))
    }


def languages_unread(statement: Statement, texts: Mapping[str, Sequence[Block]]) -> list[str]:
    """The languages whose text, as it is now, nobody has marked as read."""
    read = languages_read(statement, texts)
    return [each for each in statement.written_in if each not in read]
