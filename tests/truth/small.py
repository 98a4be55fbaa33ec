"""Missions of a few reports, for examples that are worked by hand."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.truth.mission import (
    Contest,
    Decision,
    Mission,
    Observer,
    Plan,
    Post,
    Round,
    Sample,
    Station,
    Step,
)

DAY = "2026-11-08"
TEAM = ("D-1", "D-2")


def report(number: int, **members: Any) -> dict[str, Any]:
    """A report under a short id, of one visit to station 001; ``...`` leaves a member out."""
    made = {
        "id": f"r{number}",
        "checklist": "voting",
        "round": "first",
        "station": "001",
        "observer": "D-1",
        "with": ["D-2"],
        "visit": "v1",
        "arrived_at": f"{DAY}T09:00:00Z",
        "finalised_at": f"{DAY}T09:20:00Z",
        "answers": {"access_given": "freely", "crowded": "no"},
    }
    return {name: value for name, value in (made | members).items() if value is not ...}


def protocol(number: int, votes: dict[str, int], **members: Any) -> dict[str, Any]:
    """A results protocol with a contest's votes."""
    rows = [{"contestant": name, "votes": count} for name, count in votes.items()]
    valid = sum(votes.values())
    answers = {"in_box": valid, "invalid": 0, "valid": valid, "contestant_votes": rows}
    return report(number, checklist="results", answers=answers, **members)


def phone(sequence: int, name: str = "one") -> dict[str, Any]:
    """The member that says from which phone, and the how-many-th."""
    return {"device": {"id": name, "sequence": sequence}}


def mission(*steps: Step | dict[str, Any], **members: Any) -> Mission:
    """Four stations, two areas, two teams; what came and was done, in order."""
    made = Mission(
        seed=0,
        now=datetime(2026, 11, 20, tzinfo=UTC),
        stations=tuple(
            Station(code, area, 500)
            for code, area in (("001", "A1"), ("002", "A1"), ("003", "A2"), ("004", "A2"))
        ),
        rounds=(Round("first", DAY), Round("second", "2026-11-22")),
        contests=(Contest("first", "president", ("lantern", "harbour")),),
        observers=(
            *(Observer(f"D-{each}", "domestic") for each in (1, 2, 3, 4)),
            Observer("I-1", "international"),
            Observer("D-new", "domestic", pledged=False),
        ),
        plans=tuple(Plan("first", code, TEAM, {"voting": 1}) for code in ("001", "002", "003")),
        samples=(),
        steps=tuple(Post((each,)) if isinstance(each, dict) else each for each in steps),
    )
    return replace(made, **members)


def census(**members: Any) -> dict[str, Any]:
    """Members of a mission whose sample is all of its four stations, each with its team."""
    plans = tuple(Plan("first", f"00{at}", TEAM, {"voting": 1}) for at in (1, 2, 3, 4))
    return {"samples": (Sample("first", "domestic", 4, 1),), "plans": plans, "threshold": 0} | (
        members
    )


def decided(report_id: str, status: str) -> Decision:
    """A person's decision."""
    return Decision(report_id, status)
