"""Drafting a statement: what is counted now, frozen, and composed into sentences."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from analytics.observation.irregularity_rates import reports_behind
from analytics.statements import (
    ChecklistFacts,
    Composed,
    ContestCount,
    Incidents,
    MissionFacts,
    ObserverFacts,
    SampleFacts,
    Standing,
    compose_statement,
    lint_statement,
)
from analytics.statements.findings import Finding as Conclusion
from analytics.statements.findings import find
from analytics.wording import ENGLISH, FORMATS, say
from api.audit.entry import audit_entry
from api.auth.principal import Principal
from api.database.sessions import advance_clock, notify
from api.figures.figures import coverage_by_checklist, quick_counts, rates
from api.figures.incidents import incidents, verified_by_nature
from api.figures.reference_data import PublishedRules
from api.figures.watch import Watch
from api.registers.reading import own_standards
from api.results.official_totals import published_shares
from api.results.releases import find_contest
from api.statements.registers_summary import standing_of
from schemas.columns import now
from schemas.election import Denominator, Election
from schemas.mission import Kind, Scope
from schemas.observer import Observer
from schemas.problems import Refusal
from schemas.statement import Finding, Snapshot, Statement


async def draft_statement(
    session: AsyncSession, watch: Watch, who: Principal, language: str
) -> Statement:
    """Freeze what stands now in the round under watch and write a draft. Raises :class:`Refusal`
    before any report."""
    if not watch.received:
        raise Refusal("No report has come yet; there is nothing to state.")
    people, official = await _people(session, watch), await _official(session, who, watch)
    cases = verified_by_nature(watch, await asyncio.to_thread(incidents, watch, who), language)
    draft = await asyncio.to_thread(_conclude, watch, people, official, cases, language)
    problems = lint_statement(
        draft.composed.blocks,
        scope=Scope(watch.frame.mission.scope),
        standing=people.standing,
        snapshot=draft.composed.snapshot,
        own=await own_standards(session, who.mission_id),
        language=draft.composed.language,
    )
    if problems:
        raise Refusal(f"The draft breaks a rule of statements: {problems[0].says}")
    return await _keep(session, watch, who, draft)


@dataclass(frozen=True)
class _People:
    """The election's name, the observers of each organisation, what the registers hold."""

    election: str
    observers: dict[UUID, int]
    standing: Standing


@dataclass(frozen=True)
class _Draft:
    """What was composed, from findings that all stand at one reading of the clock."""

    composed: Composed
    findings: tuple[Conclusion, ...]
    sequence: int


Official = Mapping[str, Mapping[str, float] | None]
"""What officials published, by contest and contestant."""


def _conclude(
    watch: Watch, people: _People, official: Official, cases: Sequence[Incidents], language: str
) -> _Draft:
    with watch.lock:
        findings = conclusions(watch)
        composed = compose_statement(
            _facts(watch, people),
            findings,
            coverage=coverage_by_checklist(watch),
            quick_counts=_contests(watch, official),
            incidents=cases,
            language=language,
        )
        return _Draft(composed, findings, watch.sequence)


def conclusions(watch: Watch, *, beneath: bool = True) -> tuple[Conclusion, ...]:
    """What every checklist's national rates let the mission conclude; with the reports
    ``beneath`` each, where they are asked for."""
    found: list[Conclusion] = []
    for name in watch.frame.checklists:
        rules, matrix = watch.frame.newest(name), watch.readings.get(name)
        if rules is None or matrix is None:
            continue
        behind = partial(reports_behind, matrix, samples=watch.frame.drawn_samples)
        found += find(
            rates(watch, name),
            rules.definition,
            rules=str(rules.revision),
            sequence=watch.sequence,
            reports=behind if beneath else lambda rate: (),
        )
    return tuple(found)


def texts_now(watch: Watch, language: str) -> dict[str, str]:
    """How the numbers of the findings would be said now, by their ids."""
    style = FORMATS.get(language, ENGLISH)
    with watch.lock:
        return {
            each.code: say(each.number, style=style).text
            for each in conclusions(watch, beneath=False)
        }


async def _people(session: AsyncSession, watch: Watch) -> _People:
    mission_id = watch.frame.mission.mission_id
    names = select(Election.name).where(Election.mission_id == mission_id)
    counts = (
        select(Observer.organisation_id, func.count())
        .where(Observer.mission_id == mission_id)
        .group_by(col(Observer.organisation_id))
    )
    election = (await session.execute(names)).scalars().first() or ""
    observers = {row[0]: row[1] for row in (await session.execute(counts)).all()}
    return _People(election, observers, await standing_of(session, watch))


def _facts(watch: Watch, people: _People) -> MissionFacts:
    frame = watch.frame
    organisation = next(
        (name for name, kind in frame.organisations.values() if kind == frame.mission.kind),
        frame.mission.title,
    )
    return MissionFacts(
        title=frame.mission.title,
        country=frame.mission.country,
        organisation=organisation,
        election=people.election,
        polling_day=_days(frame.polling.days),
        kind=Kind(frame.mission.kind),
        scope=Scope(frame.mission.scope),
        response_threshold=frame.mission.response_threshold,
        frozen_at=now(),
        observers=_observers(watch, people.observers),
        checklists=tuple(_checklists(watch)),
        samples=_samples(watch),
        demonstration=frame.mission.demonstration,
        standing=people.standing,
    )


