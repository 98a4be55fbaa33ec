"""The release lint: 25 rules that a statement is held against, each with its message and act."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from analytics.statements.lint.facts import (
    Case,
    ChangesSince,
    Consultation,
    Contest,
    Correction,
    Gates,
    LintInput,
    Polling,
    Problem,
    Response,
)
from analytics.statements.lint.found import Found
from analytics.statements.lint.reading import Reading, bound_numbers, sentences
from analytics.statements.lint.rules import RULES, Rule
from schemas.words import word

LEAST_WORDS = 10
"""The fewest words of a reason that silences a warning."""


def lint_statement(given: LintInput, *, said_in: str = "en") -> tuple[Problem, ...]:
    """Every rule that a statement breaks: errors first, by the order of its blocks, then warnings.

    A warning whose reason was kept is silent. ``said_in`` is the language of the messages.
    """
    reading = Reading(given)
    found = [
        problem
        for rule in RULES
        for problem in _problems(rule, reading, said_in)
        if problem.level == "error" or not _reasoned(problem, given.reasons)
    ]
    places = [place.block for _, place in reading.blocks()]
    order = {block: position for position, block in enumerate(places)}
    return tuple(
        sorted(found, key=lambda each: (each.level != "error", order.get(each.block, len(order))))
    )


def draft_problems(given: LintInput) -> tuple[Problem, ...]:
    """What composed text breaks by itself, before a person has written or decided anything."""
    rules = {rule.id for rule in RULES if rule.of_draft}
    return tuple(
        each for each in lint_statement(given) if each.rule in rules and each.level == "error"
    )


def enough_of_a_reason(reason: str) -> bool:
    """Whether a reason has the ten words that a warning asks for."""
    return len(reason.split()) >= LEAST_WORDS


def _reasoned(problem: Problem, reasons: Mapping[tuple[str, str], str]) -> bool:
    return enough_of_a_reason(reasons.get((problem.rule, problem.block), ""))


def _problems(rule: Rule, reading: Reading, language: str) -> Iterator[Problem]:
    """What a rule finds; what it finds in several languages of one block is one problem."""
    texts: dict[Problem, str] = {}
    for found in rule.check(reading):
        texts.setdefault(_problem(rule, found, reading, language), found.text)
    nth: Counter[tuple[object, ...]] = Counter()
    same: dict[tuple[object, ...], list[Problem]] = {}
    for problem, text in texts.items():
        thing = (text, problem.level, problem.section, problem.block, sorted(problem.numbers))
        in_one = (str(thing), problem.language)
        nth[in_one] += 1
        same.setdefault((str(thing), nth[in_one]), []).append(problem)
    for problems in same.values():
        said = tuple((each.language, each.words) for each in problems)
        yield replace(problems[0], words_in=said)


def _problem(rule: Rule, found: Found, reading: Reading, language: str) -> Problem:
    message, place = rule.messages[found.text], found.place
    gaps = {
        "words": found.words,
        "section": reading.title(place),
        **{name: word(language, each) for name, each in found.gaps.items()},
    }
    return Problem(
        rule=rule.id,
        level=found.level,
        section=place.section,
        block=place.block,
        language=place.language or reading.reference,
        words=found.words,
        numbers=found.numbers,
        message=word(language, message.says).format(**gaps),
        act=word(language, message.act).format(**gaps),
    )


__all__ = [
    "LEAST_WORDS",
    "RULES",
    "Case",
    "ChangesSince",
    "Consultation",
    "Contest",
    "Correction",
    "Gates",
    "LintInput",
    "Polling",
    "Problem",
    "Response",
    "Rule",
    "bound_numbers",
    "draft_problems",
    "enough_of_a_reason",
    "lint_statement",
    "sentences",
]
