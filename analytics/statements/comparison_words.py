"""Whether the words of a comparison point the way that its number does.

Words are weighed where a tested difference stands beside them, and the doubtful is refused: what
cannot be read for certain can be said in plainer words. That the sentence names the two sides in
the order in which they were subtracted no rule can read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analytics.statements.blocks import Bound, Sentence

DIFFERENT = {"higher", "lower"}


@dataclass(frozen=True)
class DirectionPatterns:
    """Patterns of one language: more, less, a judgement of either, and a denial."""

    more: re.Pattern[str]
    less: re.Pattern[str]
    judged: re.Pattern[str]
    denied: re.Pattern[str]


def _words(*patterns: str) -> DirectionPatterns:
    more, less, judged, denied = (
        re.compile(rf"\b(?:{each})\b", re.IGNORECASE) for each in patterns
    )
    return DirectionPatterns(more, less, judged, denied)


WORDS = {
    "en": _words(
        r"higher|more|oftener|greater|larger|rose|risen|rising|grew|grown|increas\w*|above|exceed\w*",
        r"lower|less|fewer|rarer|smaller|fell|fallen|falling|declin\w*|decreas\w*|dropp\w*|below"
        r"|reduc\w*",
        r"better|worse|best|worst|improv\w*|worsen\w*|deteriorat\w*",
        r"not|no|never|nor|neither|hardly|\w+n['’]t",
    ),
    "fr": _words(
        r"plus|davantage|supérieur\w*|hausse|augment\w*",
        r"moins|inférieur\w*|baiss\w*|diminu\w*|recul\w*",
        r"mieux|pire\w*|meilleur\w*|amélior\w*|empir\w*|aggrav\w*|détérior\w*",
        r"ne|n['’]\w+|ni|jamais|guère|aucun\w*",
    ),
    "es": _words(
        r"más|mayor(?:es)?|superior\w*|sub[eió]\w*|aument\w*|crec\w*",
        r"menos|menor(?:es)?|inferior\w*|baj\w*|dismin\w*|redu[cj]\w*",
        r"mejor\w*|peor\w*|empeor\w*|deterior\w*",
        r"no|ni|nunca|tampoco|ningun\w*",
    ),
    "pt": _words(
        r"mais|maior(?:es)?|superior\w*|sub[eiu]\w*|aument\w*|cresc\w*",
        r"menos|menor(?:es)?|inferior\w*|baix\w*|caiu|caíram|diminu\w*|redu[zç]\w*",
        r"melhor\w*|pior\w*|deterior\w*",
        r"não|nem|nunca|tampouco|nenhum\w*",
    ),
    "ar": _words(
        r"أعلى|أكثر|أكبر|ارتفع\w*|ارتفاع\w*|زاد\w*|ازداد\w*",
        r"أقل|أدنى|أصغر|انخفض\w*|انخفاض\w*|تراجع\w*",
        r"أفضل|أسوأ|تحسن\w*|تدهور\w*",
        r"لا|لم|لن|ليس\w*|غير",
    ),
}


def turned(sentence: Sentence, language: str) -> Iterator[str]:
    """What is wrong with the words beside a tested difference; nothing where there is none."""
    tested = [each for each in sentence if isinstance(each, Bound) and each.measure == "difference"]
    if not tested:
        return
    said = "".join(" " if isinstance(each, Bound) else each.text for each in sentence)
    words = WORDS.get(language, WORDS["en"])
    judged, denied = words.judged.search(said), words.denied.search(said)
    if judged is not None:
        yield f"“{judged.group()}” judges. Say higher or lower, and of what."
    ways = {"higher": words.more.search(said), "lower": words.less.search(said)}
    if not any(ways.values()):
        return
    if len(tested) > 1:
        yield "Two differences stand in one sentence: give each its own."
    verdict = tested[0].query.get("verdict")
    if verdict not in DIFFERENT:
        return
    against = ways["lower" if verdict == "higher" else "higher"]
    if against is not None:
        yield f"“{against.group()}” does not point the way of “{tested[0].text}”."
    elif denied is not None:
        yield f"“{denied.group()}” turns a difference round: say which way it goes, without it."


def verdict_of(frozen: Mapping[str, Any]) -> str:
    """Which way a frozen difference goes, by its own interval."""
    if frozen["low"] <= 0 <= frozen["high"]:
        return "not_different"
    return "higher" if frozen["value"] > 0 else "lower"
