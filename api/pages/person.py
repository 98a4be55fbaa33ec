"""One observer: may they count, are they reachable, what was signed?"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, func, select

from api.audit.act import Act
from api.auth.visible import visible_observers
from api.pages.forms import typed_in
from api.pages.page import Visit, page
from api.pages.people import DECLARATION
from api.pages.statements import session_of
from api.people import suspension
from api.people.acting import act_on
from api.people.enrolment import Code, issue_telephone_code, revoke_phones
from api.problems import NOT_FOUND, Problem
from api.review.release_from_pen import Act as ReleaseAct
from api.routes.people import find_observer
from schemas.deployment import DeployedObserver, Deployment
from schemas.mission import Organisation
from schemas.observer import (
    Accreditation,
    Briefing,
    Decision,
    InterestDeclaration,
    Observer,
    ObserverState,
    Phone,
    Pledge,
)
from schemas.place import Area, Place
from schemas.report import Report
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


@page(router, "/people/{pseudonym}", right=Right.SEE_PEOPLE)
async def one(visit: Visit) -> Response:
    """What is on record of an observer, and what may be done. No name: that is kept apart."""
    return await _shown(visit)


@page(router, "/people/{pseudonym}/state", "POST", right=Right.KEEP_PEOPLE)
async def state(visit: Visit) -> Response:
    """Suspend, or take it back; what was held for it comes out of the pen."""
    given = await typed_in(visit.request)
    turn = suspension.reinstate if given.get("act") == "reinstate" else suspension.suspend
    reason = given.get("reason", "")

    def work(session: Session, act: Act) -> UUID:
        observer = find_observer(session, visit.who, visit.request.path_params["pseudonym"])
        return turn(session, act, observer, reason).id

    observer = await act_on(visit.request, visit.who, work)
    release = visit.request.app.state.release
    act = ReleaseAct(reason, visit.who.holder_id)
    await release.of_observers(visit.who.mission_id, [observer], act)
    return _back(visit)


@page(router, "/people/{pseudonym}/telephone", "POST", right=Right.KEEP_PEOPLE)
async def telephone(visit: Visit) -> Response:
    """A code to be read aloud to somebody who lost a phone: shown this once."""

    def work(session: Session, act: Act) -> Code:
        observer = find_observer(session, visit.who, visit.request.path_params["pseudonym"])
        return issue_telephone_code(
            session, act, session.get_one(Observer, (act.mission_id, observer))
        )

    return await _shown(visit, await act_on(visit.request, visit.who, work))


@page(router, "/people/{pseudonym}/revoke", "POST", right=Right.KEEP_PEOPLE)
async def revoke(visit: Visit) -> Response:
    """Shut every phone and code out."""

    def work(session: Session, act: Act) -> None:
        pseudonym = visit.request.path_params["pseudonym"]
        revoke_phones(session, act, find_observer(session, visit.who, pseudonym))

    await act_on(visit.request, visit.who, work)
    return _back(visit)


def _back(visit: Visit) -> Response:
    return RedirectResponse(f"{visit.base}/people/{visit.request.path_params['pseudonym']}", 303)


async def _shown(visit: Visit, code: Code | None = None) -> Response:
    async with session_of(visit) as session:
        query = visible_observers(visit.who).where(
            col(Observer.pseudonym) == visit.request.path_params["pseudonym"]
        )
        person = (await session.execute(query)).scalar_one_or_none()
        if person is None:
            raise Problem(NOT_FOUND)
        values = await _record(session, visit, person)
    return visit.show(
        "person.html",
        "people",
        person=person,
        code=code,
        until=visit.clock(code.expires_at) if code else "",
        keeps=visit.who.may(Right.KEEP_PEOPLE),
        names=visit.who.may(Right.SEE_IDENTITIES),
        suspended=person.state == ObserverState.SUSPENDED,
        **values,
    )


async def _record(session: AsyncSession, visit: Visit, person: Observer) -> dict[str, Any]:
    async def every(noun: Any, order: Any) -> list[Any]:
        query = select(noun).where(
            noun.mission_id == visit.who.mission_id, noun.observer_id == person.id
        )
        return list((await session.execute(query.order_by(col(order)))).scalars())

    organisation = await session.get_one(Organisation, (person.mission_id, person.organisation_id))
    counted = select(Report.status, func.count()).where(
        Report.mission_id == visit.who.mission_id, Report.observer_id == person.id
    )
    reports = (await session.execute(counted.group_by(col(Report.status)))).all()
    day = _day(visit)
    return {
        "organisation": organisation.name,
        "function": person.function.replace("_", " "),
        "declarations": [
            _declared(visit, each)
            for each in await every(InterestDeclaration, InterestDeclaration.declared_at)
        ],
        "pledges": [
            (day(each.signed_at), each.language, each.means, each.witness)
            for each in await every(Pledge, Pledge.signed_at)
        ],
        "briefings": [
            (day(each.held_at), each.subject) for each in await every(Briefing, Briefing.held_at)
        ],
        "accreditations": [
            (
                visit.say(ACCREDITED.get(each.state, each.state)),
                each.number,
                each.issuer,
                each.reason,
            )
            for each in await every(Accreditation, Accreditation.state)
        ],
        "phones": [
            (day(each.enrolled_at), day(each.rehearsed_at), day(each.revoked_at))
            for each in await every(Phone, Phone.enrolled_at)
        ],
        "reports": [(visit.say(status), status, count) for status, count in reports],
        "deployments": await _sent(session, visit, person),
    }


def _day(visit: Visit) -> Callable[[Any], str]:
    return lambda at: visit.clock(at, "%Y-%m-%d %H:%M")


def _declared(visit: Visit, each: InterestDeclaration) -> dict[str, Any]:
    return {
        "id": each.id,
        "undecided": each.decision != Decision.ACCEPTED,
        "at": visit.clock(each.declared_at, "%Y-%m-%d %H:%M"),
        "reason": each.reason,
        "decision": visit.say(DECLARATION.get(each.decision, each.decision)),
        "answers": [
            (visit.say(QUESTIONS.get(name, name)), text)
            for name, text in each.answers.items()
            if str(text).strip() and visit.who.may(Right.KEEP_PEOPLE)
        ],
        "says": any(str(text).strip() for text in each.answers.values()),
    }


async def _sent(session: AsyncSession, visit: Visit, person: Observer) -> list[dict[str, Any]]:
    query = (
        select(Deployment, Place.code, Place.name, Area.name)
        .join(
            DeployedObserver,
            (col(DeployedObserver.deployment_id) == col(Deployment.id))
            & (col(DeployedObserver.mission_id) == col(Deployment.mission_id)),
        )
        .outerjoin(
            Place,
            (col(Place.id) == col(Deployment.place_id))
            & (col(Place.mission_id) == col(Deployment.mission_id)),
        )
        .outerjoin(
            Area,
            (col(Area.id) == col(Deployment.area_id))
            & (col(Area.mission_id) == col(Deployment.mission_id)),
        )
        .where(
            Deployment.mission_id == visit.who.mission_id, DeployedObserver.observer_id == person.id
        )
    )
    return [
        {
            "id": row[0].id,
            "state": row[0].state,
            "code": row[1] or "",
            "name": row[2] or row[3] or "",
        }
        for row in (await session.execute(query)).all()
    ]
