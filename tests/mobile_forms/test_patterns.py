"""Patterns mean on the server what they mean on phones, in linear time, or are refused."""

import random
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page

from mobile_forms.backtracking import check_pattern, takes_exponential_time
from mobile_forms.expressions import patterns_of
from mobile_forms.patterns import PatternProblem, matches, read_pattern
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.engine import calculated, engine
from tests.mobile_forms.spreadsheets import SURVEY, read_problems, spreadsheet

TABLE: list[tuple[str, str, bool]] = [
    ("^[A-Z]{2}[0-9]{4}$", "AB1234", True),
    ("^[A-Z]{2}[0-9]{4}$", "xAB1234", False),
    ("^[0-9]+$", "12\n", False),
    (r"^\d+$", "١٢٣", False),
    (r"^[\u0660-\u0669]+$", "١٢٣", True),
    ("^[٠-٩]+$", "١٢٣", True),
    (r"^\w+$", "été", False),
    (r"^[\wéà]+$", "été", True),
    (r"^\W$", "é", True),
    (r"^a\sb$", "a\u00a0b", True),
    (r"^a\sb$", "a\u2003b", True),
    (r"^a[\s,]b$", "a\u3000b", True),
    (r"^a\Sb$", "a\u00a0b", False),
    (r"^[^\S]$", "\u00a0", True),
    ("^a.b$", "a\nb", False),
    ("^a.b$", "a\u2028b", False),
    ("^a.b$", "aéb", True),
    ("^.$", "😀", False),
    ("^..$", "😀", True),
    ("^[^a]{2}$", "😀", True),
    (r"^.{3}$", "a😀", True),
    (r"^\bab\b$", "ab", True),
    (r"^é\bab$", "éab", True),
    (r"^a\Bb$", "ab", True),
    ("^(yes|no)$", "no", True),
    ("^(yes|no)$", "nobody", False),
    ("^a$|^b$", "b", True),
    ("^a$|^b$", "ab", False),
    ("^(?:ab)+?$", "abab", True),
    ("^a{2,3}$", "aaaa", False),
    ("^a{2,}$", "aaaa", True),
    ("^A$", "a", False),
    (r"^[a\-z]$", "-", True),
    ("^[a-]$", "-", True),
    ("^[]a]$".replace("]a", "\\]a"), "]", True),
    (r"^\x41\u0042$", "AB", True),
    (r"^\$\.\(\)$", "$.()", True),
    (r"^[$.()]$", ")", True),
    ("^ss$", "ß", False),
    (r"^\+?[0-9 ]{7,15}$", "+41 79 123 45 67", True),
    (r"^[\w.-]+@([\w-]+\.)+[\w-]{2,4}$", "a.b@example.org", True),
]
"""A pattern, a text, whether it matches: on both engines."""
REFUSED = {
    "it looks ahead": r"^(?!0)[0-9]+$",
    "it looks behind": r"^a(?<=a)b$",
    "it speaks of what was matched": r"^(a)\1$",
    "a named group": r"^(?<n>a)\k<n>$",
    "a flag": "^(?i)a$",
    "a property, which phones read as a p": r"^\p{L}+$",
    "a class of POSIX, which phones read as letters": "^[[:alpha:]]+$",
    "an end that is Python's": r"^a\Z",
    "an octal": r"^\012$",
    "a count that phones read as braces": "^a{,3}$",
    "a count too large for RE2": "^a{1001}$",
    "no character": "^[]$",
    "a range backwards": "^[z-a]$",
    "a range to a class": r"^[a-\d]$",
    "a letter that phones count as two": "^[𞤀-𞥃]+$",
    "two blanks, which a form makes one": "^a  b$",
    "a printer's quote, which a form makes a typed one": "^[a’]$",
    "a tab, which a form loses": "^a\tb$",
    "possessive": "^a++$",
    "anywhere": "[0-9]",
    "alternatives of which one is anywhere": "^a|b$",
    "what begins only": "^a",
    "an open bracket": "^(a$",
    "an open class": "^[a$",
    "a bracket too many": "^a)$",
    "a repeated repetition": "^(a+)+$",
    "alternatives that are alike": "^(a|a)*$",
    "words with or without blanks": "^([A-Za-z]+ ?)+$",
    "many times many": "^(a{1,40}){1,40}$",
    "what may be empty, for ever": "^(a?b?)*$",
}
SOUND = [
    "^[A-Z]+(-[A-Z]+)*$",
    r"^\d{1,3}(,\d{3})*$",
    "^([0-9]{2})+$",
    "^.*x.*$",
    "^.{1,1000}$",
    "^(ab|cd)*$",
    "^(a|b)+c?$",
]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with engine() as page:
        yield page


@pytest.mark.parametrize(("pattern", "text", "wanted"), TABLE)
def test_the_server_matches_as_the_table_says(pattern: str, text: str, wanted: bool) -> None:
    check_pattern(pattern)
    assert matches(text, pattern) is wanted


def test_the_engine_of_phones_matches_as_the_table_says(page: Page) -> None:
    other = {}
    for pattern, text, wanted in TABLE:
        instance = f"<data><text>{text}</text></data>"
        found = calculated(page, instance, f"regex(/data/text, '{pattern}')")
        if found != str(wanted).lower():
            other[pattern, text] = found
    assert other == {}


