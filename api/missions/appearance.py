"""A mission's sign and colour, as its documents show them."""

import io
from base64 import b64decode, b64encode
from collections.abc import Mapping

from PIL import Image, UnidentifiedImageError
from sqlmodel import select

from analytics.documents import Logo
from analytics.documents.document import check_accent
from api.audit.unit_of_work import Work
from schemas.mission import Mission
from schemas.problems import Refusal
from schemas.words import LANGUAGES, in_language

MAX_LOGO = 48 * 1024
"""Bytes of a sign; it is printed 14 mm high."""
MAX_PIXELS = 4_000_000
MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg"}


def set_appearance(
    work: Work,
    *,
    accent: str = "",
    logo: bytes | None = None,
    alternative: Mapping[str, str] | None = None,
) -> None:
    """Keep the mission's colour (``#RRGGBB``) and its sign, a PNG or JPEG with what it shows in
    words by language; what is not given stays.

    Raises :class:`Refusal` for a colour that cannot be read on white, for what is no picture or a
    large one, for a sign without words, and where nothing is given.
    """
    mission = work.session.exec(select(Mission)).one()
    kept = dict(mission.appearance)
    if accent:
        check_accent(accent)
        kept["accent"] = accent
    if logo is not None:
        kept["logo"] = _logo(logo, alternative or {})
    if kept == mission.appearance:
        raise Refusal("Nothing was given that is not so already.", "accent")
    mission.appearance = kept
    work.session.add(mission)
    work.log("mission.appearance", mission.slug, logo or b"", note=accent)
    work.session.flush()


def accent_of(mission: Mission) -> str | None:
    """The mission's colour; None where it has none of its own."""
    found: str | None = mission.appearance.get("accent")
    return found


def logo_of(mission: Mission, language: str) -> Logo | None:
    """The mission's sign with its words in a language; None where it has none."""
    kept = mission.appearance.get("logo")
    if not kept:
        return None
    return Logo(b64decode(kept["content"]), kept["media"], in_language(kept["text"], language))


def _logo(content: bytes, alternative: Mapping[str, str]) -> dict[str, object]:
    texts = {language: words.strip() for language, words in alternative.items() if words.strip()}
    if not texts:
        raise Refusal("A picture needs an alternative text: what it shows, in words.", "logo-text")
    unknown = sorted(set(texts) - set(LANGUAGES))
    if unknown:
        raise Refusal(f"There is no language {unknown[0]!r}.", "logo-text")
    if len(content) > MAX_LOGO:
        raise Refusal(f"The picture has more than {MAX_LOGO // 1024} KiB.", "logo")
    return {
        "media": MEDIA[_format(content)],
        "content": b64encode(content).decode(),
        "text": texts,
    }


def _format(content: bytes) -> str:
    """PNG or JPEG, read to its end."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(MEDIA)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refusal(f"The picture has more than {MAX_PIXELS:,} pixels.", "logo")
            picture.load()
            return str(picture.format)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Refusal("The picture is neither PNG nor JPEG, or is not whole.", "logo") from None
