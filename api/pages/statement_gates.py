"""The steps of a statement's release in words: whether each is done, by whom, and who may do it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.pages.page import PageRequest
from api.pages.statement_steps import LANGUAGE, READ
from api.statements.languages_read import Marks
from api.statements.states import BEFORE_RELEASE as BEFORE
from schemas.columns import now
from schemas.rights import Right
from schemas.statement import Statement, StatementState
from schemas.words import LANGUAGES, N_

Names = Mapping[UUID, str]


def gates_of(
    page: PageRequest,
    row: Statement,
    names: Names,
    writers: Collection[str],
    read: Marks,
    errors: int,
    approvers: Names,
) -> list[dict[str, Any]]:
    """The steps in their order. ``read`` are the marks of the languages that somebody has read as
    they stand, ``approvers`` the members whose role lets them approve."""
    return [
        place_gate(page, row),
        review_gate(page, row, names, errors),
        reading_gate(page, row, names, read, writers),
        approval_gate(page, row, names, writers, read, approvers),
        embargo_gate(page, row),
        authority_gate(page, row),
        release_gate(page, row, names, read),
    ]


def _gate(title: str, done: bool, says: str, *acts: dict[str, Any]) -> dict[str, Any]:
    of = {"title": title, "done": done, "says": says, "acts": list(acts)}
    return of | {"link": "", "address": ""}


def _act(
    name: str, word: str, *, main: bool = False, fields: Any = (), hidden: Any = ()
) -> dict[str, Any]:
    return {"name": name, "word": word, "main": main, "fields": fields, "hidden": hidden}


def _field(
    name: str, label: str, kind: str = "text", value: str = "", *, required: bool = False
) -> dict[str, Any]:
    return {"name": name, "label": label, "type": kind, "value": value, "required": required}


def _typed(at: datetime | None, zone: str) -> str:
    """A moment as a field of a form holds it, in a zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if at and zone else ""


def languages_gate(page: PageRequest, row: Statement, written: Collection[str]) -> dict[str, Any]:
    """The languages that it is issued in; ``written`` are those that it has a text in."""
    said = page.listed([LANGUAGES[each] for each in row.written_in])
    left = [LANGUAGES[each] for each in written if each not in row.written_in]
    says = page.say(N_("{languages}.")).format(languages=said)
    if left:
        says = page.say(N_("{languages}; left out: {others}.")).format(
            languages=said, others=page.listed(left)
        )
    acts = []
    if row.state in BEFORE[:2] and len(written) > 1 and page.who.may(Right.WRITE_STATEMENTS):
        fields = [
            _field(LANGUAGE + each, LANGUAGES[each], "checkbox", "yes" * (each in row.written_in))
            for each in written
            if each != row.language
        ]
        kept = [("reference", row.language)]
        acts = [_act("languages", page.say(N_("Set the languages")), fields=fields, hidden=kept)]
    return _gate(page.say(N_("Languages")), True, says, *acts)


def place_gate(page: PageRequest, row: Statement) -> dict[str, Any]:
    """Where the statement is issued; its day and hour are those at which it is out."""
    says = page.say(N_("Not set yet. It stands over the text, with the day and hour of issue."))
    if row.issued_in:
        when = page.say(N_("the hour of its publication"))
        if row.embargo_until or row.released_at:
            at = max(filter(None, (row.embargo_until, row.released_at)))
            when = page.when(at)
        says = page.say(N_("{place}, {time}")).format(place=row.issued_in, time=when)
    acts = []
    if row.state in BEFORE[:2] and page.who.may(Right.WRITE_STATEMENTS):
        label = page.say(N_("Place: a town, as it is printed"))
        field = _field("place", label, value=row.issued_in, required=True)
        acts = [_act("place", page.say(N_("Set the place")), fields=[field])]
    return _gate(page.say(N_("Place, day and hour of issue")), bool(row.issued_in), says, *acts)


def reading_gate(
    page: PageRequest, row: Statement, names: Names, read: Marks, writers: Collection[str]
) -> dict[str, Any]:
    """Who has read which language as it stands, whether they wrote in the text, and the languages
    that nobody has read."""
    reader = {each: str(mark["by"]) for each, mark in read.items()}
    words = {
        True: N_("{language}: read by {who}, who wrote in the text"),
        False: N_("{language}: read by {who}"),
    }
    said = [
        page.say(words[reader[each] in writers]).format(
            language=LANGUAGES[each], who=names.get(UUID(reader[each]), "–")
        )
        if each in read
        else page.say(N_("{language}: nobody has read it")).format(language=LANGUAGES[each])
        for each in row.written_in
    ]
    unread = [each for each in row.written_in if each not in read]
    acts = [
        _act(
            "reading",
            page.say(N_("I have read it: {language}")).format(language=LANGUAGES[each]),
            hidden=[("language", each)],
        )
        for each in (unread if row.state in BEFORE and page.who.may(Right.SEE_DRAFTS) else ())
    ]
    done = len(read) == len(row.written_in)
    return _gate(page.say(N_("Read in each language")), done, ". ".join(said) + ".", *acts)


