"""A finding as the findings page shows it: its sentence with numbers in place, basis, choice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from analytics.numbers import counted
from analytics.statements.findings import Finding, share_of, speaks_of_all
from analytics.statements.ledger import from_data
from analytics.wording import WordedNumber, say
from api.pages.page import PageRequest
from api.pages.rows import STAGES
from api.statements.finding_list import (
    LEFT_OUT,
    ListedAddition,
    ListedFinding,
    annex_by_reason,
)
from api.statements.references import referred, replaced
from schemas.checklist import Texts
from schemas.choice import Significance
from schemas.standards import Standard
from schemas.standards.short_names import short_names
from schemas.words import N_

SIGNIFICANCES = {
    Significance.SIGNIFICANT: N_("Significant"),
    Significance.PATTERN: N_("Pattern"),
    Significance.LIMITED: N_("Limited"),
    Significance.ISOLATED: N_("Isolated"),
}
"""What a person says of a negative finding, in the order of the keys 1 to 4."""
LEFT_OUT_WORDS = N_("left out by a person, with a reason")
NO_STANDARD = N_("No standard named")


@dataclass(frozen=True)
class FindingFilter:
    """What of the findings is shown: which, grouped and ordered by what, that hold a text."""

    show: str = "all"
    by: str = "stage"
    order: str = "worst"
    find: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "FindingFilter":
        """As the address asks; what is not known is as it is without."""
        one = {
            "show": ("all", "chosen", "to_review", "annex"),
            "by": ("stage", "standard"),
            "order": ("worst", "frequent"),
        }
        given = {name: asked[name] for name, known in one.items() if asked.get(name) in known}
        return cls(**given, find=asked.get("find", "").strip()[:200])

    def query(self, **other: str) -> dict[str, str]:
        """The parts of an address that show the same, but for what is given."""
        own = {"show": self.show, "by": self.by, "order": self.order, "find": self.find} | other
        plain = {"show": "all", "by": "stage", "order": "worst", "find": ""}
        return {name: value for name, value in own.items() if value != plain.get(name)}

    def holds(self, page: PageRequest, each: ListedFinding) -> bool:
        """Whether a finding is among those shown."""
        stands = "chosen" if each.stands == "merged" else each.stands
        if self.show != "all" and stands != self.show:
            return False
        finding = each.finding
        spoken = f"{finding.code} {finding.says(page.language)} {' '.join(finding.standards)}"
        return self.find.casefold() in spoken.casefold()


def finding_rows(
    page: PageRequest,
    every: Sequence[ListedFinding],
    sources: Mapping[str, str],
    titles: Mapping[str, Texts],
) -> dict[str, dict[str, Any]]:
    """Each finding as a row, by code. ``sources`` is what figures of sources print, ``titles`` are
    those of the checklists."""
    numbers = {each.code: say(each.finding.number, style=page.style) for each in every}
    known = {each.code: each for each in every}
    printed = {**sources, **{code: said.text for code, said in numbers.items()}}
    rows = {each.code: _row(page, each, known, numbers, printed) for each in every}
    for each in every:
        title = titles.get(each.finding.checklist, {})
        rows[each.code]["checklist"] = title.get(page.language) or title.get("en", "")
    return rows


def _row(
    page: PageRequest,
    each: ListedFinding,
    known: Mapping[str, ListedFinding],
    numbers: Mapping[str, WordedNumber],
    printed: Mapping[str, str],
) -> dict[str, Any]:
    finding, choice = each.finding, each.choice
    merged = [known[code] for code in (choice.merged if choice else ()) if code in known]
    said = numbers[each.code]
    words = (choice.words if choice else {}).get(page.language, "")
    return {
        "code": each.code,
        "short": finding.indicator,
        "severity": finding.severity,
        "positive": finding.polarity == "positive",
        "phrase": sentence_start(finding.says(page.language)),
        "said": said,
        "unit": page.say(said.unit),
        "parts": worded(words, printed) if words else [],
        "also": [(sentence_start(one.finding.says(page.language)), numbers[one.code],
                  page.say(numbers[one.code].unit)) for one in merged],
        "merged": [one.finding.indicator for one in merged],
        "merged_into": known[each.merged_into].finding.indicator
        if each.merged_into in known else "",
        "by": each.by,
        "basis": _basis(page, finding),
        "missing": page.style.whole(finding.missing) if finding.missing else "",
        "kind": page.say(str(finding.kind).capitalize()),
        "is_estimate": said.kind == "estimate",
        "domain": finding.number.domain.says(page.language) if finding.number.domain else "",
        "standards": named_standards(page, finding.standards),
        "stands": each.stands,
        "chosen": each.stands in ("chosen", "merged"),
        "significance": _significance(page, each),
        "moved": _moved(page, each, said),
        "suggestion": _suggestion(page, each),
        "proposal": page.say(each.proposal.basis),
        "needs_reason": bool(choice and choice.chosen and not choice.reason),
        "version": choice.version if choice else 0,
        "reports": f"reports?checklist={finding.checklist}&indicator={finding.indicator}"
        f"&kind={finding.kind}&part={finding.query.get('part', '')}",
        "behind": page.style.whole(int(finding.query.get("irregular", 0))),
    }  # fmt: skip


def _basis(page: PageRequest, finding: Finding) -> str:
    count = counted(finding.number)
    return f"{page.style.whole(count.seen)} {page.style.of} {page.style.whole(count.of)}"


def sentence_start(text: str) -> str:
    """A phrase as a sentence begins."""
    return text[:1].upper() + text[1:]


def worded(words: str, printed: Mapping[str, str]) -> list[tuple[bool, str]]:
    """A wording in parts, its references as what they print now."""

    def written(kind: str, name: str) -> str:
        return printed.get(name, f"{{{kind}:{name}}}")

    return replaced(words, written)


def _significance(page: PageRequest, each: ListedFinding) -> str:
    if each.finding.polarity == "positive" and each.stands == "chosen":
        return page.say("Positive")
    if each.choice is None or each.choice.significance is None:
        return ""
    return page.say(SIGNIFICANCES[Significance(each.choice.significance)])


def _moved(page: PageRequest, each: ListedFinding, said: WordedNumber) -> tuple[str, str] | None:
    """The number as it was when this was chosen, and as it is now, where they print otherwise."""
    if each.choice is None or not each.choice.number or each.stands != "chosen":
        return None
    was = say(from_data(each.choice.number), style=page.style)
    return None if was.text == said.text else (was.text, said.text)


def _suggestion(page: PageRequest, each: ListedFinding) -> tuple[str, str]:
    """What significance is suggested, and on what basis."""
    suggested = each.suggestion.significance
    name = page.say(SIGNIFICANCES[Significance(suggested)]) if suggested else ""
    return name, page.say(each.suggestion.basis)


def ordered(every: Iterable[ListedFinding], order: str) -> list[ListedFinding]:
    """Estimates as they are listed, the worst first, or the most frequent first; then counts by
    themselves: never in one ranking (O4)."""
    found = list(every)
    if order == "frequent":
        found.sort(
            key=lambda each: (each.finding.polarity == "positive", -share_of(each.finding.number))
        )
    return sorted(found, key=lambda each: not speaks_of_all(each.finding.number))


def groups(
    page: PageRequest,
    shown: Sequence[ListedFinding],
    every: Sequence[ListedFinding],
    by: str,
    standards: Mapping[str, Standard],
) -> list[dict[str, Any]]:
    """Findings under their stage or first standard: those in the text or to be reviewed, and the
    rest, each group with how many of it are chosen."""

    def name(each: ListedFinding) -> str:
        return each.finding.stage if by == "stage" else next(iter(each.finding.standards), "")

    def place(key: str) -> tuple[int, str]:
        return (STAGES.index(key) if key in STAGES else len(STAGES), key)

    found = []
    in_order = sorted(shown, key=lambda each: place(name(each)))
    for key, some in groupby(in_order, key=name):
        own = list(some)
        whole = [each for each in every if name(each) == key]
        found.append(
            {
                "title": _title(page, key, by, standards),
                "chosen": sum(each.stands in ("chosen", "merged") for each in whole),
                "all": len(whole),
                "first": [each.code for each in own if _is_first(each)],
                "rest": [each.code for each in own if not _is_first(each)],
                "labels": _labels(page, own),
            }
        )
    return found


ESTIMATES = N_("Estimates for all polling stations")
COUNTS = N_("Counts of what was observed")


def _labels(page: PageRequest, own: Sequence[ListedFinding]) -> dict[str, str]:
    """What stands over the first estimate and over the first count, of those shown at once and of
    the rest, where a group has both; by the code of the finding."""
    labels: dict[str, str] = {}
    for first in (True, False):
        part = [each for each in own if _is_first(each) is first]
        sorts = {speaks_of_all(each.finding.number): each.code for each in reversed(part)}
        if len(sorts) > 1:
            labels |= {sorts[True]: page.say(ESTIMATES), sorts[False]: page.say(COUNTS)}
    return labels


def _is_first(each: ListedFinding) -> bool:
    return each.stands != "annex" or each.left_out or each.finding.severity >= 3


def _title(page: PageRequest, key: str, by: str, standards: Mapping[str, Standard]) -> str:
    if by == "stage":
        return page.say(key.replace("_", " ").capitalize())
    if key in standards:
        return standard_name(page, key) or standards[key].says
    return key or page.say(NO_STANDARD)


def standard_name(page: PageRequest, code: str) -> str:
    """A standard's short name as a sentence begins; nothing where it has none."""
    return next((sentence_start(each.name) for each in short_names([code], page.language)), "")


def named_standards(page: PageRequest, codes: Sequence[str]) -> list[tuple[str, str]]:
    """At most two standards of different names, each with its short name, or its code where it has
    none."""
    names = {standard_name(page, code) or code: code for code in reversed(codes)}
    return [(code, name) for name, code in reversed(names.items())][:2]


def annex_rows(page: PageRequest, every: Sequence[ListedFinding]) -> list[tuple[int, str]]:
    """How many go to the annex, and why."""
    return [
        (many, page.say(LEFT_OUT_WORDS if reason == LEFT_OUT else reason))
        for reason, many in annex_by_reason(every).items()
    ]


def numbers_in_text(every: Iterable[ListedFinding | ListedAddition], language: str) -> int:
    """How many numbers the chosen findings bring: as referred to in their wording, else one each
    for the finding and what it is merged with."""
    total = 0
    for each in every:
        if each.stands == "chosen" and each.choice is not None:
            own = each.finding.words if isinstance(each, ListedAddition) else {}
            words = each.choice.words.get(language) or own.get(language, "")
            total += len(set(referred(words))) if words else 1 + len(each.choice.merged)
    return total
