"""A small mission for the tests of statements: one sample, one international count."""

from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import CodeMatrix
from analytics.observation.coverage import Coverage
from analytics.observation.drawn_sample import DrawnSample
from analytics.observation.supporting_reports import rows_behind
from analytics.statements import (
    ChecklistFacts,
    Composed,
    Incidents,
    MissionFacts,
    ObserverFacts,
    SampleFacts,
    compose_statement,
)
from analytics.statements.findings import Finding, find
from schemas.checklist import Definition, Indicator, Question, Source
from schemas.codes import Status
from schemas.mission import Kind, Scope
from tests.analytics.observation.matrices import Said, irregularities, matrix_of

DRAWN = 400
SAMPLE = DrawnSample(
    kind=Kind.DOMESTIC,
    place=np.arange(DRAWN),
    stratum=np.arange(DRAWN) % 4,
    population=np.full(DRAWN, 1000),
    area=np.arange(DRAWN) % 4,
)


def indicator(code: str, severity: int, phrase: str, positive: str, stage: str) -> Indicator:
    return Indicator(
        code=code,
        stage=stage,
        severity=severity,
        standards=("obl:18",),
        phrase={"en": phrase},
        positive_phrase={"en": positive},
        sources=(Source(question=code.lower()),),
    )


INDICATORS = (
    indicator("VO-ID", 2, "voters' identity was not checked", "identity was checked", "voting"),
    indicator("VO-STUFF", 3, "ballot-box stuffing was seen", "no stuffing was seen", "voting"),
    indicator("CO-NOPOST", 2, "the result was not posted", "the result was posted", "counting"),
)
DEFINITION = Definition(
    name="voting",
    version="1",
    title={"en": "Voting"},
    languages=("en",),
    stage="voting",
    questions=tuple(
        Question(name=each.code.lower(), type="select_one", path="/x", label={"en": "Was it so?"})
        for each in INDICATORS
    ),
    indicators=INDICATORS,
    checks=(),
)


def a_matrix(*, reporting: int = DRAWN, bad_id: int = 8) -> CodeMatrix:
    """Domestic observers at the sample, international ones at 40 places of their own choice."""
    fine, seen = int(Status.FINE), int(Status.IRREGULAR)

    def row(place: int, codes: list[int], kind: Kind) -> Said:
        return Said(bytes(codes), kind, place, place % 4, assigned=kind is Kind.DOMESTIC)

    home = [
        row(n, [seen if n < bad_id else fine, fine, seen if n < 60 else fine], Kind.DOMESTIC)
        for n in range(reporting)
    ]
    abroad = [row(n, [fine, fine, seen if n < 9 else fine], Kind.INTERNATIONAL) for n in range(40)]
    return matrix_of(tuple(each.code for each in INDICATORS), home + abroad)


def some_findings(**changes: int) -> tuple[Finding, ...]:
    matrix = a_matrix(**changes)
    rates = irregularities(matrix, INDICATORS, samples=(SAMPLE,))
    return find(
        rates,
        DEFINITION,
        rules="r1",
        sequence=int(matrix["sequence"].max()),
        reports=lambda rate: tuple(
            UUID(bytes=each.tobytes())
            for each in matrix.ids(rows_behind(matrix, rate, samples=(SAMPLE,)))
        ),
    )


def facts(scope: Scope = Scope.FULL) -> MissionFacts:
    return MissionFacts(
        title="Sarelia 2027",
        country="Sarelia",
        organisation="Sarelia Civic Count",
        election="the presidential election",
        polling_day="14 March 2027",
        kind=Kind.DOMESTIC,
        scope=scope,
        response_threshold=0.8,
        frozen_at=datetime(2027, 3, 15, 12, tzinfo=UTC),
        observers=(ObserverFacts(Kind.DOMESTIC, 1964, 3, 400),),
        checklists=(ChecklistFacts("voting", {"en": "Voting"}, "1", "ab" * 32, "r1"),),
        samples=(SampleFacts(4000, "cd" * 32, DRAWN, 4, 42, "stratified, without replacement"),),
    )


COVERAGE = Coverage(
    group="voting",
    expected=440,
    received=436,
    missing=4,
    held=0,
    flagged=0,
    late=4,
    unplanned=0,
    set_aside=0,
)


def a_statement(scope: Scope = Scope.FULL, **changes: int) -> Composed:
    return compose_statement(
        facts(scope),
        some_findings(**changes),
        coverage=[COVERAGE],
        incidents=[Incidents("Copy of the protocol refused", 11, 9, 2, 0)],
    )
