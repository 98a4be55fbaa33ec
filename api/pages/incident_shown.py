"""An incident as pages show it: in words, in the visitor's language, at the mission's hours."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.figures.incident_events import EVIDENCE
from api.figures.incidents import CHECKLIST, options
from api.pages.page import PageRequest
from api.pages.rows import phrase_of
from schemas.credential import Role
from schemas.desk import IncidentState
from schemas.rights import Right, may
from schemas.words import N_

GRADES = {
    "several_sources": N_("Several sources"),
    "documented": N_("Documented"),
    "observed": N_("Observed by us"),
    "reported": N_("Reported to observers"),
}
STATES = {
    IncidentState.REPORTED: N_("Reported"),
    IncidentState.BEING_VERIFIED: N_("Being verified"),
    IncidentState.VERIFIED: N_("Verified"),
    IncidentState.REFUTED: N_("Refuted"),
    IncidentState.UNDETERMINED: N_("Undetermined"),
}
DECISIONS = (IncidentState.VERIFIED, IncidentState.REFUTED, IncidentState.UNDETERMINED)
SEVERITIES = ("", N_("procedural"), N_("serious"), N_("integrity"))
BEARS = {
    "first": N_("first report"),
    "same_team": N_("same team"),
    "other_team": N_("supports; other team"),
}
DID = {
    "owner": N_("Owner: {whom}."),
    "escalated": N_("Escalated to {whom}."),
    "link": N_("Linked report {report}."),
    "unlink": N_("Not the same event: report {report}."),
    "evidence": N_("Evidence lowered: {grade}."),
    "danger_over": N_("The danger is over."),
    "note": "",
}
WORDED = ("nature", "source", "affected", "where", "remedied")
TOLD = ("who", "affected", "in_favour", "witnesses", "remedied", "remarks")
"""What was answered beside the description, in the order of the card."""


def words_of(page: PageRequest) -> dict[str, dict[str, str]]:
    """The options of the checklist's questions, as they are worded."""
    newest = page.facts.newest(CHECKLIST)
    return {
        asked: {name: page.title(label) for name, label in options(newest, asked).items()}
        for asked in WORDED
    }


