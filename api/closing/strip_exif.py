"""Removing EXIF from photos: what a camera wrote beside the picture is left behind.

The picture's own bytes are copied, not made anew, so nothing of it is lost and no decoder is run.
What is kept is named; whatever else a file holds (Exif, XMP, comments, thumbnails, other pictures
or anything behind the end) is not. Of Exif the way up alone is written again.
"""

from collections.abc import Iterator

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
PICTURE_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"})
"""The chunks of a PNG that say how it looks."""
JFIF, EXIF, ADOBE = 0xE0, 0xE1, 0xEE
DRAWN = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xDE)})
"""The segments of a JPEG that its picture is drawn from."""
ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers of a JPEG that nothing follows."""
SCAN, END = 0xDA, 0xD9
ORIENTATION = 0x0112


class NoPicture(Exception):
    """It is not whole, or neither JPEG nor PNG: what it hides cannot be told apart."""


def without_hidden(photo: bytes) -> bytes:
    """The same picture, and nothing that is not seen. Raises :class:`NoPicture`."""
    if photo.startswith(PNG):
        return PNG + b"".join(_chunks(photo))
    if photo.startswith(JPEG):
        return JPEG + b"".join(_segments(photo))
    raise NoPicture("It is neither JPEG nor PNG.")


def _chunks(photo: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while True:
        kind = photo[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(photo[at : at + 4])
        if len(kind) < 4 or end > len(photo):
            raise NoPicture("It breaks off.")
        if kind in PICTURE_CHUNKS:
            yield photo[at:end]
        if kind == b"IEND":
            return
        at = end


def _segments(photo: bytes) -> Iterator[bytes]:
    at = len(JPEG)
    while True:
        at = _marker(photo, at)
        marker = photo[at - 1]
        if marker == END:
            yield b"\xff\xd9"
            return
        if marker in ALONE:
            yield bytes((0xFF, marker))
            continue
        length = int.from_bytes(photo[at : at + 2])
        end = at + length
        if length < 2 or end > len(photo):
            raise NoPicture("It breaks off.")
        yield _kept(marker, photo[at + 2 : end])
        if marker == SCAN:
            scanned = _scanned(photo, end)
            yield photo[end:scanned]
            end = scanned
        at = end


def _marker(photo: bytes, at: int) -> int:
    """Behind the marker that stands here; a marker may be led by several 0xFF."""
    if photo[at : at + 1] != b"\xff":
        raise NoPicture("It breaks off.")
    while photo[at : at + 1] == b"\xff":
        at += 1
    if at >= len(photo):
        raise NoPicture("It breaks off.")
    return at + 1


def _scanned(photo: bytes, at: int) -> int:
    """Where the picture's own bytes end: at a marker that is no stuffed 0xFF and no restart."""
    while (at := photo.find(b"\xff", at)) >= 0 and at + 1 < len(photo):
        if photo[at + 1] != 0 and photo[at + 1] not in ALONE:
            return at
        at += 2
    raise NoPicture("It breaks off.")


def _kept(marker: int, said: bytes) -> bytes:
    """A segment as it is kept: empty where it says nothing of how the picture looks."""
    if marker == EXIF and said.startswith(b"Exif\0\0"):
        return _way_up(said[6:])
    if marker == JFIF and said.startswith(b"JFIF\0") and len(said) >= 14:
        return _segment(marker, said[:12] + bytes(2))  # without its thumbnail
    if marker == ADOBE and said.startswith(b"Adobe"):
        return _segment(marker, said[:12])
    return _segment(marker, said) if marker in DRAWN else b""


def _segment(marker: int, said: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(said) + 2).to_bytes(2) + said


def _way_up(tiff: bytes) -> bytes:
    """Exif that says which way up the picture is, and nothing else; none where it is upright."""
    order = "little" if tiff.startswith(b"II") else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)  # type: ignore[arg-type]

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 1000), 12):
        if number(entry, 2) == ORIENTATION and 2 <= number(entry + 8, 2) <= 8:
            way = number(entry + 8, 2)
            entries = b"\0\x01" + b"\x01\x12\0\x03\0\0\0\x01" + way.to_bytes(2) + bytes(6)
            return _segment(EXIF, b"Exif\0\0MM\0\x2a\0\0\0\x08" + entries)
    return b""
