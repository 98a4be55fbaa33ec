"""What a page of a mission is: who asks, what stands, and problems said in words."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, wraps
from inspect import Parameter, Signature
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from analytics.wording import ENGLISH, FORMATS, Format
from api.auth.principal import Principal, principal
from api.figures.ask import Answer, Figure, Figures, Question, ask
from api.figures.follower import Follower, NoSuchRound
from api.figures.mission_facts import MissionFacts, mission_facts
from api.figures.watch import Watch
from api.pages.frame import language_of, render
from api.pages.in_round import round_of
from api.problems import NOT_FOUND, TOO_MANY, UNAUTHENTICATED, Problem, of_error, passes
from schemas.credential import Role
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_, in_language, word

T = TypeVar("T")
P = ParamSpec("P")
Link = tuple[str, str, Right | None]
RAIL: tuple[tuple[str, tuple[Link, ...]], ...] = (
    (N_("Watch"), (("", N_("Control room"), Right.SEE_AGGREGATES),
                   ("coverage", N_("Coverage"), Right.SEE_AGGREGATES),
                   ("irregularities", N_("Irregularities"), Right.SEE_AGGREGATES),
                   ("breakdowns", N_("Breakdowns"), Right.SEE_AGGREGATES),
                   ("quick-count", N_("Quick count"), Right.SEE_AGGREGATES),
                   ("incidents", N_("Incidents"), Right.SEE_REPORTS))),
    (N_("Verify"), (("reports", N_("Reports"), Right.SEE_REPORTS),
                    ("flags", N_("Flags"), Right.DECIDE_REPORTS),)),
    (N_("Conclude"), (("statements", N_("Statements"), Right.SEE_DRAFTS),
                      ("forensics", N_("Forensics"), Right.WRITE_STATEMENTS),
                      ("shares", N_("Shared with partners"), Right.SHARE),)),
    (N_("Mission"), (("setup", N_("Set-up"), Right.KEEP_PLACES),
                     ("people", N_("People"), Right.SEE_PEOPLE),
                     ("samples", N_("Samples"), Right.SEE_AGGREGATES),
                     ("deployments", N_("Deployments"), Right.SEE_PEOPLE),
                     ("checklists", N_("Checklists"), Right.SEE_REPORTS),
                     ("registers", N_("Registers"), Right.SEE_REGISTERS),
                     ("compliance", N_("Compliance"), Right.SEE_REGISTERS),
                     ("closing", N_("Close the mission"), Right.DIRECT))),
    (N_("Access"), (("accounts", N_("Accounts"), Right.ADMINISTER),
                    ("audit", N_("Audit log"), Right.ADMINISTER),
                    ("sessions", N_("Your sessions"), None))),
)  # fmt: skip
"""The pages by what they are for: path below the mission, name, and the right that opens them;
without one every member may."""
PARTNERS = frozenset({"coverage", "irregularities"})
"""The pages that a partner may open too."""
PRESS = frozenset({"statements", "registers"})
"""The pages that show to the press what is released, and what everyone may read."""


@dataclass(frozen=True)
class Visit:
    """One request for a page of a mission, by somebody who may see it."""

    request: Request
    who: Principal
    watch: Watch
    facts: MissionFacts
    """The mission in the round of this request."""

    @cached_property
    def round_code(self) -> str | None:
        """The round that the address names; None for the nearest."""
        return round_of(self.request.scope)

    @property
    def base(self) -> str:
        """The address that the mission's pages stand under, in the round of this visit."""
        return self.base_of(self.round_code)

    def base_of(self, round_code: str | None) -> str:
        """The address that its pages stand under in a round; None for the nearest."""
        within = "" if round_code is None else f"/rounds/{quote(round_code, safe='')}"
        return f"/missions/{self.who.slug}{within}"

    def api(self, path: str, **asked: str) -> str:
        """The address of JSON under the mission, of the round of this visit."""
        named = asked if self.round_code is None else asked | {"round": self.round_code}
        query = f"?{urlencode(named)}" if named else ""
        return f"/api/v1/missions/{self.who.slug}/{quote(path)}{query}"

    @cached_property
    def language(self) -> str:
        return language_of(self.request)

    @property
    def style(self) -> Format:
        """How the visitor's language writes numbers."""
        return FORMATS.get(self.language, ENGLISH)

    @property
    def zone(self) -> ZoneInfo:
        """The mission's time zone: every hour on a page is told in it."""
        return ZoneInfo(self.facts.polling.zone)

    @property
    def everything(self) -> bool:
        """Whether the visitor sees aggregates whole, and live."""
        return self.who.may(Right.SEE_AGGREGATES)

    @property
    def is_partner(self) -> bool:
        """Whether the visitor reads what was shared, and nothing live."""
        return self.who.role == Role.PARTNER

    def say(self, text: str) -> str:
        """A text in the visitor's language."""
        return word(self.language, text)

    def title(self, texts: Mapping[str, str]) -> str:
        """Of a text in several languages the visitor's, else the English one, else any."""
        return in_language(texts, self.language)

    def checklist(self, name: str) -> str:
        """A checklist's title; its name, where none is published."""
        rules = self.facts.newest(name)
        return self.title(rules.definition.title) if rules else name

    def listed(self, words: Sequence[str]) -> str:
        """Words one after another, with the comma of the visitor's script."""
        return ("، " if self.language == "ar" else ", ").join(words)

    def clock(self, at: datetime | None, form: str = "%H:%M") -> str:
        """A moment in the mission's zone, in 24 hours; a dash where there is none."""
        return f"{at.astimezone(self.zone):{form}}" if at else "–"

    def show(self, template: str, here: str, **values: Any) -> HTMLResponse:
        """A page in its frame. ``here`` is the path of the rail that it belongs to."""
        rail = [
            (self.say(group), [{"path": path, "word": self.say(word)} for path, word in shown])
            for group, links in RAIL
            if (shown := [each[:2] for each in links if opens(self.who, *each[::2])])
        ]
        return render(
            self.request,
            template,
            base=self.base,
            here=here,
            rail=rail,
            principal=self.who,
            mission=self._mission(),
            everything=self.everything,
            checklist_title=self.checklist,
            round_links=self._round_links(here),
            api=self.api,
            **values,
        )

    def _mission(self) -> dict[str, str]:
        facts = self.facts
        return {
            "title": facts.mission.title,
            "round": facts.polling.name,
            "last_report": self.clock(facts.last_report),
            "zone": facts.polling.zone,
            "sequence": str(facts.clock),
        }

    def _round_links(self, here: str) -> list[dict[str, Any]]:
        """The rounds of the mission, each with the address of this page in it; nothing where
        there is only one."""
        facts = self.facts
        now, of = datetime.now(UTC), facts.rounds
        return (
            []
            if len(of) < 2
            else [
                {
                    "name": each.name,
                    "shown": each.code == facts.polling.code,
                    "nearest": each.code == facts.nearest(now),
                    "address": f"{self.base_of(each.code)}/{here}",
                }
                for each in of
            ]
        )

    async def ask(self, function: Figure[P, T], *arguments: Any) -> T:
        """One figure of the mission, in the round of this request. Problem: 404 for a partner, who
        reads what was shared."""
        if self.is_partner:
            raise Problem(NOT_FOUND)
        return await ask(
            self.request.app.state.figures,
            self.who.mission_id,
            function,
            *arguments,
            round_code=self.round_code,
        )

    async def ask_together(self, *questions: Question) -> Answer:
        """Several figures of one edition, so that they agree; see
        :func:`api.figures.ask.question`. Problem: as :meth:`ask`."""
        if self.is_partner:
            raise Problem(NOT_FOUND)
        figures: Figures = self.request.app.state.figures
        return await figures.answer(self.who.mission_id, questions, round_code=self.round_code)

    async def compute(self, work: Callable[[Watch], Any]) -> Any:
        """Reckon with the readings off the event loop, while nothing is folded. Problem: 404 for
        a partner, who reads what was shared."""
        if self.is_partner:
            raise Problem(NOT_FOUND)

        def locked() -> Any:
            with self.watch.lock:
                return work(self.watch)

        return await asyncio.to_thread(locked)

    async def watch_of(self, round_id: UUID) -> Watch:
        """The mission in the round of this id, whichever the visit is of."""
        codes = {each.id: each.code for each in self.watch.frame.rounds}
        follower: Follower = self.request.app.state.follower
        return await follower.of(self.who.mission_id, codes.get(round_id))

    @property
    def is_empty(self) -> bool:
        """Whether no report has come yet."""
        return not self.facts.reports


