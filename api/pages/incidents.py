"""The pages of incidents: the list, gravest and oldest first, and the card of each."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.figures.ask import question
from api.figures.coverage import access_denied
from api.figures.incident_events import EVIDENCE
from api.figures.incidents import CHECKLIST, incident_list, options
from api.pages.page import PageRequest, serve_page
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
INCIDENTS_SHOWN = 100
GRADES = {
    "several_sources": N_("Several sources"),
    "documented": N_("Documented"),
    "observed": N_("Observed by us"),
    "reported": N_("Reported to observers"),
}


@serve_page(router, "/incidents", right=Right.SEE_REPORTS)
async def listed(page: PageRequest) -> Response:
    """Open cases, most severe and oldest first; counts by nature and evidence; denied access."""
    wanted = [question(incident_list, page.who, INCIDENTS_SHOWN)]
    if page.everything:
        wanted.append(question(access_denied))
    found, *beside = (await page.ask_together(*wanted)).values
    words = {each: _worded(page, each) for each in ("nature", "source", "affected")}
    natures = words["nature"]
    return page.show(
        "incidents.html",
        "incidents",
        rows=[_row(page, each, words) for each in found.rows],
        more=found.more,
        open=found.summary["open"],
        cases=found.summary["cases"],
        denied=beside[0] if beside else None,
        grades=[page.say(GRADES[each]) for each in EVIDENCE],
        counts=[
            (natures.get(row["nature"], row["nature"]) or "–", row)
            for row in found.summary["by_nature"]
        ],
    )


def _worded(page: PageRequest, asked: str) -> dict[str, str]:
    found = options(page.facts.newest(CHECKLIST), asked)
    return {name: page.title(label) for name, label in found.items()}


def _row(
    page: PageRequest, said: dict[str, Any], words: dict[str, dict[str, str]]
) -> dict[str, Any]:
    source, grade = said["source"] or "", said["evidence"]
    return said | {
        "short": str(said["report"])[-6:],
        "nature": words["nature"].get(said["nature"], said["nature"]) or "–",
        "grade": page.say(GRADES[grade]),
        "when": page.clock(said["at"], "%d.%m. %H:%M"),
        "word": page.say(said["status"]),
        "source": words["source"].get(source, source),
        "affected": page.listed([words["affected"].get(one, one) for one in said["affected"]]),
    }
