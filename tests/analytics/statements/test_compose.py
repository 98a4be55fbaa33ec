"""The preliminary statement: what it says, what it never says, and what it is bound to."""

import json
import re
from dataclasses import replace

import pytest

from analytics.charts import LIGHT
from analytics.numbers import Number, ObservedCount
from analytics.statements import (
    Composed,
    LintInput,
    compose_statement,
    draft_problems,
    draw,
    holds,
    number_of,
    plain,
)
from analytics.statements.blocks import (
    Annex,
    Disclaimer,
    Figure,
    Heading,
    Paragraph,
    Table,
)
from analytics.statements.lint import bound_numbers, sentences
from analytics.statements.lint.words import WORDS
from schemas.mission import Kind, Scope
from schemas.words import LANGUAGES
from tests.analytics.statements.five import section
from tests.analytics.statements.found import a_finding, share
from tests.analytics.statements.mission import a_statement, facts, some_findings
from tests.analytics.test_wording import an_estimate


def conclusions_of(statement: Composed) -> str:
    lead = [b for b in statement.blocks if isinstance(b, Paragraph) and b.role == "lead"]
    return " ".join(plain(block.text) for block in lead)


def everything(statement: Composed) -> str:
    return " ".join(plain(text) for _, text in sentences(statement.blocks))


def test_a_composed_statement_breaks_no_rule_of_its_own_lint() -> None:
    statement = a_statement()
    assert draft_problems(LintInput({"en": statement.blocks}, statement.snapshot)) == ()


def test_the_level_of_confidence_is_said_with_the_first_zeros_and_not_again() -> None:
    grave = [
        a_finding(code, share(600, 600, low=0.995, high=1), severity=3, polarity="positive", **at)
        for code, at in (("VO-STUFF", {}), ("CO-FALS", {"stage": "counting"}))
    ]
    statement = compose_statement(facts(), grave, languages=tuple(LANGUAGES))
    for language, blocks in statement.texts.items():
        said = [
            plain(each.text)
            for each in blocks
            if isinstance(each, Paragraph) and each.section in ("voting", "counting")
        ]
        level = WORDS[language].confidence
        assert len([each for each in said if level.search(each)]) == 1, language
    assert "with the same certainty" in everything(statement)
    given = LintInput(dict(statement.texts), statement.snapshot)
    assert [each for each in draft_problems(given) if each.rule == "zero.claim"] == []


def test_a_stage_was_followed_where_its_questions_were_put_not_where_a_team_was_refused() -> None:
    found = [
        a_finding("AC-OBS", share(8, 640), of_access=True),
        a_finding("VO-INK", share(60, 620, not_asked=5)),
    ]
    assert "Voting was followed at 625 of the 650" in everything(compose_statement(facts(), found))


NEUTRAL = "What observers saw in Sarelia on 14 March 2027"
OUTSIDE = ObservedCount(9, 45, 44, unit="observation")
"""What visits outside the sample counted."""


def headline_of(statement: Composed) -> str:
    first = statement.blocks[0]
    assert isinstance(first, Heading)
    assert (first.level, first.section) == (1, "headline")
    return plain(first.text)


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("bad_id", [0, 8, 100])
def test_no_rule_writes_a_headline_or_judges_and_the_title_says_what_it_is(
    scope: Scope, bad_id: int
) -> None:
    statement = a_statement(scope, bad_id=bad_id)
    assert headline_of(statement) == ""
    assert statement.title == NEUTRAL
    assert not re.search(
        r"\b(orderly|peaceful|calm|smooth|well|good|poor|fair)\b", everything(statement)
    )


def test_a_mission_of_limited_scope_says_so() -> None:
    statement = a_statement(Scope.LIMITED)
    about = {block.about for block in statement.blocks if isinstance(block, Disclaimer)}
    assert {"scope", "before_completion"} <= about


def test_each_conclusion_names_its_stage() -> None:
    said = conclusions_of(a_statement())
    assert "During the count, the result was not posted at 15% (12–19%) of polling" in said
    assert "During voting, at all polling stations where this could be observed, no" in said
    for each in re.split(r"(?<=\.) (?=[A-Z])", said):
        assert re.search("[Dd]uring (voting|the count)", each) or "bears on" in each, each