SAID = {
    401: (N_("Please sign in again."), N_("Your session has ended. Nothing is lost.")),
    403: (N_("This was not asked from our own page."), N_("Go back, load the page anew, repeat.")),
    404: (N_("There is no such page."), N_("Check the address, or go back to the start.")),
    410: (
        N_("This link is no longer valid."),
        N_("It can be used once, for a limited time. Ask whoever sent it for a new one."),
    ),
    503: (
        N_("This cannot be done just now."),
        N_("Nothing of it was written. Wait a moment and try again."),
    ),
    507: (
        N_("There is no room left on the server."),
        N_("Nothing of it was written. Tell whoever runs the server, then try again."),
    ),
}
"""What a page says of a problem, by its status: what happened, what to do."""


TOO_MANY_SAID = N_("Too many attempts. Wait {minutes} min, then try again.")


def too_many(language: str, problem: Problem) -> str:
    """What a page says of a rate limit: how long to wait."""
    minutes = -(-int(problem.all_headers()["Retry-After"]) // 60)
    return word(language, TOO_MANY_SAID).format(minutes=minutes)


def opens(who: Principal, path: str, right: Right | None) -> bool:
    """Whether the page at this path of the rail is there for somebody."""
    if right is None or who.may(right):
        return True
    outside = {Role.PARTNER: PARTNERS, Role.PRESS: PRESS}
    return path in outside.get(who.role, frozenset())


def home_of(who: Principal) -> str:
    """The first page that is there for somebody: where they begin."""
    links = (link for _, group in RAIL for link in group)
    return next(path for path, _, right in links if opens(who, path, right))


Page = Callable[[Visit], Awaitable[Response]]
REQUEST = Signature([Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)])
"""What the framework is to hand a page: the request alone."""


