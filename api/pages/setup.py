"""The page Set-up: which steps are outstanding."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.missions.create import set_up
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()


@dataclass(frozen=True)
class Step:
    """One step of setting a mission up: what there is, what to do next, and where."""

    title: str
    there: str
    next: str
    where: str
    needs: tuple[str, ...]

    def done(self, counts: dict[str, int]) -> bool:
        """Whether there is something of everything that it needs."""
        return all(counts[name] for name in self.needs)


STEPS = (
    Step(N_("Places"), N_("{stations} stations in {areas} areas"),
         N_("Start with places: import a file."), "tables?of=stations",
         ("stations", "areas")),
    Step(N_("Contests"), N_("Rounds: {rounds}. Contests: {contests}."),
         N_("Say what is voted on, when, and between whom."), "elections", ("rounds", "contests")),
    Step(N_("Checklists"), N_("{checklists} checklists"),
         N_("Publish the checklists that observers fill."), "checklists", ("checklists",)),
    Step(N_("People"), N_("{observers} observers; {codes} texts of codes are loaded"),
         N_("Import observers, and load the text of the code that they pledge to."), "people",
         ("observers", "codes")),
    Step(N_("Sample"), N_("Samples drawn: {samples}."),
         N_("Draw a sample. Without one every number is a count."),
         "samples", ("samples",)),
    Step(N_("Deployments"), N_("{deployments} deployments planned"),
         N_("Say who goes where."), "deployments", ("deployments",)),
    Step(N_("Phones and rehearsal"), N_("{phones} phones enrolled, {rehearsed} rehearsed"),
         N_("Hand the enrolment sheet out, and rehearse before the day."), "people",
         ("phones", "rehearsed")),
)  # fmt: skip


@serve_page(router, "/setup", right=Right.KEEP_PLACES)
async def setup(page: PageRequest) -> Response:
    """The steps, what there is of each, and one next action."""
    async with session_of(page) as session:
        counts = await set_up(session, page.facts)
    shown = [_shown(page, each, counts) for each in STEPS]
    following = next((each for each in shown if not each["done"]), None)
    return page.show("setup.html", "setup", steps=shown, following=following)


def _shown(page: PageRequest, step: Step, counts: dict[str, int]) -> dict[str, Any]:
    said = {name: page.style.whole(value) for name, value in counts.items()}
    return {
        "title": page.say(step.title),
        "there": page.say(step.there).format(**said),
        "next": page.say(step.next),
        "where": step.where,
        "done": step.done(counts),
    }
