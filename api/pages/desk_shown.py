"""How the desk shows its items: the lists at the side, the open item, what is beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.figures.incidents import CHECKLIST as INCIDENT
from api.figures.incidents import options
from api.pages.desk_call import answered_words
from api.pages.desk_history import DONE, done_row, folded, moment
from api.pages.desk_panels import OpenItem
from api.pages.page import PageRequest
from api.pages.report_words import WORDS, plain_answers
from api.review.checks_in_words import CheckShown, CheckWords
from api.review.closed_gates import may_open
from api.review.desk_context import reports_beside, what_was_done
from api.review.held_reasons import By, act_for
from api.review.holds import Hold
from api.review.queue_items import Desk, Item
from api.review.queues import REPORTS, Summary
from schemas.codes import Status
from schemas.columns import now
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.words import N_

QUEUE_WORDS = {
    "held": N_("Held"),
    "conflicts": N_("Conflicts"),
    "flagged": N_("Flagged"),
    "corrections": N_("Corrections"),
    "overdue": N_("Overdue"),
    "incidents": N_("Incidents"),
    "typing": N_("Typing"),
    "sms": N_("SMS"),
    REPORTS: N_("Report"),
}
QUEUE_SAYS = {
    "held": N_("Held for review"),
    "conflicts": N_("Conflict"),
    "flagged": N_("Flagged"),
    "corrections": N_("Correction of a report that a person decided on"),
    "overdue": N_("Overdue"),
    "incidents": N_("Incident"),
    "typing": N_("Protocol to be typed a second time"),
    REPORTS: N_("Report"),
}
OURS = frozenset({"quality", "check", "question"})
"""Fields of reasons that hold no report."""
NOTABLE = frozenset({Status.IRREGULAR.name.lower(), Status.IRREGULAR_TOLD.name.lower()})
KEEPING = {
    ReportStatus.HELD: "half",
    ReportStatus.QUARANTINED: "none",
    ReportStatus.SUPERSEDED: "none",
}


def ago(page: PageRequest, at: datetime) -> str:
    """How long something has waited, as the list says it: minutes, then hours, then days."""
    waited = max(now() - at, timedelta())
    minutes = int(waited.total_seconds() // 60)
    if minutes < 60:
        return page.say(N_("{n} min")).format(n=minutes)
    if minutes < 24 * 60:
        return page.say(N_("{h} h {m}")).format(h=minutes // 60, m=f"{minutes % 60:02d}")
    return page.say(N_("{n} d")).format(n=minutes // (24 * 60))


def queue_rows(page: PageRequest, found: Sequence[Summary]) -> list[dict[str, Any]]:
    """The queues by name, with how many items each has."""
    return [
        {"name": each.name, "word": page.say(QUEUE_WORDS[each.name]), "count": each.count}
        for each in found
    ]


def listed_items(
    page: PageRequest, queue: str, found: Sequence[tuple[Item, Hold | None]], own: str
) -> list[dict[str, Any]]:
    """The items of a queue as its list has them."""
    return [
        {
            "id": item.id,
            "open": item.id == own,
            "head": _head(page, item),
            "name": item.name,
            "waited": ago(page, item.at),
            "why": page.listed(reasons_in_words(page, item)[:2]),
            "what": _what(page, item),
            "severity": item.severity,
            "danger": item.danger,
            "held": _held(page, hold),
        }
        for item, hold in found
    ]


def _held(page: PageRequest, hold: Hold | None) -> str:
    if hold is None or hold.member_id == page.who.holder_id:
        return ""
    return page.say(N_("{by} until {until}")).format(by=hold.by, until=page.clock(hold.until))


def _head(page: PageRequest, item: Item) -> str:
    if item.station is not None:
        return item.station
    return item.place or item.observer or page.say(N_("no code"))


def _what(page: PageRequest, item: Item) -> str:
    said = [page.checklist(item.checklist) if item.checklist else "", _contest(page, item)]
    if item.noun == "deployment":
        said = [item.observer or "", *said]
    return page.listed([each for each in said if each])


def _contest(page: PageRequest, item: Item) -> str:
    """The contest's name, where the round has several."""
    contests = page.facts.polling.contests
    if item.contest is None or len(contests) < 2:
        return ""
    return next(
        (each.says(page.language) for each in contests if each.code == item.contest), item.contest
    )


def reasons_in_words(page: PageRequest, item: Item) -> list[str]:
    """Why an item waits, one line each."""
    return [_reason(page, item, each) for each in item.reasons]


