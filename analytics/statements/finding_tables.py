"""Findings of a stage as figures and tables: estimates and counts apart, each with its basis."""

from collections.abc import Iterator, Mapping, Sequence

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
from schemas.checklist import Texts
from schemas.mission import Kind

MAX_CHART_ROWS = 12
"""Rows of a figure: the gravest and most frequent; the table holds all."""
LEAST_DRAWN = 10
"""The fewest answers of a count that is drawn."""


class _Labels:
    """What findings are called in figures and tables: what was seen, by which checklist where two
    asked it, and where it was asked, unless what stands around says so."""

    def __init__(
        self, findings: Sequence[Finding], words: Sentences, titles: Mapping[str, Texts]
    ) -> None:
        self._words, self._titles = words, titles
        asked: dict[str, set[str]] = {}
        for each in findings:
            asked.setdefault(each.indicator, set()).add(each.checklist)
        self._of_several = {code for code, checklists in asked.items() if len(checklists) > 1}

    def of(self, finding: Finding, *, named: bool = True) -> str:
        """The label of one finding; not ``named``: without where it was asked."""
        language = self._words.language
        says, where = finding.says(language), _domain_text(finding.number.domain, self._words)
        label = says[:1].upper() + says[1:]
        if finding.indicator in self._of_several:
            titles = self._titles.get(finding.checklist, {})
            title = titles.get(language) or titles.get("en") or finding.checklist
            label = f"{label} ({title})"
        return f"{label}, {where}" if where and named else label


def numbers_of(
    findings: Sequence[Finding], ledger: Ledger, words: Sentences, titles: Mapping[str, Texts]
) -> Iterator[Block]:
    """The figure of the estimates, the figure of the counts, and one table for each. ``titles`` are
    those of the checklists: what two of them asked is told apart by them."""
    labels = _Labels(findings, words, titles)
    negative = [each for each in findings if each.polarity == "negative"]
    estimates = [each for each in negative if speaks_of_all(each.number)]
    counts = [each for each in negative if not speaks_of_all(each.number)]
    if estimates:
        if any(each.ranked_share is not None for each in estimates):
            yield _figure("intervals", estimates, ledger, words, labels)
        yield _table(estimates, ledger, words, words.word("Of polling stations"), labels)
    for kind in Kind:
        own = [each for each in counts if each.kind is kind]
        if own:
            title = {
                Kind.DOMESTIC: words.word("Counted by citizen observers"),
                Kind.INTERNATIONAL: words.word("Counted by international observers"),
            }[kind]
            drawn = [each for each in own if counted(each.number).of >= LEAST_DRAWN]
            if any(each.ranked_share is not None for each in drawn):
                figure = _figure("squares", drawn, ledger, words, labels)
                yield figure.model_copy(update={"title": f"{title}. {figure.title}"})
            yield _table(own, ledger, words, title, labels)
    unseen = _never_seen(findings)
    if unseen:
        yield _table(unseen, ledger, words, words.word("Never seen"), labels)


def _never_seen(findings: Sequence[Finding]) -> list[Finding]:
    """The good findings of what was seen nowhere, which have no counterpart among the bad."""
    seen = {_counted_as(each) for each in findings if each.polarity == "negative"}
    good = (each for each in findings if each.polarity == "positive")
    return [each for each in good if _counted_as(each) not in seen]


def _counted_as(finding: Finding) -> tuple[str, ...]:
    """What was counted, by whom, and of which part."""
    query = finding.query
    return tuple(str(query.get(name)) for name in ("checklist", "indicator", "kind", "part"))


def _figure(
    picture: str,
    findings: Sequence[Finding],
    ledger: Ledger,
    words: Sentences,
    labels: _Labels,
) -> Figure:
    ranked = [each for each in findings if each.ranked_share is not None]
    shown = sorted(ranked, key=lambda each: -(each.ranked_share or 0.0))[:MAX_CHART_ROWS]
    domains = {_domain_text(each.number.domain, words) for each in shown}
    alone = len(domains) == 1
    rows = tuple(
        FigureRow(
            label=labels.of(each, named=not alone),
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


def _table(
    findings: Sequence[Finding], ledger: Ledger, words: Sentences, title: str, labels: _Labels
) -> Table:
    rows = tuple(
        _table_row(each, ledger, words, labels.of(each)) for each in gravest_first(findings)
    )
    columns = (
        _("Irregularity"),
        _("Figure"),
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


def _table_row(
    finding: Finding, ledger: Ledger, words: Sentences, label: str
) -> tuple[Sentence, ...]:
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
        words.gettext("{phrase}", phrase=ExemptText(text=label, why="wording")),
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
