"""Keeping what was composed: a snapshot with its findings, and a draft of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from analytics.statements import Composed, MissionRegisters
from analytics.statements.findings import Finding as Conclusion
from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.statements.blocks import rows_from
from schemas.columns import now
from schemas.statement import Finding, Snapshot, Statement


@dataclass(frozen=True)
class Draft:
    """What was composed of one round, from findings that are all of one reading of the clock;
    ``standing`` is what its registers hold, as the statement says it."""

    round_id: UUID
    composed: Composed
    findings: tuple[Conclusion, ...]
    standing: MissionRegisters
    clock: int


async def keep_snapshot(work: AsyncWork, draft: Draft) -> Snapshot:
    """Write the numbers of what was composed, and its findings."""
    session = work.session
    composed, round_id = draft.composed, draft.round_id
    snapshot = Snapshot(
        mission_id=work.mission_id,
        round_id=round_id,
        sequence=work.clock,
        as_of=draft.clock,
        frozen_at=now(),
        sha256=composed.sha256,
        numbers=composed.numbers,
    )
    session.add(snapshot)
    await session.flush()
    for each in draft.findings:
        session.add(
            Finding(
                mission_id=work.mission_id,
                round_id=round_id,
                snapshot_id=snapshot.id,
                code=each.code,
                stage=each.stage,
                body=_body(each),
            )
        )
    return snapshot


async def keep_draft(work: AsyncWork, who: Principal, draft: Draft) -> Statement:
    """Write a draft with its snapshot and blocks, and the audit entry."""
    session, composed, round_id = work.session, draft.composed, draft.round_id
    snapshot, texts = await keep_snapshot(work, draft), composed.texts
    statement = Statement(
        mission_id=who.mission_id,
        round_id=round_id,
        snapshot_id=snapshot.id,
        kind=composed.kind,
        language=composed.language,
        title=composed.title,
        blocks=[],
        languages=list(texts),
        drafted_at=now(),
        drafted_by=who.holder_id,
    )
    session.add(statement)
    await session.flush()
    session.add_all(rows_from(statement, texts, statement.drafted_at))
    work.log("statement.draft", statement.id, composed.sha256)
    return statement


def _body(finding: Conclusion) -> dict[str, Any]:
    """A finding as stored: its number is in the snapshot under the finding's code."""
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
