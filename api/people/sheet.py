"""The printable enrolment sheet: one page with a QR code for each observer."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import segno
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.people.enrolment import MINUTES, Code, issue_sheet_code
from schemas.mission import Organisation
from schemas.observer import WITHOUT_ACCOUNT, Observer, ObserverState
from schemas.words import LANGUAGES, N_, direction, translations

STYLE = (
    "@page{size:A4;margin:0}"
    "body{font:12pt/1.5 sans-serif;margin:0}section{break-after:page;break-inside:avoid;"
    "padding:20mm;"
    "text-align:center}h1{font-size:28pt;margin:0 0 4mm}svg{width:90mm;height:90mm}"
    "ol{text-align:start;max-width:140mm;margin:8mm auto 0}small{word-break:break-all}"
)
STEPS = (
    N_("Point the phone's camera at the code and open the address."),
    N_("From then on you have {minutes} minutes. The code can be used once."),
    N_("Read the code of conduct, pledge, and answer the four questions."),
    N_("Rehearse: press the button, wait for the receipt. Do it before the day."),
    N_("Keep this sheet to yourself, and destroy it when you are done."),
)


def address_of(public_url: str, code: str) -> str:
    """The address behind a code, in the observer's app."""
    return f"{public_url.rstrip('/')}/field/#enrol={code}"


@dataclass(frozen=True)
class Page:
    """One observer's page: the code, the organisation, the language that it is written in."""

    code: Code
    organisation: str
    language: str


def issue_pages(work: Work, chosen: ColumnElement[bool]) -> list[Page]:
    """A fresh code for each active observer ``chosen`` who may have an account, by pseudonym.

    A code issued before to one of them is no longer valid.
    """
    query = (
        select(Observer, Organisation.name)
        .join(
            Organisation,
            (col(Organisation.mission_id) == col(Observer.mission_id))
            & (col(Organisation.id) == col(Observer.organisation_id)),
        )
        .where(
            Observer.mission_id == work.mission_id,
            Observer.state == ObserverState.ACTIVE,
            col(Observer.function).not_in(list(WITHOUT_ACCOUNT)),
            chosen,
        )
        .order_by(col(Observer.pseudonym))
    )
    return [
        Page(issue_sheet_code(work, each), name, _language(each.languages))
        for each, name in work.session.exec(query).all()
    ]


def _language(spoken: Iterable[str]) -> str:
    return next((each for each in spoken if each in LANGUAGES), "en")


def sheet(public_url: str, mission: str, pages: Iterable[Page]) -> str:
    """The sheet as one HTML document that loads nothing, each page in its observer's language."""
    written = "".join(_page(public_url, mission, each) for each in pages)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(mission)}</title>'
        f"<style>{STYLE}</style><body>{written}</body></html>"
    )


def _page(public_url: str, mission: str, page: Page) -> str:
    address = address_of(public_url, page.code.code)
    picture = segno.make_qr(address, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True
    )
    say = translations(page.language).gettext
    steps = "".join(f"<li>{escape(say(each).format(minutes=MINUTES))}</li>" for each in STEPS)
    return (
        f'<section lang="{page.language}" dir="{direction(page.language)}">'
        f"<p><bdi>{escape(mission)}</bdi></p><h1><bdi>{escape(page.code.pseudonym)}</bdi></h1>"
        f"<p><bdi>{escape(page.organisation)}</bdi></p>{picture}<ol>{steps}</ol>"
        f'<p dir="ltr"><small>{escape(address)}</small></p></section>'
    )
