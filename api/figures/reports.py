"""Reports as pages and JSON show them: queries, the fields as sent, and what became of each."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import UserDefinedType
from sqlmodel import col, select

from api.audit.signing import Signer
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.figures.report_versions import versions_out
from schemas.codes import severity_of, status_of
from schemas.columns import now
from schemas.credential import Role
from schemas.election import Contest
from schemas.mission import Member
from schemas.observer import Observer, ObserverState
from schemas.place import Place, PlaceKind
from schemas.published import Rules
from schemas.report import (
    CLOCK_TOLERANCE,
    COUNTED,
    Attachment,
    Judgement,
    Report,
    ReportStatus,
    ReportVersion,
    Submission,
)


def joined(ids: Iterable[UUID]) -> bytes:
    """Ids one after another, for :func:`among`."""
    return b"".join([each.bytes for each in ids])


def among(column: Any, ids: bytes) -> ColumnElement[bool]:
    """Holds for these ids of sixteen bytes, however many."""
    held: ColumnElement[bool] = column == any_(cast(literal(ids, _Ids()), ARRAY(Uuid())))
    return held


class _Ids(UserDefinedType[bytes]):
    """Ids as one text that the database reads as an array: a driver that writes them one by one
    takes long over ten thousand."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """What it is in the database."""
        return "UUID[]"

    def bind_processor(self, dialect: Any) -> Any:
        """How it is written."""
        return lambda ids: f"{{{ids.hex(',', 16)}}}"


TELLING = '$.questions[*] ? (@.type == "select_one" || @.type == "select_multiple").name'
"""Questions whose answers can name nobody and no place: all that a partner sees of them."""


@dataclass(frozen=True)
class RulesTold:
    """What is shown of the rules that judged a report; ``telling`` are the questions of which a
    partner may see the answers."""

    version: str | None = None
    indicators: tuple[tuple[str, str], ...] = ()
    """Code and stage of each, in the order of the codes."""
    telling: frozenset[str] = frozenset()


UNKNOWN = RulesTold()
TOLD = "$.indicators[*].code", "$.indicators[*].stage", TELLING


async def read_rules(
    session: AsyncSession, who: Principal, ids: Collection[UUID]
) -> dict[UUID, RulesTold]:
    """What is shown of these rules; a definition is too large to be read whole for it."""
    definition = col(Rules.definition)
    query: Select[Any] = select(
        Rules.id, definition["version"].astext, *(_listed(definition, path) for path in TOLD)
    ).where(Rules.mission_id == who.mission_id, among(col(Rules.id), joined(ids)))
    return {
        each: RulesTold(version, tuple(zip(codes, stages, strict=True)), frozenset(telling))
        for each, version, codes, stages, telling in (await session.execute(query)).all()
    }


def _listed(definition: Any, path: str) -> Any:
    return func.jsonb_path_query_array(definition, cast(path, JSONPATH))


@dataclass(frozen=True)
class ReportContext:
    """What is shown beside a list of reports, by report or by rules."""

    content: Mapping[UUID, ReportVersion]
    judged: Mapping[UUID, Judgement]
    rules: Mapping[UUID, RulesTold]
    versions: Mapping[UUID, Sequence[dict[str, Any]]]
    photos: Mapping[UUID, Sequence[Attachment]]
    names: Mapping[UUID, str]
    suspended: frozenset[UUID] = frozenset()
    """Observers who are suspended: what they sent before waits for a review (coc:11)."""


async def read_reports(
    session: AsyncSession, who: Principal, signer: Signer, query: Select[Any]
) -> list[tuple[Report, dict[str, Any]]]:
    """The reports of a query, in its order, each with how it is shown to this principal."""
    reports = list((await session.execute(query)).scalars())
    beside = await _surroundings(session, who, reports)
    return await asyncio.to_thread(
        lambda: [(report, shown(who, signer, report, beside)) for report in reports]
    )


def shown(who: Principal, signer: Signer, report: Report, beside: ReportContext) -> dict[str, Any]:
    """One report: what the sender left out of version, observer and contest is as it was taken.

    A partner gets no station, no person, no time, and none of the words.
    """
    version, judged = beside.content.get(report.id), beside.judged.get(report.id)
    rules = beside.rules.get(report.rules_id, UNKNOWN) if report.rules_id else UNKNOWN
    codes = _codes(judged.codes if judged else b"", rules)
    if who.role == Role.PARTNER:
        return _outside(report, version, rules, codes)
    photos = beside.photos.get(report.id, ())
    receipt = signer.receipt(
        who.slug, report.id, report.sha256, report.received_at, report.sequence
    )
    return {
        "checklist": report.checklist,
        **_taken(report, rules, beside),
        **(version.envelope if version else {}),
        "id": report.id,
        "answers": version.answers if version else {},
        "status": report.status,
        "reasons": report.reasons,
        "counts_from": report.counts_from if _is_awaited(report) else None,
        "received_at": receipt["received_at"],
        "sequence": report.sequence,
        "codes": codes,
        "flags": judged.flags if judged else [],
        "versions": beside.versions.get(report.id, []),
        "receipt": receipt,
        "review": ["observer_suspended"] if report.observer_id in beside.suspended else [],
        "photos": [_photo(each) for each in photos],
        "photos_outstanding": sum(each.arrived_at is None for each in photos),
    }


def _is_awaited(report: Report) -> bool:
    """Whether the time that a report dated ahead names has yet to come."""
    return report.counts_from is not None and report.counts_from > now()


def is_due() -> ColumnElement[bool]:
    """Holds for reports that are not dated ahead of now, or that a named person has verified."""
    named = (col(Report.arrived_at), col(Report.finalised_at))
    ahead = [
        and_(each > col(Report.received_at) + CLOCK_TOLERANCE, each > func.now()) for each in named
    ]
    return or_(
        col(Report.status) == ReportStatus.VERIFIED, not_(func.coalesce(or_(*ahead), false()))
    )


def _taken(report: Report, rules: RulesTold, beside: ReportContext) -> dict[str, str]:
    """The version, the observer and the contest that were taken, where a report did not say."""
    known = {
        "version": rules.version,
        "observer": beside.names.get(report.observer_id) if report.observer_id else None,
        "contest": beside.names.get(report.contest_id) if report.contest_id else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _outside(
    report: Report, version: ReportVersion | None, rules: RulesTold, codes: list[dict[str, Any]]
) -> dict[str, Any]:
    speaks = report.status in COUNTED and version is not None and not _is_awaited(report)
    answers = version.answers if version else {}
    return {
        "id": report.id,
        "checklist": report.checklist,
        "version": rules.version,
        "status": report.status,
        "codes": codes if speaks else [],
        "answers": {k: v for k, v in answers.items() if k in rules.telling} if speaks else {},
    }


def _codes(codes: bytes, rules: RulesTold) -> list[dict[str, Any]]:
    """The codes in words; a report without rules has none."""
    return [
        {"indicator": indicator, "stage": stage, **_said(code)}
        for (indicator, stage), code in zip(rules.indicators, codes, strict=False)
    ]


@cache
def _said(code: int) -> dict[str, Any]:
    return {"status": status_of(code).name.lower(), "severity": int(severity_of(code))}


def _photo(photo: Attachment) -> dict[str, Any]:
    return {
        "name": photo.name,
        "sha256": photo.sha256.hex() if photo.sha256 else None,
        "size": photo.size,
        "arrived_at": photo.arrived_at,
    }


async def _surroundings(
    session: AsyncSession, who: Principal, reports: Sequence[Report]
) -> ReportContext:
    ids = [each.id for each in reports]
    numbers = {each.id: each.version for each in reports}
    revisions = {each.id: each.rules_id for each in reports}
    versions = await _of(session, who, ReportVersion, ReportVersion.report_id, ids)
    judged = await _of(session, who, Judgement, Judgement.report_id, ids)
    photos: defaultdict[UUID, list[Attachment]] = defaultdict(list)
    named = await _of(session, who, Attachment, Attachment.report_id, ids)
    for photo in sorted(named, key=lambda each: str(each.name)):
        photos[photo.report_id].append(photo)
    people = {each.author_id for each in versions} | {each.observer_id for each in reports}
    contests = {each.contest_id for each in reports}
    names = await _names(session, who, [each for each in people | contests if each])
    current = [each for each in versions if each.number == numbers[each.report_id]]
    return ReportContext(
        content={each.report_id: each for each in current},
        judged={
            each.report_id: each
            for each in judged
            if (each.number, each.rules_id) == (numbers[each.report_id], revisions[each.report_id])
        },
        rules=await read_rules(session, who, {each for each in revisions.values() if each}),
        versions=versions_out(versions, names),
        photos=photos,
        names=names,
        suspended=await _suspended(session, who, reports),
    )


async def _suspended(
    session: AsyncSession, who: Principal, reports: Sequence[Report]
) -> frozenset[UUID]:
    query = select(Observer.id).where(
        Observer.mission_id == who.mission_id,
        Observer.state == ObserverState.SUSPENDED,
        among(col(Observer.id), joined({each.observer_id for each in reports if each.observer_id})),
    )
    return frozenset((await session.execute(query)).scalars())


async def _names(session: AsyncSession, who: Principal, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Pseudonyms and handles, as nobody is named otherwise here, and the codes of contests."""
    observers = select(Observer.id, Observer.pseudonym).where(
        Observer.mission_id == who.mission_id, among(col(Observer.id), joined(ids))
    )
    members = select(Member.id, Member.handle).where(
        Member.mission_id == who.mission_id, among(col(Member.id), joined(ids))
    )
    contests = select(Contest.id, Contest.code).where(
        Contest.mission_id == who.mission_id, among(col(Contest.id), joined(ids))
    )
    queries = (observers, members, contests)
    return {row[0]: row[1] for each in queries for row in (await session.execute(each)).all()}