def _reason(page: PageRequest, item: Item, reason: Mapping[str, str]) -> str:
    field, code = reason["field"], reason["code"]
    if item.noun == "deployment":
        return page.checklist(field)
    if item.noun == "conflict":
        return _label(page, item, field)
    if field == "quality" and code in WORDS:
        return page.say(WORDS[code])
    if field == "check":
        return _check(page, item, code)
    if field == "question":
        return answered_words(page, item)
    return page.say(act_for(reason).words)


def _label(page: PageRequest, item: Item, question: str) -> str:
    """A question by its label."""
    rules = page.facts.newest(item.checklist or "")
    questions = rules.definition.questions if rules else ()
    label = next((each.label for each in questions if each.name == question), {})
    return page.title(label) or question


def _check(page: PageRequest, item: Item, name: str) -> str:
    rules = page.facts.newest(item.checklist or "")
    checks = rules.definition.checks if rules else ()
    words = next((each.explanation for each in checks if each.name == name), {})
    return page.title(words) or page.say(N_("A check did not hold:")) + f" {name}"


def middle_of(
    page: PageRequest,
    open_item: OpenItem,
    quality: Sequence[Mapping[str, Any]],
    corrected: tuple[UUID, Mapping[str, Any]] | None,
    gates: Mapping[tuple[str, str], Sequence[str]],
) -> dict[str, Any]:
    """The open item: what it is, why it waits, and of a report what it says; ``quality`` is what
    its quality flags rest on, ``corrected`` the report that it corrects, with its answers,
    ``gates`` who is not through each gate that holds it."""
    item = open_item.item
    hold = open_item.hold
    own = hold is not None and hold.member_id == page.who.holder_id
    return {
        "title": _title(page, open_item),
        "over": _over(page, open_item, hold if own else None),
        "held_by": "" if own or hold is None else _held(page, hold),
        "reasons": _reasons(page, open_item, gates),
        "quality": quality,
        "checks": _checks(page, open_item),
        "corrected": corrected and str(corrected[0]),
        "differs": _differs(page, open_item, corrected[1]) if corrected else [],
        "said": _said(page, open_item),
        "remarks": _remarks(page, open_item),
        "danger": item.danger,
        "report": str(open_item.report.id) if open_item.report else None,
    }


def _title(page: PageRequest, open_item: OpenItem) -> str:
    item = open_item.item
    checklist = _named(page, open_item)
    where = item.station or item.place
    if item.noun == "deployment":
        return page.say(N_("{team} has not reported from {where}")).format(
            team=item.observer or "–", where=where or "–"
        )
    if item.noun == "conflict":
        return page.say(N_("Two teams at station {where} differ: {checklist}")).format(
            where=where, checklist=checklist
        )
    if open_item.queue == "held" and item.station is None and item.place:
        return page.say(N_("{checklist} at “{where}”: where does it belong?")).format(
            checklist=checklist, where=item.place
        )
    first = next(iter(reasons_in_words(page, item)), "")
    said = page.say(N_("{checklist} at {where}")).format(checklist=checklist, where=where or "–")
    return f"{said}: {first}" if first else said


def _named(page: PageRequest, open_item: OpenItem) -> str:
    """What an item is of: its checklist, of an incident what kind it is."""
    checklist = open_item.item.checklist or ""
    if checklist == INCIDENT:
        natures = options(page.facts.newest(INCIDENT), "nature")
        label = natures.get(str(open_item.shown.get("answers", {}).get("nature")))
        if label:
            return page.title(label)
    return page.checklist(checklist) if checklist else ""


def _over(page: PageRequest, open_item: OpenItem, hold: Hold | None) -> str:
    item = open_item.item
    said = [page.say(QUEUE_SAYS[open_item.queue]), _contest(page, item)]
    if item.noun == "report":
        said.append(page.say(N_("Received {at}")).format(at=moment(page, item.at)))
        said.append(item.observer or "")
    else:
        said.append(page.say(N_("Since {at}")).format(at=moment(page, item.at)))
    if hold is not None:
        said.append(page.say(N_("Yours until {until}")).format(until=page.clock(hold.until)))
    return ". ".join(each for each in said if each)


