"""No rule of an author takes long on an answer, and one that cannot be evaluated is named."""

import time
from typing import Any

import pytest

from mobile_forms.functions.values import TooSlow, limited
from mobile_forms.judgement import Judge
from schemas.checklist import Check, Definition, Question

LIMIT = 0.3
LONG = "é" * 300_000
ROWS = [{"n": str(number), "m": str(number)} for number in range(2_000)]
ANSWERS: dict[str, Any] = {"text": LONG, "other": "é" * 150_000, "row": ROWS}
PATHOLOGICAL = [
    "count(/data/row[count(/data/row[count(/data/row[n > 3]) > 1]) > 1]) > 1",
    "count(/data/row[count(/data/row[n = /data/row/m]) > 1]) > 1",
    "count(/data/row[indexed-repeat(/data/row/n, /data/row, position(.)) > 1]) > 1",
    "count(/data/row[contains(/data/text, n)]) > 1",
    "count(//*[count(//*[count(//*) > 1]) > 1]) > 1",
    "count(//*/..//*/..//*/..//*) > 1",
    "count(/data/row/preceding-sibling::*/following-sibling::*/preceding-sibling::*) > 1",
    "count(//*/preceding::*/following::*/preceding::*/following::*) > 1",
    "count(/data/row[regex(/data/text, '^(a|b)*a(a|b){100}$')]) > 1",
    "count(/data/row[regex(/data/text, '^(é+)+$')]) > 1",
    "contains(/data/text, concat(/data/other, 'x'))",
    "translate(/data/text, /data/other, /data/other) = ''",
    "substring-before(/data/text, concat(/data/other, 'x')) = substring-after(/data/text, 'x')",
    "regex(/data/text, '^(é+)+x$')",
    "string-length(join(/data/other, /data/row/n)) > 1",
    "count-selected(/data/text) > 1 and count(/data/row[selected(/data/text, n)]) > 1",
]


def judge_of(*rules: str, **more: str) -> Judge:
    """A judge of a form of a text, another and a repeat, with one check for each rule."""
    shape: dict[str, Any] = {"label": {"en": "?"}}
    questions = (
        Question(name="text", type="text", path="/data/text", **shape, **more),
        Question(name="other", type="text", path="/data/other", **shape),
        Question(name="row", type="repeat", path="/data/row", **shape),
        Question(name="n", type="text", path="/data/row/n", repeat="row", **shape),
        Question(name="m", type="text", path="/data/row/m", repeat="row", **shape),
    )
    checks = tuple(
        Check(name=f"check-{at}", flag_when=rule, explanation={"en": "?"}, inputs=(), formula=rule)
        for at, rule in enumerate(rules)
    )
    return Judge(
        Definition(
            name="slow",
            version="1",
            title={"en": "Slow"},
            languages=("en",),
            stage="all",
            questions=questions,
            indicators=(),
            checks=checks,
        )
    )


@pytest.mark.parametrize("rule", PATHOLOGICAL)
def test_no_rule_is_evaluated_for_longer_than_its_limit(rule: str) -> None:
    judge, began = judge_of(rule), time.thread_time()
    try:
        with limited(LIMIT):
            judge.judge(ANSWERS, {})
    except TooSlow:
        pass
    assert time.thread_time() - began < LIMIT + 1.5


def test_the_limit_ends_with_what_it_was_set_for() -> None:
    judge = judge_of(PATHOLOGICAL[0])
    with pytest.raises(TooSlow), limited(0.01):
        judge.judge(ANSWERS, {})
    assert judge.judge({"row": ROWS[:20]}, {}).flags


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("count(/data/row[2]/n) = 1", True),
        ("/data/row[2]/n = '1'", True),
        ("/data/row[position() = 3]/n = '2'", True),
        ("count(/data/row[n > 1][1]) = 1 and /data/row[n > 1][1]/n = '2'", True),
        ("count(/data/row[n]) = 5", True),
        ("count(/data/row['']) = 0", True),
        ("/data/row[last()]/n = '4'", True),
        ("count(//*[. = '[1]']) = 0", True),
        ("indexed-repeat(/data/row/n, /data/row, 4) = '3'", True),
        ("contains(/data/text, '') and substring-before('a', '') = ''", True),
        ("substring-after('abc', '') = 'abc' and substring-before('abc', 'x') = ''", True),
        ("translate('banana', 'anb', 'xy') = 'xyxyx'", True),
        ("translate('aab', 'aa', 'xy') = 'xxb'", True),
    ],
)
def test_what_is_looked_at_while_time_runs_means_the_same(rule: str, wanted: bool) -> None:
    judged = judge_of(rule).judge({"text": "x", "row": ROWS[:5]}, {})
    assert bool(judged.flags) is wanted


def test_a_rule_that_cannot_be_evaluated_holds_the_report_and_names_its_question() -> None:
    judge = judge_of(
        "regex(/data/other, '^(?!a)b$')", "count(/data/row) > 3", constraint=r"regex(., '^(a)\1$')"
    )
    judged = judge.judge({"text": "aa", "row": ROWS[:5]}, {})
    assert {(each.field, each.code) for each in judged.reasons} == {
        ("text", "rule_unusable"),
        ("check-0", "rule_unusable"),
    }
    assert [each["name"] for each in judged.flags] == ["check-1"]


def test_a_pattern_that_cannot_be_run_holds_nothing_where_it_is_not_asked_for() -> None:
    judge = judge_of(constraint=r"regex(., '^(a)\1$')")
    assert judge.judge({"other": "x"}, {}).reasons == ()