async def _of(
    session: AsyncSession, who: Principal, table: Any, column: Any, ids: Sequence[UUID]
) -> list[Any]:
    """The rows of a mission's table whose column is one of these ids."""
    if not ids:
        return []
    query = select(table).where(table.mission_id == who.mission_id, among(column, joined(ids)))
    return list((await session.execute(query)).scalars())


def one_report(who: Principal, report_id: UUID) -> Select[Any]:
    """The report of this id."""
    return visible_reports(who).where(col(Report.id) == report_id)


def oldest_first(query: Select[Any], after: int | None = None) -> Select[Any]:
    """In the order in which they were received, from behind a reading of the clock."""
    if after is not None:
        query = query.where(col(Report.sequence) > after)
    return query.order_by(col(Report.sequence))


def newest_first(query: Select[Any], before: int | None = None) -> Select[Any]:
    """The newest first, from before a reading of the clock."""
    if before is not None:
        query = query.where(col(Report.sequence) < before)
    return query.order_by(col(Report.sequence).desc())


def of_these(query: Select[Any], ids: bytes) -> Select[Any]:
    """Those of these ids of sixteen bytes."""
    return query.where(among(col(Report.id), ids))


def matching(
    who: Principal,
    *,
    status: str | None = None,
    checklist: str | None = None,
    place: str | None = None,
    kind: PlaceKind | None = None,
    contest: str | None = None,
    of_suspended: bool = False,
) -> Select[Any]:
    """Those of a status, a checklist, a place by its code (of this kind), a contest by its code, of
    suspended observers; whatever is not said is any."""
    query = visible_reports(who)
    if status is not None:
        query = query.where(col(Report.status) == status)
    if checklist is not None:
        query = query.where(col(Report.checklist) == checklist)
    if contest is not None:
        own = select(Contest.id).where(
            Contest.mission_id == who.mission_id, Contest.code == contest
        )
        query = query.where(col(Report.contest_id).in_(own))
    if of_suspended:
        suspended = select(Observer.id).where(
            Observer.mission_id == who.mission_id, Observer.state == ObserverState.SUSPENDED
        )
        query = query.where(col(Report.observer_id).in_(suspended))
    if place is not None:
        here = select(Place.id).where(Place.mission_id == who.mission_id, Place.code == place)
        if kind is not None:
            here = here.where(Place.kind == kind)
        query = query.where(col(Report.place_id).in_(here))
    return query


async def raw_of(session: AsyncSession, who: Principal, report_id: UUID) -> bytes | None:
    """The bytes that a report's receipt names; None where ``who`` sees no such report."""
    seen = one_report(who, report_id).with_only_columns(col(Report.sha256))
    query = select(Submission.raw).where(
        Submission.mission_id == who.mission_id,
        Submission.report_id == report_id,
        col(Submission.sha256).in_(seen),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def count_of(session: AsyncSession, condition: Any) -> int:
    """How many reports fulfil a condition."""
    query = select(func.count()).select_from(Report).where(condition)
    return int((await session.execute(query)).scalar_one())
