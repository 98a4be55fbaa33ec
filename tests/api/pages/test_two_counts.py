"""Two counts of one kind of observers stand in one cell: each says what it is of."""

from typing import Any

from analytics.observation.irregularity_rates import Part, Rate
from api.figures.irregularities import Irregularity
from api.pages.layout import environment
from api.pages.rows import table
from schemas.checklist import Indicator, Source
from schemas.mission import Kind
from tests.analytics.observation.matrices import counted_rate

UNSEALED = Indicator(
    code="box-not-sealed",
    stage="voting",
    severity=2,
    standards=("dop:4",),
    phrase={"en": "the ballot box was not sealed"},
    positive_phrase={"en": "the box was sealed"},
    sources=(Source(question="sealed", options={"no": 2}),),
)


def rate(kind: Kind, part: Part, seen: int, of: int) -> Rate:
    why: Any = "response" if part == "sample" else "not_a_sample"
    return counted_rate(seen, of, kind=kind, part=part, why=why, indicator="box-not-sealed")


def drawn(language: str, *rates: Rate) -> str:
    shown = table([Irregularity("voting", "voting", UNSEALED, rates)], language)
    template = environment(language).get_template("numbers.html")
    module: Any = template.make_module({"base": ""})
    return str(module.irregularity_table(shown, "/missions/x", True))


def test_each_of_two_counts_says_what_it_is_of_in_words_and_to_a_screen_reader() -> None:
    both = (rate(Kind.DOMESTIC, "sample", 2, 30), rate(Kind.DOMESTIC, "visits", 5, 40))
    page = drawn("en", *both)
    assert '<span class="q xs">in the sample</span>' in page
    assert '<span class="q xs">at other visits</span>' in page
    assert "The ballot box was not sealed, in the sample: 2 of 30 polling stations</title>" in page
    assert (
        "The ballot box was not sealed, at other visits: 5 of 40 polling stations</title>" in page
    )
    assert "dans l&#39;échantillon" in drawn("fr", *both)


def test_a_count_that_stands_alone_needs_no_words() -> None:
    page = drawn(
        "en", rate(Kind.DOMESTIC, "visits", 5, 40), rate(Kind.INTERNATIONAL, "visits", 1, 9)
    )
    assert "at other visits" not in page
    assert "The ballot box was not sealed: 5 of 40 polling stations</title>" in page
