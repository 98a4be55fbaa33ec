"""Files beside photos that reports may carry: sounds, films, documents, by their first bytes.

They are kept as they came and never shown in a page: whoever sees the report downloads them. What
begins like none of these kinds, such as a page or a program, is not kept.
"""

import unicodedata

TEXT = "text/plain"
_MAGIC = {
    b"%PDF-": "application/pdf",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
    b"\xff\xf1": "audio/aac",
    b"\xff\xf9": "audio/aac",
    b"#!AMR": "audio/amr",
    b"\x1a\x45\xdf\xa3": "video/webm",
}
ENDINGS = {
    TEXT: "txt",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/x-msvideo": "avi",
}
"""What the name of a file of each kind ends in."""
_OFFICE = (b"word/", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument.")
_PICTURES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
BEGINNING = 4096
"""The bytes that tell a kind."""


def kind_of(content: bytes) -> str | None:
    """The media type of a sound, a film or a document; None for what is none of them."""
    if content[4:8] == b"ftyp":
        return _of_container(content[8:12])
    if content[:4] == b"RIFF":
        return {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(content[8:12])
    if content[:4] == b"PK\x03\x04":
        return "application/zip" if any(each in content for each in _OFFICE) else None
    found = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    return found or (TEXT if _is_text(content) else None)


def _of_container(brand: bytes) -> str | None:
    """A film or a sound in the container of MP4. A picture in it is a photo of a kind that browsers
    do not show."""
    if brand in _PICTURES:
        return None
    return "audio/mp4" if brand.startswith(b"M4A") else "video/mp4"


def _is_text(content: bytes) -> bool:
    """Plain words, as in a table of commas: no markup, and nothing but text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    plain = all(each in "\t\r\n" or unicodedata.category(each) != "Cc" for each in text)
    return bool(text.strip()) and not text.lstrip().startswith("<") and plain
