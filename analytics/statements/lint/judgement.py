"""Rules on judgement: whose it is, in which words, of how much, and how evenly."""

from collections.abc import Iterator, Mapping
from typing import Any

from analytics.statements.blocks import Bound, Heading, Paragraph, PlainText, plain
from analytics.statements.lint.facts import Level
from analytics.statements.lint.found import Found
from analytics.statements.lint.reading import Phrase, Place, Reading
from analytics.wording import ENOUGH_FOR_ESTIMATE
from schemas.mission import Scope
from schemas.statement import StatementKind

OF_A_PERSON = frozenset({"headline", "assessment", "legal", "administration", "campaign", "women"})
"""The sections that no rule may write."""
SIGNED = ("person", "accepted")


def of_nobody(reading: Reading) -> Iterator[Found]:
    """Judgements that no person wrote or accepted."""
    for block, place in reading.blocks():
        if isinstance(block, Heading) and block.level == 1 and not plain(block.text).strip():
            yield Found(place, text="headline")
        assessed = isinstance(block, Paragraph) and place.section == "assessment"
        if assessed and isinstance(block, Paragraph) and not plain(block.text).strip():
            yield Found(place, text="assessment")
    flagged: set[tuple[str, str]] = set()
    for phrase in reading.said:
        place = phrase.place
        key = (place.language, place.block)
        if place.origin in SIGNED or key in flagged:
            continue
        words = _judged(phrase, reading)
        if words:
            flagged.add(key)
            yield Found(place, words, tuple(each.number_id for each in phrase.bounds))


def _judged(phrase: Phrase, reading: Reading) -> str:
    """The words of a sentence by nobody that judge; empty where there are none."""
    place, words = phrase.place, phrase.words
    typed = phrase.typed.strip()
    if place.part in ("disclaimer", "method") or place.origin == "fixed":
        return ""
    text = typed
    for phrased in _phrases_of(reading.given.findings, place.language):
        text = text.replace(phrased, " ")
    if place.part == "headline":
        return typed
    patterns = (words.falls_short, words.quantity, words.judgement)
    said = next((found for each in patterns if (found := each.search(text))), None)
    if said is not None:
        return said.group()
    own = place.section in OF_A_PERSON and place.part == "text"
    return typed if own and place.language == reading.reference else ""


def _phrases_of(findings: Mapping[str, Mapping[str, Any]], language: str) -> set[str]:
    found = {str(each.get("phrase", {}).get(language) or "") for each in findings.values()}
    return {each for each in found if each}


def banned_words(reading: Reading) -> Iterator[Found]:
    """Words that say more than was seen, or less than what was."""
    for phrase in reading.said:
        place, words = phrase.place, phrase.words
        if place.origin == "fixed" or place.part in ("disclaimer", "method"):
            continue
        text = phrase.typed
        for said in _phrases_of(reading.given.findings, place.language):
            text = text.replace(said, " ")
        for match in words.banned.finditer(text):
            yield Found(place, match.group().strip())
        if not _may_say_of_the_whole(place, reading):
            yield from (Found(place, each.group()) for each in words.of_the_whole.finditer(text))
        level: Level = "warning" if place.origin in SIGNED else "error"
        tested = any(each.measure == "difference" for each in phrase.bounds)
        hedges = [each.group() for each in words.hedges.finditer(text)]
        hedges += list(_before_numbers(phrase))
        for each in hedges:
            if not (tested and each.lower().startswith(("signific", "بشكل ملحوظ"))):
                yield Found(place, each, level=level)


def _may_say_of_the_whole(place: Place, reading: Reading) -> bool:
    """Whether a person of a mission that looked at everything says it of the whole."""
    whole = place.section in ("headline", "assessment") or place.part == "headline"
    return whole and place.origin in SIGNED and reading.given.scope is Scope.FULL


def _before_numbers(phrase: Phrase) -> Iterator[str]:
    """Hedges that stand right before a bound number."""
    for piece, after in zip(phrase.pieces, phrase.pieces[1:], strict=False):
        before = isinstance(piece, PlainText) and isinstance(after, Bound)
        match = phrase.words.before_number.search(piece.text) if before else None
        if match:
            yield match.group().strip()


