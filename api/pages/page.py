"""A page request: who asks, the mission's facts, asking for figures, and rendering."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, wraps
from inspect import Parameter, Signature
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from analytics.wording import ENGLISH, FORMATS, Format
from api.auth.principal import Principal, principal
from api.figures.ask import Answer, Figure, Figures, Question, answer_as_of, question
from api.figures.changes import clock_now
from api.figures.follower import NoSuchRound
from api.figures.mission_facts import MissionFacts, mission_facts
from api.pages.layout import language_of, render, round_of
from api.pages.moments import NEVER, ago, day_of, marked, when
from api.pages.problem_pages import say_problem
from api.problems import INVALID, NOT_FOUND, Problem, of_error
from schemas.columns import now
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
                   ("map", N_("Map"), Right.SEE_AGGREGATES),
                   ("irregularities", N_("Irregularities"), Right.SEE_AGGREGATES),
                   ("breakdowns", N_("Breakdowns"), Right.SEE_AGGREGATES),
                   ("quick-count", N_("Quick count"), Right.SEE_AGGREGATES),
                   ("incidents", N_("Incidents"), Right.SEE_INCIDENTS))),
    (N_("Verify"), (("desk", N_("Desk"), Right.DECIDE_REPORTS),
                    ("reports", N_("Reports"), Right.SEE_REPORTS),
                    ("flags", N_("Flags"), Right.DECIDE_REPORTS),
                    ("messages", N_("Messages"), Right.SEE_PEOPLE),
                    ("outboxes", N_("Outboxes"), Right.DECIDE_REPORTS))),
    (N_("Conclude"), (("findings", N_("Findings"), Right.SEE_DRAFTS),
                      ("sources", N_("Sources"), Right.SEE_DRAFTS),
                      ("statements", N_("Statements"), Right.SEE_DRAFTS),
                      ("recommendations", N_("Recommendations"), Right.SEE_REGISTERS),
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


OLD_SECONDS = 10
"""Figures of so many seconds ago are said to be old: usually they are renewed every second."""
AS_OF = N_("As of {time}")
OLD = N_("As of {time}, {age} ago: newer figures are not ready yet.")
ACTED = "indelible_acted"
"""The cookie that holds the clock of what its holder has just done."""
ACTED_SECONDS = 10


@dataclass(frozen=True)
class PageRequest:
    """One request for a page of a mission, by somebody who may see it."""

    request: Request
    who: Principal
    facts: MissionFacts
    """The mission in the round of this request."""
    as_of: datetime
    """When the facts were true, and the figures that go with them."""

    @cached_property
    def round_code(self) -> str | None:
        """The round that the address names; None for the nearest."""
        return round_of(self.request.scope)

    @property
    def figures(self) -> Figures:
        """Where figures are asked for."""
        figures: Figures = self.request.app.state.figures
        return figures

    @property
    def base(self) -> str:
        """The address that the mission's pages are under, in the round of this request."""
        return self.base_of(self.round_code)

    def base_of(self, round_code: str | None) -> str:
        """The address that its pages are under in a round; None for the nearest."""
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
        """The mission's time zone: every hour on a page is in it."""
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

    def when(self, at: datetime | None, form: str = "%H:%M") -> str:
        """A moment as pages write it, such as ``28 Nov, 14:03``; a dash where there is none."""
        return when(at, self.zone, self.language, now(), form) if at else NEVER

    def moment(self, at: datetime | None, form: str = "%H:%M") -> str:
        """The same as markup that names the zone on hover, for a place of its own."""
        if at is None:
            return NEVER
        return marked(self.when(at, form), at, self.zone, self.facts.polling.zone)

    def hour(self, at: datetime, form: str = "%H:%M") -> str:
        """The hour alone as such markup, where the day is plain."""
        return marked(self.clock(at, form), at, self.zone, self.facts.polling.zone)

    def day(self, at: datetime | None) -> str:
        """A day, such as ``28 Nov``."""
        if at is None:
            return NEVER
        return day_of(
            at.astimezone(self.zone).date(), self.language, now().astimezone(self.zone).date()
        )

    def ago(self, at: datetime | None) -> str:
        """How long ago under an hour, such as ``4 s ago``; then as :meth:`when`."""
        if at is None:
            return NEVER
        return ago(at, self.language, now()) or self.when(at)

    def local(self, typed: str, field: str) -> datetime | None:
        """A moment as a form's field gives it, in the mission's zone; None where nothing is
        typed. Problem: 422 naming the field."""
        if not typed.strip():
            return None
        try:
            at = datetime.fromisoformat(typed.strip())
            return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Problem(INVALID, "A date and time is needed.", field) from None

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
            at_desk=self.who.may(Right.DECIDE_REPORTS),
            checklist_title=self.checklist,
            round_links=self._round_links(here),
            api=self.api,
            **values,
        )

    def _mission(self) -> dict[str, str]:
        facts = self.facts
        return {
            "title": facts.mission.title_in(self.language),
            "round": facts.polling.name,
            "last_report": self.ago(facts.last_report),
            "last_at": str(int(facts.last_report.timestamp())) if facts.last_report else "",
            "last_title": self.when(facts.last_report, "%H:%M:%S") + f" {facts.polling.zone}",
            "zone": facts.polling.zone,
            "sequence": str(facts.clock),
            "as_of": self._as_of(),
        }

    def _as_of(self) -> str:
        """When the figures were true; where new ones are not being made, how old they are."""
        at, age = self.clock(self.as_of, "%H:%M:%S"), int((now() - self.as_of).total_seconds())
        if age < OLD_SECONDS:
            return self.say(AS_OF).format(time=at)
        far = f"{age} s" if age < 120 else f"{age // 60} min"
        return self.say(OLD).format(time=at, age=far)

    async def acted(self, response: Response) -> None:
        """Note in a cookie the clock of what was just done: the next pages are not of before."""
        clock = await clock_now(self.request.app.state.pool, self.who.mission_id)
        response.set_cookie(
            ACTED,
            str(clock),
            max_age=ACTED_SECONDS,
            httponly=True,
            samesite="lax",
            path=f"/missions/{self.who.slug}",
        )

    def _round_links(self, here: str) -> list[dict[str, Any]]:
        """The rounds of the mission, each with the address of this page in it; nothing where
        there is only one."""
        facts = self.facts
        of = facts.rounds
        return (
            []
            if len(of) < 2
            else [
                {
                    "name": each.name,
                    "shown": each.code == facts.polling.code,
                    "nearest": each.code == facts.nearest(now()),
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
        found = await answered(self.request, self.who, question(function, *arguments))
        return cast(T, found.values[0])

    async def ask_together(self, *questions: Question) -> Answer:
        """Several figures of one edition, so that they agree; see
        :func:`api.figures.ask.question`. Problem: as :meth:`ask`."""
        if self.is_partner:
            raise Problem(NOT_FOUND)
        return await answered(self.request, self.who, *questions)

    @property
    def is_empty(self) -> bool:
        """Whether no report has come yet."""
        return not self.facts.reports


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


Page = Callable[[PageRequest], Awaitable[Response]]
REQUEST = Signature([Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)])
"""What the framework is to give a page: the request alone."""


def serve_page(
    router: APIRouter,
    path: str,
    method: str = "GET",
    *,
    right: Right | None = Right.DECIDE_REPORTS,
    partners: bool = False,
    press: bool = False,
) -> Callable[[Page], Page]:
    """Serve a function as a page below ``/missions/{slug}``.

    It is for whoever has the right (None: every member; that of the core team unless another is
    named), and for ``partners`` and ``press`` where said; to others it is not there. Problems are
    pages that say what to do.
    """
    outside = {Role.PARTNER: partners, Role.PRESS: press}

    def serve(build: Page) -> Page:
        @wraps(build)
        async def shown(request: Request) -> Response:
            try:
                page = await _page_request(request, right, outside)
                response = await build(page)
                if request.method not in ("GET", "HEAD"):
                    await page.acted(response)
                return response
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


async def answered(request: Request, who: Principal, *questions: Question) -> Answer:
    """Figures in the round of a request: for an act, and for who has just acted, not of before,
    unless they are not made just now. Raises what :meth:`api.figures.ask.Figures.answer` does."""
    state, clock, acted = request.app.state, 0, request.cookies.get(ACTED, "")
    if request.method not in ("GET", "HEAD"):
        clock = await clock_now(state.pool, who.mission_id)
    elif acted.isascii() and acted.isdigit():
        clock = int(acted[:18])
    code = round_of(request.scope)
    return await answer_as_of(state.figures, who.mission_id, questions, code, clock)


async def _page_request(
    request: Request, right: Right | None, outside: Mapping[Role, bool]
) -> PageRequest:
    who = await principal(request, request.path_params["slug"])
    if right is None and who.role in (Role.OBSERVER, Role.IMPORT):
        raise Problem(NOT_FOUND)
    if right is not None and not outside.get(who.role, False):
        who.must(right)
    try:
        found = await answered(request, who, question(mission_facts))
    except NoSuchRound:
        raise Problem(NOT_FOUND) from None
    return PageRequest(request, who, found.values[0], found.as_of)
