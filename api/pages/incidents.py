"""Incidents: what needs acting on?"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.database.sessions import mission_session
from api.figures.incidents import incident_out, incidents, options
from api.figures.role_tables import access_denied
from api.figures.standing_incidents import EVIDENCE, Incident
from api.pages.page import Visit, page
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
SHOWN = 100
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
    async with mission_session(visit.request.app.state.engine, visit.who.mission_id) as session:
        found = await incidents(session, visit.who, visit.watch)
    words = {each: _worded(visit, each) for each in ("nature", "source", "affected")}
    natures = words["nature"]
    denied = await visit.compute(access_denied) if visit.everything else None
    shown = found.listed(SHOWN)
    return visit.show(
        "incidents.html",
        "incidents",
        rows=[_row(visit, each, words) for each in shown],
        more=len(found) - len(shown),
        open=found.open,
        cases=len(found),
        denied=denied,
        grades=[visit.say(GRADES[each]) for each in EVIDENCE],
        counts=[
            (natures.get(row["nature"], row["nature"]) or "–", row) for row in found.by_nature()
        ],
    )


def _worded(visit: Visit, question: str) -> dict[str, str]:
    return {name: visit.title(label) for name, label in options(visit.watch, question).items()}


def _row(visit: Visit, each: Incident, words: dict[str, dict[str, str]]) -> dict[str, Any]:
    said = incident_out(visit.watch, each)
    return said | {
        "short": str(each.report)[-6:],
        "nature": words["nature"].get(each.nature, each.nature) or "–",
        "grade": visit.say(GRADES[each.evidence]),
        "when": visit.clock(each.at, "%d.%m. %H:%M"),
        "word": visit.say(each.status),
        "source": words["source"].get(each.source, each.source),
        "affected": visit.listed([words["affected"].get(one, one) for one in each.affected]),
    }
