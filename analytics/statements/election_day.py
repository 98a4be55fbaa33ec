"""Election day: what was found at each stage, by each kind of observers, side by side."""

from collections.abc import Iterator, Sequence

from analytics.numbers import Estimate
from analytics.observation.coverage import Coverage
from analytics.statements.blocks import (
    Block,
    Bound,
    ExemptText,
    Figure,
    FigureRow,
    FindingLine,
    FindingList,
    Heading,
    Paragraph,
    Part,
    PlainText,
    Sentence,
    Sentences,
    Table,
    _,
    lowered,
    one_after_another,
)
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
MAX_CHART_ROWS = 12
"""Rows of a figure: the gravest and most frequent; the table holds all."""


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
        yield from _numbers_of(stage, here, ledger, words)


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
    came = ledger.part(name, row.received, row.expected, query)
    if not row.missing:
        return words.gettext(
            "Reports with the checklist “{checklist}” came from all {came} planned visits.",
            checklist=str(row.group),
            came=came,
        )
    return words.gettext(
        "Reports with the checklist “{checklist}” came from {came} planned visits; {missing} did "
        "not come, and are shown as missing.",
        checklist=str(row.group),
        came=came,
        missing=ledger.fact(f"{name}/missing", row.missing, query),
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


def sentence(finding: Finding, ledger: Ledger, words: Sentences) -> Sentence:
    """A finding as a sentence that claims no more than its number: of all, or of observed."""
    phrase = phrase_of(finding, words)
    none = finding.polarity == "positive" and share_of(finding.number) >= 1
    if speaks_of_all(finding.number):
        return _of_all(finding, phrase, ledger, words, none=none)
    number = ledger.finding(finding)
    if none:
        return words.gettext(
            "At all {n} polling stations observed where this could be seen, {phrase}.",
            n=ledger.answered(finding),
            phrase=phrase,
        )
    if finding.number.unit == "observation":
        return words.gettext("In {number} observations, {phrase}.", number=number, phrase=phrase)
    return words.gettext(
        "At {number} polling stations observed, {phrase}.", number=number, phrase=phrase
    )


def _of_all(
    finding: Finding, phrase: Part, ledger: Ledger, words: Sentences, *, none: bool
) -> Sentence:
    if none:
        return words.gettext(
            "At all {n} polling stations where this was observed, {phrase}; with "
            "{level} confidence the contrary holds at no more than {bound} of polling stations.",
            n=ledger.answered(finding),
            phrase=phrase,
            level=confidence(finding, ledger),
            bound=ledger.bound_of(finding),
        )
    return words.gettext(
        "At {number} of polling stations, {phrase} ({basis}).",
        number=ledger.finding(finding),
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
        "isolated": _("In isolated cases, at {number} of polling stations, {phrase}."),
        "some": _("At some polling stations, {number}, {phrase}."),
        "many": _("At many polling stations, {number}, {phrase}."),
        "widespread": _("At a large share of polling stations, {number}, {phrase}."),
    }[word]
    return words.gettext(template, number=ledger.finding(finding), phrase=phrase)


def _numbers_of(
    stage: str, findings: Sequence[Finding], ledger: Ledger, words: Sentences
) -> Iterator[Block]:
    """The figure of the estimates, the figure of the counts, and one table for each."""
    negative = [each for each in findings if each.polarity == "negative"]
    estimates = [each for each in negative if speaks_of_all(each.number)]
    counts = [each for each in negative if not speaks_of_all(each.number)]
    if estimates:
        yield _figure("intervals", estimates, ledger, words)
        yield _table(estimates, ledger, words, words.word("Of polling stations"))
    for kind in Kind:
        counted = [each for each in counts if each.kind is kind]
        if counted:
            yield _figure("squares", counted, ledger, words)
            title = {
                Kind.DOMESTIC: words.word("Counted by domestic observers"),
                Kind.INTERNATIONAL: words.word("Counted by international observers"),
            }[kind]
            yield _table(counted, ledger, words, title)


def _figure(picture: str, findings: Sequence[Finding], ledger: Ledger, words: Sentences) -> Figure:
    shown = sorted(findings, key=lambda each: -share_of(each.number))[:MAX_CHART_ROWS]
    rows = tuple(
        FigureRow(label=_label(each, words), number_id=ledger.finding(each).number_id)
        for each in shown
    )
    first = rows[0].label
    title = words.word("Seen most often: {what}").replace("{what}", first)
    said = "; ".join(f"{r.label}: {ledger.numbers[r.number_id]['text']}" for r in rows)
    return Figure(
        picture="intervals" if picture == "intervals" else "squares",
        title=title,
        alternative=said,
        rows=rows,
    )


def _label(finding: Finding, words: Sentences) -> str:
    says = finding.says(words.language)
    return says[:1].upper() + says[1:]


def _table(findings: Sequence[Finding], ledger: Ledger, words: Sentences, title: str) -> Table:
    rows = tuple(_table_row(each, ledger, words) for each in gravest_first(findings))
    columns = (
        _("Irregularity"),
        _("Number"),
        _("Seen at"),
        _("Missing"),
        _("Told"),
        _("Not observed"),
        _("Standards"),
    )
    return Table(
        title=title,
        columns=tuple(words.word(each) for each in columns),
        rows=rows,
        groups="indicators",
        note=words.word("Missing counts sampled stations without an answer."),
    )


def _table_row(finding: Finding, ledger: Ledger, words: Sentences) -> tuple[Sentence, ...]:
    number = ledger.finding(finding)
    beside = [
        ledger.fact(
            f"{finding.code}/{name}",
            int(finding.query[name]),
            {"measure": name, "finding": finding.code},
            letter="B",
        )
        for name in ("missing", "told", "not_observed")
    ]
    return (
        words.gettext("{phrase}", phrase=ExemptText(text=_label(finding, words), why="wording")),
        (number,),
        (ledger.basis(finding),),
        *((each,) for each in beside),
        (PlainText(text=", ".join(finding.standards)),),
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
    right = [each for each in enough if each.polarity == "positive"]
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
    number = finding.number
    stations = number.n if isinstance(number, Estimate) else min(number.stations, number.of)
    return stations >= ENOUGH_FOR_ESTIMATE


def in_its_stage(finding: Finding, said: Sentence, words: Sentences) -> Sentence:
    """A sentence that stands outside its stage's section, with the stage named."""
    during = _DURING.get(finding.stage)
    if during is None:
        return said
    return words.gettext("{stage}, {said}", stage=words.word(during), said=lowered(said))
