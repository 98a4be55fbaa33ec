"""Phones on the page People: wiped from the desk, and how they keep what they hold."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import Work, act_on
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.people.listing import find_observer
from api.people.phones import ask_wipe, set_forget_hours, set_passphrase
from api.problems import INVALID, Problem
from schemas.observer import Phone
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
LOST = {"reports": N_("reports"), "photos": N_("photos"), "drafts": N_("drafts")}


@serve_page(router, "/people/{pseudonym}/wipe", "POST", right=Right.KEEP_PEOPLE)
async def wipe(page: PageRequest) -> Response:
    """Have the phones wipe themselves at their next contact."""
    pseudonym = page.request.path_params["pseudonym"]

    def write(work: Work) -> None:
        ask_wipe(work, find_observer(work.session, page.who, pseudonym))

    await act_on(page.request, page.who, write)
    return RedirectResponse(f"{page.base}/people/{pseudonym}", 303)


@serve_page(router, "/people/phones", "POST", right=Right.DIRECT)
async def forgetting(page: PageRequest) -> Response:
    """Say after how many hours the phones forget what was sent."""
    hours = (await typed_in(page.request)).get("hours", "")
    if not (hours.isascii() and hours.isdigit() and len(hours) < 6):
        raise Problem(INVALID, page.say(N_("A whole number of hours is needed.")), "hours")
    await act_on(page.request, page.who, lambda work: set_forget_hours(work, int(hours)))
    return RedirectResponse(f"{page.base}/people", 303)


@serve_page(router, "/people/phones/passphrase", "POST", right=Right.DIRECT)
async def passphrase(page: PageRequest) -> Response:
    """Say whether phones keep what they hold under a passphrase."""
    asked = (await typed_in(page.request)).get("passphrase", "")
    if asked not in ("yes", "no"):
        raise Problem(INVALID, page.say(N_("Choose one of the two.")), "passphrase")
    await act_on(page.request, page.who, lambda work: set_passphrase(work, asked == "yes"))
    return RedirectResponse(f"{page.base}/people", 303)


def phone_row(page: PageRequest, phone: Phone) -> tuple[str, str, str, str]:
    """When a phone was enrolled, rehearsed, shut out and wiped."""
    first, rehearsed = page.moment(phone.enrolled_at), page.moment(phone.rehearsed_at)
    return first, rehearsed, page.moment(phone.revoked_at), _wiped(page, phone)


def _wiped(page: PageRequest, phone: Phone) -> str:
    """When all data left a phone, and what was lost with them; or that it was asked to let go."""
    if phone.left_at is None:
        if phone.wipe_asked_at is None:
            return page.moment(None)
        return page.say(N_("asked {time}")).format(time=page.when(phone.wipe_asked_at))
    lost = [
        f"{page.say(word)} {phone.lost[kind]}"
        for kind, word in LOST.items()
        if phone.lost.get(kind)
    ]
    at = page.when(phone.left_at)
    return f"{at} · {page.say(N_('lost:'))} {', '.join(lost)}" if lost else at
