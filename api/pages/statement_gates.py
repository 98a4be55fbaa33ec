"""The steps of a statement's release in words: whether each is done, by whom, and who may do it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from api.pages.page import PageRequest
from schemas.rights import Right
from schemas.statement import Statement, StatementState
from schemas.words import N_

BEFORE = (StatementState.DRAFT, StatementState.REVIEW, StatementState.APPROVED)
Names = Mapping[UUID, str]


def _gate(title: str, done: bool, says: str, *acts: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "done": done, "says": says, "acts": list(acts), "link": ""}


def _act(
    name: str, word: str, *, main: bool = False, fields: Any = (), hidden: Any = ()
) -> dict[str, Any]:
    return {"name": name, "word": word, "main": main, "fields": fields, "hidden": hidden}


def _field(name: str, label: str, kind: str = "text", value: str = "") -> dict[str, Any]:
    return {"name": name, "label": label, "type": kind, "value": value, "required": False}


def review_gate(page: PageRequest, row: Statement, names: Names, errors: int) -> dict[str, Any]:
    """Whether the statement is in review, and the acts that send it there and take it back."""
    may = page.who.may(Right.WRITE_STATEMENTS)
    title = page.say(N_("Review of the text"))
    if row.state == StatementState.DRAFT:
        says = page.say(N_("Errors keep it from review: {n}")).format(n=errors) if errors else ""
        joint = _act(
            "review", page.say(N_("Send to review, two approvals")), hidden=[("joint", "yes")]
        )
        acts = [_act("review", page.say(N_("Send to review")), main=True), joint]
        return _gate(title, False, says, *(acts if may and not errors else ()))
    by = names.get(row.review_by, "–") if row.review_by else "–"
    says = page.say(N_("Asked for by {who}, {time}")).format(who=by, time=page.when(row.review_at))
    waits = row.state in (StatementState.REVIEW, StatementState.APPROVED)
    back = [_act("withdrawal", page.say(N_("Back to draft")))] if waits and may else []
    return _gate(title, True, says, *back)


def approval_gate(
    page: PageRequest, row: Statement, names: Names, writers: Collection[str]
) -> dict[str, Any]:
    """Whether a second person approved it; else whether the visitor may, and why not."""
    title = page.say(N_("Approval by a second person"))
    by = [names.get(UUID(each["by"]), "–") for each in row.approvals]
    says = page.say(N_("Approved by {who}")).format(who=page.listed(by)) if by else ""
    if row.state in (StatementState.APPROVED, StatementState.RELEASED):
        return _gate(title, True, says)
    own = str(page.who.holder_id)
    why_not = ""
    if not page.who.may(Right.DIRECT):
        why_not = N_("The lead or the deputy approves it.")
    elif page.who.holder_id == row.review_by:
        why_not = N_("You asked for the review: another person approves it.")
    elif own in writers:
        why_not = N_("You wrote in it: another person approves it.")
    elif own in [each["by"] for each in row.approvals]:
        why_not = N_("You approved it: a second person must, too.")
    may = row.state == StatementState.REVIEW and not why_not
    acts = [_act("approval", page.say(N_("Approve")), main=True)] if may else []
    return _gate(title, False, " ".join(filter(None, (says, page.say(why_not)))), *acts)


def embargo_gate(page: PageRequest, row: Statement) -> dict[str, Any]:
    """Until when it is kept back, in words that name the zone."""
    until, says = row.embargo_until, page.say(N_("None: it is out when it is published."))
    if until is not None:
        said = f"{page.when(until)} ({page.facts.polling.zone})"
        says = page.say(N_("Under embargo until {time}")).format(time=said)
    acts = []
    if row.state in BEFORE and page.who.may(Right.DIRECT):
        fields = [
            _field("until", page.say(N_("Until; empty: none")), "datetime-local"),
            _field(
                "zone", page.say(N_("Time zone")), value=row.embargo_zone or page.facts.polling.zone
            ),
        ]
        acts = [_act("embargo", page.say(N_("Set the embargo")), fields=fields)]
    return _gate(page.say(N_("Embargo")), until is not None, says, *acts)


def release_gate(page: PageRequest, row: Statement, names: Names) -> dict[str, Any]:
    """Whether it is published, and the act that publishes it with the authority's copy."""
    title = page.say(N_("Publication, and the authority's copy"))
    if row.state == StatementState.RELEASED:
        by = names.get(row.released_by, "–") if row.released_by else "–"
        says = page.say(N_("Published by {who}, {time}; its text is frozen."))
        done = _gate(title, True, says.format(who=by, time=page.when(row.released_at)))
        return done | {"link": f"/statements/{page.who.slug}/{row.id}"}
    says, acts = "", []
    if row.state == StatementState.APPROVED:
        only = {each["by"] for each in row.approvals} == {str(page.who.holder_id)}
        if not page.who.may(Right.DIRECT) or only:
            says = page.say(N_("Another person than the one who approved it publishes it."))
        else:
            fields = [
                _field("authority", page.say(N_("Authority that is given a copy"))),
                _field("copied_at", page.say(N_("Given at; empty: not yet")), "datetime-local"),
                _field("copied_how", page.say(N_("How it was given"))),
            ]
            acts = [_act("publication", page.say(N_("Publish")), main=True, fields=fields)]
    return _gate(title, False, says, *acts)
