"""What is shown of a photo is its picture, to the last dot, and nothing that is hidden beside."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from api.closing.photographs import NoPicture, without_hidden

GPS, ORIENTATION, MODEL = 0x8825, 0x0112, 0x0110
HIDDEN = b"Vastria Phone 7"


def drawn(mode: str = "RGB") -> Image.Image:
    """A picture with something to see."""
    return Image.radial_gradient("L").resize((64, 48)).convert(mode)


def photo(form: str, mode: str = "RGB", way: int = 1, **more: Any) -> bytes:
    """A photo as a camera writes it: with place, device, comments, and more behind its end."""
    exif = Image.Exif()
    exif[MODEL], exif[ORIENTATION] = HIDDEN.decode(), way
    exif[GPS] = {1: "N", 2: (12.0, 38.0, 21.0), 3: "W", 4: (8.0, 0.0, 2.0)}
    if form == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", HIDDEN.decode())
        words.add_itxt("XML:com.adobe.xmp", HIDDEN.decode())
        more["pnginfo"] = words
    else:
        more |= {"comment": HIDDEN, "xmp": HIDDEN}
    out = io.BytesIO()
    drawn(mode).save(out, form, exif=exif, **more)
    return out.getvalue() + HIDDEN


KINDS = {
    "baseline": photo("JPEG"),
    "progressive": photo("JPEG", progressive=True),
    "grey": photo("JPEG", "L"),
    "cmyk": photo("JPEG", "CMYK"),
    "restarts": photo("JPEG", restart_marker_blocks=2),
    "png": photo("PNG"),
    "png with a palette": photo("PNG", "P"),
    "png that shines through": photo("PNG", "RGBA"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_stays_to_the_last_dot_and_what_is_hidden_goes(kind: str) -> None:
    whole = KINDS[kind]
    shown = without_hidden(whole)
    assert HIDDEN in whole
    assert HIDDEN not in shown
    with Image.open(io.BytesIO(whole)) as before, Image.open(io.BytesIO(shown)) as after:
        assert before.getexif().get_ifd(GPS)
        assert dict(after.getexif()) == {}
        assert (before.size, before.mode) == (after.size, after.mode)
        assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_hides_nothing_more(kind: str) -> None:
    shown = without_hidden(KINDS[kind])
    assert without_hidden(shown) == shown


@pytest.mark.parametrize("way", range(2, 9))
def test_a_photo_taken_sideways_is_shown_upright(way: int) -> None:
    shown = without_hidden(photo("JPEG", way=way))
    with Image.open(io.BytesIO(shown)) as after:
        assert dict(after.getexif()) == {ORIENTATION: way}


@given(kind=st.sampled_from(sorted(KINDS)), cut=st.floats(0, 1, exclude_max=True))
def test_a_photo_that_breaks_off_is_not_shown(kind: str, cut: float) -> None:
    whole = KINDS[kind][: -len(HIDDEN)]
    with pytest.raises(NoPicture):
        without_hidden(whole[: int(cut * len(whole))])


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a"]))
def test_no_bytes_are_more_than_no_picture(content: bytes, begins: bytes) -> None:
    try:
        shown = without_hidden(begins + content)
    except NoPicture:
        return
    assert shown.startswith(begins)
