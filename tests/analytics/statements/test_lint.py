"""Each rule of the lint, with a statement that breaks it and one that does not."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.numbers import Estimate, ObservedCount
from analytics.statements import Snapshot, freeze, lint_statement
from analytics.statements.blocks import (
    Block,
    Bound,
    Disclaimer,
    ExemptText,
    Figure,
    FigureRow,
    FindingLine,
    FindingList,
    Paragraph,
    PlainText,
    Sentence,
    Table,
)
from analytics.statements.ledger import Ledger
from analytics.survey.difference_tests import NotCompared, compare
from schemas.mission import Scope
from schemas.statement import StatementKind

EARLY = Disclaimer(about="before_completion", text=(PlainText(text="It comes before the end."),))


def words(text: str) -> PlainText:
    return PlainText(text=text)


def bound(text: str, measure: str = "estimate", **query: Any) -> Bound:
    return Bound(
        number_id="a", mark="F1", text=text, value=text.split()[0], measure=measure, query=query
    )


def codes(*blocks: Block, **options: Any) -> list[str]:
    return [problem.code for problem in lint_statement([EARLY, *blocks], **options)]


def saying(*pieces: PlainText | ExemptText | Bound) -> Paragraph:
    return Paragraph(text=pieces)


def findings(*standards: str) -> FindingList:
    item = FindingLine(
        finding="VO-ID",
        polarity="negative",
        severity=2,
        text=(words("It was so."),),
        standards=standards,
    )
    return FindingList(stage="voting", observers="domestic", items=(item,))


def by_area(measure: str, ranked_by: str) -> Table:
    cell: Sentence = (bound("9 of 40", measure),)
    return Table(
        title="Areas",
        columns=("Area", "Seen"),
        rows=(((words("North"),), cell),),
        groups="areas",
        ranked_by=ranked_by,
    )


@pytest.mark.parametrize(
    ("code", "block"),
    [
        ("loose-digit", saying(words("It was seen at 14 stations."))),
        ("interval-on-count", saying(bound("9% ±2", "count", n=400))),
        ("small-percentage", saying(bound("23%", "count", n=99, seen=23))),
        ("rounded-away", saying(bound("0%", "estimate", n=981, seen=2))),
        ("comparison-without-test", saying(words("It was more often than in the last election."))),
        (
            "comparison-without-test",
            saying(words("Queues were longer and higher than in the south"), bound("12% ±2")),
        ),
        ("comparison-without-test", saying(words("C'était plus souvent qu'en novembre."))),
        ("comparison-without-test", saying(words("Fue más frecuente que en las anteriores."))),
        ("comparison-without-test", saying(words("Foi mais frequente do que nas anteriores."))),
        ("comparison-without-test", saying(words("كان ذلك أكثر مما كان."))),
        (
            "comparison-not-different",
            saying(
                words("It was higher than in the last election: "),
                bound("+1.2 (−1.0, +3.4)", "difference", verdict="not_different"),
            ),
        ),
        ("rounded-away", saying(bound("100%", "estimate", n=981, seen=980))),
        ("ranking-from-counts", by_area("count", "number")),
        (
            "ranking-from-counts",
            saying(words("The worst region was North, "), bound("9 of 40", "count")),
        ),
        (
            "count-said-of-all",
            saying(words("At "), bound("9 of 40", "count"), words(" polling stations, it was so.")),
        ),
        ("no-standard", findings()),
        ("unknown-standard", findings("dop:99")),
        ("verdict-on-election", saying(words("The election was free and fair."))),
        ("verdict-on-election", saying(words("Des élections libres et équitables."))),
    ],
)
def test_a_broken_rule_is_found_and_named(code: str, block: Block) -> None:
    assert code in codes(block)


@pytest.mark.parametrize(
    "block",
    [
        saying(words("On 14 March 2027 at 12:00, under Article 25 and gc25:20, it was so.")),
        saying(ExemptText(text="opened more than 30 minutes late", why="wording")),
        saying(words("At "), bound("12% ±2"), words(" of polling stations, it was so.")),
        saying(bound("9 of 40", "count", n=40), words(" polling stations observed")),
        saying(bound("fewer than 1% (0.1–0.9%)", "estimate", n=981, seen=2)),
        by_area("estimate", "number"),
        by_area("count", "name"),
        findings("dop:12b", "coc:7"),
    ],
)
def test_what_keeps_the_rules_passes(block: Block) -> None:
    assert codes(block) == []


def test_a_preliminary_statement_without_its_disclaimer_is_stopped_and_a_final_one_is_not() -> None:
    assert [each.code for each in lint_statement([])] == ["no-disclaimer"]
    assert lint_statement([], kind=StatementKind.FINAL) == ()


def test_a_limited_mission_must_say_its_scope() -> None:
    assert codes(scope=Scope.LIMITED) == ["no-scope"]
    said = Disclaimer(about="scope", text=(words("This is a limited mission."),))
    assert codes(said, scope=Scope.LIMITED) == []


def test_a_number_that_is_not_frozen_and_a_snapshot_that_was_changed_are_found() -> None:
    block = saying(bound("12% ±2"))
    assert codes(block, snapshot=freeze({"a": {"text": "12% ±2"}})) == []
    assert codes(block, snapshot=freeze({"b": {"text": "12% ±2"}})) == ["not-in-snapshot"]
    assert codes(block, snapshot=Snapshot({"a": {"text": "12% ±2"}}, "00")) == ["broken-snapshot"]


def test_a_sentence_that_says_another_figure_than_was_frozen_is_found() -> None:
    snapshot = freeze({"a": {"text": "15% ±2"}})
    assert codes(saying(bound("12% ±2")), snapshot=snapshot) == ["not-as-frozen"]


def test_a_figure_that_would_draw_a_whisker_for_a_count_is_found() -> None:
    rows = (FigureRow(label="Seen", number_id="a"),)
    figure = Figure(picture="intervals", title="x", alternative="x", rows=rows)
    assert codes(figure, snapshot=freeze({"a": {"type": "count"}})) == ["interval-on-count"]
    assert codes(figure, snapshot=freeze({"a": {"type": "estimate"}})) == []


def test_a_problem_says_where_it_stands_and_what_to_do() -> None:
    (problem,) = lint_statement([EARLY, saying(words("Seen at 14 stations."))])
    assert problem.where == "block 2, paragraph"
    assert "Bind it" in problem.says


def test_a_difference_that_was_not_frozen_as_one_is_found() -> None:
    said = saying(
        words("It was higher than in the last election: "),
        bound("12% ±2", "difference", verdict="higher"),
    )
    frozen = freeze({"a": {"text": "12% ±2", "type": "estimate"}})
    assert codes(said, snapshot=frozen) == ["comparison-without-test"]


def test_higher_than_is_said_of_a_tested_difference_alone() -> None:
    one = Estimate(0.3, 0.02, 0.26, 0.34, 0.95, 400, 390.0, None, "beta")
    ledger = Ledger("en")
    tested = compare(one, replace(one, value=0.2, low=0.16, high=0.24))
    piece = ledger.difference("VO-ID/earlier", tested, {"of_mission": "vastria-2021"})  # type: ignore[arg-type]
    assert (piece.text, piece.query["verdict"]) == ("+10.0 (+4.2, +15.6)", "higher")
    said = saying(words("It was higher than in the last election: "), piece)
    assert codes(said, snapshot=freeze(ledger.numbers)) == []
    for nothing in (NotCompared(one, one, "frames"), ObservedCount(1, 2, 2, unit="station"), one):
        with pytest.raises(TypeError, match="nothing was tested"):
            ledger.difference("x", nothing, {})  # type: ignore[arg-type]