def test_generated_patterns_mean_the_same_to_the_browser_of_phones(page: Page) -> None:
    chance = random.Random(20261129)
    pairs = [(_generated(chance, 3), _text(chance)) for _ in range(6_000)]
    asked = [(f"^(?:{pattern})$", text) for pattern, text in pairs if _is_read(pattern)]
    found = page.evaluate("all => all.map(([p, t]) => new RegExp(p).test(t))", asked)
    assert len(asked) > 2_000
    assert 0 < sum(found) < len(found)
    differ = [
        (pattern, text)
        for (pattern, text), theirs in zip(asked, found, strict=True)
        if matches(text, pattern) is not theirs
    ]
    assert differ == []


@pytest.mark.parametrize("what", REFUSED)
def test_a_pattern_that_engines_read_differently_or_that_stalls_a_phone_is_refused(
    what: str,
) -> None:
    with pytest.raises(PatternProblem) as refused:
        check_pattern(REFUSED[what])
    assert refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize("pattern", SOUND)
def test_repetition_that_goes_one_way_alone_is_sound(pattern: str) -> None:
    check_pattern(pattern)
    assert not takes_exponential_time(read_pattern(pattern))


@pytest.mark.parametrize(
    ("column", "expression"),
    [
        ("constraint", "regex(., '^(a+)+$')"),
        ("relevant", r"regex(${late}, '^(?=a)a$')"),
        ("constraint", r"regex(concat(., 'it, (x'), " r'"^(a)\1$")'),
        ("constraint", "regex(., concat('^', 'a', '$'))"),
        ("required", "regex(${late}, 'a')"),
    ],
)
def test_the_linter_names_the_place_of_such_a_pattern(column: str, expression: str) -> None:
    survey = [
        row | ({column: expression} if row.get("name") == "why" else {}) for row in SURVEY[:-1]
    ]
    problems = read_problems(spreadsheet(survey=[*survey, SURVEY[-1]]))
    assert [(each.sheet, each.row, each.column) for each in problems] == [("survey", 6, column)]


def test_the_patterns_of_an_expression_are_found_wherever_they_stand() -> None:
    assert patterns_of("regex(., '^a$') or regex(concat(., ', ('), \"^b'$\")") == ["^a$", "^b'$"]
    assert patterns_of("'regex(., 1)' = 'x' and myregex(1, 'a')") == []
    assert patterns_of("regex(., ${other})") == [None]


@pytest.mark.parametrize(
    "pattern",
    [
        "^a {2}b$",
        r"^[A-Za-z\u2019]+$",
        "^[<>&]+$",
        "^[أ-ي ]+$",
        r'^["/]$',
    ],
)
def test_a_pattern_stands_on_phones_as_it_was_written(pattern: str, page: Page) -> None:
    survey = [
        row | ({"constraint": f"regex(., '{pattern}')"} if row.get("name") == "why" else {})
        for row in SURVEY
    ]
    compiled = compile_workbook(spreadsheet(survey=survey))
    script = """xform => [...new DOMParser().parseFromString(xform, "text/xml").querySelectorAll(
        "bind[constraint]")].map(each => each.getAttribute("constraint"))"""
    (carried,) = page.evaluate(script, compiled.xform)
    assert patterns_of(carried) == [pattern]


def test_no_pattern_takes_long_on_a_long_text() -> None:
    texts = ["a" * 1_000_000, "a" * 1_000_000 + "b", "ab" * 20_000, "é" * 100_000, "😀" * 100_000]
    patterns = [
        *(each for each in REFUSED.values()),
        *SOUND,
        "(a|b)*a(a|b){100}",
        "(a*)*b",
        "(.*){50}x",
        "((a{1,30}){1,30}b)*",
        "(x+x+)+y",
    ]
    began = time.thread_time()
    for pattern in patterns:
        for text in texts:
            one = time.thread_time()
            with suppress(PatternProblem):
                matches(text, pattern)
            assert time.thread_time() - one < 1.5, (pattern, len(text))
    assert time.thread_time() - began < 30


def _is_read(pattern: str) -> bool:
    try:
        read_pattern(pattern)
    except PatternProblem:
        return False
    return True


ATOMS = [
    "a", "b", "é", " ", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", "[ab]", "[^a]", r"[\d_-]",
    r"[^\s]", r"\.", r"\u00e9", r"\b", r"\B", "^", "$", "[a-z.]", r"[^\W]", r"\-", "-", "]", "{",
]  # fmt: skip


def _generated(chance: random.Random, depth: int) -> str:
    """A pattern, most of the time one that is read."""
    parts = []
    for _ in range(chance.randint(1, 4)):
        atom = chance.choice(ATOMS)
        if depth and chance.random() < 0.3:
            inside = "|".join(_generated(chance, depth - 1) for _ in range(chance.randint(1, 3)))
            atom = f"({chance.choice(['', '?:'])}{inside})"
        repeated = ["*", "+", "?", "{2}", "{1,3}", "{0,}", "*?", "{0}"]
        parts.append(atom + (chance.choice(repeated) if chance.random() < 0.35 else ""))
    return "".join(parts)


def _text(chance: random.Random) -> str:
    letters = ["a", "b", "é", " ", ".", "-", "_", "1", "\u00a0", "\n", "\u2028", "😀", "Z", "]"]
    return "".join(chance.choices(letters, k=chance.randint(0, 5)))


def test_a_text_too_long_for_its_pattern_is_not_run() -> None:
    assert matches("ab" * 10_000 + "a", "^(a|b)*a(a|b){100}$")
    with pytest.raises(PatternProblem, match="too long"):
        matches("ab" * 100_000, "^(a|b)*a(a|b){100}$")
