"""``/missions/{slug}/rounds/{code}/…``: takes the round out of the address of any page.

The round is taken out of the address before the page is looked for. So there is no page that is not
there of an earlier round too, and what a page links to below :attr:`api.pages.page.Visit.base`
stays in its round.
"""

import re

from api.server.security_headers import Scope

ADDRESS = re.compile(r"(/missions/[^/]+)/rounds/([^/]+)(/.*)?", re.DOTALL)
NAMED = "indelible.round"


def in_round(scope: Scope) -> Scope:
    """The request as one for the page itself, its round beside it."""
    match = ADDRESS.fullmatch(scope["path"])
    if match is None:
        return scope
    mission, code, page = match.groups()
    return {**scope, "path": mission + (page or "/"), NAMED: code}


def round_of(scope: Scope) -> str | None:
    """The code of the round that the address names."""
    code: str | None = scope.get(NAMED)
    return code
