"""The acts on the page of a statement's release, each from what its form holds."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.audit.unit_of_work import act_async, act_on
from api.pages.forms import Given, plan
from api.pages.layout import address_of
from api.pages.page import PageRequest
from api.problems import INVALID, Problem
from api.statements.correcting import CorrectionIn, draft_correction
from api.statements.issue import (
    CopyLogged,
    EmbargoSet,
    LanguagesSet,
    PlaceSet,
    log_copy,
    set_embargo,
    set_languages,
    set_place,
)
from api.statements.lint_reasons import ReasonIn, keep_reason
from api.statements.reading_marks import TextRead, mark_read
from api.statements.release import (
    Approval,
    ReviewAsked,
    approve,
    ask_review,
    release,
    withdraw_review,
)
from schemas.words import LANGUAGES

Step = Callable[[PageRequest, Given, UUID], Awaitable[str | None]]
"""A step; it may name the address that it leads to."""
EFFECT = "effect:"
READ = "read:"
LANGUAGE = "language:"


async def _review(page: PageRequest, given: Given, identity: UUID) -> None:
    wanted = ReviewAsked(joint=bool(given.get("joint")))
    await act_async(
        page.request, page.who, lambda work: ask_review(work, page.who, identity, wanted)
    )


async def _withdrawal(page: PageRequest, given: Given, identity: UUID) -> None:
    await act_async(page.request, page.who, lambda work: withdraw_review(work, page.who, identity))


async def _approval(page: PageRequest, given: Given, identity: UUID) -> None:
    read = [name.removeprefix(READ) for name in given if name.startswith(READ)]
    approval = Approval(read=read)
    await act_async(
        page.request, page.who, lambda work: approve(work, page.who, identity, approval)
    )


async def _embargo(page: PageRequest, given: Given, identity: UUID) -> None:
    zone = given.get("zone", "").strip() or page.facts.polling.zone
    wanted = EmbargoSet(until=_moment(given.get("until", ""), zone, "until"), zone=zone)
    await act_async(
        page.request, page.who, lambda work: set_embargo(work, page.who, identity, wanted)
    )


async def _release(page: PageRequest, given: Given, identity: UUID) -> None:
    public = address_of(page.request)
    await act_async(
        page.request,
        page.who,
        lambda work: release(work, page.who, identity, CopyLogged(), public),
    )


async def _copy(page: PageRequest, given: Given, identity: UUID) -> None:
    zone = page.facts.polling.zone
    copied = plan(
        CopyLogged,
        given,
        "authority",
        "copied_how",
        copied_at=_moment(given.get("copied_at", ""), zone, "copied_at"),
    )
    await act_async(page.request, page.who, lambda work: log_copy(work, page.who, identity, copied))


async def _place(page: PageRequest, given: Given, identity: UUID) -> None:
    place = plan(PlaceSet, given, "place")
    await act_async(page.request, page.who, lambda work: set_place(work, page.who, identity, place))


async def _languages(page: PageRequest, given: Given, identity: UUID) -> None:
    ticked = [name.removeprefix(LANGUAGE) for name in given if name.startswith(LANGUAGE)]
    wanted = LanguagesSet(languages=[given.get("reference", ""), *ticked])
    await act_async(
        page.request, page.who, lambda work: set_languages(work, page.who, identity, wanted)
    )


async def _reading(page: PageRequest, given: Given, identity: UUID) -> None:
    read = plan(TextRead, given, "language")
    await act_async(page.request, page.who, lambda work: mark_read(work, page.who, identity, read))


async def _reason(page: PageRequest, given: Given, identity: UUID) -> None:
    rule = given.get("rule", "")
    kept = plan(ReasonIn, given, "block", reason=given.get("reason", ""))
    await act_on(
        page.request, page.who, lambda work: keep_reason(work, page.who, identity, rule, kept)
    )


async def _correction(page: PageRequest, given: Given, identity: UUID) -> str:
    items = [
        {
            "number_id": name.removeprefix(EFFECT),
            "effect": effect,
            "words": _in_languages(given, "words", name.removeprefix(EFFECT)),
        }
        for name, effect in given.items()
        if name.startswith(EFFECT) and effect
    ]
    if not items:
        why = "Choose the effect on the sentence for one number at least."
        raise Problem(INVALID, why, "items")
    wanted = plan(CorrectionIn, given, cause=_in_languages(given, "cause"), items=items)
    made = await act_async(
        page.request,
        page.who,
        lambda work: draft_correction(work, page.figures, page.who, identity, wanted),
    )
    return f"{page.base}/statements/{made['id']}/edit"


def _in_languages(given: Given, name: str, of: str = "") -> dict[str, str]:
    """The texts of a field that is given by language."""
    texts = {each: given.get(f"{name}:{each}:{of}", "") for each in LANGUAGES}
    return {each: text for each, text in texts.items() if text.strip()}


STEPS: Mapping[str, Step] = {
    "place": _place,
    "languages": _languages,
    "review": _review,
    "withdrawal": _withdrawal,
    "reading": _reading,
    "approval": _approval,
    "embargo": _embargo,
    "authority": _copy,
    "publication": _release,
    "reason": _reason,
    "correction": _correction,
}


def _moment(typed: str, zone: str, field: str) -> datetime | None:
    """A moment as a field gives it, in a zone; None where nothing is typed. Problem: 422."""
    if not typed.strip():
        return None
    try:
        at = datetime.fromisoformat(typed.strip())
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError, OSError, KeyError):
        raise Problem(INVALID, "A date and time, and a time zone, are needed.", field) from None
