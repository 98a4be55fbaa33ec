"""Election day: what was found at each stage, by each kind of observers, side by side."""

from collections.abc import Iterator, Sequence

from analytics.numbers import Estimate, Number, Unit, counted
from analytics.observation.coverage import Coverage
from analytics.statements.blocks import (
    Block,
    Bound,
    ExemptText,
    FindingLine,
    FindingList,
    Heading,
    Paragraph,
    Part,
    Sentence,
    Sentences,
    _,
    lowered,
    one_after_another,
)
from analytics.statements.finding_tables import numbers_of
from analytics.statements.findings import (
    Finding,
    gravest_first,
    is_telling,
    share_of,
    speaks_of_all,
    without_folded,
)
from analytics.statements.ledger import Ledger
from analytics.wording import ENOUGH_FOR_ESTIMATE, quantity
from schemas.mission import Kind

STAGES = ("opening", "voting", "closing", "counting", "tabulation")


def election_day(
    findings: Sequence[Finding],
    coverage: Sequence[Coverage],
    ledger: Ledger,
    words: Sentences,
) -> Iterator[Block]:
    """One section a stage, in the day's order; a stage without findings has none.

    ``coverage`` is by checklist; each checklist's line stands in the first stage it speaks of.
    """
    told: set[str] = set()
    for stage in STAGES:
        here = [each for each in findings if each.stage == stage]
        if not here:
            continue
        yield Heading(level=2, text=words.gettext(_TITLES[stage]), section=stage)
        for row in coverage:
            if row.group in {each.checklist for each in here} - told and row.expected:
                told.add(str(row.group))
                yield Paragraph(text=_received(row, ledger, words))
        for kind in Kind:
            told_by = without_folded(each for each in here if each.kind is kind)
            of_kind = _told_once(gravest_first(told_by))
            if of_kind:
                yield FindingList(
                    stage=stage,
                    observers=str(kind),
                    items=tuple(line(each, ledger, words) for each in of_kind),
                )
        yield from numbers_of(stage, here, ledger, words)


_TITLES = {
    "opening": _("Election day: opening"),
    "voting": _("Election day: voting"),
    "closing": _("Election day: closing"),
    "counting": _("Closing and counting"),
    "tabulation": _("Tabulation"),
}


def _told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Without what was rare and not grave, where its positive says the same: tables hold it."""
    right = {
        (each.checklist, each.indicator, each.query.get("part"))
        for each in findings
        if each.polarity == "positive"
    }
    return [
        each
        for each in findings
        if each.polarity == "positive"
        or each.severity >= 3
        or (each.checklist, each.indicator, each.query.get("part")) not in right
    ]


def _received(row: Coverage, ledger: Ledger, words: Sentences) -> Sentence:
    name = f"coverage/{row.group}"
    query = {"measure": "reports received of expected", "checklist": str(row.group)}
    came = ledger.part(name, row.received, row.expected, query, unit="report")
    if not row.missing:
        return words.gettext(
            "Of the checklist “{checklist}”, {came} planned reports came.",
            checklist=str(row.group),
            came=came,
        )
    return words.gettext(
        "Of the checklist “{checklist}”, {came} planned reports came; shown as missing: {missing}.",
        checklist=str(row.group),
        came=came,
        missing=ledger.fact(f"{name}/missing", row.missing, query, unit="report"),
    )


def line(finding: Finding, ledger: Ledger, words: Sentences) -> FindingLine:
    """A finding as a line of its list."""
    return FindingLine(
        finding=finding.code,
        polarity=finding.polarity,
        severity=finding.severity,
        text=sentence(finding, ledger, words),
        standards=finding.standards,
    )


_OBSERVED: dict[Unit, tuple[str, str]] = {
    "station": (
        _("At {number} polling station observed{where}, {phrase}."),
        _("At {number} polling stations observed{where}, {phrase}."),
    ),
    "observation": (
        _("In {number} observation{where}, {phrase}."),
        _("In {number} observations{where}, {phrase}."),
    ),
}
"""A count as a sentence, by its unit: of one, of several."""
_IN_ALL: dict[Unit, tuple[str, str]] = {
    "station": (
        _("At the {n} polling station observed where this could be seen, {phrase}."),
        _("At all {n} polling stations observed where this could be seen, {phrase}."),
    ),
    "observation": (
        _("In the {n} observation in which this could be seen, {phrase}."),
        _("In all {n} observations in which this could be seen, {phrase}."),
    ),
}
_IN_ALL_OF: dict[Unit, tuple[str, str]] = {
    "station": (
        _("At the {n} polling station observed{where} and this could be seen, {phrase}."),
        _("At all {n} polling stations observed{where} and this could be seen, {phrase}."),
    ),
    "observation": (
        _("In the {n} observation{where} and this could be seen, {phrase}."),
        _("In all {n} observations{where} and this could be seen, {phrase}."),
    ),
}
"""The same where it was so in all, everywhere and in a domain."""


def sentence(finding: Finding, ledger: Ledger, words: Sentences) -> Sentence:
    """A finding as a sentence that claims no more than its number: of all, or of observed.

    Its noun is that of the number's unit, and it names the number's domain.
    """
    phrase, number = phrase_of(finding, words), finding.number
    where = where_of(number, words)
    none = finding.polarity == "positive" and share_of(number) >= 1
    if speaks_of_all(number):
        return _of_all(finding, phrase, where, ledger, words, none=none)
    several = counted(number).of != 1
    if none:
        return words.gettext(
            (_IN_ALL_OF if where else _IN_ALL)[number.unit][several],
            n=ledger.answered(finding),
            where=where,
            phrase=phrase,
        )
    return words.gettext(
        _OBSERVED[number.unit][several],
        number=ledger.finding(finding),
        where=where,
        phrase=phrase,
    )


def where_of(number: Number, words: Sentences) -> Part:
    """Where a number's question was asked, to stand behind its noun; nothing where everywhere."""
    if number.domain is None:
        return ""
    said = f" {number.domain.says(words.language)}"
    return ExemptText(text=said, why="wording") if any(map(str.isdigit, said)) else said


