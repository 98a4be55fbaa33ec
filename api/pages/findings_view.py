"""The findings page as it is shown: filter, groups, the open finding, order and annex."""

from typing import Any
from urllib.parse import quote, urlencode

from fastapi.responses import Response

from analytics.wording import say
from api.pages.findings_added import addition_rows, origins
from api.pages.findings_shown import (
    SIGNIFICANCES,
    FindingFilter,
    annex_rows,
    finding_rows,
    groups,
    numbers_in_text,
    ordered,
)
from api.pages.forms import Given
from api.pages.page import PageRequest
from api.pages.statements import session_of
from api.problems import Problem
from api.registers.reading import standards_named
from api.statements.finding_list import (
    ListedFinding,
    RoundFindings,
    list_findings,
    round_findings,
)
from schemas.rights import Right
from schemas.words import LANGUAGES, N_

CHANGED_MEANWHILE = N_(
    "{by} changed this meanwhile. Below is what stands now; yours is beneath it."
)


async def findings_page(
    page: PageRequest, given: Given | None = None, problem: Problem | None = None
) -> Response:
    """The page; after a refusal with the finding open that it was of, and what was typed."""
    typed, given = given is not None, given or {}
    asked = given if typed else dict(page.request.query_params)
    found: RoundFindings = await page.ask(round_findings)
    async with session_of(page) as session:
        whole = await list_findings(session, page.who, found)
        every, added = list(whole.listed), list(whole.added)
        ids = [each for one in every for each in one.finding.standards]
        ids += [each for one in added for each in one.finding.standards]
        named = await standards_named(session, page.who.mission_id, ids, page.language)
    wanted, standards = FindingFilter.of(asked), {each.id: each for each in named}
    shown = ordered((each for each in every if wanted.holds(page, each)), wanted.order)
    rows = finding_rows(page, every, whole.printed, found.titles)
    more = addition_rows(page, added, whole.printed)
    sections = groups(page, shown, every, wanted.by, standards)
    codes = [code for each in sections for code in (*each["first"], *each["rest"])]
    opened = asked.get("code" if typed else "open", "")
    stands = whole.counts
    response = page.show(
        "findings.html",
        "findings",
        counts=stands,
        proposed=whole.numbers_proposed,
        always_said=whole.always_said,
        chosen=stands["chosen"] + stands["merged"],
        numbers=numbers_in_text((*every, *added), page.language),
        no_reason=[each["code"] for each in rows.values() if each["needs_reason"]],
        wanted=wanted,
        address=lambda **other: f"{page.base}/findings{_query(wanted, **other)}",
        sections=sections,
        rows=rows,
        open=_opened(page, every, rows, opened, given, codes),
        problem=_refusal(page, problem),
        did=_did("" if typed else asked.get("did", ""), rows | more),
        order=[(rows | more)[code] for code in whole.order if code in rows or code in more],
        added=[each for each in more.values() if wanted.show in ("all", each["shown_with"])],
        origins=origins(page, found.cases),
        annex=annex_rows(page, every),
        standards=standards,
        significances=[(str(key), page.say(word)) for key, word in SIGNIFICANCES.items()],
        printed=dict(whole.printed)
        | {each.code: say(each.finding.number, style=page.style).text for each in every},
        may_write=page.who.may(Right.WRITE_STATEMENTS),
        reports=page.facts.reports,
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _query(wanted: FindingFilter, **other: str) -> str:
    """The query of an address; ``open`` names the finding to open."""
    opened = {"open": other.pop("open")} if "open" in other else {}
    query = urlencode(wanted.query(**other) | opened, quote_via=quote)
    return (f"?{query}" if query else "") + ("#open" if opened else "")


def _refusal(page: PageRequest, problem: Problem | None) -> dict[str, Any] | None:
    if problem is None:
        return None
    newer = problem.more.get("choice") or {}
    text = problem.detail or problem.kind.title
    if newer:
        text = page.say(CHANGED_MEANWHILE).format(by=newer.get("changed_by") or "–")
    return {"text": page.say(text), "newer": newer}


def _opened(
    page: PageRequest,
    every: list[ListedFinding],
    rows: dict[str, dict[str, Any]],
    code: str,
    given: Given,
    codes: list[str],
) -> dict[str, Any] | None:
    """The finding that is open: its fields as typed, else as they stand, else as suggested."""
    listed = next((each for each in every if each.code == code), None)
    if listed is None:
        return None
    at = codes.index(code) if code in codes else -1
    choice, typed = listed.choice, bool(given) and "keeps" not in given
    languages = page.facts.mission.languages or ["en"]
    first = page.language if page.language in languages else languages[0]
    kept = dict(choice.words) if choice else {}
    suggested = f"{rows[code]['phrase']}: {{finding:{code}}} {rows[code]['unit']}."
    words = {
        each: given.get(f"words-{each}", kept.get(each, "")) if typed else kept.get(each, "")
        for each in (first, *(one for one in languages if one != first))
    }
    return {
        "code": code,
        "first": first,
        "words": words,
        "names": {each: LANGUAGES.get(each, each) for each in words},
        "suggested": suggested,
        "chosen": given.get("chosen") == "yes"
        if typed
        else (choice.chosen if choice else listed.stands == "to_review"),
        "significance": given.get("significance")
        if typed
        else (choice.significance if choice else listed.suggestion.significance),
        "reason": given.get("reason", "") if typed else (choice.reason if choice else ""),
        "version": choice.version if choice else 0,
        "next": codes[at + 1] if 0 <= at < len(codes) - 1 else "",
        "previous": codes[at - 1] if at > 0 else "",
        "review": _next_to_review(every, codes, code),
        "with": [
            (each.code, rows[each.code]["phrase"], rows[each.code]["short"])
            for each in every
            if _may_merge(listed, each)
        ],
    }


def _next_to_review(every: list[ListedFinding], codes: list[str], code: str) -> str:
    waiting = {each.code for each in every if each.stands == "to_review"} - {code}
    behind = codes[codes.index(code) + 1 :] if code in codes else []
    return next((each for each in (*behind, *codes) if each in waiting), "")


def _may_merge(head: ListedFinding, other: ListedFinding) -> bool:
    one, two = head.finding, other.finding
    free = not other.merged_into and not (other.choice and other.choice.merged)
    alike = (one.kind, one.stage, one.polarity) == (two.kind, two.stage, two.polarity)
    return free and alike and one.code != two.code


def _did(text: str, rows: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """The act that may be taken back: the version it made, and of which finding."""
    version, _, code = text.partition("~")
    if code not in rows or not version.isdigit() or rows[code]["version"] != int(version):
        return None
    row = rows[code]
    of = {"phrase": row["phrase"], "chosen": row["chosen"]}
    return {"code": code, "version": version, **of}
