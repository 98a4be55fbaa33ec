"""What a statement waits for, in words."""

from collections.abc import Mapping
from uuid import UUID

from api.pages.page import PageRequest
from api.statements.turns import Step, turn_of
from schemas.columns import now
from schemas.statement import Statement
from schemas.words import N_

SAID = {
    Step.WRITING: N_("Being written; drafted by {who}"),
    Step.APPROVAL: N_("Waits for approval by a second person, not {who}"),
    Step.RELEASE: N_("Waits for release; approved by {who}"),
    Step.EMBARGO: N_("Under embargo until {time}"),
    Step.NOTHING: N_("It is published"),
}


def turn_said(page: PageRequest, statement: Statement, names: Mapping[UUID, str]) -> str:
    """What a statement waits for, and for or after whom. ``names`` are handles by member."""
    turn = turn_of(statement, now())
    who = names.get(turn.by, "–") if turn.by else "–"
    until = f"{page.when(turn.until)} ({page.facts.polling.zone})" if turn.until else "–"
    return page.say(SAID[turn.step]).format(who=who, time=until)
