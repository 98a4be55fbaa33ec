"""Rules on what a sentence claims: zeros, comparisons, contests, days."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from analytics.statements.blocks import Bound
from analytics.statements.comparison_words import turned, verdict_of
from analytics.statements.lint.found import Found
from analytics.statements.lint.numerals import numerals, size_of
from analytics.statements.lint.reading import Phrase, Reading
from analytics.wording import bound_shown
from schemas.checklist import ACCESS_CODES

ELECTION_DAY = frozenset({"opening", "voting", "closing", "counting", "tabulation", "results"})
"""The sections that speak of polling."""


def day_not_begun(reading: Reading) -> Iterator[Found]:
    """Text on a day of polling that had not begun, and reports dated ahead within a number."""
    polling = reading.given.polling
    ahead = {key for key, reports in reading.given.ahead.items() if reports}
    told: set[str] = set()
    for phrase in reading.numbered:
        place = phrase.place
        early = polling is not None and polling.frozen_at < polling.opens_at
        gaps = {
            "round": polling.round if polling else "",
            "freeze": f"{polling.frozen_at:%Y-%m-%d %H:%M}" if polling else "",
        }
        if early and place.section in ELECTION_DAY and place.section not in told:
            told.add(place.section)
            yield Found(place, phrase.text, tuple(x.number_id for x in phrase.bounds), gaps=gaps)
        elif not early:
            for each in phrase.bounds:
                if each.number_id in ahead:
                    yield Found(place, each.text, (each.number_id,), "ahead")


def mixed_contests(reading: Reading) -> Iterator[Found]:
    """Numbers of two contests or rounds in a sentence that does not name both; shares of votes that
    are of another denominator than their contest's."""
    given = reading.given
    for phrase in reading.phrases:
        if phrase.place.part in ("annex", "table"):
            continue
        of: dict[str, Bound] = {}
        rounds: dict[str, Bound] = {}
        for number in phrase.bounds:
            query = {**number.query, **reading.entry(number).get("query", {})}
            contest = query.get("contest")
            if isinstance(contest, str):
                of.setdefault(contest, number)
                asked = given.contests[contest].denominator if contest in given.contests else ""
                said = query.get("denominator")
                if asked and said and said != asked and phrase.place.language == reading.reference:
                    one = (number.number_id,)
                    yield Found(phrase.place, number.text, one, "denominator")
            if isinstance(query.get("round"), str):
                rounds.setdefault(query["round"], number)
        names = [
            given.contests[each].name.get(phrase.place.language, each)
            if each in given.contests
            else each
            for each in of
        ]
        named = all(each.casefold() in phrase.text.casefold() for each in names)
        pair = list(of.values()) if len(of) > 1 and not named else list(rounds.values())
        if len(pair) > 1:
            gaps = {"a": pair[0].text, "b": pair[1].text}
            ids = tuple(each.number_id for each in pair)
            yield Found(phrase.place, phrase.text, ids, gaps=gaps)


def zeros(reading: Reading) -> Iterator[Found]:
    """What was not seen said as if it had not been; a zero without its limit or N; the level of
    confidence said more than once."""
    clauses: dict[str, int] = defaultdict(int)
    for phrase in reading.said:
        nothing = [each for each in phrase.bounds if _is_zero(reading.entry(each))]
        yield from _zero_said(phrase, nothing, reading)
        clause = phrase.words.confidence.search(phrase.typed)
        if clause and phrase.place.part != "method":
            clauses[phrase.place.language] += 1
            if clauses[phrase.place.language] > 1:
                yield Found(phrase.place, clause.group(), text="confidence")


def _zero_said(phrase: Phrase, nothing: list[Bound], reading: Reading) -> Iterator[Found]:
    said = phrase.words.never_happened.search(phrase.typed)
    if nothing and not said:
        # An indicator's own words may hold "no"; a sentence around them may not.
        said = phrase.words.none.search(_without_phrases(phrase, nothing, reading))
    if said:
        yield Found(phrase.place, said.group(), tuple(each.number_id for each in nothing))
        return
    for number in nothing if phrase.place.language == reading.reference else ():
        if not _has_limit(phrase, number, reading.entry(number), reading.reference):
            yield Found(phrase.place, number.text, (number.number_id,), "limit")
            return


