"""The page of one number: what its query and its sample say, in words."""

import re
from pathlib import Path

import numpy as np

import analytics
from analytics.survey.design import make_design
from api.pages.statement_number import NAMES, WORDS
from schemas.words import word

HERE = Path(analytics.__file__).parent
KINDS = {"fact", "difference"}
"""What a statement's number is, beside an estimate and a count: no query says it."""
MEASURE = re.compile(r'"measure": "([^"]+)"')


def test_every_measure_of_a_query_has_words() -> None:
    said = {each for file in HERE.rglob("*.py") for each in MEASURE.findall(file.read_text())}
    assert said - KINDS - WORDS.keys() == set()
    assert len(said) > len(KINDS)


def test_every_part_of_a_design_has_words() -> None:
    parts = make_design(4, strata=np.array(["a", "a", "b", "b"])).describes.split(", ")
    for part in parts:
        assert part in WORDS or part.split(" ", 1)[1] in WORDS


def test_the_counts_of_a_statement_s_table_have_words() -> None:
    assert {"missing", "told", "not_observed"} <= NAMES.keys()


def test_an_empty_text_stays_empty_in_every_language() -> None:
    assert word("ar", "") == ""
