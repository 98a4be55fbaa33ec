"""What still keeps a statement from its next step: the release lint on its text as it is now."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements import LintInput, Problem, lint_statement
from analytics.statements import Snapshot as FrozenNumbers
from analytics.statements.kinds import sections_of
from analytics.statements.lint import Correction, Gates
from api.auth.principal import Principal
from api.figures.ask import Figures
from api.registers.reading import own_standards
from api.statements.blocks import BlockNow, blocks_now, by_language, is_open
from api.statements.draft_facts import standing_of
from api.statements.languages_read import Marks, languages_read
from api.statements.lint_facts import changes_since, with_facts
from api.statements.lint_reasons import kept_reasons
from api.statements.translations import languages_behind
from schemas.columns import now
from schemas.mission import Kind, Mission, Scope
from schemas.statement import Finding, Snapshot, Statement, StatementKind
from schemas.statement_block import StatementBlock, StatementBlockVersion

Step = Literal["review", "approval", "release"]


async def blocks_of(session: AsyncSession, statement: Statement) -> list[BlockNow]:
    """The blocks of a statement that was read with its text."""
    return await session.run_sync(lambda plain: blocks_now(plain, statement))  # type: ignore[arg-type]


async def lint_of(
    session: AsyncSession,
    who: Principal,
    statement: Statement,
    *,
    before: Step = "review",
    said_in: str = "en",
    figures: Figures | None = None,
) -> tuple[Problem, ...]:
    """Every rule that a statement breaks, ``before`` a step; the messages are ``said_in`` a
    language. The statement was read with its text. With ``figures`` it is also told which
    numbers reports since the freeze would change."""
    mission = await session.get_one(Mission, statement.mission_id)
    frozen = await session.get_one(Snapshot, (statement.mission_id, statement.snapshot_id))
    texts = by_language(await blocks_of(session, statement), statement.written_in)
    rows = select(Finding.code, Finding.stage, Finding.body).where(
        Finding.mission_id == statement.mission_id, Finding.snapshot_id == frozen.id
    )
    bodies = {
        code: {**body, "stage": stage} for code, stage, body in (await session.execute(rows)).all()
    }
    read = languages_read(statement, texts)
    given = LintInput(
        texts={language: blocks for language, blocks in texts.items() if blocks},
        snapshot=FrozenNumbers(frozen.numbers, frozen.sha256),
        findings=bodies,
        kind=StatementKind(statement.kind),
        scope=Scope(mission.scope),
        mission=Kind(mission.kind),
        demonstration=mission.demonstration,
        standing=await standing_of(session, mission),
        own_standards=await own_standards(session, who.mission_id),
        required=required_sections(statement, mission),
        gates=await _gates(session, statement, read, before, now()),
        behind=await languages_behind(session, statement, read) if is_open(statement) else {},
        reasons=await kept_reasons(session, statement),
    )
    facts = await with_facts(session, given, statement, mission, frozen.frozen_at)
    if figures is not None and is_open(statement):
        changed = await changes_since(session, figures, statement, frozen)
        facts = replace(facts, changed=changed)
    return lint_statement(facts, said_in=said_in)


async def _gates(
    session: AsyncSession, statement: Statement, read: Marks, before: Step, at: datetime
) -> Gates:
    """What stands before a step. The moment of issue is the one at which it is out: the end of its
    embargo, else that of its release."""
    correction = statement.correction or {}
    return Gates(
        before=before,
        writers=await writers_of(session, statement),
        reviewed_by=None if statement.review_by is None else str(statement.review_by),
        approved_by=[each["by"] for each in statement.approvals],
        place=statement.issued_in,
        issued_at=statement.embargo_until or at,
        embargo_until=statement.embargo_until,
        time_zone=statement.embargo_zone,
        now=at,
        authority_copy=bool(statement.authority),
        languages=statement.written_in,
        readers={language: mark["by"] for language, mark in read.items()},
        corrections=[
            Correction(each["old"], each["new"], correction["cause"], each["effect"])
            for each in correction.get("items", [])
        ],
        linked=statement.corrects is not None,
    )


def required_sections(statement: Statement, mission: Mission) -> list[str]:
    """The sections that a statement of this kind and mission may not lack."""
    sections = sections_of(StatementKind(statement.kind), Kind(mission.kind))
    return [each.code for each in sections if each.required]


async def writers_of(session: AsyncSession, statement: Statement) -> set[str]:
    """Who wrote, accepted, moved or hid any block; not whoever only had it drafted by rule."""
    found = set()
    for noun in (StatementBlock, StatementBlockVersion):
        query = select(noun.changed_by, noun.version, noun.contents).where(
            col(noun.mission_id) == statement.mission_id,
            col(noun.statement_id) == statement.id,
        )
        for by, version, contents in (await session.execute(query)).all():
            typed = any(
                each.get("origin") == "person" and each.get("text") for each in contents.values()
            )
            if by is not None and (version > 1 or typed):
                found.add(str(by))
    return found


def problem_out(problem: Problem) -> dict[str, Any]:
    """A broken rule as answers give it."""
    return {
        "severity": problem.level,
        "rule": problem.rule,
        "block": problem.block or None,
        "text": problem.message,
        "section": problem.section,
        "language": problem.language,
        "languages": list(problem.languages),
        "words": problem.words,
        "words_in": dict(problem.words_in),
        "numbers": list(problem.numbers),
        "act": problem.act,
    }
