"""The page Compliance: the mission's ledger of principles and duties."""

from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from api.compliance.duties import Duty, ledger_now
from api.pages.page import PageRequest, serve_page
from schemas.rights import Right
from schemas.standards import catalogue
from schemas.words import N_

router = APIRouter()
WORDS = {"kept": N_("kept"), "open": N_("open"), "not_due": N_("not due")}
UNNUMBERED = "coc"
"""The Code's headings have no numbers in the original: the page prints their sense alone."""


@serve_page(router, "/compliance", right=Right.SEE_REGISTERS)
async def compliance(page: PageRequest) -> Response:
    """Each paragraph of the Declaration and each duty of the Code, and what is on record."""
    duties = await ledger_now(page.request.app.state.pool, page.facts)
    groups = [
        (title, [_shown(page, each) for each in rows])
        for title, rows in groupby(duties, lambda duty: catalogue()[duty.standard].instrument)
    ]
    open_ones = sum(each.state == "open" for each in duties)
    kept = sum(each.state == "kept" for each in duties)
    return page.show(
        "compliance.html",
        "compliance",
        groups=groups,
        open_ones=open_ones,
        kept=kept,
        total=len(duties),
    )


def _shown(page: PageRequest, duty: Duty) -> dict[str, str]:
    instrument, _, number = duty.standard.partition(":")
    values = {
        name: page.style.whole(each) if isinstance(each, int) else page.say(str(each))
        for name, each in duty.values.items()
    }
    return {
        "number": "" if instrument == UNNUMBERED else number,
        "says": page.say(catalogue()[duty.standard].says),
        "state": duty.state,
        "word": page.say(WORDS[duty.state]),
        "on_record": page.say(duty.on_record).format(**values),
        "missing": page.say(duty.missing).format(**values) if duty.missing else "",
        "where": duty.where,
    }
