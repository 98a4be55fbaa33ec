"""The rule on contradictions: one thing with two values, and pairs that unsay each other."""

from collections.abc import Iterator, Mapping
from typing import Any

from analytics.statements.blocks import Bound
from analytics.statements.lint.found import Found
from analytics.statements.lint.numerals import numerals, size_of
from analytics.statements.lint.reading import Reading


def contradictions(reading: Reading) -> Iterator[Found]:
    """Pairs that cannot both stand without a word, and one thing with two values: each once,
    however often the text says it."""
    said: set[tuple[frozenset[str], str]] = set()
    for each in (*_two_values(reading), *_two_sizes(reading), *_unsaid(reading)):
        pair = frozenset(each.numbers)
        what = pair, "" if len(pair) > 1 else f"{each.place.language} {each.words}"
        if what not in said:
            said.add(what)
            yield each


def _unsaid(reading: Reading) -> Iterator[Found]:
    told = {
        code: finding
        for code, finding in reading.given.findings.items()
        if code in reading.told and finding.get("kind")
    }
    for a, b in _pairs(reading, told):
        place = next(
            (
                phrase.place
                for phrase in reading.numbered
                for each in phrase.bounds
                if (each.finding or each.number_id) in (a, b)
            ),
            None,
        )
        if place is not None:
            gaps = {"a": _label(reading, a), "b": _label(reading, b)}
            yield Found(place, gaps["a"], (a, b), level="warning", gaps=gaps)


def _two_values(reading: Reading) -> Iterator[Found]:
    """A number printed as two, in one language or between languages. What is frozen of one finding
    is held against the snapshot by another rule; a range of several findings by this one alone."""
    first: dict[str, tuple[str, str]] = {}
    for phrase in reading.phrases:
        for each in phrase.bounds:
            together = "members" in reading.entry(each) and "%" in each.text
            if each.measure not in ("estimate", "count") and not together:
                continue
            figures = " ".join(numerals(each.text, phrase.place.language))
            said = first.setdefault(each.number_id, (figures, each.text))
            frozen = reading.given.snapshot and each.number_id in reading.given.snapshot.numbers
            if said[0] != figures and (together or not frozen):
                gaps = {"a": said[1], "b": each.text}
                yield Found(phrase.place, each.text, (each.number_id,), gaps=gaps)


def _two_sizes(reading: Reading) -> Iterator[Found]:
    """One indicator of one kind of observers on two different n in a section."""
    sizes: dict[tuple[Any, ...], tuple[int, Bound]] = {}
    for phrase in reading.numbered:
        if phrase.place.part in ("annex", "table"):
            continue
        for each in phrase.bounds:
            entry = reading.entry(each)
            query = {**each.query, **entry.get("query", {})}
            n = size_of(entry, each)
            if not query.get("indicator") or n is None or each.measure == "fact":
                continue
            names = ("checklist", "indicator", "kind", "polarity", "area")
            key = (phrase.place.section, *(query.get(name) for name in names))
            was = sizes.setdefault(key, (n, each))
            if was[0] != n:
                gaps = {"a": was[1].text, "b": each.text}
                ids = (was[1].number_id, each.number_id)
                yield Found(phrase.place, each.text, ids, level="warning", gaps=gaps)


def _pairs(reading: Reading, told: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The pairs of findings in the text that seem to unsay each other."""
    for a, one in sorted(told.items()):
        for b, other in sorted(told.items()):
            same = one.get("kind") == other.get("kind")
            if a != b and same and _unsay(reading, a, one, b, other):
                yield a, b


def _unsay(
    reading: Reading, a: str, one: Mapping[str, Any], b: str, other: Mapping[str, Any]
) -> bool:
    good, bad = _share(reading, a), _share(reading, b)
    if one.get("polarity") != "positive" or other.get("polarity") != "negative":
        return False
    first, second = str(one.get("indicator")), str(other.get("indicator"))
    if first == second:
        return a == f"{b}/positive" and abs(good + bad - 1) > 0.011
    if first.endswith("-OVERALL") and good >= 0.9 and first[:2] == second[:2]:
        return int(other.get("severity", 0)) >= 3 and bad >= 0.05
    if first == "VO-STUFF" and good >= 1:
        return second in ("OP-SEAL", "CO-SEAL", "CO-ARITH") and bad > 0
    if first == "CO-TRANSP":
        return second == "CO-NOCOPY" and bad >= 0.10
    return first == "AC-AGENT" and good >= 0.95 and second.endswith("AGENTS") and bad > 0.5


def _share(reading: Reading, code: str) -> float:
    snapshot = reading.given.snapshot
    entry = snapshot.numbers.get(code, {}) if snapshot else {}
    if entry.get("type") == "estimate":
        return float(entry["value"])
    return float(entry.get("seen", 0)) / entry["of"] if entry.get("of") else 0.0


def _label(reading: Reading, code: str) -> str:
    finding = reading.given.findings.get(code, {})
    phrase = finding.get("phrase", {})
    return str(phrase.get(reading.reference) or phrase.get("en") or finding.get("indicator", code))
