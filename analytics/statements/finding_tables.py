"""Findings of a stage as figures and tables: estimates and counts apart, each with its basis."""

from collections.abc import Iterator, Sequence

from analytics.numbers import Domain, Estimate, Number, counted
from analytics.statements.blocks import (
    Block,
    Bound,
    ExemptText,
    Figure,
    FigureRow,
    PlainText,
    Sentence,
    Sentences,
    Table,
    _,
)
from analytics.statements.findings import Finding, gravest_first, speaks_of_all
from analytics.statements.ledger import Ledger
from analytics.wording import noun
from schemas.mission import Kind

MAX_CHART_ROWS = 12
"""Rows of a figure: the gravest and most frequent; the table holds all."""


def numbers_of(
    stage: str, findings: Sequence[Finding], ledger: Ledger, words: Sentences
) -> Iterator[Block]:
    """The figure of the estimates, the figure of the counts, and one table for each."""
    negative = [each for each in findings if each.polarity == "negative"]
    estimates = [each for each in negative if speaks_of_all(each.number)]
    counts = [each for each in negative if not speaks_of_all(each.number)]
    if estimates:
        if any(each.ranked_share is not None for each in estimates):
            yield _figure("intervals", estimates, ledger, words)
        yield _table(estimates, ledger, words, words.word("Of polling stations"))
    for kind in Kind:
        own = [each for each in counts if each.kind is kind]
        if own:
            if any(each.ranked_share is not None for each in own):
                yield _figure("squares", own, ledger, words)
            title = {
                Kind.DOMESTIC: words.word("Counted by citizen observers"),
                Kind.INTERNATIONAL: words.word("Counted by international observers"),
            }[kind]
            yield _table(own, ledger, words, title)
    unseen = _never_seen(findings)
    if unseen:
        yield _table(unseen, ledger, words, words.word("Never seen"))


def _never_seen(findings: Sequence[Finding]) -> list[Finding]:
    """The good findings of what was seen nowhere, which have no counterpart among the bad."""
    seen = {_counted_as(each) for each in findings if each.polarity == "negative"}
    good = (each for each in findings if each.polarity == "positive")
    return [each for each in good if _counted_as(each) not in seen]


def _counted_as(finding: Finding) -> tuple[str, ...]:
    """What was counted, by whom, and of which part."""
    query = finding.query
    return tuple(str(query.get(name)) for name in ("checklist", "indicator", "kind", "part"))


def _figure(picture: str, findings: Sequence[Finding], ledger: Ledger, words: Sentences) -> Figure:
    ranked = [each for each in findings if each.ranked_share is not None]
    shown = sorted(ranked, key=lambda each: -(each.ranked_share or 0.0))[:MAX_CHART_ROWS]
    domains = {_domain_text(each.number.domain, words) for each in shown}
    alone = len(domains) == 1
    rows = tuple(
        FigureRow(
            label=_label(each, words, named=not alone),
            number_id=ledger.finding(each).number_id,
        )
        for each in shown
    )
    title = words.word("Seen most often: {what}").replace("{what}", rows[0].label)
    common = domains.pop() if alone else ""
    if common:
        title = f"{title} ({common})"
    said = "; ".join(f"{r.label}: {ledger.numbers[r.number_id]['text']}" for r in rows)
    return Figure(
        picture="intervals" if picture == "intervals" else "squares",
        title=title,
        alternative=said,
        rows=rows,
    )


def _domain_text(domain: Domain | None, words: Sentences) -> str:
    return "" if domain is None else domain.says(words.language)


def _label(finding: Finding, words: Sentences, *, named: bool = True) -> str:
    """What was seen, and where it was asked, unless what stands around says so."""
    says, where = finding.says(words.language), _domain_text(finding.number.domain, words)
    label = says[:1].upper() + says[1:]
    return f"{label}, {where}" if where and named else label


def _table(findings: Sequence[Finding], ledger: Ledger, words: Sentences, title: str) -> Table:
    rows = tuple(_table_row(each, ledger, words) for each in gravest_first(findings))
    columns = (
        _("Irregularity"),
        _("Number"),
        _("Seen at"),
        _("In the other unit"),
        _("Missing"),
        _("Not asked"),
        _("Not observed"),
        _("Not answered"),
        _("Told"),
        _("Standards"),
    )
    return Table(
        title=title,
        columns=tuple(words.word(each) for each in columns),
        rows=rows,
        groups="indicators",
        note=words.word(
            "Missing counts sampled stations from which no report came. Not asked, not observed, "
            "not answered and told are counted in the unit of the number."
        ),
    )


def _table_row(finding: Finding, ledger: Ledger, words: Sentences) -> tuple[Sentence, ...]:
    number = ledger.finding(finding)
    beside = [
        ledger.fact(
            f"{finding.code}/{name}",
            int(finding.query[name]),
            {"measure": name, "finding": finding.code},
            letter="B",
            unit=finding.number.unit,
        )
        for name in ("missing", "not_asked", "not_observed", "unanswered", "told")
    ]
    return (
        words.gettext("{phrase}", phrase=ExemptText(text=_label(finding, words), why="wording")),
        _with_bound(finding, number, ledger, words),
        _with_noun(ledger.basis(finding), finding.number, words),
        _with_noun(ledger.otherwise(finding), finding.other, words),
        *((each,) for each in beside),
        (PlainText(text=", ".join(finding.standards)),),
    )


def _with_bound(finding: Finding, number: Bound, ledger: Ledger, words: Sentences) -> Sentence:
    """A number; of what was seen at no station drawn, also at how many it can be at most."""
    if not isinstance(finding.number, Estimate) or finding.number.value < 1:
        return (number,)
    if finding.polarity == "negative":
        return (number,)
    return words.gettext(
        "{number}; the contrary at no more than {bound}",
        number=number,
        bound=ledger.bound_of(finding),
    )


def _with_noun(bound: Bound, number: Number, words: Sentences) -> Sentence:
    """A number with the noun of its unit."""
    return (bound, PlainText(text=f" {words.word(noun(number.unit, counted(number).of))}"))
