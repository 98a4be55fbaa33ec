"""The headline: what the findings say first, by rule, and never more than they say."""

from collections.abc import Sequence

from analytics.numbers import Estimate
from analytics.statements.blocks import Exempt, Sentence
from analytics.statements.election_day import opening_words, phrase_of, sentence
from analytics.statements.facts import MissionFacts
from analytics.statements.findings import Finding, gravest_first, is_telling
from analytics.statements.ledger import Ledger
from analytics.statements.sentences import Sentences, _, capitalised, joined, one_after_another
from analytics.wording import ENOUGH_FOR_ESTIMATE, quantity

SERIOUS, INTEGRITY = 2, 3
ORDERLY_SERIOUS, ORDERLY_INTEGRITY = 0.20, 0.05
"""Upper ends of intervals under which voting may be called orderly: no serious irregularity at
a fifth of stations, none against integrity at a twentieth."""


def headline(
    facts: MissionFacts, findings: Sequence[Finding], ledger: Ledger, words: Sentences
) -> Sentence:
    """“Voting was orderly; the result was not posted at some polling stations.”

    The first half is said only by a full mission, from estimates that rule the contrary out;
    the second names the gravest and most frequent shortcoming that is more than isolated, with
    its quantity word. Counts give it with its number. Without either: what was observed.
    """
    worst = _worst(findings)
    orderly = facts.may_assess and is_orderly(findings)
    if orderly and worst is not None and worst.stage != "voting":
        return joined(
            [
                *words.gettext("Voting was orderly"),
                *words.gettext("; "),
                *_half(worst, ledger, words),
            ]
        )
    if worst is not None:
        return capitalised(_half(worst, ledger, words))
    if orderly:
        return words.gettext("Voting was orderly at the polling stations that the sample speaks of")
    return words.gettext(
        "What observers saw in {country} on {day}",
        country=Exempt(text=facts.country, why="name"),
        day=Exempt(text=facts.polling_day, why="date"),
    )


def is_orderly(findings: Sequence[Finding]) -> bool:
    """Whether the sample rules out that voting was disorderly. Counts never can."""
    voting = [
        each
        for each in findings
        if each.stage == "voting"
        and isinstance(each.number, Estimate)
        and each.number.n >= ENOUGH_FOR_ESTIMATE
        and each.severity >= SERIOUS
    ]
    return bool(voting) and all(_within(each) for each in voting)


def _within(finding: Finding) -> bool:
    number = finding.number
    if not isinstance(number, Estimate):
        return False
    high = number.high if finding.polarity == "negative" else 1 - number.low
    limit = ORDERLY_INTEGRITY if finding.severity >= INTEGRITY else ORDERLY_SERIOUS
    return high < limit


def _worst(findings: Sequence[Finding]) -> Finding | None:
    """The gravest that is more than isolated; estimates before counts; serious at least."""
    able = [
        each
        for each in gravest_first(findings)
        if each.polarity == "negative"
        and each.severity >= SERIOUS
        and is_telling(each)
        and quantity(each.number) != "isolated"
    ]
    return next((each for each in able if isinstance(each.number, Estimate)), None) or next(
        iter(able), None
    )


def _half(finding: Finding, ledger: Ledger, words: Sentences) -> Sentence:
    phrase = phrase_of(finding, words)
    if not isinstance(finding.number, Estimate):
        return words.gettext(
            "{phrase} at {number} polling stations observed",
            phrase=phrase,
            number=ledger.finding(finding),
        )
    template = {
        "some": _("{phrase} at some polling stations"),
        "many": _("{phrase} at many polling stations"),
        "widespread": _("{phrase} at a large share of polling stations"),
    }[quantity(finding.number) or "some"]
    return words.gettext(template, phrase=phrase)


def conclusions(
    findings: Sequence[Finding], ledger: Ledger, words: Sentences, most: int = 5
) -> tuple[Sentence, Sentence]:
    """What went right, and what fell short: the first few of each, gravest first."""
    speaking = _speaking(findings)
    right = [each for each in speaking if each.polarity == "positive"]
    wrong = [each for each in speaking if each.polarity == "negative" and is_telling(each)]
    return (
        one_after_another(*(sentence(each, ledger, words) for each in gravest_first(right)[:most])),
        one_after_another(
            *(opening_words(each, ledger, words) for each in gravest_first(wrong)[:most])
        ),
    )


def _speaking(findings: Sequence[Finding]) -> list[Finding]:
    """Estimates, and counts of what no estimate speaks of: the others stand beside, below."""
    estimated = {
        (each.checklist, each.indicator) for each in findings if isinstance(each.number, Estimate)
    }
    return [
        each
        for each in findings
        if isinstance(each.number, Estimate) or (each.checklist, each.indicator) not in estimated
    ]
