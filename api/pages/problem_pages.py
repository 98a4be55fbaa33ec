"""Problems as pages: what happened, and what to do."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.figures.ask import BeingRead
from api.pages.layout import language_of, render
from api.problems import INTERNAL, TOO_MANY, UNAUTHENTICATED, Problem
from schemas.words import N_, word

SAID = {
    401: (N_("Please sign in again."), N_("Your session has ended. Nothing is lost.")),
    403: (
        N_("This was not asked from our own page."),
        N_("Go back, reload the page and try again."),
    ),
    404: (N_("There is no such page."), N_("Check the address, or go back to the start.")),
    410: (
        N_("This link is no longer valid."),
        N_("It can be used once, for a limited time. Ask whoever sent it for a new one."),
    ),
    500: (
        N_("Something failed here, and was recorded."),
        N_("Go back to the start and try again. Tell whoever runs the server what you did."),
    ),
    503: (
        N_("This cannot be done just now."),
        N_("What you sent, if anything, was not written. Wait a moment and try again."),
    ),
    507: (
        N_("There is no room left on the server."),
        N_("Nothing of it was written. Tell whoever runs the server, then try again."),
    ),
}
"""What a page says of a problem, by its status: what happened, what to do."""


BEING_READ = N_("The mission is being read after a start.")
BEING_READ_SO_FAR = N_("{share} of it so far. This page loads again by itself.")
TOO_MANY_SAID = N_("Too many attempts. Wait {minutes} min, then try again.")


def too_many(language: str, problem: Problem) -> str:
    """What a page says of a rate limit: how long to wait."""
    minutes = -(-int(problem.all_headers()["Retry-After"]) // 60)
    return word(language, TOO_MANY_SAID).format(minutes=minutes)


def being_read(language: str, problem: BeingRead) -> str:
    """What a page says of a mission that is being read: how far it is."""
    share = "–" if problem.progress is None else f"{problem.progress:.0%}"
    return word(language, BEING_READ_SO_FAR).format(share=share)


def say_problem(request: Request, problem: Problem) -> Response:
    """A problem as a page: what happened, and what to do. The unknown are sent to sign in."""
    if problem.kind is UNAUTHENTICATED and request.method in ("GET", "HEAD"):
        return RedirectResponse("/", 303)
    heading, detail = SAID.get(problem.kind.status, (problem.kind.title, problem.detail))
    language = language_of(request)
    if problem.kind is TOO_MANY:
        heading, detail = too_many(language, problem), ""
    if isinstance(problem, BeingRead):
        heading, detail = BEING_READ, being_read(language, problem)
    response = render(
        request,
        "problem.html",
        problem.kind.status,
        heading=word(language, heading),
        detail=word(language, detail) if detail else "",
        back=_start(request, problem),
    )
    if isinstance(problem, BeingRead):
        response.headers["Refresh"] = problem.all_headers()["Retry-After"]
    return to_retry(response, problem)


def _start(request: Request, problem: Problem) -> str:
    """The page to start again from: the mission's where a page of it failed, else the sign-in."""
    slug = request.path_params.get("slug") if problem.kind is INTERNAL else None
    return f"/missions/{slug}/" if slug else "/"


def to_retry(response: Response, problem: Problem) -> Response:
    """A page that says a problem, with the hour to come again where waiting helps."""
    after = problem.all_headers().get("Retry-After")
    if after is not None:
        response.headers["Retry-After"] = after
    return response
