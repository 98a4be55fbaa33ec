"""The page of one observer: gates, phone, telephone number, documents."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import Work, act_on
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.people import DECLARATION
from api.pages.statements import session_of
from api.people import suspension
from api.people.enrolment import Code, issue_telephone_code, revoke_phones
from api.people.finding import OnRecord, find_observer, read_person
from api.problems import NOT_FOUND, Problem
from api.review.release_held import Act as ReleaseAct
from schemas.observer import (
    Decision,
    InterestDeclaration,
    Observer,
    ObserverState,
)
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
QUESTIONS = {
    "benefit": N_("Economic benefit from a contestant"),
    "ties": N_("Close family ties or dependence"),
    "sponsored": N_("Earlier observation paid by an interested party"),
    "excluded": N_("Earlier exclusion from a mission"),
}
ACCREDITED = {"applied": N_("applied for"), "issued": N_("issued"), "refused": N_("refused")}


@serve_page(router, "/people/{pseudonym}", right=Right.SEE_PEOPLE)
async def one(page: PageRequest) -> Response:
    """What is on record of an observer, and what may be done. No name: that is kept apart."""
    return await _shown(page)


@serve_page(router, "/people/{pseudonym}/state", "POST", right=Right.KEEP_PEOPLE)
async def state(page: PageRequest) -> Response:
    """Suspend, or take it back; what was held for it is released."""
    given = await typed_in(page.request)
    turn = suspension.reinstate if given.get("act") == "reinstate" else suspension.suspend
    reason = given.get("reason", "")

    def write(work: Work) -> UUID:
        observer = find_observer(work.session, page.who, page.request.path_params["pseudonym"])
        return turn(work, observer, reason).id

    observer = await act_on(page.request, page.who, write)
    release = page.request.app.state.release
    act = ReleaseAct(reason, page.who.holder_id)
    await release.of_observers(page.who.mission_id, [observer], act)
    return _back(page)


@serve_page(router, "/people/{pseudonym}/telephone", "POST", right=Right.KEEP_PEOPLE)
async def telephone(page: PageRequest) -> Response:
    """A code to be read aloud to somebody who lost a phone: shown this once."""

    def write(work: Work) -> Code:
        observer = find_observer(work.session, page.who, page.request.path_params["pseudonym"])
        return issue_telephone_code(
            work, work.session.get_one(Observer, (work.mission_id, observer))
        )

    return await _shown(page, await act_on(page.request, page.who, write))


@serve_page(router, "/people/{pseudonym}/revoke", "POST", right=Right.KEEP_PEOPLE)
async def revoke(page: PageRequest) -> Response:
    """Shut every phone and code out."""

    def write(work: Work) -> None:
        pseudonym = page.request.path_params["pseudonym"]
        revoke_phones(work, find_observer(work.session, page.who, pseudonym))

    await act_on(page.request, page.who, write)
    return _back(page)


def _back(page: PageRequest) -> Response:
    return RedirectResponse(f"{page.base}/people/{page.request.path_params['pseudonym']}", 303)


async def _shown(page: PageRequest, code: Code | None = None) -> Response:
    async with session_of(page) as session:
        found = await read_person(session, page.who, page.request.path_params["pseudonym"])
    if found is None:
        raise Problem(NOT_FOUND)
    return page.show(
        "person.html",
        "people",
        person=found.observer,
        code=code,
        until=page.clock(code.expires_at) if code else "",
        keeps=page.who.may(Right.KEEP_PEOPLE),
        names=page.who.may(Right.SEE_IDENTITIES),
        suspended=found.observer.state == ObserverState.SUSPENDED,
        **_record(page, found),
    )


def _record(page: PageRequest, found: OnRecord) -> dict[str, Any]:
    day = _day(page)
    return {
        "organisation": found.organisation,
        "function": found.observer.function.replace("_", " "),
        "declarations": [_declared(page, each) for each in found.declarations],
        "pledges": [
            (day(each.signed_at), each.language, each.means, each.witness) for each in found.pledges
        ],
        "briefings": [(day(each.held_at), each.subject) for each in found.briefings],
        "accreditations": [
            (
                page.say(ACCREDITED.get(each.state, each.state)),
                each.number,
                each.issuer,
                each.reason,
            )
            for each in found.accreditations
        ],
        "phones": [
            (day(each.enrolled_at), day(each.rehearsed_at), day(each.revoked_at))
            for each in found.phones
        ],
        "reports": [(page.say(status), status, count) for status, count in found.reports],
        "deployments": found.deployments,
    }


def _day(page: PageRequest) -> Callable[[Any], str]:
    return lambda at: page.clock(at, "%Y-%m-%d %H:%M")


def _declared(page: PageRequest, each: InterestDeclaration) -> dict[str, Any]:
    return {
        "id": each.id,
        "undecided": each.decision != Decision.ACCEPTED,
        "at": page.clock(each.declared_at, "%Y-%m-%d %H:%M"),
        "reason": each.reason,
        "decision": page.say(DECLARATION.get(each.decision, each.decision)),
        "answers": [
            (page.say(QUESTIONS.get(name, name)), text)
            for name, text in each.answers.items()
            if str(text).strip() and page.who.may(Right.KEEP_PEOPLE)
        ],
        "says": any(str(text).strip() for text in each.answers.values()),
    }
