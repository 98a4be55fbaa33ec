"""Changing a deployment on the day: replaced, cancelled, withdrawn.

Nothing that a team sent is touched: every visit is accepted wherever it was, and counts for the
plan that it fits. A plan that ended asks for nothing more.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.places.stations import refuse_no_go
from schemas.columns import now
from schemas.deployment import (
    DeployedObserver,
    Deployment,
    DeploymentState,
)
from schemas.place import Area, Place, PlaceKind
from schemas.problems import Refusal


def find_deployment(work: Work, deployment_id: UUID) -> Deployment:
    """A deployment of the mission. Raises LookupError."""
    found = work.session.get(Deployment, (work.mission_id, deployment_id))
    if found is None:
        raise LookupError("there is no such deployment")
    return found


def redeploy(
    work: Work,
    deployment_id: UUID,
    *,
    station: str | None,
    area: str | None,
    reason: str,
) -> Deployment:
    """Send a team elsewhere, by telephone: a new deployment that replaces the old one.

    What came under the old one stays credited to it. Raises :class:`Refusal` naming the field,
    LookupError where there is no such deployment.
    """
    old = find_deployment(work, deployment_id)
    _refuse_ended(old)
    if bool(station) == bool(area):
        raise Refusal("a station or an area is needed, and not both.", "station")
    place_id = _station(work, station) if station else None
    area_id = _area(work, area) if area else None
    if (place_id, area_id) == (old.place_id, old.area_id):
        raise Refusal("the team is already sent there.", "station")
    refuse_no_go(work.session, work.mission_id, place_id, area_id, "station" if station else "area")
    new = Deployment(
        mission_id=work.mission_id,
        round_id=old.round_id,
        organisation_id=old.organisation_id,
        kind="static" if place_id else "mobile",
        place_id=place_id,
        area_id=area_id,
        expected=old.expected,
        replaces_id=old.id,
        planned_by=work.actor,
    )
    work.session.add(new)
    work.session.flush()
    for member in _members(work, old.id):
        work.session.add(
            DeployedObserver(
                mission_id=work.mission_id,
                deployment_id=new.id,
                observer_id=member,
                joined_at=now(),
            )
        )
    _end(work.session, old, DeploymentState.CANCELLED, reason or "sent elsewhere")
    work.log("deployment.redeploy", old.id, f"{new.id} {reason}")
    work.session.flush()
    return new


def end_deployment(
    work: Work, deployment_id: UUID, state: DeploymentState, reason: str
) -> Deployment:
    """Cancel a deployment, or withdraw it for security. Raises as :func:`redeploy`."""
    found = find_deployment(work, deployment_id)
    _refuse_ended(found)
    if not reason.strip():
        raise Refusal("say why.", "reason")
    _end(work.session, found, state, reason)
    work.log(f"deployment.{state.value}", found.id, reason)
    work.session.flush()
    return found


def swap_member(work: Work, deployment_id: UUID, *, leave: UUID | None, join: UUID | None) -> None:
    """Let one of a team leave, one join; both stay on record, and somebody always stays.

    Raises as :func:`redeploy`.
    """
    found = find_deployment(work, deployment_id)
    _refuse_ended(found)
    if not leave and not join:
        raise Refusal("who leaves, or who joins?", "join")
    if leave is not None:
        member = work.session.get(DeployedObserver, (work.mission_id, found.id, leave))
        if member is None or member.left_at is not None:
            raise Refusal("this observer is not of the team.", "leave")
        if join is None and _members(work, found.id) == [leave]:
            raise Refusal("nobody would be left; end the deployment instead.", "leave")
        member.left_at = now()
        work.session.add(member)
    if join is not None:
        standing = work.session.get(DeployedObserver, (work.mission_id, found.id, join))
        if standing is not None and standing.left_at is None:
            raise Refusal("this observer is of the team already.", "join")
        member = standing or DeployedObserver(
            mission_id=work.mission_id, deployment_id=found.id, observer_id=join
        )
        member.joined_at, member.left_at = now(), None
        work.session.add(member)
    work.log("deployment.team", found.id, f"{leave} {join}")
    work.session.flush()


def _refuse_ended(deployment: Deployment) -> None:
    if deployment.state != DeploymentState.PLANNED:
        raise Refusal("This deployment has ended already.")


def _end(session: Session, found: Deployment, state: DeploymentState, reason: str) -> None:
    found.state, found.state_reason, found.state_since = state, reason.strip(), now()
    session.add(found)


def _members(work: Work, deployment_id: UUID) -> list[UUID]:
    query = select(DeployedObserver.observer_id).where(
        DeployedObserver.mission_id == work.mission_id,
        DeployedObserver.deployment_id == deployment_id,
        col(DeployedObserver.left_at).is_(None),
    )
    return list(work.session.exec(query))


def _station(work: Work, code: str) -> UUID:
    query = select(Place).where(
        Place.mission_id == work.mission_id, Place.kind == PlaceKind.STATION, Place.code == code
    )
    found = work.session.exec(query).first()
    if found is None:
        raise Refusal(f"the mission knows no station {code!r}.", "station")
    if found.closed_on is not None:
        raise Refusal(f"{code!r} is closed since {found.closed_on}.", "station")
    return found.id


def _area(work: Work, code: str) -> UUID:
    query = select(Area.id).where(Area.mission_id == work.mission_id, Area.code == code)
    found = work.session.exec(query).first()
    if found is None:
        raise Refusal(f"the mission knows no area {code!r}.", "area")
    return found
