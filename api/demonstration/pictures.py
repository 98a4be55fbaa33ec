"""Pictures of protocols: drawn from the figures that a team sent, and called what they are."""

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from schemas.checklist import VOTES

PHOTO = "photo"
WIDTH, HEIGHT, LINE = 720, 960, 34
FIGURES = ("registered", "received", "issued", "unused", "spoiled", "signatures", "in_box",
           "invalid", "valid")  # fmt: skip
"""The figures of a protocol in the order in which they are written down."""


def protocol_picture(report: Mapping[str, Any]) -> bytes:
    """A JPEG of a report's figures as a sheet of paper: the same for the same report."""
    answers = report["answers"]
    lines = [
        "INVENTED FOR A DEMONSTRATION",
        f"Protocol of results, station {report['station']}",
        f"Contest: {report.get('contest', '')}",
        "",
        *(f"{name.replace('_', ' ')}: {answers[name]}" for name in FIGURES if name in answers),
        "",
        *(f"{each['contestant']}: {each['votes']}" for each in answers.get(VOTES, ())),
    ]
    sheet = Image.new("L", (WIDTH, HEIGHT), 245)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((24, 24, WIDTH - 24, HEIGHT - 24), outline=90, width=2)
    font = ImageFont.load_default(size=24)
    for at, line in enumerate(lines):
        draw.text((56, 56 + LINE * at), line, fill=30, font=font)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=70)
    return out.getvalue()


def picture_name(content: bytes) -> str:
    """What a phone calls a picture: by the digest of its content."""
    return f"{hashlib.sha256(content).hexdigest()}.jpg"
