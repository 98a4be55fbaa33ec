"""Drafting a statement: what is counted now, frozen, and composed into sentences."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from analytics.observation.supporting_reports import reports_behind
from analytics.statements import (
    LintInput,
    MovedNumber,
    compose_statement,
    draft_problems,
)
from analytics.statements.choices import Choice
from analytics.statements.findings import Finding as Conclusion
from analytics.statements.findings import find
from analytics.statements.kinds import CorrectedNumber
from analytics.statements.snapshot import Numbers
from analytics.statements.snapshot import numbers_moved as moved_since
from analytics.statements.templates import TEMPLATES as WORDED
from analytics.wording import ENGLISH, FORMATS
from api.audit.unit_of_work import writing
from api.auth.principal import Principal
from api.figures.ask import Figures, ask, figure
from api.figures.coverage import coverage_by
from api.figures.edition import Edition
from api.figures.incidents import all_incidents, verified_by_nature
from api.figures.mission_facts import MissionFacts, mission_facts
from api.figures.rates import rates
from api.figures.unobserved import refusals
from api.registers.reading import own_standards
from api.results.official_totals import official_totals
from api.results.releases import find_contest
from api.statements.added_findings import verified_cases
from api.statements.additions import with_additions
from api.statements.choosing import choices_of
from api.statements.draft_facts import standing_of, stations_observed, with_plans_and_denials
from api.statements.edition_facts import Official, People, contests_counted, facts_of
from api.statements.keeping import Draft, keep_draft
from schemas.columns import now
from schemas.election import Election
from schemas.mission import Mission, Scope
from schemas.observer import Observer
from schemas.problems import Refusal
from schemas.statement import Statement, StatementKind


async def draft_statement(
    session: AsyncSession,
    figures: Figures,
    who: Principal,
    language: str,
    round_code: str | None = None,
    *,
    kind: StatementKind = StatementKind.PRELIMINARY,
) -> Statement:
    """Freeze what is counted now in a round (None: the nearest) and write a draft, in ``language``
    first and in the mission's other languages. Raises :class:`Refusal` before any report, and
    :class:`api.figures.follower.NoSuchRound`.

    The mission's clock is held until the draft is written: its numbers are of everything that was
    committed before it, and of nothing else.
    """
    # A mission that must be read first is read before the clock is held: reports wait for that.
    facts: MissionFacts = await ask(figures, who.mission_id, mission_facts, round_code=round_code)
    languages = languages_of(facts.mission, language)
    async with writing(session, who) as work:
        draft = await counted_now(
            session, figures, who, languages, round_code, at_least=work.clock - 1, kind=kind
        )
        problems = draft_problems(
            LintInput(
                texts=draft.composed.texts,
                kind=kind,
                scope=Scope(facts.mission.scope),
                standing=draft.standing,
                snapshot=draft.composed.snapshot,
                own_standards=await own_standards(session, who.mission_id),
            )
        )
        if problems:
            raise Refusal(f"The draft breaks a rule of statements: {problems[0].message}")
        return await keep_draft(work, who, draft)


def languages_of(mission: Mission, reference: str) -> list[str]:
    """The languages of a draft: the reference language, then the others that the mission chose and
    that statements are worded in; where it chose none, all of these."""
    chosen = [each for each in mission.languages if each in WORDED] or list(WORDED)
    first = reference if reference in WORDED else "en"
    return [first, *(each for each in chosen if each != first)]


async def counted_now(
    session: AsyncSession,
    figures: Figures,
    who: Principal,
    languages: Sequence[str],
    round_code: str | None,
    *,
    at_least: int,
    kind: StatementKind = StatementKind.PRELIMINARY,
    corrected: Sequence[CorrectedNumber] = (),
    with_reports: bool = True,
) -> Draft:
    """A statement composed of what is counted at a reading of the clock, or later; nothing is
    kept. What is not to be kept needs no supporting reports (``with_reports``), of which a large
    mission has millions. Raises :class:`Refusal` before any report."""
    here = partial(ask, figures, who.mission_id, round_code=round_code, at_least=at_least)
    facts: MissionFacts = await here(mission_facts)
    if not facts.reports:
        raise Refusal("No report has come yet; there is nothing to state.")
    people, official = await _people(session, facts), await _official(session, who, facts)
    round_id = facts.polling.round_id
    choices = await session.run_sync(lambda plain: choices_of(plain, round_id))  # type: ignore[arg-type]
    wanted = tuple(languages), choices, kind, tuple(corrected), with_reports
    draft: Draft = await here(drafted, people, official, *wanted)
    return await with_additions(session, who, draft, await here(verified_cases))


@figure
def drafted(
    edition: Edition,
    people: People,
    official: Official,
    languages: Sequence[str],
    choices: Sequence[Choice] = (),
    kind: StatementKind = StatementKind.PRELIMINARY,
    corrected: Sequence[CorrectedNumber] = (),
    with_reports: bool = True,
) -> Draft:
    """A draft in which everything is of one edition; the first language is the reference. Before
    the first polling day nothing of election day is stated. Verified incidents are counted,
    restricted ones too."""
    findings = conclusions(edition, with_reports=with_reports)
    standing = with_plans_and_denials(edition, people.standing)
    has_begun = edition.reference.polling.has_begun(now())
    if not has_begun:
        findings = tuple(each for each in findings if each.stage == "pre_election")
    composed = compose_statement(
        facts_of(edition, people, standing),
        findings,
        coverage=coverage_by(edition, "checklist") if has_begun else (),
        quick_counts=contests_counted(edition, official) if has_begun else (),
        incidents=verified_by_nature(edition, all_incidents(edition), languages[0]),
        choices=choices,
        kind=kind,
        corrected=corrected,
        languages=languages,
    )
    return Draft(edition.reference.polling.round_id, composed, findings, standing, edition.clock)


def conclusions(edition: Edition, *, with_reports: bool = True) -> tuple[Conclusion, ...]:
    """What every checklist's national rates let the mission conclude; with the
    supporting reports of each where ``with_reports`` is set."""
    found: list[Conclusion] = []
    for name in edition.reference.checklists:
        rules, matrix = edition.reference.newest(name), edition.record.matrices.get(name)
        if rules is None or matrix is None:
            continue
        behind = partial(
            reports_behind,
            edition.record,
            matrix,
            refusals(edition).get(name),
            samples=edition.reference.drawn_samples,
        )
        found += find(
            rates(edition, name),
            rules.definition,
            rules=str(rules.revision),
            sequence=edition.clock,
            reports=behind if with_reports else lambda rate: (),
        )
    return tuple(found)


@figure
def numbers_moved(
    edition: Edition, language: str, counted_at: int, was: Numbers
) -> list[MovedNumber]:
    """The findings of a draft that counts reports up to a clock whose numbers, given as they were
    frozen, are others now."""
    if edition.clock == counted_at:
        return []
    found = {each.code: each.number for each in conclusions(edition, with_reports=False)}
    return moved_since(was, found, FORMATS.get(language, ENGLISH))


async def _people(session: AsyncSession, facts: MissionFacts) -> People:
    mission_id = facts.mission.mission_id
    elections = select(Election.name, Election.names).where(Election.mission_id == mission_id)
    counts = (
        select(Observer.organisation_id, func.count())
        .where(Observer.mission_id == mission_id)
        .group_by(col(Observer.organisation_id))
    )
    found = (await session.execute(elections)).first()
    name, names = (found[0], dict(found[1])) if found else ("", {})
    observers = {row[0]: row[1] for row in (await session.execute(counts)).all()}
    stations = await stations_observed(session, facts)
    standing = await standing_of(session, facts.mission)
    return People(name, names, observers, standing, stations)


async def _official(session: AsyncSession, who: Principal, facts: MissionFacts) -> Official:
    polling = facts.polling
    rows = [
        await find_contest(session, who, polling.round_id, each.code) for each in polling.contests
    ]
    return {each.code: await official_totals(session, facts, each.id) for each in rows}