def lasted(page: PageRequest, seconds: int) -> str:
    """A length of time: minutes under two hours, then hours, then days."""
    minutes = seconds // 60
    if minutes < 120:
        return page.say(N_("{n} min")).format(n=minutes)
    if minutes < 48 * 60:
        return page.say(N_("{n} h")).format(n=minutes // 60)
    return page.say(N_("{n} days")).format(n=minutes // (24 * 60))


def row_of(
    page: PageRequest, said: dict[str, Any], words: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """An incident as a row of the list."""
    source = said["source"] or ""
    return said | {
        "nature": nature_of(said["nature"], words),
        "grade": _grade(page, said),
        "when": page.moment(said["at"]),
        "age": lasted(page, said["age"]),
        "word": _state(page, said),
        "phrases": [_phrase(page, code) for code in said["irregularities"]],
        "waits_for": _waits_for(said["escalation"]),
        "source": words["source"].get(source, source),
        "affected": page.listed([words["affected"].get(one, one) for one in said["affected"]]),
    }


def _state(page: PageRequest, said: Mapping[str, Any]) -> str:
    state = IncidentState(said["state"])
    return page.say(STATES[state])


def _grade(page: PageRequest, said: Mapping[str, Any]) -> str:
    grade = said.get("evidence")
    return page.say(GRADES[grade]) if grade else ""


def _waits_for(escalation: Mapping[str, Any] | None) -> str:
    """To whom it was escalated who has not answered yet."""
    answered = escalation is None or escalation["answered_at"] is not None
    return "" if escalation is None or answered else str(escalation["to"])


def nature_of(nature: str | None, words: Mapping[str, Mapping[str, str]]) -> str:
    """What kind of incident it is, in words."""
    return words["nature"].get(nature or "", nature or "") or "–"


def card_of(
    page: PageRequest, card: dict[str, Any], members: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """The card of an incident."""
    words, severity = words_of(page), card["severity"]
    return {
        "report": str(card["report"]),
        "nature": nature_of(card["nature"], words),
        "severity": severity,
        "gravity": page.say(SEVERITIES[min(severity, 3)]),
        "codes": [_phrase(page, code) for code in card["irregularities"]],
        "station": card["station"] or "",
        "station_name": card["station_name"] or "",
        "area": card["area"]["name"] if card["area"] else "",
        "where": words["where"].get(str(card["answers"].get("where", "")), ""),
        "observer": card["observer"] or "–",
        "sent": page.when(card["received_at"]),
        "age": lasted(page, card["age"]),
        "open": card["open"],
        "answered": _answered(page, card),
        "danger": card["danger"],
        "danger_over": _danger_over(page, card),
        "owner": card["owner"],
        "escalation": _escalation(page, card),
        "state": card["state"],
        "state_word": _state(page, card),
        "steps": _steps(page, card),
        "evidence_word": _grade(page, card),
        "grades": _grades(page, card, words),
        "lower": _lower(page, card),
        "text": card["answers"].get("description") or "",
        "source": words["source"].get(card["source"] or "", card["source"] or ""),
        "told": _told(page, card, words),
        "photos": [
            each | {"at": page.when(each["arrived_at"])}
            for each in card["photos"]
            if each["sha256"]
        ],
        "sources": [_source(page, each, words) for each in card["sources"]],
        "may_be_same": [_source(page, each, words) for each in card["may_be_same"]],
        "restricted": card["restricted"],
        "visible_to": _allowed(page, card),
        "named": [
            (handle, page.say(role.replace("_", " ")), handle in card["visible_to_members"])
            for handle, role in members
        ],
        "roles": [
            (role.value, page.say(role.value.replace("_", " ")), role.value in card["visible_to"])
            for role in Role
            if may(role, Right.SEE_INCIDENTS)
        ],
        "timeline": [_event(page, each) for each in reversed(card["events"])],
        "receipt": card["receipt"]["sha256"][:4],
        "members": members,
        "deployment": card["deployment"],
    }


def _allowed(page: PageRequest, said: Mapping[str, Any]) -> list[str]:
    """Whom an incident is restricted to: roles in words, then members by their handles."""
    roles = [page.say(each.replace("_", " ")) for each in said.get("visible_to") or ()]
    return [*roles, *(said.get("visible_to_members") or ())]


def _phrase(page: PageRequest, code: str) -> str:
    found = {each.code: each for each in page.facts.indicators_of(CHECKLIST)}
    return phrase_of(found[code], page.language) if code in found else code


def _answered(page: PageRequest, card: dict[str, Any]) -> str:
    """How long it took until somebody did something about it."""
    first: datetime | None = card["first_answer_at"]
    if first is None:
        return page.say(N_("nobody has answered yet"))
    took = int((first - card["received_at"]).total_seconds())
    return page.say(N_("first answer after {time}")).format(time=lasted(page, max(took, 0)))


def _danger_over(page: PageRequest, card: dict[str, Any]) -> dict[str, str] | None:
    said = [
        each for each in card["events"] if each["kind"] == "danger_over" and not is_undone(each)
    ]
    if card["danger_over_at"] is None or not said:
        return None
    last = said[-1]
    return {"at": page.when(last["at"]), "by": last["by"] or "", "text": last.get("text", "")}


def is_undone(event: Mapping[str, Any]) -> bool:
    """Whether the act of an event was taken back."""
    return bool(event.get("undone"))


def _escalation(page: PageRequest, card: dict[str, Any]) -> str:
    made = card["escalation"]
    if made is None:
        return ""
    at = page.when(made["at"])
    if made["answered_at"] is None:
        said = page.say(N_("{whom} was told at {at} and has not answered."))
        return said.format(whom=made["to"], at=at)
    said = page.say(N_("{whom} was told at {at} and answered at {answered}."))
    return said.format(whom=made["to"], at=at, answered=page.when(made["answered_at"]))


def _steps(page: PageRequest, card: dict[str, Any]) -> list[dict[str, Any]]:
    """The states that it has been in: reported, being verified, and what was decided."""
    said = [each for each in card["events"] if each["kind"] == "state" and not is_undone(each)]
    last = {each["state"]: each for each in said}
    sent = page.listed([page.when(card["received_at"]), card["observer"] or "–"])
    steps = [{"word": page.say(STATES[IncidentState.REPORTED]), "note": sent}]
    steps += [_step(page, IncidentState.BEING_VERIFIED, last.get("being_verified"))]
    if card["state"] in DECISIONS:
        steps.append(_step(page, IncidentState(card["state"]), last.get(card["state"])))
    current = {"reported": 0, "being_verified": 1}.get(card["state"], 2)
    return [each | {"on": at == current} for at, each in enumerate(steps)]


def _step(
    page: PageRequest, state: IncidentState, event: Mapping[str, Any] | None
) -> dict[str, str]:
    if event is None:
        return {"word": page.say(STATES[state]), "note": ""}
    note = page.listed([page.when(event["at"]), event["by"] or "–"])
    why = event.get("text", "")
    return {"word": page.say(STATES[state]), "note": f"{note}. {why}" if why else note}


def _grades(
    page: PageRequest, card: dict[str, Any], words: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The scale of evidence from the weakest, each grade with what bears it out."""
    borne_out = {
        "reported": True,
        "observed": any(each["source"] == "observed" for each in card["sources"]),
        "documented": any(each["arrived_at"] is not None for each in card["photos"]),
        "several_sources": card["evidence_derived"] == "several_sources",
    }
    notes = {
        "reported": _who_told(page, card, words),
        "observed": _who_saw(page, card),
        "documented": _what_shows(page, card),
        "several_sources": _how_many(page, card),
    }
    return [
        {
            "word": page.say(GRADES[grade]),
            "note": notes[grade],
            "reached": borne_out[grade] or grade == card["evidence"],
            "on": grade == card["evidence"],
        }
        for grade in reversed(EVIDENCE)
    ]


def _who_told(
    page: PageRequest, card: dict[str, Any], words: Mapping[str, Mapping[str, str]]
) -> str:
    told = [
        page.say(N_("{source} told {observer}")).format(
            source=words["source"].get(each["source"], each["source"]),
            observer=each["observer"] or "–",
        )
        for each in card["sources"]
        if each["source"] and each["source"] != "observed"
    ]
    return page.listed(told) or page.say(N_("nobody else told us"))


def _who_saw(page: PageRequest, card: dict[str, Any]) -> str:
    seen = [each["observer"] or "–" for each in card["sources"] if each["source"] == "observed"]
    if not seen:
        return page.say(N_("no observer saw it"))
    return page.say(N_("seen by {observers}")).format(observers=page.listed(seen))


def _what_shows(page: PageRequest, card: dict[str, Any]) -> str:
    shown = sum(each["arrived_at"] is not None for each in card["photos"])
    if not shown:
        return page.say(N_("no photograph"))
    return page.say(N_("photographs: {n}")).format(n=shown)


def _how_many(page: PageRequest, card: dict[str, Any]) -> str:
    teams = {each["observer"] for each in card["sources"] if each["observer"]}
    if card["evidence_derived"] == "several_sources" and len(teams) < 2:
        return page.say(N_("another team reported the same kind from this place"))
    return page.say(N_("teams: {n}")).format(n=len(teams))


def _lower(page: PageRequest, card: dict[str, Any]) -> list[tuple[str, str]]:
    """The grades that a person may set: what the sources give, and weaker ones."""
    derived = EVIDENCE.index(card["evidence_derived"] or card["evidence"])
    return [
        (grade, page.say(GRADES[grade]))
        for at, grade in enumerate(EVIDENCE)
        if at >= derived and grade != card["evidence"]
    ]


def _told(
    page: PageRequest, card: dict[str, Any], words: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    newest = page.facts.newest(CHECKLIST)
    asked = {each.name: each for each in newest.definition.questions} if newest else {}
    found = []
    for name in TOLD:
        said = card["answers"].get(name)
        if said in (None, "", []):
            continue
        several = said if isinstance(said, list) else [said]
        labels = words.get(name, {})
        text = page.listed([labels.get(str(one), str(one)) for one in several])
        label = page.title(asked[name].label) if name in asked else name
        found.append((label, text))
    return found


def _source(
    page: PageRequest, said: dict[str, Any], words: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """A report that bears on the incident, or may."""
    source, bears = said["source"] or "", said["bears"]
    known = words["source"].get(source, source)
    if said["checklist"] != CHECKLIST:
        known = page.listed(
            [_of_any(page, said["checklist"], code) for code in said["irregularities"]]
        )
    return {
        "report": str(said["report"]),
        "observer": said["observer"] or "–",
        "title": page.checklist(said["checklist"]),
        "nature": nature_of(said["nature"], words) if said["nature"] else "",
        "at": page.when(said["at"]),
        "known": known,
        "bears": page.say(BEARS[bears]),
        "is_first": bears == "first",
        "status": page.say(said["status"]),
        "counts": said["status"] not in ("held", "quarantined"),
    }


def _of_any(page: PageRequest, checklist: str, code: str) -> str:
    found = {each.code: each for each in page.facts.indicators_of(checklist)}
    return phrase_of(found[code], page.language) if code in found else code


def _event(page: PageRequest, event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of the timeline in words."""
    kind, text = event["kind"], event.get("text", "")
    if kind == "state":
        said = page.say(N_("State: {state}.")).format(state=_state(page, event))
    elif kind == "visibility":
        roles = page.listed(_allowed(page, event))
        restricted = page.say(N_("Restricted to: {roles}.")).format(roles=roles)
        said = restricted if roles else page.say(N_("No longer restricted."))
    else:
        said = page.say(DID.get(kind, "")).format(
            whom=event.get("owner") or event.get("escalated_to") or "",
            report=str(event.get("linked", ""))[-6:],
            grade=_grade(page, event),
        )
    return {
        "at": page.when(event["at"]),
        "by": event["by"] or "",
        "said": said,
        "text": text,
        "undone": is_undone(event),
    }
