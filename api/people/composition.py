"""Of whom a mission consists, for its statement of presence (dop:20): counts, never persons."""

from collections import Counter
from collections.abc import Iterable

from sqlmodel import Session, col, select

from schemas.mission import Organisation
from schemas.observer import Observer, ObserverState


def composition(session: Session) -> dict[str, dict[str, int]]:
    """How many are in the mission, by function, organisation, kind, gender, citizenship and
    expertise. Whoever has two citizenships is counted under each; who says nothing is ``""``."""
    query = select(Observer, Organisation).join(
        Organisation, col(Organisation.id) == col(Observer.organisation_id)
    )
    rows = session.exec(query.where(Observer.state != ObserverState.LEFT)).all()
    return {
        "total": {"": len(rows)},
        "function": _counted([each.function] for each, _ in rows),
        "organisation": _counted([of.code] for _, of in rows),
        "kind": _counted([of.kind] for _, of in rows),
        "gender": _counted([each.gender or ""] for each, _ in rows),
        "citizenship": _counted(each.citizenships or [""] for each, _ in rows),
        "expertise": _counted(each.expertise or [""] for each, _ in rows),
    }


def _counted(values: Iterable[list[str]]) -> dict[str, int]:
    return dict(sorted(Counter(one for each in values for one in each).items()))
