"""Facts of a statement that an edition of the figures holds: who speaks, the draw, the contests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from analytics.statements import (
    ChecklistFacts,
    ContestCount,
    MissionFacts,
    MissionRegisters,
    ObserverFacts,
    SampleFacts,
)
from api.figures.edition import Edition
from api.figures.reference_data import PublishedRules
from api.results.official_totals import OfficialTotals, published_shares
from api.results.quick_counts import quick_counts
from schemas.checklist import Texts
from schemas.columns import now
from schemas.election import Denominator
from schemas.mission import Kind, Scope
from schemas.station_noun import station_noun


@dataclass(frozen=True)
class People:
    """The election, the observers of each organisation, what the registers hold, and at
    how many stations each kind observed."""

    election: str
    election_names: Texts
    observers: dict[UUID, int]
    standing: MissionRegisters
    stations: Mapping[Kind, int]


Official = Mapping[str, Sequence[OfficialTotals]]
"""What officials gave, by contest."""


def facts_of(edition: Edition, people: People, standing: MissionRegisters) -> MissionFacts:
    """Who speaks, of which polling, by which means."""
    reference = edition.reference
    mission = reference.mission
    own = next(
        (key for key, (_, kind) in reference.organisations.items() if kind == mission.kind), None
    )
    organisation = reference.organisations[own][0] if own else mission.title
    names = reference.organisation_names.get(own, {}) if own else mission.titles
    return MissionFacts(
        title=mission.title,
        country=mission.country,
        country_names=mission.country_names,
        organisation=organisation,
        organisation_names=names,
        stations={each: station_noun(each, mission.station_noun) for each in mission.station_noun},
        election=people.election,
        election_names=people.election_names,
        polling_day=_days(reference.polling.days),
        days=tuple(date.fromisoformat(day) for day in reference.polling.days),
        kind=Kind(mission.kind),
        scope=Scope(mission.scope),
        response_threshold=mission.response_threshold,
        frozen_at=now(),
        observers=_observers(edition, people),
        checklists=tuple(_checklists(edition)),
        samples=_samples(edition),
        demonstration=mission.demonstration,
        standing=standing,
    )


def _days(days: Sequence[str]) -> str:
    written = [f"{date.fromisoformat(day):%-d %B %Y}" for day in days]
    return " and ".join(written)


def _observers(edition: Edition, told: People) -> tuple[ObserverFacts, ...]:
    facts, counts = [], told.observers
    for kind in Kind:
        own = [
            i
            for i, (_, each) in edition.reference.organisations.items()
            if each is kind and i in counts
        ]
        if own:
            people = sum(counts[each] for each in own)
            facts.append(ObserverFacts(kind, people, len(own), told.stations[kind]))
    return tuple(facts)


def _checklists(edition: Edition) -> list[ChecklistFacts]:
    found = []
    for name in edition.reference.checklists:
        rules = edition.reference.newest(name)
        if rules is not None:
            found.append(
                ChecklistFacts(
                    name=name,
                    title=rules.definition.title,
                    version=rules.definition.version,
                    sha256=rules.xform_sha256,
                    rules=str(rules.revision),
                    rules_changed=_changed(edition, rules),
                )
            )
    return found


def _changed(edition: Edition, newest: PublishedRules) -> tuple[str, ...]:
    """The indicators of a version whose rules are no longer what they were at first."""
    first = next(
        each
        for each in edition.reference.rules.values()
        if each.xform_sha256 == newest.xform_sha256
    )
    was = {each.code: each for each in first.definition.indicators}
    now_ = {each.code: each for each in newest.definition.indicators}
    return tuple(code for code in sorted(was | now_) if was.get(code) != now_.get(code))


def _samples(edition: Edition) -> tuple[SampleFacts, ...]:
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
        for each in edition.reference.samples
    )


def contests_counted(edition: Edition, official: Official) -> list[ContestCount]:
    """The quick counts of an edition, each with what it is held against."""
    return [
        ContestCount(
            code=each.contest.code,
            name=each.contest.name,
            denominator=Denominator(each.contest.denominator),
            count=each.count,
            thresholds=each.contest.thresholds,
            titles=each.contest.names,
            threshold_names=each.contest.threshold_names,
            names=dict(each.contest.contestants),
            names_in=each.contest.contestant_names,
            official=published_shares(
                official.get(each.contest.code, ()), each.contest, each.count.population
            ),
        )
        for each in quick_counts(edition)
        if each.count is not None
    ]
