"""What an act on reports would change, before it is done: figures before it and after it.

The act is done in a transaction that is rolled back (:func:`api.audit.unit_of_work.dry_run`), with
all that it does to other reports of the same visit. The figures are made of the record with what it
changed (:mod:`api.figures.uncommitted`), as they would be made after it: nothing is estimated.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from fastapi import Request

from api.audit.unit_of_work import AsyncWork, Work, Writer, dry_run, in_work
from api.database.sessions import driver_connection
from api.figures.ask import ask, figure
from api.figures.coverage import coverage_by_area, coverage_of_all
from api.figures.edition import Edition
from api.figures.export import area_out, coverage_out, number_out
from api.figures.rates import indicators_of, rates
from api.figures.uncommitted import (
    ChangesReading,
    ReportChanges,
    as_changed,
    changes_reading,
    read_changes,
)
from api.problems import INVALID, NOT_FOUND, UNAVAILABLE, Problem
from api.results.quick_counts import contest_out, quick_counts
from schemas.problems import Refusal

TRIES = 4
"""So often an act is tried where the reports change under it, or the reference data."""
BUSY = "These reports are changing just now; ask again."
Effect = dict[str, Any]
Write = Callable[[AsyncWork], Awaitable[Any]]


async def preview(request: Request, who: Writer, write: Callable[[Work], Any]) -> Effect:
    """What ``write`` would change, as :func:`api.audit.unit_of_work.act_on` would do it. Problems:
    as there; 503 where the figures are not to be had just now."""

    async def by_session(work: AsyncWork) -> None:
        await in_work(work, write)

    return await preview_steps(request, who, by_session)


async def preview_steps(request: Request, who: Writer, write: Write, *, steps: int = 1) -> Effect:
    """The same of an act that is awaited, whose clock moves on by so many steps."""
    state, of_round = request.app.state, None
    for _ in range(TRIES):
        asked = ask(state.figures, who.mission_id, changes_reading, round_code=of_round, at_least=1)
        changes = await _tried(request, who, write, await asked, steps)
        if changes.round_meant() is not None:
            of_round = changes.round_meant()
            continue
        found = await ask(
            state.figures,
            who.mission_id,
            effect_of,
            changes,
            round_code=of_round,
            at_least=max(changes.before, 1),
        )
        if found is not None:
            return found
    raise Problem(UNAVAILABLE, BUSY)


async def _tried(
    request: Request, who: Writer, write: Write, reading: ChangesReading, steps: int
) -> ReportChanges:
    """The act, done and taken back; what it changed."""
    try:
        async with dry_run(request.app.state.engine, who, steps=steps) as work:
            await write(work)
            connection = await driver_connection(work.session)
            before = work.clock - steps
            return await read_changes(connection, reading, who.mission_id, before, work.clock)
    except Refusal as refusal:
        raise Problem(INVALID, refusal.text, refusal.field) from None
    except LookupError:
        raise Problem(NOT_FOUND) from None


@figure
def effect_of(edition: Edition, changes: ReportChanges) -> Effect | None:
    """What these changes move: the reports that count, coverage, the nation's rates and quick
    counts; of each only what would be another number. None where they are to be read again."""
    after = as_changed(edition, changes)
    if after is None:
        return None
    return {
        "clock": edition.clock,
        "round": edition.reference.polling.code,
        "reports": {"before": _counted(edition), "after": _counted(after)},
        "coverage": _coverage(edition, after),
        "indicators": sorted(_indicators(edition, after), key=_first_what_shows),
        "quick_counts": [*_quick_counts(edition, after)],
    }


def _counted(edition: Edition) -> int:
    return int(edition.record.counted.sum())


def _coverage(before: Edition, after: Edition) -> dict[str, Any]:
    """Coverage of the nation, if it moves, and of the outermost areas where it does."""
    nation = _pair(coverage_out(coverage_of_all(before)), coverage_out(coverage_of_all(after)))
    was, now = _of_areas(before), _of_areas(after)
    areas = {each.code: area_out(each) for each in before.reference.areas}
    moved = [
        {"area": areas.get(code)} | _pair(was.get(code), now.get(code))
        for code in dict.fromkeys([*was, *now])
        if was.get(code) != now.get(code)
    ]
    return {"nation": nation if nation["before"] != nation["after"] else None, "areas": moved}


def _of_areas(edition: Edition) -> dict[str, dict[str, Any]]:
    """By the code of the area; the empty one of what could not be placed."""
    return {
        each.area.code if each.area else "": coverage_out(each.row)
        for each in coverage_by_area(edition)
    }


def _pair(before: Any, after: Any) -> dict[str, Any]:
    return {"before": before, "after": after}


def _indicators(before: Edition, after: Edition) -> Iterator[dict[str, Any]]:
    """The nation's rates that would be another number."""
    for name in before.reference.checklists:
        known = {each.code: each for each in indicators_of(before, name)}
        sides = [
            {(each.indicator, each.kind, each.part): each for each in rates(edition, name)}
            for edition in (before, after)
        ]
        for key in dict.fromkeys([*sides[0], *sides[1]]):
            was, now = (side.get(key) for side in sides)
            given = was or now
            if given is None or (was is not None and now is not None and was == now):
                continue
            numbers = [None if each is None else number_out(each.number) for each in (was, now)]
            if numbers[0] == numbers[1]:
                continue
            indicator = known.get(given.indicator)
            yield {
                "checklist": name,
                "indicator": given.indicator,
                "phrase": indicator.phrase if indicator else {},
                "stage": given.stage,
                "severity": given.severity,
                "kind": given.kind,
                "part": given.part,
                "area": None,
                **_pair(*numbers),
            }


def _first_what_shows(row: dict[str, Any]) -> tuple[Any, ...]:
    """Numbers that are printed otherwise before those that only rest on more; severe ones first."""
    texts = [each and each["text"] for each in (row["before"], row["after"])]
    return texts[0] == texts[1], -row["severity"], row["checklist"], row["indicator"]


def _quick_counts(before: Edition, after: Edition) -> Iterable[dict[str, Any]]:
    """Contests of which another result would enter, or another share come out."""
    pairs = zip(quick_counts(before), quick_counts(after), strict=True)
    for was, now in pairs:
        sides = [contest_out(each, own) for each, own in ((before, was), (after, now))]
        if sides[0] == sides[1]:
            continue
        shares: list[dict[str, Any]] = [
            {share["contestant"]: share["number"] for share in side["shares"]} for side in sides
        ]
        names = {each["contestant"]: each["name"] for side in sides for each in side["shares"]}
        yield {
            "contest": sides[0]["contest"],
            "received": _pair(sides[0]["received"], sides[1]["received"]),
            "may_speak": _pair(sides[0]["may_speak"], sides[1]["may_speak"]),
            "shares": [
                {"contestant": each, "name": name} | _pair(shares[0].get(each), shares[1].get(each))
                for each, name in names.items()
                if shares[0].get(each) != shares[1].get(each)
            ],
        }
