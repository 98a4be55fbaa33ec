"""The mission's composition in counts, for its statement of presence (dop:20)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from schemas.mission import Organisation
from schemas.observer import Observer, ObserverState


def composition(session: Session) -> dict[str, dict[str, int]]:
    """How many are in the mission, by function, organisation, kind, gender, citizenship and
    expertise. Whoever has two citizenships is counted under each; who says nothing is ``""``."""
    columns: Any = (
        Observer.function,
        Observer.gender,
        Observer.citizenships,
        Observer.expertise,
        Organisation.code,
        Organisation.kind,
    )
    query = (
        select(*columns)
        .join(Organisation, col(Organisation.id) == col(Observer.organisation_id))
        .where(col(Observer.state) != ObserverState.LEFT)
    )
    rows = session.execute(query).all()
    return {
        "total": {"": len(rows)},
        "function": _counted([each.function] for each in rows),
        "organisation": _counted([each.code] for each in rows),
        "kind": _counted([each.kind] for each in rows),
        "gender": _counted([each.gender or ""] for each in rows),
        "citizenship": _counted(each.citizenships or [""] for each in rows),
        "expertise": _counted(each.expertise or [""] for each in rows),
    }


def _counted(values: Iterable[list[str]]) -> dict[str, int]:
    return dict(sorted(Counter(one for each in values for one in each).items()))
