"""A mission as large as they come, in memory: stations in 30 regions, every one of them visited.

Each station is to be reported on five times, and is four times; every other one sends its
result, one in twenty reports is from abroad, and of one team in fifty the last call found nobody.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from analytics.observation.coverage import Expected
from analytics.survey.draw_srs import DrawnStratum
from analytics.survey.methods import RULES
from api.figures.reference_data import (
    ContestFacts,
    Drawn,
    Frame,
    LastCall,
    Polling,
    PublishedRules,
    StationFacts,
)
from api.figures.report_row import ReportRow
from api.figures.watch import Watch
from schemas.checklist import Definition, Indicator, Policy, Source
from schemas.columns import new_id
from schemas.mission import Kind, Mission
from schemas.place import Area
from schemas.report import ReportStatus
from schemas.sample import Sample

REGIONS, INDICATORS = 30, 40
MISSION, ROUND, VOTING, COUNTING = (UUID(int=at) for at in (1, 2, 3, 6))
TEAMS = (UUID(int=4), UUID(int=5))
OPENS = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=11)
"""So that it is afternoon: some reports are overdue, others are awaited."""
VISITS, DUE = 4, 5
"""Reports of each station: those that come, those that are expected."""
SENDS_RESULT = 2
"""One station in so many sends its result."""
SETTINGS, SORTS = ("urban", "rural", "rural"), ("ordinary",) * 49 + ("prison",)


def frame_of(stations: int) -> Frame:
    """A frame of so many stations, a third of them drawn, all in the plan."""
    areas = tuple(
        Area(mission_id=MISSION, id=new_id(), code=f"{at:02}", name=f"Region {at}", level="region")
        for at in range(REGIONS)
    )
    places = tuple(
        StationFacts(
            UUID(int=100 + at),
            f"{at:06}",
            f"School {at}",
            at % REGIONS,
            SETTINGS[at % 7 % 3],
            SORTS[at % 50],
        )
        for at in range(stations)
    )
    expected = tuple(due for at in range(stations) for due in _due(at))
    sample = Sample(
        mission_id=MISSION,
        round_id=ROUND,
        code="main",
        seed=1,
        size=stations // 3,
        frame_size=stations,
        frame_sha256="",
        method=RULES["stratified"],
        drawn_at=OPENS,
    )
    drawn = {at: at % REGIONS for at in range(stations) if (at // REGIONS) % 3 == 0}
    sizes = np.bincount([at % REGIONS for at in range(stations)], minlength=REGIONS)
    many = np.bincount(list(drawn.values()), minlength=REGIONS)
    strata = tuple(DrawnStratum(f"{h:02}", int(sizes[h]), int(many[h])) for h in range(REGIONS))
    return Frame(
        setting=1,
        mission=_mission(),
        areas=areas,
        places=places,
        expected=expected,
        organisations={
            TEAMS[0]: ("Citizens", Kind.DOMESTIC),
            TEAMS[1]: ("Abroad", Kind.INTERNATIONAL),
        },
        rules={
            VOTING: _rules(VOTING, "voting", INDICATORS),
            COUNTING: _rules(COUNTING, "counting", 5),
        },
        posted={(_observer(at), at): _observer(at) for at in range(stations)},
        samples=(Drawn(sample, strata, drawn, Kind.DOMESTIC),),
        polling=_polling(),
        calls={str(at): LastCall("no_answer", OPENS) for at in range(0, stations, 50)},
    )


def _due(at: int) -> list[Expected]:
    team, region = _observer(at), at % REGIONS
    found = [
        Expected(
            at,
            region,
            "voting",
            OPENS + timedelta(hours=2 * hour + 2),
            Kind.DOMESTIC,
            team,
            "voting",
            str(at),
        )
        for hour in range(DUE)
    ]
    if at % SENDS_RESULT == 0:
        later = OPENS + timedelta(hours=15)
        found.append(
            Expected(at, region, "counting", later, Kind.DOMESTIC, team, "counting", str(at))
        )
    return found


def _observer(station: int) -> str:
    return str(UUID(int=50_000_000 + station))


def _polling() -> Polling:
    contest = ContestFacts(
        "p", "President", "valid", (("run-off", 0.5),), (("A", "Ann"), ("B", "Bob"), ("C", "Cem"))
    )
    return Polling(
        ROUND,
        "first",
        "First",
        (OPENS.date().isoformat(),),
        OPENS,
        OPENS + timedelta(hours=12),
        "UTC",
        (contest,),
    )


def _mission() -> Mission:
    return Mission(
        mission_id=MISSION,
        slug="large",
        title="Large",
        country="Large",
        kind="domestic",
        languages=["en"],
        created_at=OPENS,
    )


def _rules(named: UUID, stage: str, many: int) -> PublishedRules:
    indicators = tuple(
        Indicator(
            code=f"{stage[0]}{at}",
            stage=stage,
            severity=1 + at % 3,
            standards=("dop:4",),
            phrase={"en": f"irregularity {at} was seen"},
            positive_phrase={"en": "not"},
            sources=(Source(question="q", options={"no": 1}),),
        )
        for at in range(many)
    )
    definition = Definition(
        name=stage,
        version="1",
        title={"en": stage.capitalize()},
        languages=("en",),
        stage=stage,
        questions=(),
        indicators=indicators,
        checks=(),
        policy=Policy(two_teams="agree" if stage == "counting" else "independent"),
    )
    return PublishedRules(named, definition, 1, "")


def rows_of(first: int, count: int, stations: int) -> list[ReportRow]:
    """Reports ``first`` onwards: each station in turn, hour after hour."""
    codes = _codes(first, count, INDICATORS)
    hours = 11 / (stations * VISITS)
    return [
        ReportRow(
            id=UUID(int=10_000_000 + at),
            changed=at + 1,
            status=ReportStatus.RECEIVED,
            version=1,
            checklist="voting",
            rules_id=str(VOTING),
            place_id=str(UUID(int=100 + at % stations)),
            visit_id=None,
            observer_id=_observer(at % stations),
            organisation_id=str(TEAMS[at % 20 == 0]),
            arrived=int((OPENS + timedelta(hours=at * hours)).timestamp()),
            came_at=OPENS + timedelta(hours=at * hours, minutes=20),
            codes=codes[at - first],
            figures=None,
        )
        for at in range(first, first + count)
    ]


def results_of(first: int, count: int, stations: int) -> list[ReportRow]:
    """Results ``first`` onwards, of every other station; one in a thousand lacks a figure."""
    codes, random = _codes(first, count, 5), np.random.default_rng(first)
    votes = random.integers(50, 300, (count, 3)).tolist()
    return [
        ReportRow(
            id=UUID(int=90_000_000 + at),
            changed=10**7 + at,
            status=ReportStatus.RECEIVED,
            version=1,
            checklist="counting",
            rules_id=str(COUNTING),
            place_id=str(UUID(int=100 + at * SENDS_RESULT % stations)),
            visit_id=None,
            observer_id=_observer(at * SENDS_RESULT % stations),
            organisation_id=str(TEAMS[0]),
            arrived=int((OPENS + timedelta(hours=14)).timestamp()),
            came_at=OPENS + timedelta(hours=15, seconds=at),
            codes=codes[at - first],
            figures=_figures(votes[at - first], at % 1000 > 0),
        )
        for at in range(first, first + count)
    ]


def _figures(votes: list[int], complete: bool) -> dict[str, object]:
    lines = [{"contestant": name, "votes": n} for name, n in zip("ABC", votes, strict=True)]
    whole = {"valid": sum(votes), "invalid": 7, "registered": 1000}
    return {"contestant_votes": lines} | (whole if complete else {})


def _codes(seed: int, count: int, width: int) -> list[bytes]:
    random = np.random.default_rng(seed)
    chances = [0.88, 0.05, 0.01, 0.03, 0.03]
    codes = random.choice(np.array([1, 2, 3, 4, 5], dtype=np.uint8), (count, width), p=chances)
    return [row.tobytes() for row in codes]


def filled(reports: int, results: int = 0) -> Watch:
    """A watch that holds so many reports, and so many results of the count."""
    stations = reports // VISITS
    watch = Watch(frame_of(stations))
    for first in range(0, reports, 50_000):
        count = min(50_000, reports - first)
        watch.fold(rows_of(first, count, stations), first + count)
    for first in range(0, results, 50_000):
        watch.fold(results_of(first, min(50_000, results - first), stations), reports)
    return watch
