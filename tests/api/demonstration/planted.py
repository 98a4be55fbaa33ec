"""What phones sent of the demonstration's day, counted apart from what the mission says."""

from collections import Counter
from typing import Any

import psycopg

from api.audit.sealed_work import CommandContext
from api.demonstration.country import CONTESTANTS, PRESIDENT
from api.demonstration.sending import HELD, SUPERSEDED, Planted, Report, SentDay
from schemas.checklist import VOTES

SEED, MOST = 7, 4000
BASE = "http://indelible/api/v1/missions/sarelia/"
PAGES = "http://indelible/missions/sarelia/"
NOT_PLEDGED = "no_pledge"


def ids_of(kept: dict[str, dict[str, Any]], *statuses: str) -> set[str]:
    """The reports that stand so."""
    return {each for each, said in kept.items() if said["status"] in statuses}


def first_sent(day: SentDay) -> dict[str, Report]:
    """Every report by its id, as it counts in the end: corrected where it was."""
    found = {each["id"]: each for each in day.reports if "replaces" not in each}
    return found | {each["replaces"]: each for each in day.reports if "replaces" in each}


def that_count(day: SentDay) -> list[Report]:
    """The reports that are neither held nor superseded."""
    left_out = day.ids(HELD | SUPERSEDED)
    return [each for name, each in first_sent(day).items() if name not in left_out]


Form = tuple[str, str, str, str]
"""Observer, checklist, contest (empty but on a result) and station."""


def planned_of(at: CommandContext) -> Counter[Form]:
    """How many reports are planned of each observer who reports: of results one for each contest,
    since they are asked for where there are two."""
    with psycopg.connect(at.database.admin_url) as connection:
        rows = connection.execute(
            "SELECT min(o.pseudonym), e.key, p.code, e.value::int FROM deployment d"
            " JOIN deployed_observer w ON w.deployment_id = d.id"
            " JOIN observer o ON o.id = w.observer_id JOIN place p ON p.id = d.place_id"
            " CROSS JOIN jsonb_each_text(d.expected) e GROUP BY d.id, e.key, p.code, e.value"
        ).fetchall()
    return Counter(
        {
            (team, checklist, contest, code): many
            for team, checklist, code, many in rows
            for contest in (CONTESTANTS if checklist == "results" else ("",))
        }
    )


def came_in(day: SentDay) -> Counter[Form]:
    """How many reports are in, those held among them: neither superseded nor dated ahead."""
    out = day.ids({*SUPERSEDED, Planted.AHEAD})
    return Counter(
        (each["observer"], each["checklist"], each.get("contest", ""), each["station"])
        for name, each in first_sent(day).items()
        if name not in out
    )


def unobserved(day: SentDay) -> dict[str, set[str]]:
    """The stations that cases which count say could not be observed, by reason."""
    sent, held = first_sent(day), day.ids(HELD)
    return {
        reason: {sent[each]["station"] for each in day.planted[Planted(reason)] if each not in held}
        for reason in ("refused", "closed", "unsafe")
    }


def why_not(day: SentDay, observer: str, station: str) -> str | None:
    """Why an observer could not observe at a station; a refusal is of one kind of observers."""
    sent, held = first_sent(day), day.ids(HELD)
    own_kind = {
        sent[each]["station"]
        for each in day.planted[Planted.REFUSED]
        if each not in held and sent[each]["observer"][0] == observer[0]
    }
    stations = unobserved(day) | {"refused": own_kind}
    return next((reason for reason, codes in stations.items() if station in codes), None)


def with_votes(day: SentDay, contest: str) -> list[Report]:
    """The protocols of a contest that are neither held nor superseded."""
    return [
        each
        for each in that_count(day)
        if VOTES in each["answers"] and each.get("contest", PRESIDENT) == contest
    ]


def in_conflict(day: SentDay, contest: str) -> set[str]:
    """The stations at which two teams read other votes of a contest."""
    found = {each["id"]: each["station"] for each in with_votes(day, contest)}
    return {found[each] for each in day.planted[Planted.CONFLICT] if each in found}