def _without_phrases(phrase: Phrase, numbers: list[Bound], reading: Reading) -> str:
    """What was typed of a sentence, but the indicators' own words."""
    text = phrase.typed
    for number in numbers:
        said = reading.finding(number).get("phrase", {})
        own = str(said.get(phrase.place.language) or said.get("en") or "")
        text = re.sub(re.escape(own), " ", text, flags=re.IGNORECASE) if own else text
    return text


def _is_zero(entry: Mapping[str, Any]) -> bool:
    """Whether a number says that something was seen nowhere, by itself or by its contrary."""
    query = entry.get("query", {})
    if entry.get("type") not in ("estimate", "count") or not (
        query.get("polarity") or "seen" in entry
    ):
        return False
    n = entry.get("of") if entry["type"] == "count" else entry.get("n")
    if query.get("polarity") == "positive":
        return bool(n) and entry.get("seen") == n
    return bool(n) and entry.get("seen") == 0


def _has_limit(phrase: Phrase, number: Bound, entry: Mapping[str, Any], language: str) -> bool:
    """Whether a zero's paragraph says its upper limit (a sample) or what it is out of (a count)."""
    printed = {
        figure
        for piece in phrase.paragraph
        if isinstance(piece, Bound)
        for figure in numerals(piece.text, language)
    }
    if entry.get("type") == "count":
        return str(size_of(entry, number)) in printed
    positive = entry.get("query", {}).get("polarity") == "positive"
    high = 100 * (1 - entry["low"] if positive else entry["high"])
    return bool(printed & {f"{bound_shown(high):.1f}", f"{high:.1f}", f"{high:.0f}"})


def silence(reading: Reading) -> Iterator[Found]:
    """Good access beside refusals; "missing" that holds who was refused or not asked."""
    standing = reading.given.standing
    refused = (standing.unobserved.get("refused", 0) or standing.denied) if standing else 0
    for phrase in reading.numbered:
        for number in phrase.bounds:
            entry = reading.entry(number)
            query = {**number.query, **entry.get("query", {})}
            access = query.get("indicator") in ACCESS_CODES and query.get("polarity") == "positive"
            if access and refused and phrase.place.part not in ("annex", "table"):
                gaps = {"k": str(refused)}
                yield Found(phrase.place, number.text, (number.number_id,), gaps=gaps)
            holds = query.get("holds") or {}
            hidden = sum(
                holds.get(each, 0) for each in ("refused", "closed", "unsafe", "not_asked")
            )
            if hidden and phrase.words.missing.search(phrase.typed):
                gaps = {"k": str(hidden)}
                yield Found(phrase.place, number.text, (number.number_id,), "missing", gaps=gaps)


def comparisons(reading: Reading) -> Iterator[Found]:
    """What is said to be higher or lower rests on a test between two samples, and points its way;
    two kinds of observers are never joined."""
    for phrase in reading.said:
        yield from _compared(phrase, reading)
        kinds = {
            str(each.query["kind"]): each
            for each in phrase.bounds
            if each.finding and each.query.get("kind")
        }
        if len(kinds) > 1 and (said := phrase.words.joined.search(phrase.typed)):
            ids = tuple(each.number_id for each in kinds.values())
            yield Found(phrase.place, said.group(), ids, "joined")


def _compared(phrase: Phrase, reading: Reading) -> Iterator[Found]:
    tested = next((each for each in phrase.bounds if each.measure == "difference"), None)
    said = phrase.words.compared.search(phrase.typed)
    if tested is None:
        if said is not None:
            ids = tuple(each.number_id for each in phrase.bounds)
            yield Found(phrase.place, said.group().strip(), ids)
        return
    snapshot = reading.given.snapshot
    frozen = snapshot.numbers.get(tested.number_id) if snapshot else None
    ids = (tested.number_id,)
    if frozen is not None and frozen.get("type") != "difference":
        yield Found(phrase.place, tested.text, ids)
        return
    if frozen is not None and tested.query.get("verdict") != verdict_of(frozen):
        yield Found(phrase.place, tested.text, ids, "direction")
        return
    if said is not None and tested.query.get("verdict") == "not_different":
        yield Found(phrase.place, said.group().strip(), ids, "not_different")
        return
    for says in turned(phrase.pieces, phrase.place.language):
        yield Found(phrase.place, says, ids, "direction")
        return
