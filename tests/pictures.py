"""Photos for tests: real ones, which a decoder can read."""

import io
import random
from functools import cache

from PIL import Image


@cache
def jpeg(seed: int = 0, side: int = 64) -> bytes:
    """A JPEG of noise: some kilobytes, another one for each seed."""
    noise = random.Random(seed).randbytes(side * side * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(out, "JPEG", quality=95)
    return out.getvalue()


@cache
def png(width: int = 64, height: int = 48) -> bytes:
    """A PNG of one colour: small, however many pixels it has."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG", compress_level=9)
    return out.getvalue()
