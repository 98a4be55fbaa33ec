"""What a page of a mission is: who asks, what stands, and problems said in words."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, Signature
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.identity import Principal, principal
from api.pages.frame import language_of, render, word
from api.problems import UNAUTHENTICATED, Problem
from api.reading.figures import coverage_of_all
from api.reading.follower import Follower
from api.reading.visible import refuse_outside_the_desk
from api.reading.watch import Watch
from schemas.problems import Refusal

RAIL: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Watch", (("", "Control room"), ("coverage", "Coverage"),
               ("irregularities", "Irregularities"), ("quick-count", "Quick count"))),
    ("Verify", (("reports", "Reports"),)),
    ("Conclude", (("statements", "Statements"),)),
)  # fmt: skip
"""The pages by what they are for: path below the mission, and name."""


@dataclass(frozen=True)
class Visit:
    """One request for a page of a mission, by somebody of its desk."""

    request: Request
    who: Principal
    watch: Watch

    @property
    def base(self) -> str:
        """The address that the mission's pages stand under."""
        return f"/missions/{self.who.slug}"

    @property
    def language(self) -> str:
        return language_of(self.request)

    def say(self, text: str) -> str:
        """A text in the visitor's language."""
        return word(self.language, text)

    def show(self, template: str, here: str, **values: Any) -> HTMLResponse:
        """A page in its frame. ``here`` is the path of the rail that it belongs to."""
        rail = [
            (self.say(group), [{"path": path, "word": self.say(word)} for path, word in links])
            for group, links in RAIL
        ]
        return render(
            self.request, template, base=self.base, here=here, rail=rail, principal=self.who,
            mission=self._mission(), **values,
        )  # fmt: skip

    def _mission(self) -> dict[str, str]:
        frame = self.watch.frame
        last = max((each.received_at for each in self.watch.received.values()), default=None)
        return {
            "title": frame.mission.title,
            "round": frame.polling.name,
            "last_report": f"{last:%H:%M}" if last else "–",
        }

    async def compute(self, work: Callable[[Watch], Any]) -> Any:
        """Reckon with the readings off the event loop, while nothing is folded."""

        def locked() -> Any:
            with self.watch.lock:
                return work(self.watch)

        return await asyncio.to_thread(locked)

    @property
    def is_empty(self) -> bool:
        """Whether no report has come yet."""
        return not self.watch.received and not coverage_of_all(self.watch).received


Page = Callable[[Visit], Awaitable[Response]]
REQUEST = Signature([Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)])
"""What the framework is to hand a page: the request alone."""


def page(router: APIRouter, path: str, method: str = "GET") -> Callable[[Page], Page]:
    """Serve a function as a page below ``/missions/{slug}``: for the desk, else a page that
    says what to do."""

    def serve(build: Page) -> Page:
        @wraps(build)
        async def shown(request: Request) -> Response:
            try:
                return await build(await _visit(request))
            except Problem as problem:
                return _said(request, problem)
            except Refusal as refusal:
                return render(request, "problem.html", 409, heading=str(refusal), detail="")

        shown.__signature__ = REQUEST  # type: ignore[attr-defined]
        router.add_api_route(
            f"/missions/{{slug}}{path}", shown, methods=[method], include_in_schema=False,
            response_class=HTMLResponse,
        )  # fmt: skip
        return build

    return serve


async def _visit(request: Request) -> Visit:
    who = await principal(request, request.path_params["slug"])
    refuse_outside_the_desk(who)
    follower: Follower = request.app.state.follower
    return Visit(request, who, await follower.of(who.mission_id))


def _said(request: Request, problem: Problem) -> Response:
    if problem.kind is UNAUTHENTICATED and request.method == "GET":
        return RedirectResponse("/", 303)
    language = language_of(request)
    if problem.kind.status == 404:
        heading = word(language, "There is no such page.")
        detail = word(language, "Check the address.")
    else:
        heading, detail = problem.kind.title, problem.detail or ""
    return render(request, "problem.html", problem.kind.status, heading=heading, detail=detail)
