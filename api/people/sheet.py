"""The printable sheet: for each observer one page with a code for the camera."""

from collections.abc import Iterable
from html import escape

import segno

from api.people.enrolment import MINUTES, Code

STYLE = (
    "body{font:12pt/1.5 sans-serif;margin:0}section{page-break-after:always;padding:20mm;"
    "text-align:center}h1{font-size:28pt;margin:0 0 4mm}svg{width:90mm;height:90mm}"
    "ol{text-align:start;max-width:140mm;margin:8mm auto 0}small{word-break:break-all}"
)
STEPS = (
    "Point the phone's camera at the code and open the address.",
    f"From then on you have {MINUTES} minutes. The code serves once.",
    "Read the code of conduct, pledge, and answer the four questions.",
    "Rehearse: press the button, wait for the receipt. Do it before the day.",
    "Keep this sheet to yourself, and destroy it when you are done.",
)


def address_of(public_url: str, code: str) -> str:
    """The address behind a code, in the observer's app."""
    return f"{public_url.rstrip('/')}/field/#enrol={code}"


def sheet(public_url: str, mission: str, codes: Iterable[tuple[Code, str]]) -> str:
    """The sheet as one HTML document that loads nothing; each code with its organisation."""
    pages = "".join(_page(public_url, mission, code, organisation) for code, organisation in codes)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(mission)}</title>'
        f"<style>{STYLE}</style><body>{pages}</body></html>"
    )


def _page(public_url: str, mission: str, code: Code, organisation: str) -> str:
    address = address_of(public_url, code.code)
    picture = segno.make_qr(address, error="m").svg_inline(border=4, dark="#000", light="#fff")
    steps = "".join(f"<li>{escape(each)}</li>" for each in STEPS)
    return (
        f"<section><p><bdi>{escape(mission)}</bdi></p><h1><bdi>{escape(code.pseudonym)}</bdi></h1>"
        f"<p><bdi>{escape(organisation)}</bdi></p>{picture}<ol>{steps}</ol>"
        f"<p><small>{escape(address)}</small></p></section>"
    )