@pytest.mark.parametrize(
    "number",
    [
        ObservedCount(20, 29, 29, unit="observation"),
        ObservedCount(20, 40, 29, unit="observation"),
        replace(an_estimate(0.5, 0.3, 0.7), n=29, seen=15),
    ],
)
def test_what_rests_on_fewer_than_thirty_stations_concludes_nothing(number: Number) -> None:
    grave = replace(some_findings()[0], severity=3, polarity="negative", number=number)
    assert "not yet enough to conclude" in conclusions_of(compose_statement(facts(), [grave]))
    enough = replace(grave, number=ObservedCount(20, 40, 30, unit="observation"))
    assert "in 20 of 40 observations" in conclusions_of(compose_statement(facts(), [enough]))


def test_what_lies_outside_the_sample_is_in_tables_alone_where_an_estimate_stands() -> None:
    (sampled,) = (
        each
        for each in some_findings()
        if each.indicator == "CO-NOPOST" and each.kind is Kind.DOMESTIC
    )
    outside = replace(sampled, code="voting/CO-NOPOST/domestic/visits", number=OUTSIDE, n=45)
    with_both = compose_statement(facts(), [sampled, outside])
    assert "9 of 45" not in prose(with_both)
    assert "9 of 45" in everything(with_both)
    assert "in nine of 45 observations" in prose(compose_statement(facts(), [outside]))
    abroad = replace(outside, kind=Kind.INTERNATIONAL, code="voting/CO-NOPOST/international/visits")
    side_by_side = compose_statement(facts(), [sampled, abroad])
    assert "observers noted it in nine of 45 observations" in prose(side_by_side)
    assert "45" not in conclusions_of(side_by_side)


def test_what_is_grave_and_was_seen_outside_the_sample_alone_is_told() -> None:
    (nowhere,) = (
        each
        for each in some_findings()
        if each.indicator == "VO-STUFF" and each.kind is Kind.DOMESTIC
    )
    outside = replace(nowhere, code="outside", polarity="negative", number=OUTSIDE, n=45)
    assert "in nine of 45 observations" in prose(compose_statement(facts(), [nowhere, outside]))


def prose(statement: Composed) -> str:
    """Without tables and the annex."""
    told = [each for each in statement.blocks if not isinstance(each, Table | Annex)]
    return " ".join(plain(text) for _, text in sentences(told))


def test_under_the_mission_s_response_no_sentence_speaks_of_all_polling_stations() -> None:
    statement = a_statement(reporting=300)
    assert not any(piece.measure == "estimate" for _, piece in bound_numbers(statement.blocks))
    assert "60 of the 300 counts where this was observed" in everything(statement)


def test_the_worst_comes_first_where_no_stage_was_assessed() -> None:
    said = conclusions_of(a_statement())
    assert said.index("the result was not posted") < said.index("no stuffing was seen")


def test_what_the_other_kind_of_observers_counted_stands_beside_and_is_not_compared() -> None:
    said = prose(a_statement())
    assert "International observers noted it in nine of the 40 counts where" in said
    assert "The two figures are not to be compared" in said


def test_every_bound_number_stands_in_the_snapshot_and_the_snapshot_holds() -> None:
    statement = a_statement()
    assert holds(statement.snapshot)
    marks = {piece.mark: piece.number_id for _, piece in bound_numbers(statement.blocks)}
    assert set(marks.values()) <= set(statement.numbers)
    assert len(set(marks.values())) == len(marks)


def test_composing_twice_gives_the_same_bytes() -> None:
    assert a_statement().model_dump_json() == a_statement().model_dump_json()


def test_a_statement_survives_json() -> None:
    statement = a_statement()
    again = Composed.model_validate(json.loads(statement.model_dump_json()))
    assert again == statement


def test_figures_are_drawn_from_the_frozen_numbers() -> None:
    statement = a_statement()
    figures = [block for block in statement.blocks if isinstance(block, Figure)]
    assert [figure.picture for figure in figures] == ["intervals", "intervals", "squares"]
    for figure in figures:
        for _, svg in draw(figure, statement.numbers, palette=LIGHT):
            assert svg.startswith("<svg")
    squares = figures[-1].rows[0]
    assert "9 of 40 polling stations" in draw(figures[-1], statement.numbers)[0][1]
    with pytest.raises(TypeError, match="no interval"):
        draw(
            Figure(picture="intervals", title="x", alternative="x", rows=(squares,)),
            statement.numbers,
        )


def test_a_frozen_number_comes_back_as_the_kind_it_was() -> None:
    numbers = a_statement().numbers
    estimate = number_of(numbers, "voting/CO-NOPOST/domestic/sample")
    count = number_of(numbers, "voting/CO-NOPOST/international/visits")
    assert type(estimate).__name__ == "Estimate"
    assert type(count).__name__ == "ObservedCount"


