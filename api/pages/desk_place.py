"""Panels of the desk for a held report: place it, or accept it in spite of reasons."""

from typing import Any

from pydantic import ValidationError

from api.pages.desk_panels import OpenItem, Panel, Values, Write, reason_of
from api.pages.forms import Form, Given, plan
from api.pages.page import PageRequest
from api.problems import INVALID, Problem
from api.review.accept_held import AcceptanceIn, acceptance, name_of
from api.review.candidates import Candidate, station_candidates
from api.review.held_reasons import act_for
from api.review.place import PlacementIn, placement
from api.review.queues import desk_of
from schemas.place import PlaceKind
from schemas.words import N_

KINDS = {
    PlaceKind.COUNTING_CENTRE: N_("Counting centre"),
    PlaceKind.TABULATION_CENTRE: N_("Tabulation centre"),
    PlaceKind.COMMISSION: N_("Commission"),
    PlaceKind.AREA: N_("Area"),
    PlaceKind.OTHER: N_("Other place"),
}
CODE_FITS = {
    "same": N_("the same"),
    "swapped": N_("two digits swapped"),
    "one_differs": N_("one digit differs"),
    "one_more": N_("one digit too many"),
    "one_less": N_("one digit missing"),
    "": N_("differs"),
}
NAMED = ("station", "round", "contest", "observer")


async def _places(page: PageRequest, open_item: OpenItem) -> Values:
    assert open_item.report is not None
    async with desk_of(page.request, page.who) as desk:
        found = await station_candidates(
            desk,
            open_item.report,
            open_item.item.place or open_item.item.station or "",
            open_item.shown.get("position"),
        )
    polling = page.facts.polling
    return {
        "candidates": [_candidate(page, open_item, each) for each in found],
        "kinds": [(kind.value, page.say(words)) for kind, words in KINDS.items()],
        "rounds": [(each.code, each.name) for each in page.facts.rounds],
        "contests": [(each.code, each.says(page.language)) for each in polling.contests],
        "wants": {each["field"] for each in open_item.report.reasons},
        "roll": _roll(open_item),
        "sent": open_item.item.place or open_item.item.station or "",
    }


def _roll(open_item: OpenItem) -> int | None:
    """The voters on the roll, where the report says how many."""
    answers = open_item.shown.get("answers", {})
    found = answers.get("registered_voters", answers.get("voters_registered"))
    return found if isinstance(found, int) else None


def _candidate(page: PageRequest, open_item: OpenItem, each: Candidate) -> dict[str, Any]:
    roll, far = _roll(open_item), each.metres
    voters = "–" if each.registered_voters is None else page.style.whole(each.registered_voters)
    if roll is not None and each.registered_voters is not None:
        same = page.say(N_("same")) if roll == each.registered_voters else page.say(N_("differs"))
        voters = page.listed([voters, same])
    return {
        "code": each.code,
        "name": each.name,
        "where": page.listed(
            [each.area, page.say(N_("in the sample"))] if each.sampled else [each.area]
        ),
        "code_fits": page.say(CODE_FITS[each.code_fits]),
        "far": _far(far),
        "voters": voters,
        "planned": page.say(N_("planned here")) if each.planned else page.say(N_("not planned")),
        "received": each.received,
    }


def _far(metres: int | None) -> str:
    if metres is None:
        return "–"
    if metres < 1000:
        return f"{metres} m"
    return f"{metres / 1000:.{1 if metres < 10_000 else 0}f} km"


async def _place(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    given = form.given()
    named: Given = {name: given[name].strip() for name in NAMED if given.get(name, "").strip()}
    more: dict[str, Any] = {"reason": reason_of(given)}
    if given.get("station") == "other" or given.get("typed", "").strip():
        named.pop("station", None)
    if given.get("typed", "").strip():
        named["station"] = given["typed"].strip()
    elif given.get("station") == "elsewhere":
        named.pop("station", None)
        code = given.get("place_code", "").strip()
        place = {"kind": given.get("kind", "")} | ({"code": code} if code else {})
        more["place"] = place | ({} if code else {"text": given.get("place_text", "").strip()})
    asked: PlacementIn = plan(PlacementIn, named, *NAMED, **more)
    return await placement(page.request, page.who, open_item.report_id, asked)


PLACE = Panel(
    name="place",
    title=N_("Place"),
    says=N_("counts at the station chosen"),
    key="W",
    values=_places,
    write=_place,
)


async def _reasons(page: PageRequest, open_item: OpenItem) -> Values:
    assert open_item.report is not None
    found = [(each, act_for(each)) for each in open_item.report.reasons]
    return {
        "reasons": [
            {
                "name": name_of(each),
                "words": page.say(act.words),
                "act": page.say(act.act),
                "must": act.must,
            }
            for each, act in found
        ],
        "able": any(not act.must for _, act in found),
    }


async def _accept(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    try:
        asked = AcceptanceIn(reasons=form.texts("accept"), reason=reason_of(form.given()))
    except ValidationError:
        raise Problem(INVALID, page.say(N_("Choose the reasons to accept.")), "accept") from None
    return await acceptance(page.request, page.who, open_item.report_id, asked)


ACCEPT = Panel(
    name="accept",
    title=N_("Accept in spite of"),
    says=N_("reasons that may be accepted"),
    key="D",
    values=_reasons,
    write=_accept,
)
