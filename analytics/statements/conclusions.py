"""The conclusions: the gravest findings of the whole day, each under the name of its stage.

Nothing here judges: the headline and the overall assessment are a person's.
"""

from collections.abc import Sequence

from analytics.numbers import Estimate
from analytics.statements.blocks import Sentence
from analytics.statements.election_day import opening_words, sentence
from analytics.statements.findings import Finding, gravest_first, is_telling, without_folded
from analytics.statements.ledger import Ledger
from analytics.statements.sentences import Sentences, _, lowered, one_after_another
from analytics.wording import ENOUGH_FOR_ESTIMATE

_DURING = {
    "pre_election": _("Before election day"),
    "opening": _("During opening"),
    "voting": _("During voting"),
    "closing": _("During closing"),
    "counting": _("During the count"),
    "tabulation": _("During tabulation"),
}


def conclusions(
    findings: Sequence[Finding], ledger: Ledger, words: Sentences, most: int = 5
) -> tuple[Sentence, Sentence]:
    """What went right, and what fell short: the first few of each, gravest first.

    Nothing that rests on fewer than 30 stations; a count only of what no estimate speaks of.
    """
    enough = [each for each in without_folded(findings) if rests_on_enough(each)]
    right = [each for each in enough if each.polarity == "positive"]
    wrong = [each for each in enough if each.polarity == "negative" and is_telling(each)]
    return (
        one_after_another(
            *(
                in_its_stage(each, sentence(each, ledger, words), words)
                for each in gravest_first(right)[:most]
            )
        ),
        one_after_another(
            *(
                in_its_stage(each, opening_words(each, ledger, words), words)
                for each in gravest_first(wrong)[:most]
            )
        ),
    )


def rests_on_enough(finding: Finding) -> bool:
    """Whether a finding rests on 30 stations or more."""
    number = finding.number
    stations = number.n if isinstance(number, Estimate) else min(number.stations, number.of)
    return stations >= ENOUGH_FOR_ESTIMATE


def in_its_stage(finding: Finding, said: Sentence, words: Sentences) -> Sentence:
    """A sentence that stands outside its stage's section, with the stage named."""
    during = _DURING.get(finding.stage)
    if during is None:
        return said
    return words.gettext("{stage}, {said}", stage=words.word(during), said=lowered(said))
