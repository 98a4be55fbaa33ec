"""A statement as a document in one language: read for who may see it, and rendered in a thread."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from analytics.documents import (
    Document,
    Masthead,
    as_json,
    render_docx,
    render_html,
    render_pdf,
    style_source,
)
from analytics.documents.document import VIOLET
from api.auth.principal import Principal
from api.missions.appearance import accent_of, logo_of
from api.statements.blocks import by_language
from api.statements.corrections_out import corrected_one, corrections_out, issued
from api.statements.languages_read import languages_unread
from api.statements.listing import whole_statement
from api.statements.source_annex import with_sources
from schemas.columns import now
from schemas.election import Election
from schemas.mission import Mission, Organisation
from schemas.problems import Refusal
from schemas.statement import Snapshot, Statement, StatementState

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_THREAD = ThreadPoolExecutor(1, "documents")
"""One document at a time: while one is made, reports are taken in."""


class DocumentFormat(StrEnum):
    """What a statement can be made into."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    JSON = "json"


@dataclass(frozen=True)
class RenderedDocument:
    """A document as bytes, its media type, and the name that its file has. ``policy`` is the
    content security policy that it is to be shown under."""

    content: bytes
    media_type: str
    name: str
    policy: str = "default-src 'none'; frame-ancestors 'none'"


async def document_of(
    session: AsyncSession,
    who: Principal,
    identity: UUID,
    language: str | None = None,
    *,
    public: str = "",
    link_base: str = "",
    with_annexes: bool = True,
) -> Document | None:
    """A statement that ``who`` may see, in a language of its own (None: the reference); None where
    there is none. ``public`` is the address of this server, where it has one. Not
    ``with_annexes``: its text alone.

    Raises :class:`Refusal` for a language that the statement is not in.
    """
    found = await whole_statement(session, who, identity)
    if found is None:
        return None
    statement, snapshot, blocks = found
    texts = by_language(blocks, statement.written_in)
    chosen = language or statement.language
    if chosen not in texts:
        raise Refusal(f"This statement is in {', '.join(texts)}.", "language")
    masthead = await _masthead(session, statement, snapshot, chosen, public)
    if chosen in languages_unread(statement, texts):
        masthead = replace(masthead, unread=True)
    slug = (await session.get_one(Mission, statement.mission_id)).slug
    base = f"{public}/statements/{slug}/"
    return Document(
        masthead=masthead,
        language=chosen,
        blocks=with_sources(texts[chosen], snapshot.numbers, chosen),
        numbers=snapshot.numbers,
        link_base=link_base,
        corrections=await corrections_out(session, who, statement, snapshot, base, chosen),
        corrects=await corrected_one(session, who, statement, base),
        with_annexes=with_annexes,
    )


async def render(document: Document, to: DocumentFormat, name: str) -> RenderedDocument:
    """A document in a format, made in the documents' thread. ``name`` begins its file's name.

    Raises :class:`Refusal` naming the block that cannot be rendered.
    """
    media_type, maker = MAKERS[to]
    content = await asyncio.get_running_loop().run_in_executor(_THREAD, maker, document)
    whole = "" if document.with_annexes else ".text"
    made = RenderedDocument(content, media_type, f"{name}{whole}.{document.language}.{to}")
    if to is not DocumentFormat.HTML:
        return made
    return RenderedDocument(content, media_type, made.name, policy_of(document))


def disposition(made: RenderedDocument, to: DocumentFormat) -> str:
    """How a browser takes a document: a page is shown, a file is kept under its name."""
    place = "inline" if to is DocumentFormat.HTML else "attachment"
    return f"{place}; filename*=UTF-8''{quote(made.name)}"


def policy_of(document: Document) -> str:
    """The content security policy under which a document's page is shown: its own style, and
    pictures that stand in it."""
    style = style_source(document.masthead.accent)
    return (
        f"default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def _name_in(language: str, name: str = "", names: Mapping[str, str] | None = None) -> str:
    """A name in a language, as it was given where it has none in it."""
    return (names or {}).get(language) or name


async def _masthead(
    session: AsyncSession,
    statement: Statement,
    snapshot: Snapshot,
    language: str,
    public: str,
) -> Masthead:
    mission = await session.get_one(Mission, statement.mission_id)
    own = select(Organisation.name, Organisation.names).where(
        Organisation.mission_id == mission.mission_id, Organisation.kind == mission.kind
    )
    organisation = (await session.execute(own.order_by(Organisation.name))).first()
    called = select(Election.name, Election.names).where(Election.mission_id == mission.mission_id)
    election = (await session.execute(called)).first()
    title = mission.title_in(language)
    out, embargo = statement.state == StatementState.RELEASED, statement.embargo_until
    return Masthead(
        mission=title,
        organisation=_name_in(language, *(organisation or ())) or title,
        kind=statement.kind,
        sha256=snapshot.sha256,
        frozen_at=snapshot.frozen_at,
        reference=statement.language,
        languages=tuple(statement.written_in),
        election=_name_in(language, *(election or ())),
        zone=statement.embargo_zone or mission.zone,
        place=statement.issued_in,
        version=statement.version_number,
        issued_at=issued(statement) or embargo,
        authority=statement.authority if statement.copied_at else "",
        copied_at=statement.copied_at,
        embargo_until=embargo if embargo and (not out or embargo > now()) else None,
        address=f"{public}/statements/{mission.slug}/{statement.id}" if public and out else "",
        published=out,
        logo=logo_of(mission, language),
        accent=accent_of(mission) or VIOLET,
    )


def _html(document: Document) -> bytes:
    return render_html(document).encode()


def _json(document: Document) -> bytes:
    return orjson.dumps(as_json(document), option=orjson.OPT_INDENT_2)


MAKERS: Mapping[DocumentFormat, tuple[str, Callable[[Document], bytes]]] = {
    DocumentFormat.HTML: ("text/html; charset=utf-8", _html),
    DocumentFormat.PDF: ("application/pdf", render_pdf),
    DocumentFormat.DOCX: (DOCX, render_docx),
    DocumentFormat.JSON: ("application/json", _json),
}
Content = Mapping[int | str, dict[str, Any]]
ANSWERS: Content = {
    200: {
        "description": "The statement as a document.",
        "content": {media_type: {} for media_type, _ in MAKERS.values()},
    }
}
"""The answer of an operation that gives a document, for the description of the API."""
