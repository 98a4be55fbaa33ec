"""Every sentence's noun is its number's unit, and its digits are those of an independent count."""

import re
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.drawn_sample import DrawnSample
from analytics.statements.blocks import plain
from analytics.statements.findings import Finding, find
from analytics.statements.ledger import Ledger
from analytics.statements.merging import Group
from analytics.statements.paragraphs import ParagraphOfFindings
from analytics.statements.printing import Printer
from analytics.statements.speech import Speech
from schemas.checklist import Definition, Indicator, Policy, Question, Source
from schemas.codes import Status
from schemas.mission import Kind
from tests.analytics.observation.matrices import Said, irregularities, matrix_of
from tests.analytics.observation.test_voices import voice_of

SAMPLE = DrawnSample(
    Kind.DOMESTIC,
    np.arange(40),
    np.arange(40) % 2,
    np.full(40, 300),
    np.zeros(40, dtype=np.int64),
)
WHERE = "where a complaint was made"


def indicator(code: str, among: str = "") -> Indicator:
    return Indicator(
        code=code,
        stage="voting",
        severity=2,
        standards=("obl:18",),
        phrase={"en": f"{code} happened"},
        positive_phrase={"en": f"{code} did not happen"},
        sources=(Source(question=code),),
        among={"en": among} if among else {},
    )


INDICATORS = (indicator("crowding"), indicator("refusal", WHERE))


def definition(per: str) -> Definition:
    return Definition(
        name="voting",
        version="1",
        title={"en": "Voting"},
        languages=("en",),
        stage="voting",
        questions=tuple(
            Question(name=each.code, type="select_one", path="/x", label={"en": "So?"})
            for each in INDICATORS
        ),
        indicators=INDICATORS,
        checks=(),
        policy=Policy.model_validate({"per": per}),
    )


statuses = st.sampled_from([*Status, Status.FINE, Status.IRREGULAR, Status.FINE])
REPORTS = st.lists(
    st.builds(
        lambda place, codes, kind, assigned: Said(bytes(codes), kind, place, 0, assigned=assigned),
        st.integers(0, 39),
        st.tuples(statuses, statuses),
        st.sampled_from(Kind),
        st.booleans(),
    ),
    min_size=1,
    max_size=90,
)


def counted(reports: list[Said], column: int, kind: Kind, part: str, unit: str) -> Counter[Status]:
    """How many units say what, one by one."""
    own = [
        each
        for each in reports
        if each.kind is kind and (part == "sample") == (each.assigned and kind is SAMPLE.kind)
    ]
    said = [Status(each.codes[column]) for each in own]
    if unit == "observation":
        return Counter(said)
    places = {each.place for each in own}
    return Counter(
        voice_of([status for each, status in zip(own, said, strict=True) if each.place == place])
        for place in places
    )


@settings(max_examples=150, deadline=None)
@given(REPORTS, st.sampled_from(["visit", "observation", "contest"]), st.integers(0, 40))
def test_a_sentence_says_the_unit_s_noun_and_the_digits_of_an_independent_count(
    messy: list[Said], per: str, sent: int
) -> None:
    fine = bytes([Status.FINE, Status.FINE])
    reports = [Said(fine, place=at, area=0, assigned=True) for at in range(sent)] + messy
    of = definition(per)
    matrix = matrix_of(tuple(each.code for each in INDICATORS), reports)
    rates = irregularities(matrix, INDICATORS, samples=(SAMPLE,), threshold=0.5, unit=of.unit)
    for each in find(rates, of):
        unit = "station" if per != "observation" or each.query["part"] == "sample" else per
        assert each.number.unit == unit
        column = [one.code for one in INDICATORS].index(each.indicator)
        said = counted(reports, column, each.kind, each.query["part"], unit)
        reads_as(each, said, unit)


def reads_as(finding: Finding, said: Counter[Status], unit: str) -> None:
    """The sentence of a finding holds the noun, the digits and the domain of what was counted."""
    paragraph = ParagraphOfFindings(Printer(Speech("en"), Ledger("en")))
    paragraph.group(Group((finding,)), "merged")
    text = plain(paragraph.text(with_standards=False))
    of = said[Status.FINE] + said[Status.IRREGULAR]
    held = said[Status.IRREGULAR if finding.polarity == "negative" else Status.FINE]
    other = {"station": "observations", "observation": "polling"}[unit]
    assert other not in text, text
    if of > 1:
        noun = {"station": "polling stations", "observation": "observations"}[unit]
        assert f" {noun}" in text or "In isolated cases" in text, text
    figures = in_figures(text)
    digits = [int(each) for each in re.findall(r"(?<![\d.%])\d+(?![\d.%])", figures)]
    if of == 1:
        assert "at the one place" in text, text
    elif "%" not in text:
        assert digits == ([of] if held == of else [held, of]), text
    asked_of_some = of / max(of + said[Status.NOT_RELEVANT], 1) < 0.9
    assert (WHERE in text) == (finding.indicator == "refusal" and asked_of_some), text
    if finding.number.domain is not None:
        assert finding.number.domain.n == sum(said.values()) - said[Status.NOT_RELEVANT]
    assert finding.number.beside.not_asked == said[Status.NOT_RELEVANT]
    assert finding.number.beside.unanswered == said[Status.UNANSWERED]
    assert finding.number.beside.not_observed == said[Status.NOT_OBSERVED]


SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def in_figures(text: str) -> str:
    """A text with its small numbers in figures."""
    for number, word in enumerate(SMALL, 1):
        text = re.sub(rf"\bat {word} of\b", f"at {number} of", text)
        text = re.sub(rf"\bin {word} of\b", f"in {number} of", text)
    return text
