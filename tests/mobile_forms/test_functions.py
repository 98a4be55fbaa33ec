"""The page of truth: what the server evaluates, what phones evaluate, what the page says."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page

from mobile_forms.expressions import compile_expression, only_on_phones
from mobile_forms.functions import FUNCTIONS, ON_PHONES
from mobile_forms.functions.page import examples, page_of_truth, text_of_result
from mobile_forms.functions.values import text_of
from tests.mobile_forms.engine import calculated, engine

KNOWN = examples()
EXAMPLES = KNOWN["examples"]


def same(found: str, wanted: str) -> bool:
    """Equal texts, or numbers that differ in their last digits alone."""
    try:
        return found == wanted or math.isclose(float(found), float(wanted), rel_tol=1e-9)
    except ValueError:
        return False


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with engine() as page:
        yield page


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["expression"])
def test_the_server_gives_what_the_page_says(example: dict[str, object]) -> None:
    found = compile_expression(str(example["expression"]))(etree.fromstring(KNOWN["instance"]))
    assert same(text_of(found), text_of_result(example["result"]))


def test_the_engine_of_phones_gives_what_the_page_says(page: Page) -> None:
    other = {}
    for example in EXAMPLES:
        found = calculated(page, KNOWN["instance"], example["expression"])
        wanted = text_of_result(example.get("phone", example["result"]))
        if not same(found, wanted):
            other[example["expression"]] = (found, wanted)
    assert other == {}


def test_every_function_has_an_example_or_is_said_to_stand_on_phones_alone() -> None:
    written = " ".join(each["expression"] for each in EXAMPLES)
    names = {name.removeprefix("odk-") for name in FUNCTIONS} - {"differs", "each"}
    assert [
        each for each in sorted(names) if f"{each}(" not in written and each not in ON_PHONES
    ] == []


def test_the_page_is_written_from_the_examples() -> None:
    page = Path(__file__).parents[2] / "docs" / "functions.md"
    assert page.read_text(encoding="utf-8") == page_of_truth()


def test_a_function_of_phones_alone_is_found_outside_of_quotes() -> None:
    assert set(only_on_phones("once(1) + pulldata('a', 'random()') + jr:itext('x')")) == {
        "once",
        "pulldata",
        "jr:itext",
    }
