"""Making one deployment: a team is sent to a place, within the area of whoever plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import own_areas, visible_deployments, visible_observers
from api.places.stations import refuse_no_go
from schemas.deployment import DeployedObserver, Deployment, DeploymentState
from schemas.observer import Observer, ObserverState
from schemas.place import Area, Place, PlaceKind
from schemas.problems import Refusal

MAX_EXPECTED_REPORTS = 100


KINDS = {"station": ("static", "mobile"), "centre": ("centre",), "area": ("mobile",)}
"""The kinds that a deployment to each sort of target may be; the first is the usual one."""


MOST_IN_A_TEAM = 20
CENTRES = {
    each.value: KINDS["centre"] for each in (PlaceKind.COUNTING_CENTRE, PlaceKind.TABULATION_CENTRE)
}
GOALS = {"station": KINDS["station"], "area": KINDS["area"], **CENTRES}
"""What a team may be sent to, and the kinds that its deployment may be of."""


@dataclass(frozen=True)
class NewDeployment:
    """Who is to go where. ``sort`` is one of :data:`GOALS`, ``code`` says which one."""

    round_id: UUID
    sort: str
    code: str
    team: Sequence[str]
    kind: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)


def assign(work: Work, who: Principal, wanted: NewDeployment) -> Deployment:
    """Plan a deployment. Raises :class:`Refusal` naming the field for what is not known or does
    not fit; a coordinator knows its own area and the observers sent to it."""
    if wanted.sort not in GOALS:
        raise Refusal("a station, a centre or an area.", "sort")
    kind = wanted.kind or GOALS[wanted.sort][0]
    if kind not in GOALS[wanted.sort]:
        raise Refusal(f"a team is not {kind} there.", "kind")
    if any(not 0 <= count <= MAX_EXPECTED_REPORTS for count in wanted.expected.values()):
        raise Refusal(f"0 to {MAX_EXPECTED_REPORTS} reports.", "expected")
    place_id, area_id = target(work.session, who, wanted.sort, wanted.code)
    refuse_no_go(work.session, work.mission_id, place_id, area_id, "code")
    team = _team(work.session, who, wanted.team)
    _refuse_twice(work, wanted.round_id, (place_id, area_id), team, kind)
    made = Deployment(
        mission_id=work.mission_id,
        round_id=wanted.round_id,
        kind=kind,
        place_id=place_id,
        organisation_id=team[0].organisation_id,
        area_id=area_id,
        planned_by=work.actor,
        expected={name: count for name, count in wanted.expected.items() if count},
    )
    work.session.add(made)
    work.session.flush()
    work.session.add_all(
        DeployedObserver(mission_id=work.mission_id, deployment_id=made.id, observer_id=each.id)
        for each in team
    )
    content = " ".join((wanted.sort, wanted.code, *wanted.team))
    work.log("deployment.assign", made.id, content)
    return made


def target(
    session: Session, who: Principal, sort: str, code: str, field: str = "code"
) -> tuple[UUID | None, UUID | None]:
    """The place or the area that a code names, within the principal's own area.

    Raises :class:`Refusal`, naming the field, for what is not known there and for a place that
    is closed.
    """
    bounds = own_areas(who) if who.area_id is not None else None
    if sort == "area":
        areas = select(Area.id).where(Area.mission_id == who.mission_id, Area.code == code)
        if bounds is not None:
            areas = areas.where(col(Area.id).in_(bounds))
        area = session.exec(areas).first()
        if area is None:
            raise Refusal(f"you have no area {code!r}.", field)
        return None, area
    places = select(Place).where(
        Place.mission_id == who.mission_id, Place.code == code, Place.kind == sort
    )
    if bounds is not None:
        places = places.where(col(Place.area_id).in_(bounds))
    found = session.exec(places).first()
    if found is None:
        raise Refusal(f"you have no {sort.replace('_', ' ')} {code!r}.", field)
    if found.closed_on is not None:
        raise Refusal(f"{code!r} is closed since {found.closed_on}.", field)
    return found.id, None


def own_deployment(session: Session, who: Principal, wanted: UUID) -> Deployment:
    """A deployment that the principal may see. Raises LookupError."""
    query = visible_deployments(who).where(col(Deployment.id) == wanted)
    found: Deployment | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise LookupError("there is no such deployment")
    return found


def member(
    session: Session, who: Principal, found: Deployment, pseudonym: str, field: str
) -> UUID | None:
    """An observer who may leave a deployment's team or join it; None where none is named.

    Raises :class:`Refusal` for one who is not known, not active or of another organisation.
    """
    if not pseudonym:
        return None
    query = visible_observers(who).where(col(Observer.pseudonym) == pseudonym)
    observer: Observer | None = session.execute(query).scalar_one_or_none()
    if observer is None:
        raise Refusal(f"you have no observer {pseudonym!r}.", field)
    if field == "join" and observer.state != ObserverState.ACTIVE:
        raise Refusal(f"{pseudonym} is {observer.state}.", "join")
    if observer.organisation_id != found.organisation_id:
        raise Refusal("a team is of one organisation; two organisations are two teams.", field)
    return observer.id


def _team(session: Session, who: Principal, pseudonyms: Sequence[str]) -> list[Observer]:
    names = list(dict.fromkeys(pseudonyms))
    if not 0 < len(names) <= MOST_IN_A_TEAM:
        raise Refusal(f"1 to {MOST_IN_A_TEAM} observers.", "team")
    query = visible_observers(who).where(col(Observer.pseudonym).in_(names))
    found = {each.pseudonym: each for each in session.execute(query).scalars()}
    for name in names:
        if name not in found:
            raise Refusal(f"you have no observer {name!r}.", "team")
        if found[name].state != ObserverState.ACTIVE:
            raise Refusal(f"{name} is {found[name].state}.", "team")
    if len({each.organisation_id for each in found.values()}) > 1:
        raise Refusal("a team is of one organisation; two organisations are two teams.", "team")
    return [found[name] for name in names]


def _refuse_twice(
    work: Work,
    round_id: UUID,
    goal: tuple[UUID | None, UUID | None],
    team: Sequence[Observer],
    kind: str,
) -> None:
    """Nobody is sent to one place twice, nor stays all day in two."""
    names = {each.id: each.pseudonym for each in team}
    query = (
        select(DeployedObserver.observer_id, Deployment)
        .join(
            Deployment,
            (col(Deployment.mission_id) == col(DeployedObserver.mission_id))
            & (col(Deployment.id) == col(DeployedObserver.deployment_id)),
        )
        .where(
            DeployedObserver.mission_id == work.mission_id,
            Deployment.round_id == round_id,
            col(DeployedObserver.observer_id).in_(names),
            col(DeployedObserver.left_at).is_(None),
            Deployment.state == DeploymentState.PLANNED,
        )
    )
    for observer, standing in work.session.exec(query):
        if (standing.place_id, standing.area_id) == goal:
            raise Refusal(f"{names[observer]} is sent there already.", "team")
        if kind == standing.kind == "static":
            raise Refusal(
                f"{names[observer]} stays at another station all day. "
                "Open that deployment and send the team elsewhere.",
                "team",
            )