def of_the_whole(reading: Reading) -> Iterator[Found]:
    """A limited mission that assesses the whole election."""
    scope = reading.given.scope
    if scope is Scope.FULL:
        return
    gaps = {"scope": str(scope)}
    said = {
        getattr(block, "about", "")
        for language in reading.given.texts
        for block, _ in reading.blocks(language)
    }
    if "scope" not in said:
        yield Found(text="unsaid", gaps=gaps)
    flagged = set()
    for phrase in reading.said:
        place = phrase.place
        if place.part in ("disclaimer", "method", "heading"):
            continue
        words = phrase.words.whole.search(phrase.typed)
        assessed = place.section == "assessment" and place.language == reading.reference
        if (words or assessed) and (place.language, place.block) not in flagged:
            flagged.add((place.language, place.block))
            yield Found(place, words.group() if words else phrase.text, gaps=gaps)


ON_ONE_MATTER = (StatementKind.CORRECTION, StatementKind.PRESENCE, StatementKind.AD_HOC)
"""The kinds that do not say what was found in all."""


def balance(reading: Reading) -> Iterator[Found]:
    """Grave findings that are not in the text; only good ones or only bad ones though there are
    both; findings left out without a reason."""
    findings, told = reading.given.findings, reading.told
    snapshot = reading.given.snapshot
    if not findings or snapshot is None or reading.given.kind in ON_ONE_MATTER:
        return
    reasons = {each.code: each for each in reading.given.choices}
    things = {
        _thing(each)
        for code, each in findings.items()
        if code in told and each.get("polarity") == "negative"
    }
    for code, finding in findings.items():
        entry = snapshot.numbers.get(code, {})
        gaps = {"finding": _label(finding, reading.reference), "n": str(entry.get("text", ""))}
        left_out = reasons.get(code)
        if _grave(finding, entry) and code not in told and _thing(finding) not in things:
            yield Found(WHOLE_TEXT, gaps["finding"], (code,), gaps=gaps)
        elif left_out and not left_out.chosen and not left_out.reason.strip() and code not in told:
            yield Found(WHOLE_TEXT, gaps["finding"], (code,), level="warning", gaps=gaps)
    for polarity, text in (("positive", "good"), ("negative", "bad")):
        weighty = [
            code
            for code, each in findings.items()
            if each.get("polarity") == polarity and _weighty(each, snapshot.numbers.get(code, {}))
        ]
        other = {code for code, each in findings.items() if each.get("polarity") != polarity}
        if weighty and told & other and not told & {*weighty, *_of(findings, polarity)}:
            yield Found(WHOLE_TEXT, "", tuple(weighty), text, "warning")


WHOLE_TEXT = Place("", "", "")


def _of(findings: Mapping[str, Mapping[str, Any]], polarity: str) -> set[str]:
    return {code for code, each in findings.items() if each.get("polarity") == polarity}


def _thing(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a finding is of, whoever saw it and however it was drawn: the other kind of observers,
    or what lies outside a sample, needs not be told beside it."""
    return finding.get("checklist"), finding.get("stage"), finding.get("indicator")


def _grave(finding: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Of severity 3, and seen at least once."""
    seen = bool(entry.get("seen") or entry.get("value"))
    grave = int(finding.get("severity", 0)) >= 3 and finding.get("polarity") == "negative"
    return grave and seen


def _weighty(finding: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Whether the rules of selection (S1 to S4) would put a finding into the text."""
    n = entry.get("of") if entry.get("type") == "count" else entry.get("n")
    share = entry["value"] if entry.get("type") == "estimate" else _ratio(entry)
    if not n or n < ENOUGH_FOR_ESTIMATE:
        return False
    if finding.get("polarity") == "positive":
        return bool(share >= 0.95)
    severity = int(finding.get("severity", 0))
    return bool(severity >= 3 or share >= (0.05 if severity == 2 else 0.20))


def _ratio(entry: Mapping[str, Any]) -> float:
    return float(entry.get("seen", 0)) / entry["of"] if entry.get("of") else 0.0


def _label(finding: Mapping[str, Any], language: str) -> str:
    phrase = finding.get("phrase", {})
    return str(phrase.get(language) or phrase.get("en") or finding.get("indicator", ""))