_NONE = _(
    "At all {n} polling stations where this was observed, {phrase}; with {level} confidence the "
    "contrary holds at no more than {bound} of polling stations."
)
_NONE_OF = _(
    "At all {n} polling stations{where} and this was observed, {phrase}; with {level} confidence "
    "the contrary holds at no more than {bound} of polling stations{where}."
)


def _of_all(
    finding: Finding, phrase: Part, where: Part, ledger: Ledger, words: Sentences, *, none: bool
) -> Sentence:
    if none:
        return words.gettext(
            _NONE_OF if where else _NONE,
            n=ledger.answered(finding),
            where=where,
            phrase=phrase,
            level=confidence(finding, ledger),
            bound=ledger.bound_of(finding),
        )
    return words.gettext(
        "At {number} of polling stations{where}, {phrase} ({basis}).",
        number=ledger.finding(finding),
        where=where,
        phrase=phrase,
        basis=ledger.basis(finding),
    )


def confidence(finding: Finding, ledger: Ledger) -> Bound:
    """The level of an estimate's interval, bound like any number."""
    level = finding.number.level if isinstance(finding.number, Estimate) else 0.95
    text = f"{100 * level:g}{ledger.style.percent}"
    return ledger.fact("level", level, {"measure": "level of the intervals"}, text=text)


def phrase_of(finding: Finding, words: Sentences) -> Part:
    """The checklist's phrase; a figure in it, such as “30 minutes late”, defines, not counts."""
    says = finding.says(words.language)
    return ExemptText(text=says, why="wording") if any(map(str.isdigit, says)) else says


def opening_words(finding: Finding, ledger: Ledger, words: Sentences) -> Sentence:
    """A negative finding with its quantity word: “At many polling stations, 31% ±3, …”."""
    word = quantity(finding.number)
    phrase = phrase_of(finding, words)
    if word is None or not speaks_of_all(finding.number):
        return sentence(finding, ledger, words)
    template = {
        "isolated": _("In isolated cases, at {number} of polling stations{where}, {phrase}."),
        "some": _("At some polling stations{where}, {number}, {phrase}."),
        "many": _("At many polling stations{where}, {number}, {phrase}."),
        "widespread": _("At a large share of polling stations{where}, {number}, {phrase}."),
    }[word]
    return words.gettext(
        template,
        number=ledger.finding(finding),
        where=where_of(finding.number, words),
        phrase=phrase,
    )


_DURING = {
    "pre_election": _("Before election day"),
    "opening": _("During opening"),
    "voting": _("During voting"),
    "closing": _("During closing"),
    "counting": _("During the count"),
    "tabulation": _("During tabulation"),
}


def conclusions(
    findings: Sequence[Finding], ledger: Ledger, words: Sentences, most: int = 5
) -> tuple[Sentence, Sentence]:
    """What went right, and what fell short: the first few of each, gravest first.

    Nothing that rests on fewer than 30 stations; a count only of what no estimate speaks of.
    """
    enough = [each for each in without_folded(findings) if rests_on_enough(each)]
    right = [
        each for each in enough if each.polarity == "positive" and each.ranked_share is not None
    ]
    wrong = [each for each in enough if each.polarity == "negative" and is_telling(each)]
    return (
        one_after_another(
            *(
                in_its_stage(each, sentence(each, ledger, words), words)
                for each in gravest_first(right)[:most]
            )
        ),
        one_after_another(
            *(
                in_its_stage(each, opening_words(each, ledger, words), words)
                for each in gravest_first(wrong)[:most]
            )
        ),
    )


def rests_on_enough(finding: Finding) -> bool:
    """Whether a finding rests on 30 stations or more."""
    count = counted(finding.number)
    return min(count.stations, count.of) >= ENOUGH_FOR_ESTIMATE


def in_its_stage(finding: Finding, said: Sentence, words: Sentences) -> Sentence:
    """A sentence that stands outside its stage's section, with the stage named."""
    during = _DURING.get(finding.stage)
    if during is None:
        return said
    return words.gettext("{stage}, {said}", stage=words.word(during), said=lowered(said))
