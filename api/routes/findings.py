"""``findings/current`` and its choices: what is found now, and what of it enters the statement."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.registers.reading import known_standards
from api.routes.asking import OfRound, answer, asked, digest
from api.statements.added_findings import AddedIn, add_finding, added_numbers, added_out
from api.statements.choosing import (
    ChoiceIn,
    MergeIn,
    OrderIn,
    choose,
    merge,
    put_in_order,
    shown,
    split,
)
from api.statements.finding_list import (
    FindingList,
    addition_out,
    annex_by_reason,
    finding_out,
    list_findings,
    round_findings,
)
from schemas.choice import FindingChoice
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["statements"])
Who = Annotated[Principal, Depends(principal)]
Version = Annotated[int, Query(ge=0, description="The version of the choice that led.")]


@router.get("/findings/current")
async def current(request: Request, who: Who, of_round: OfRound = None) -> Response:
    """Every finding as it is counted now, the worst and most frequent first: what the rules
    propose and why, what significance its number suggests, and what a person chose. ``added`` are
    those that people added, ``order`` the codes of the chosen ones as they are said; ``annex``
    counts by reason what is not in the text."""
    who.must(Right.SEE_DRAFTS)
    found = await asked(request, who, of_round, round_findings)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        every = await list_findings(session, who, found)
    content = {
        "items": [finding_out(each) for each in every.listed],
        "next": None,
        "added": [addition_out(each, every.numbers) for each in every.added],
        "counts": every.counts,
        "annex": annex_by_reason(every.listed),
        "order": every.order,
    }
    return answer(request, content, f"current-{digest(content)}")


@router.put("/findings/choices/{code:path}")
async def choose_finding(
    request: Request, who: Who, code: str, given: ChoiceIn, of_round: OfRound = None
) -> dict[str, Any]:
    """Decide on one finding: in the text or not, its significance with a reason, its wording. The
    answer is the choice with its new version; 409 ``outdated`` brings the newer one."""
    every = await _every(request, who, of_round)
    known, references = every.candidates, every.references
    return await _chosen(
        request, who, lambda work: choose(work, every.round_id, code, given, known, references)
    )


@router.post("/findings/added", status_code=201)
async def add(
    request: Request, who: Who, given: AddedIn, of_round: OfRound = None
) -> dict[str, Any]:
    """Add a finding: from notes, rows of registers, verified incidents of one kind, which are
    counted (``{number:own}`` in its words is their number), figures of sources, or one's own."""
    every = await _every(request, who, of_round)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        standards = await known_standards(session, who.mission_id)

    def write(work: Work) -> dict[str, Any]:
        made = add_finding(
            work,
            every.round_id,
            given,
            cases=every.cases,
            standards=standards,
            references=every.references,
        )
        return added_out(made, "", added_numbers([made], every.cases))

    return await act_on(request, who, write)


@router.post("/findings/merges", status_code=201)
async def merge_findings(
    request: Request, who: Who, given: MergeIn, of_round: OfRound = None
) -> dict[str, Any]:
    """Say findings together: the first leads and is chosen."""
    every = await _every(request, who, of_round)
    known = every.candidates
    return await _chosen(request, who, lambda work: merge(work, every.round_id, given, known))


@router.delete("/findings/merges/{code:path}")
async def split_findings(
    request: Request, who: Who, code: str, version: Version = 0, of_round: OfRound = None
) -> dict[str, Any]:
    """Say merged findings apart again; the answer is the choice of the one that led."""
    every = await _every(request, who, of_round)
    return await _chosen(request, who, lambda work: split(work, every.round_id, code, version))


@router.put("/findings/order")
async def order_findings(
    request: Request, who: Who, given: OrderIn, of_round: OfRound = None
) -> dict[str, Any]:
    """Put the chosen findings in an order; ``was`` is the order that it is made from."""
    every = await _every(request, who, of_round)
    codes = await act_on(request, who, lambda work: put_in_order(work, every.round_id, given))
    return {"codes": codes}


async def _every(request: Request, who: Principal, of_round: str | None) -> FindingList:
    who.must(Right.WRITE_STATEMENTS)
    found = await asked(request, who, of_round, round_findings)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await list_findings(session, who, found)


async def _chosen(
    request: Request, who: Principal, write: Callable[[Work], FindingChoice]
) -> dict[str, Any]:
    return await act_on(request, who, lambda work: shown(write(work)))
