"""Query parameters that an operation does not know are refused, by name."""

from typing import Any

from fastapi import Request

from api.problems import INVALID, Problem

OF_EVERY_ADDRESS = frozenset({"round"})
"""A page of a round asks for that round at every address, also where it makes no difference."""


async def only_known_parameters(request: Request) -> None:
    """Dependency of the JSON API; OpenRosa's clients send more than is asked for. Problem: 422
    naming the first parameter that the operation does not have."""
    if not request.query_params or not request.url.path.startswith("/api/"):
        return
    known = OF_EVERY_ADDRESS | _parameters(request.scope["route"].dependant)
    for name in request.query_params:
        if name not in known:
            asked = ", ".join(sorted(known - OF_EVERY_ADDRESS)) or "none"
            raise Problem(INVALID, f"There is no such parameter here; known: {asked}.", name[:200])


def _parameters(dependant: Any) -> frozenset[str]:
    own = frozenset(each.alias for each in dependant.query_params)
    return own.union(*map(_parameters, dependant.dependencies))
