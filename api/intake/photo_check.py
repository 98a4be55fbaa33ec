"""Whether bytes are a photo: of a known type, of bounded size, and a decoder can read them all.

Photos of every channel are checked here before they are stored
(:class:`api.intake.photo_store.PhotoStore`). The bytes are never changed: a photo is stored under
the SHA-256 of what was sent, receipts and the handover rely on that. What a camera hides in them
(the place foremost) is left out where they leave (:mod:`api.closing.strip_exif`). See
docs/decisions/0017-photos-are-checked-not-changed.md.
"""

import io
import threading

from PIL import Image

from api.problems import NOT_A_PHOTO, Problem

FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
MAX_PIXELS = 64_000_000
"""More than the 50 million of a phone's main camera; a decoder needs up to 4 bytes for each."""
Image.MAX_IMAGE_PIXELS = None  # Pillow's own bound only warns; ours stands below.
_ONE_AT_A_TIME = threading.Lock()


def check_photo(content: bytes) -> None:
    """Raises a problem (422) that says why these bytes are no photo that can be kept."""
    form = next((name for magic, name in FORMATS.items() if content.startswith(magic)), None)
    if form is None:
        raise Problem(NOT_A_PHOTO, field="body")
    with _ONE_AT_A_TIME:  # decoding is what needs memory
        try:
            _decode(content, form)
        except (Problem, MemoryError):
            raise
        except Exception:  # a decoder of foreign bytes fails in many ways, all of them the bytes'
            detail = f"It begins like a {form} and cannot be decoded: damaged or cut off."
            raise Problem(NOT_A_PHOTO, detail, "body") from None


def _decode(content: bytes, form: str) -> None:
    with Image.open(io.BytesIO(content), formats=(form,)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            detail = f"{width} × {height} pixels; at most {MAX_PIXELS // 1_000_000} million."
            raise Problem(NOT_A_PHOTO, detail, "body")
        image.verify()  # a PNG's checksums and its end
    with Image.open(io.BytesIO(content), formats=(form,)) as image:
        image.draft("L", (1, 1))  # a JPEG is read whole and drawn small: less memory
        image.load()