def _reasons(
    page: PageRequest, open_item: OpenItem, gates: Mapping[tuple[str, str], Sequence[str]]
) -> list[dict[str, Any]]:
    item = open_item.item
    if item.noun == "conflict":
        return []
    words = reasons_in_words(page, item)
    if item.noun == "deployment":
        words = [page.say(N_("{checklist} is overdue")).format(checklist=each) for each in words]
    held = open_item.report is not None and open_item.report.status == ReportStatus.HELD
    rows = []
    for reason, said in zip(item.reasons, words, strict=True):
        if reason["field"] in ("quality", "check"):
            continue
        act = act_for(reason) if held and reason["field"] not in OURS else None
        rows.append(
            {
                "words": said,
                "act": page.say(act.act) if act else "",
                "must": act.must if act else None,
                "people": gates.get((reason["field"], reason["code"]), ()),
                "to_do": _to_do(page, reason) if act and act.by is By.GATE else "",
            }
        )
    return rows


def _to_do(page: PageRequest, reason: Mapping[str, str]) -> str:
    """Who opens a gate, and where."""
    roles = [page.say(each.value.replace("_", " ")) for each in may_open(reason)]
    if not roles:
        return page.say(N_("They do it on their phone, or on the sheet that is read in at People."))
    return page.say(N_("At People, by: {roles}.")).format(roles=page.listed(roles))


def _checks(page: PageRequest, open_item: OpenItem) -> list[CheckShown]:
    """The checks that do not hold, in words and with their figures."""
    definition, flags = open_item.definition, open_item.shown.get("flags", [])
    if definition is None or not flags:
        return []
    words = CheckWords(definition, page.say, page.title, page.when)
    found = words.of_report(open_item.shown.get("answers", {}), flags)
    return [each for each in found if each.holds is False]


def _differs(
    page: PageRequest, open_item: OpenItem, before: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Answers that a correction would change: the question, what stands, what it says."""
    after = open_item.shown.get("answers", {})
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    sides = [
        {row["name"]: row for row in plain_answers(page, dict(each), open_item.definition)}
        for each in ({name: side.get(name, "") for name in names} for side in (before, after))
    ]
    return [
        (row["label"], row["value"] or "–", sides[1][name]["value"] or "–")
        for name, row in sides[0].items()
    ]


def _said(page: PageRequest, open_item: OpenItem) -> dict[str, Any]:
    """The answers of a report: notable ones, and all of them."""
    answers = plain_answers(page, open_item.shown.get("answers", {}), open_item.definition)
    names = notable_questions(open_item)
    return {
        "notable": [each for each in answers if each["name"] in names],
        "all": answers,
    }


def notable_questions(open_item: OpenItem) -> set[str]:
    """Questions whose answers are irregular, or enter a check that did not hold."""
    definition = open_item.definition
    if definition is None:
        return set()
    seen = {
        each["indicator"] for each in open_item.shown.get("codes", ()) if each["status"] in NOTABLE
    }
    names = {
        source.question
        for each in definition.indicators
        if each.code in seen
        for source in each.sources
    }
    failed = {each["name"] for each in open_item.shown.get("flags", ())}
    return names | {
        name for each in definition.checks if each.name in failed for name in each.inputs
    }


def _remarks(page: PageRequest, open_item: OpenItem) -> list[dict[str, str]]:
    """What the observer wrote in words."""
    definition, answers = open_item.definition, open_item.shown.get("answers", {})
    if definition is None:
        return []
    return [
        {"words": answers[each.name], "label": page.title(each.label) or each.name}
        for each in definition.questions
        if each.type == "text" and isinstance(answers.get(each.name), str) and answers[each.name]
    ]


async def context_of(page: PageRequest, desk: Desk, open_item: OpenItem) -> dict[str, Any]:
    """What is beside an item: the team, the station, other reports, photographs, what was done."""
    item, row = open_item.item, open_item.report
    beside = await reports_beside(desk, row) if row is not None else []
    done = await what_was_done(desk, item.id, open_item.deployment)
    team = open_item.team
    return {
        "team": team
        and {
            "observer": team.observer,
            "organisation": team.organisation,
            "kind": page.say(team.kind) if team.kind else "",
            "planned": page.listed(list(team.planned)) or "–",
            "heard": moment(page, team.heard),
            "deployment": team.deployment,
        },
        "names": page.who.may(Right.CALL_TEAMS),
        "station": open_item.station,
        "beside": [
            {
                "id": str(each.id),
                "at": moment(page, each.at),
                "checklist": page.checklist(each.checklist),
                "station": each.station,
                "own": each.own,
                "status": page.say(each.status),
                "keep": KEEPING.get(ReportStatus(each.status), "full"),
            }
            for each in beside
        ],
        "photos": open_item.shown.get("photos", []),
        "done": folded(done_row(page, each) for each in done if each.act in DONE),
    }