def test_the_annexes_tell_frame_seed_wording_version_and_scale() -> None:
    annexes = [block for block in a_statement().blocks if isinstance(block, Annex)]
    assert [each.id for each in annexes] == [f"annex-{each}" for each in "abcehijk"]
    said = " ".join(plain(text) for _, text in sentences(annexes))
    for each in (
        "400 of the 4,000 of a frozen frame",
        "seed 42",
        "Was it so?",
        "cd" * 32,
        "ab" * 32,
        "20–49%",
    ):
        assert each in said


def test_incidents_are_counted_and_never_made_a_rate() -> None:
    statement = a_statement()
    at = next(
        n
        for n, b in enumerate(statement.blocks)
        if isinstance(b, Heading) and b.section == "incidents"
    )
    said = " ".join(plain(text) for _, text in sentences(statement.blocks[at : at + 3]))
    assert "11" in said
    assert "%" not in said


def test_a_mission_with_nothing_yet_says_so_and_concludes_nothing() -> None:
    bare = replace(facts(), samples=(), observers=(), checklists=())
    statement = compose_statement(bare, ())
    assert statement.title == NEUTRAL
    assert "not yet enough to conclude" in conclusions_of(statement)
    assert "not drawn by lot" in everything(statement)
    assert draft_problems(LintInput({"en": statement.blocks}, statement.snapshot)) == ()


def test_a_simple_draw_is_not_called_a_stratified_one() -> None:
    (main,) = facts().samples
    assert "of the 4,000 of a frozen frame, in 4 strata, with the seed" in everything(a_statement())
    simple = replace(facts(), samples=(replace(main, strata=1, method="simple"),))
    said = everything(compose_statement(simple, ()))
    assert "of the 4,000 of a frozen frame, with the seed" in said
    assert "strat" not in said


def test_two_samples_are_told_apart_in_the_annex_each_with_its_own_draw() -> None:
    (main,) = facts().samples
    abroad = replace(main, kind=Kind.INTERNATIONAL, drawn=90, seed=43, frame_sha256="ef" * 32)
    statement = compose_statement(replace(facts(), samples=(main, abroad)), some_findings())
    said = everything(statement)
    domestic, international = (
        said.index(f"The sample of the {kind}") for kind in ("citizen", "international")
    )
    assert domestic < said.index("cd" * 32) < international < said.index("ef" * 32)
    assert statement.numbers["sample/seed"]["value"] == 42
    assert statement.numbers["sample/international/seed"]["value"] == 43
    assert draft_problems(LintInput({"en": statement.blocks}, statement.snapshot)) == ()


@pytest.mark.parametrize(
    ("kind", "instrument"),
    [(Kind.DOMESTIC, "Global Principles"), (Kind.INTERNATIONAL, "International Election")],
)
def test_each_organisation_is_bound_by_its_own_instrument(kind: Kind, instrument: str) -> None:
    statement = compose_statement(replace(facts(), kind=kind), some_findings())
    assert instrument in everything(statement)


def test_who_observed_what_and_where_is_called_as_each_language_calls_it() -> None:
    named = replace(
        facts(),
        country_names={"fr": "Sarélie"},
        organisation_names={"fr": "Comptage citoyen"},
        election_names={"fr": "l'élection présidentielle"},
    )
    made = compose_statement(named, some_findings(), languages=("en", "fr", "pt"))
    said = {language: section(made, "about", language)[0] for language in ("en", "fr", "pt")}
    assert said["en"].startswith(
        "Sarelia Civic Count observed the presidential election in Sarelia"
    )
    assert said["fr"].startswith(
        "Comptage citoyen a observé l'élection présidentielle, Sarélie, le 14 March 2027"
    )
    assert said["pt"].startswith(
        "Sarelia Civic Count observou the presidential election em Sarelia"
    )
    first = compose_statement(named, some_findings(), languages=("fr",))
    assert "Sarélie" in first.title


def test_rules_changed_after_the_first_report_are_named_in_the_annex() -> None:
    (checklist,) = facts().checklists
    changed = replace(facts(), checklists=(replace(checklist, rules_changed=("VO-ID",)),))
    said = everything(compose_statement(changed, some_findings()))
    assert "every report was judged again: VO-ID" in said


def test_a_phrase_that_defines_by_a_figure_is_not_taken_for_a_loose_number() -> None:
    late = {"en": "the station opened more than 30 minutes late"}
    findings = [replace(each, phrase=late) for each in some_findings()]
    statement = compose_statement(facts(), findings)
    assert draft_problems(LintInput({"en": statement.blocks})) == ()