def review_gate(page: PageRequest, row: Statement, names: Names, errors: int) -> dict[str, Any]:
    """Whether the statement is in review, and the acts that send it there and take it back."""
    may = page.who.may(Right.WRITE_STATEMENTS)
    title = page.say(N_("Review of the text"))
    if row.state == StatementState.DRAFT:
        says = page.say(N_("Nothing keeps it from review; a change there makes it a draft again."))
        if errors:
            says = page.say(N_("Errors keep it from review: {n}")).format(n=errors)
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
    page: PageRequest,
    row: Statement,
    names: Names,
    writers: Collection[str],
    read: Marks,
    approvers: Names,
) -> dict[str, Any]:
    """Whether a second person approved it; else whether the visitor may, why not, and who may."""
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
    may_approve = row.state == StatementState.REVIEW and not why_not
    fields = [
        _field(
            READ + each,
            page.say(N_("I have read it: {language}")).format(language=LANGUAGES[each]),
            "checkbox",
            "yes" if read.get(each, {}).get("by") == own else "",
        )
        for each in row.written_in
    ]
    acts = []
    if may_approve:
        acts = [_act("approval", page.say(N_("Approve")), main=True, fields=fields)]
    could = "" if may_approve else _who_could(page, row, writers, approvers)
    why = page.say(why_not) if why_not else ""
    return _gate(title, False, " ".join(filter(None, (says, why, could))), *acts)


def _who_could(
    page: PageRequest, row: Statement, writers: Collection[str], approvers: Names
) -> str:
    """Who else may approve it, or what to do where nobody may."""
    barred = {*writers, str(row.review_by or ""), *(each["by"] for each in row.approvals)}
    others = [name for each, name in approvers.items() if str(each) not in barred]
    if not others:
        return page.say(N_("Nobody else may: the lead invites a deputy under Accounts."))
    return page.say(N_("Who may: {who}.")).format(who=page.listed(sorted(others)))


def embargo_gate(page: PageRequest, row: Statement) -> dict[str, Any]:
    """Until when it is kept back, in words that name the zone."""
    until, says = row.embargo_until, page.say(N_("None: it is out when it is published."))
    if until is not None:
        said = f"{page.when(until)} ({page.facts.polling.zone})"
        says = page.say(N_("Under embargo until {time}")).format(time=said)
        if row.state == StatementState.RELEASED and until <= now():
            says = page.say(N_("It ended {time}.")).format(time=said)
    acts = []
    stands = _typed(until, row.embargo_zone)
    if row.state in BEFORE and page.who.may(Right.DIRECT):
        fields = [
            _field("until", page.say(N_("Until; empty: none")), "datetime-local", stands),
            _field(
                "zone", page.say(N_("Time zone")), value=row.embargo_zone or page.facts.polling.zone
            ),
        ]
        acts = [_act("embargo", page.say(N_("Set the embargo")), fields=fields)]
    is_settled = until is not None or row.state == StatementState.RELEASED
    return _gate(page.say(N_("Embargo")), is_settled, says, *acts)


def authority_gate(page: PageRequest, row: Statement) -> dict[str, Any]:
    """Which authority gets a copy, and whether it was given."""
    says = page.say(N_("Not planned yet. It is needed before publication."))
    if row.authority:
        says = page.say(N_("Planned for {authority}.")).format(authority=row.authority)
    if row.copied_at:
        says = page.say(N_("Given to {authority}, {time}. {how}")).format(
            authority=row.authority, time=page.when(row.copied_at), how=row.copied_how
        )
    acts = []
    if row.state in BEFORE and page.who.may(Right.DIRECT):
        authority = page.say(N_("Authority that is given a copy"))
        fields = [_field("authority", authority, value=row.authority, required=True)]
        if row.state == StatementState.APPROVED:
            fields += [
                _field("copied_at", page.say(N_("Given at; empty: not yet")), "datetime-local"),
                _field("copied_how", page.say(N_("How it was given")), value=row.copied_how),
            ]
        acts = [_act("authority", page.say(N_("Keep this")), fields=fields)]
    return _gate(page.say(N_("The authority's copy")), bool(row.authority), says.strip(), *acts)


def release_gate(page: PageRequest, row: Statement, names: Names, read: Marks) -> dict[str, Any]:
    """Whether it is published, what keeps it, and the act that publishes it."""
    title = page.say(N_("Publication"))
    if row.state == StatementState.RELEASED:
        by = names.get(row.released_by, "–") if row.released_by else "–"
        says = page.say(N_("Published by {who}, {time}; its text is frozen."))
        says = says.format(who=by, time=page.when(row.released_at))
        address = f"/statements/{page.who.slug}/{row.id}"
        if row.embargo_until is not None and now() < row.embargo_until:
            opens = page.say(N_("Until the embargo ends nobody can open its permanent address:"))
            return _gate(title, True, f"{says} {opens}") | {"address": address}
        return _gate(title, True, says) | {"link": address}
    if row.state != StatementState.APPROVED:
        after = N_("After the approval, by another person than the only one who approved it.")
        return _gate(title, False, page.say(after))
    unread = [LANGUAGES[each] for each in row.written_in if each not in read]
    only = {each["by"] for each in row.approvals} == {str(page.who.holder_id)}
    if not page.who.may(Right.DIRECT) or only:
        says = page.say(N_("Another person than the one who approved it publishes it."))
    elif unread:
        says = page.say(N_("Nobody has read it in: {languages}.")).format(
            languages=page.listed(unread)
        )
    elif not row.authority:
        says = page.say(N_("The authority's copy is not planned."))
    else:
        read_it = N_("I have read the text as it stands. Once published it cannot be changed.")
        field = _field("frozen", page.say(read_it), "checkbox", required=True)
        act = _act("publication", page.say(N_("Publish")), main=True, fields=[field])
        return _gate(title, False, "", act)
    return _gate(title, False, says)
