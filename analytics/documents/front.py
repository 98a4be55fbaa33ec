"""What stands around a statement's text: who speaks, when, what its state is, how to check it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list

from analytics.documents.document import Document
from analytics.statements.blocks import Annex, Heading, plain
from schemas.words import N_, direction, word

KINDS = {
    "presence": N_("Announcement of the mission"),
    "interim": N_("Interim statement"),
    "preliminary": N_("Preliminary statement"),
    "final": N_("Final report"),
    "ad_hoc": N_("Statement on one matter"),
    "correction": N_("Correction"),
}
LOCALES = {"en": "en_GB", "fr": "fr", "ar": "ar", "es": "es", "pt": "pt_PT"}


@dataclass(frozen=True)
class Notice:
    """A bar over the text that leads elsewhere: what it says, where to, and what changed."""

    text: str
    address: str
    changes: str = ""


@dataclass(frozen=True)
class Front:
    """The words around the text, in the document's language; empty ones are not shown."""

    language: str
    direction: str
    title: str
    organisation: str
    mission: str
    kind: str
    edition: str
    draft: str
    watermark: str
    issued: str
    also: str
    embargo: str
    check: str
    checks: tuple[str, ...]
    address: str
    address_label: str
    footer: str
    unread: str = ""
    annexes: str = ""
    """What the annexes are called together; empty where there are none."""
    pages: str = ""
    """On which pages the annexes stand, between ``{first}`` and ``{last}``."""
    alone: str = ""
    """That this is the text without its annexes, and where they stand."""
    notices: tuple[Notice, ...] = ()
    """What is said over the text of its corrections, or of what it corrects."""


def front(document: Document) -> Front:
    """The front of a document."""
    head, language = document.masthead, document.language

    def say(text: str, **gaps: str) -> str:
        return word(language, text).format(**gaps)

    def moment(at: datetime | None) -> str:
        return said_moment(at, head.zone, language) if at is not None else ""

    comma = "، " if language == "ar" else ", "
    kind = say(KINDS.get(head.kind, head.kind))
    issued = comma.join(filter(None, (head.place, moment(head.issued_at))))
    copied = say(
        N_("Copy given to {authority}, {time}."),
        authority=head.authority,
        time=moment(head.copied_at),
    )
    own = named(language, language)
    others = [named(each, language) for each in head.languages if each != language]
    also = [
        say(
            N_("Also in {languages}, with the same numbers."),
            languages=format_list(others, locale=LOCALES[language]),
        )
        if others
        else "",
        say(N_("Reference text: {language}."), language=named(head.reference, language))
        if others and head.reference != language
        else "",
    ]
    return Front(
        language=language,
        direction=direction(language),
        title=headline(document) or f"{kind}: {head.mission}",
        organisation=head.organisation,
        mission=head.mission
        if head.election.casefold() in head.mission.casefold()
        else f"{head.mission}{comma}{head.election}",
        kind=kind,
        edition=say(
            N_("Version {version}, {language}"),
            version=str(head.version),
            language=own,
        ),
        draft="" if head.published else say(N_("Draft. Not for publication.")),
        watermark="" if head.published else say(N_("Draft")),
        issued=f"{issued}. {copied}" if issued and head.copied_at else issued,
        also=" ".join(filter(None, also)),
        embargo=say(
            N_("Embargo: not for publication before {time}."), time=moment(head.embargo_until)
        )
        if head.embargo_until
        else "",
        check=say(N_("Check it yourself.")),
        checks=(
            say(N_("The numbers were frozen on {time}."), time=moment(head.frozen_at)),
            say(N_("Hash of the snapshot: {hash}"), hash=spaced(head.sha256)),
        ),
        address=head.address,
        address_label=say(N_("Permanent address")),
        footer=comma.join(
            each for each in (head.organisation, kind, moment(head.issued_at)) if each
        ),
        unread=say(N_("Nobody has read this text in {language} yet."), language=own)
        if head.unread
        else "",
        notices=tuple(_notices(document)),
        **_of_annexes(document),
    )


def _of_annexes(document: Document) -> dict[str, str]:
    """The words for the annexes, or for a text without them."""
    language = document.language
    if not any(isinstance(each, Annex) for each in document.blocks):
        return {}
    if document.with_annexes:
        pages = word(language, N_("Annexes: pages {first} to {last}."))
        return {"annexes": word(language, N_("Annexes")), "pages": pages}
    if document.masthead.address:
        alone = N_("This is the text alone. Its annexes stand at the permanent address.")
    else:
        alone = N_("This is the text alone, without its annexes.")
    return {"alone": word(language, alone)}


def _notices(document: Document) -> Iterator[Notice]:
    """The bars over a text: which statement it corrects; each correction of it, and what that
    changed."""
    language, of, zone = document.language, document.corrects, document.masthead.zone
    if of is not None:
        said = word(language, N_("Correction no. {n} of: {kind}, {time} (version {version})"))
        kind = word(language, KINDS.get(of.kind, of.kind))
        time = said_moment(of.issued_at, zone, language)
        yield Notice(said.format(n=of.number, kind=kind, time=time, version=of.version), of.address)
    said = word(language, N_("Corrected on {time}. The text below stands as it was published."))
    moved = word(language, N_("{was} is now {now}"))
    for each in document.corrections:
        changes = [
            (f"{_apart(of)}: " if of else "") + moved.format(was=_apart(was), now=_apart(now))
            for of, was, now in each.moved
        ]
        yield Notice(
            said.format(time=said_moment(each.issued_at, zone, language)),
            each.address,
            ("؛ " if language == "ar" else "; ").join(changes),
        )


def _apart(text: str) -> str:
    return f"\u2068{text}\u2069"


def named(code: str, language: str) -> str:
    """A language's name in another one."""
    return str(Locale.parse(LOCALES[language]).languages.get(code, code))


def headline(document: Document) -> str:
    """What the first heading of level 1 says; nothing where nobody has written it."""
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            return plain(block.text).strip()
    return ""


def said_moment(at: datetime, zone: str, language: str) -> str:
    """A moment with its weekday, hour and distance from UTC."""
    local = at.astimezone(ZoneInfo(zone))
    locale = LOCALES[language]
    day = format_date(local, "full", locale=locale)
    hour = format_time(local, "HH:mm", locale=locale)
    comma = "، " if language == "ar" else ", "
    return f"{day}{comma}\u2066{hour} ({_offset(local)})\u2069"


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or local - local).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def spaced(sha256: str) -> str:
    """The beginning of a hash in groups of four, as a person compares it."""
    return "\u2066" + " ".join(sha256[at : at + 4] for at in range(0, 32, 4)).strip() + "\u2069"
