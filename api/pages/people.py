"""The page People: observers, and the gates that hold their reports."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import Work, act_on
from api.auth.visible import visible_observers
from api.database.sessions import mission_connection, mission_session
from api.pages.forms import read_form, typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.phones import phone_row
from api.pages.statements import session_of
from api.people import gates, pledges
from api.people.contacts import Reached, open_contacts, set_contacts
from api.people.enrolment import Code, issue_pages, issue_telephone_code, revoke_phones, sheet
from api.people.gates import SUBJECTS
from api.people.listing import (
    WHICH,
    OnRecord,
    Person,
    around_people,
    find_observer,
    people,
    read_person,
    settle_alarm,
    without_phone,
)
from api.problems import INVALID, NOT_FOUND, Problem
from api.review.release_held import Act as ReleaseAct
from schemas.audit import Alarm
from schemas.observer import (
    Decision,
    InterestDeclaration,
    Observer,
    ObserverState,
)
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
PER_PAGE = 50
FILTERS = {
    "": N_("All"),
    "closed": N_("Not counted yet"),
    "pending": N_("Declaration to be read"),
    "no_pledge": N_("No pledge in force"),
    "not_enrolled": N_("No phone enrolled"),
    "not_rehearsed": N_("Not rehearsed"),
    "suspended": N_("Suspended"),
}
DECLARATION = {
    "missing": N_("missing"),
    "pending": N_("to be read"),
    "accepted": N_("accepted"),
    "refused": N_("refused"),
}
PLEDGE = {"missing": N_("missing"), "outdated": N_("to an older text"), "signed": N_("signed")}
WARNINGS = {
    "no_identity": N_("identity"),
    "no_briefing": N_("briefing"),
    "no_accreditation": N_("accreditation"),
}
DETAILS = {
    "used": N_("An enrolment code was used a second time."),
    "expired": N_("An enrolment code was used after its time."),
    "revoked": N_("A revoked enrolment code was used."),
    "safety_help": N_("This observer asks for help, in answer to a call for safety."),
}


@serve_page(router, "/people", right=Right.SEE_PEOPLE)
async def listed(page: PageRequest) -> Response:
    """Observers with their gates, filtered, fifty at a time."""
    which = page.request.query_params.get("show", "")
    after = page.request.query_params.get("after", "")[:200]
    if which not in WHICH:
        raise Problem(INVALID, "There is no such filter.", "show")
    state, of = page.request.app.state, page.who.mission_id
    async with mission_session(state.engine, of) as session:
        around = await around_people(session, page.who)
    async with mission_connection(state.pool, of) as connection:
        found = await people(connection, of, which, only=around.only, after=after, limit=PER_PAGE)
    following = urlencode({"show": which, "after": found.rows[-1].pseudonym}) if found.more else ""
    return page.show(
        "people.html",
        "people",
        people=[_row(page, each, around.gates) for each in found.rows],
        filters=[(name, page.say(word), found.counts[name]) for name, word in FILTERS.items()],
        show=which,
        total=found.counts[""],
        closed=found.counts["closed"],
        next=following,
        alarms=[_alarm(page, each) for each in around.alarms],
        keeps=page.who.may(Right.KEEP_PEOPLE),
        directs=page.who.may(Right.DIRECT),
        forget_hours=page.facts.mission.forget_hours,
        passphrase=page.facts.mission.phones_passphrase,
        bulk=any(
            each.standing.declaration == Decision.PENDING and not each.declared
            for each in found.rows
        ),
    )


@serve_page(router, "/people/sheet", "POST", right=Right.KEEP_PEOPLE)
async def enrolment_sheet(page: PageRequest) -> Response:
    """Codes for everybody without a phone, as a document to print: shown this once."""
    chosen = without_phone(page.who)
    pages = await act_on(page.request, page.who, lambda work: issue_pages(work, chosen))
    if not pages:
        raise Refusal(page.say(N_("Everybody who may have an account has a phone.")))
    public = page.request.app.state.settings.public_url or str(page.request.base_url)
    headers = {
        "Content-Disposition": 'attachment; filename="enrolment.html"',
        "Cache-Control": "private, no-store",
    }
    title = page.facts.mission.title_in(page.language)
    return Response(sheet(public, title, pages), media_type="text/html", headers=headers)


@serve_page(router, "/people/declarations", "POST", right=Right.KEEP_PEOPLE)
async def decide(page: PageRequest) -> Response:
    """Accept the declarations ticked, by one act with a reason; what waited comes out."""
    async with read_form(page.request) as form:
        ticked, given = form.texts("declaration"), form.given()
    try:
        chosen = [UUID(each) for each in ticked]
    except ValueError:
        raise Problem(NOT_FOUND) from None
    decision = Decision.REFUSED if "refuse" in given else Decision.ACCEPTED
    reason = given.get("reason", "")
    if not chosen:
        raise Problem(INVALID, page.say("Tick the declarations you have read."), "declaration")
    observers = await act_on(
        page.request,
        page.who,
        lambda work: pledges.decide(work, chosen, decision, reason, visible_observers(page.who)),
    )
    release = page.request.app.state.release
    await release.of_observers(
        page.who.mission_id, observers, ReleaseAct(reason, page.who.holder_id)
    )
    return RedirectResponse(f"{page.base}/people?show=pending", 303)


@serve_page(router, "/people/alarms/{id}/settle", "POST", right=Right.KEEP_PEOPLE)
async def settle(page: PageRequest) -> Response:
    """Say that an alarm was looked at."""
    try:
        wanted = UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None

    await act_on(page.request, page.who, lambda work: settle_alarm(work, page.who, wanted))
    return RedirectResponse(f"{page.base}/people", 303)


def _alarm(page: PageRequest, each: Alarm) -> dict[str, Any]:
    return {
        "id": each.id,
        "subject": each.subject,
        "at": page.moment(each.raised_at),
        "words": page.say(DETAILS.get(each.detail, each.detail or each.kind)),
    }


def _row(page: PageRequest, person: Person, gates: list[str]) -> dict[str, Any]:
    standing = person.standing
    lacking = standing.warnings(gates)
    closed = [code for code in standing.closed(gates) if code in WARNINGS]
    return {
        "pseudonym": person.pseudonym,
        "closed": bool(standing.closed(gates)),
        "suspended": standing.state == "suspended",
        "declared": person.declared,
        "declaration": page.say(DECLARATION[standing.declaration]),
        "pledge": page.say(PLEDGE[standing.pledge]),
        "passed": (standing.declaration == Decision.ACCEPTED, standing.pledge == "signed"),
        "pending": standing.declaration == Decision.PENDING,
        "id": person.declaration_id,
        "lacks": page.listed([page.say(WARNINGS[code]) for code in (*closed, *lacking)]),
        "briefings": f"{standing.briefings}/{len(SUBJECTS)}",
        "held": person.held,
        "enrolled": page.day(person.enrolled_at),
        "rehearsed": page.day(person.rehearsed_at),
    }


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
    turn = gates.reinstate if given.get("act") == "reinstate" else gates.suspend
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


@serve_page(router, "/people/{pseudonym}/contacts", "POST", right=Right.KEEP_PEOPLE)
async def contacts(page: PageRequest) -> Response:
    """Say whom to call about an observer. What is left empty stays as it is."""
    given = {name: text for name, text in (await typed_in(page.request)).items() if text.strip()}

    def write(work: Work) -> None:
        observer = find_observer(work.session, page.who, page.request.path_params["pseudonym"])
        set_contacts(work, observer, given)

    await act_on(page.request, page.who, write)
    return _back(page)


@serve_page(router, "/people/{pseudonym}/contacts/open", "POST", right=Right.CALL_TEAMS)
async def reached(page: PageRequest) -> Response:
    """The same page with how the observer is reached. The look is in the audit log."""

    def look(work: Work) -> list[Reached]:
        observer = find_observer(work.session, page.who, page.request.path_params["pseudonym"])
        return open_contacts(work, page.who, [observer])

    found = await act_on(page.request, page.who, look, though_closed=True)
    return await _shown(page, reached=found)


def _back(page: PageRequest) -> Response:
    return RedirectResponse(f"{page.base}/people/{page.request.path_params['pseudonym']}", 303)


async def _shown(
    page: PageRequest, code: Code | None = None, reached: list[Reached] | None = None
) -> Response:
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
        calls=page.who.may(Right.CALL_TEAMS),
        reached=reached,
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
        "phones": [phone_row(page, each) for each in found.phones],
        "reachable": any(each.revoked_at is None for each in found.phones),
        "wiping": any(each.revoked_at is None and each.wipe_asked_at for each in found.phones),
        "reports": [(page.say(status), status, count) for status, count in found.reports],
        "deployments": found.deployments,
    }


def _day(page: PageRequest) -> Callable[[Any], str]:
    return lambda at: page.moment(at)


def _declared(page: PageRequest, each: InterestDeclaration) -> dict[str, Any]:
    return {
        "id": each.id,
        "undecided": each.decision != Decision.ACCEPTED,
        "at": page.moment(each.declared_at),
        "reason": each.reason,
        "decision": page.say(DECLARATION.get(each.decision, each.decision)),
        "answers": [
            (page.say(QUESTIONS.get(name, name)), text)
            for name, text in each.answers.items()
            if str(text).strip() and page.who.may(Right.KEEP_PEOPLE)
        ],
        "says": any(str(text).strip() for text in each.answers.values()),
    }