def _days(days: Sequence[str]) -> str:
    written = [f"{date.fromisoformat(day):%-d %B %Y}" for day in days]
    return " and ".join(written)


def _observers(watch: Watch, counts: dict[UUID, int]) -> tuple[ObserverFacts, ...]:
    facts = []
    for kind in Kind:
        own = [
            i for i, (_, each) in watch.frame.organisations.items() if each is kind and i in counts
        ]
        if own:
            people = sum(counts[each] for each in own)
            facts.append(ObserverFacts(kind, people, len(own), len(watch.received.places(kind))))
    return tuple(facts)


def _checklists(watch: Watch) -> list[ChecklistFacts]:
    found = []
    for name in watch.frame.checklists:
        rules = watch.frame.newest(name)
        if rules is not None:
            found.append(
                ChecklistFacts(
                    name=name,
                    title=rules.definition.title,
                    version=rules.definition.version,
                    sha256=rules.xform_sha256,
                    rules=str(rules.revision),
                    rules_changed=_changed(watch, rules),
                )
            )
    return found


def _changed(watch: Watch, newest: PublishedRules) -> tuple[str, ...]:
    """The indicators of a version whose rules are no longer what they were at first."""
    first = next(
        each for each in watch.frame.rules.values() if each.xform_sha256 == newest.xform_sha256
    )
    was = {each.code: each for each in first.definition.indicators}
    now_ = {each.code: each for each in newest.definition.indicators}
    return tuple(code for code in sorted(was | now_) if was.get(code) != now_.get(code))


def _samples(watch: Watch) -> tuple[SampleFacts, ...]:
    return tuple(
        SampleFacts(
            frame_size=each.sample.frame_size,
            frame_sha256=each.sample.frame_sha256,
            drawn=each.sample.size,
            strata=len(each.strata),
            seed=each.sample.seed,
            method=each.sample.method,
            stratified_by=each.sample.stratify_by,
            kind=each.kind,
        )
        for each in watch.frame.samples
    )


async def _official(session: AsyncSession, who: Principal, watch: Watch) -> Official:
    polling = watch.frame.polling
    rows = [
        (each, await find_contest(session, who, polling.round_id, each.code))
        for each in polling.contests
    ]
    return {each.code: await published_shares(session, watch, each, row.id) for each, row in rows}


def _contests(watch: Watch, official: Official) -> list[ContestCount]:
    return [
        ContestCount(
            code=each.contest.code,
            name=each.contest.name,
            denominator=Denominator(each.contest.denominator),
            count=each.count,
            thresholds=each.contest.thresholds,
            official=official.get(each.contest.code),
        )
        for each in quick_counts(watch)
        if each.count is not None
    ]


async def _keep(session: AsyncSession, watch: Watch, who: Principal, draft: _Draft) -> Statement:
    """Write the draft, its snapshot and findings, in one transaction with the audit entry."""
    sequence, composed = await advance_clock(session, who.mission_id), draft.composed
    round_id = watch.frame.polling.round_id
    snapshot = Snapshot(
        mission_id=who.mission_id,
        round_id=round_id,
        sequence=sequence,
        as_of=draft.sequence,
        frozen_at=now(),
        sha256=composed.sha256,
        numbers=composed.numbers,
    )
    session.add(snapshot)
    await session.flush()
    for each in draft.findings:
        session.add(
            Finding(
                mission_id=who.mission_id,
                round_id=round_id,
                snapshot_id=snapshot.id,
                code=each.code,
                stage=each.stage,
                body=_body(each),
            )
        )
    statement = Statement(
        mission_id=who.mission_id,
        round_id=round_id,
        snapshot_id=snapshot.id,
        kind=composed.kind,
        language=composed.language,
        title=composed.title,
        blocks=[block.model_dump(mode="json") for block in composed.blocks],
        drafted_at=now(),
        drafted_by=who.holder_id,
    )
    session.add(statement)
    session.add(
        audit_entry(
            who.mission_id,
            sequence,
            "statement.draft",
            str(statement.id),
            composed.sha256.encode(),
            actor=who.holder_id,
        )
    )
    await notify(session, who.mission_id)
    await session.commit()
    return statement


def _body(finding: Conclusion) -> dict[str, Any]:
    """A finding as kept: its number stands in the snapshot under the finding's code."""
    return {
        "indicator": finding.indicator,
        "severity": finding.severity,
        "polarity": finding.polarity,
        "kind": finding.kind,
        "standards": list(finding.standards),
        "phrase": finding.phrase,
        "n": finding.n,
        "missing": finding.missing,
        "wording": dict(finding.wording),
        "checklist": finding.checklist,
        "version": finding.version,
        "query": dict(finding.query),
        "reports": [str(each) for each in finding.reports],
    }