def page(
    router: APIRouter,
    path: str,
    method: str = "GET",
    *,
    right: Right | None = Right.DECIDE_REPORTS,
    partners: bool = False,
    press: bool = False,
) -> Callable[[Page], Page]:
    """Serve a function as a page below ``/missions/{slug}``.

    It is for whoever has the right (None: every member), the desk unless another is named, and
    for ``partners`` and ``press`` where said; to others it is not there. Problems are pages that
    say what to do.
    """
    outside = {Role.PARTNER: partners, Role.PRESS: press}

    def serve(build: Page) -> Page:
        @wraps(build)
        async def shown(request: Request) -> Response:
            try:
                return await build(await _visit(request, right, outside))
            except Problem as problem:
                return say_problem(request, problem)
            except Refusal as refusal:
                return render(
                    request,
                    "problem.html",
                    409,
                    heading=str(refusal),
                    detail="",
                    back=f"/missions/{request.path_params['slug']}/",
                )
            except Exception as error:
                if not passes(error):
                    raise
                return say_problem(request, of_error(error))

        shown.__signature__ = REQUEST  # type: ignore[attr-defined]
        router.add_api_route(
            f"/missions/{{slug}}{path}",
            shown,
            methods=[method],
            include_in_schema=False,
            response_class=HTMLResponse,
        )
        return build

    return serve


async def _visit(request: Request, right: Right | None, outside: Mapping[Role, bool]) -> Visit:
    who = await principal(request, request.path_params["slug"])
    if right is None and who.role in (Role.OBSERVER, Role.IMPORT):
        raise Problem(NOT_FOUND)
    if right is not None and not outside.get(who.role, False):
        who.must(right)
    follower: Follower = request.app.state.follower
    try:
        watch = await follower.of(who.mission_id, round_of(request.scope))
        facts = await ask(
            request.app.state.figures,
            who.mission_id,
            mission_facts,
            round_code=round_of(request.scope),
        )
    except NoSuchRound:
        raise Problem(NOT_FOUND) from None
    return Visit(request, who, watch, facts)


def say_problem(request: Request, problem: Problem) -> Response:
    """A problem as a page: what happened, and what to do. Whoever is unknown goes to the door."""
    if problem.kind is UNAUTHENTICATED and request.method in ("GET", "HEAD"):
        return RedirectResponse("/", 303)
    heading, detail = SAID.get(problem.kind.status, (problem.kind.title, problem.detail))
    language = language_of(request)
    if problem.kind is TOO_MANY:
        heading, detail = too_many(language, problem), ""
    response = render(
        request,
        "problem.html",
        problem.kind.status,
        heading=word(language, heading),
        detail=word(language, detail) if detail else "",
        back="/",
    )
    return to_retry(response, problem)


def to_retry(response: Response, problem: Problem) -> Response:
    """A page that says a problem, with the hour to come again where waiting helps."""
    after = problem.all_headers().get("Retry-After")
    if after is not None:
        response.headers["Retry-After"] = after
    return response
