"""Incidents: what needs acting on?"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.figures.ask import question
from api.figures.coverage import access_denied
from api.figures.incidents import CHECKLIST, EVIDENCE, incident_list, options
from api.pages.page import Visit, page
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
INCIDENTS_SHOWN = 100
GRADES = {
    "several_sources": N_("Several sources"),
    "documented": N_("Documented"),
    "observed": N_("Observed by us"),
    "reported": N_("Told to us"),
}


@page(router, "/incidents", right=Right.SEE_REPORTS)
async def listed(visit: Visit) -> Response:
    """Open cases, gravest and oldest first; counts by nature and evidence; doors that stayed
    shut."""
    wanted = [question(incident_list, visit.who, INCIDENTS_SHOWN)]
    if visit.everything:
        wanted.append(question(access_denied))
    found, *beside = (await visit.ask_together(*wanted)).values
    words = {each: _worded(visit, each) for each in ("nature", "source", "affected")}
    natures = words["nature"]
    return visit.show(
        "incidents.html",
        "incidents",
        rows=[_row(visit, each, words) for each in found.rows],
        more=found.cases - len(found.rows),
        open=found.open,
        cases=found.cases,
        denied=beside[0] if beside else None,
        grades=[visit.say(GRADES[each]) for each in EVIDENCE],
        counts=[(natures.get(row["nature"], row["nature"]) or "–", row) for row in found.by_nature],
    )


def _worded(visit: Visit, asked: str) -> dict[str, str]:
    found = options(visit.facts.newest(CHECKLIST), asked)
    return {name: visit.title(label) for name, label in found.items()}


def _row(visit: Visit, said: dict[str, Any], words: dict[str, dict[str, str]]) -> dict[str, Any]:
    source, grade = said["source"] or "", said["evidence"]
    return said | {
        "short": str(said["report"])[-6:],
        "nature": words["nature"].get(said["nature"], said["nature"]) or "–",
        "grade": visit.say(GRADES[grade]),
        "when": visit.clock(said["at"], "%d.%m. %H:%M"),
        "word": visit.say(said["status"]),
        "source": words["source"].get(source, source),
        "affected": visit.listed([words["affected"].get(one, one) for one in said["affected"]]),
    }
