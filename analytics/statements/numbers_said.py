"""How many numbers of findings a text says."""

from collections.abc import Sequence

from analytics.statements.finding_sorts import CONDITION_OF, is_access
from analytics.statements.merging import MOST
from analytics.statements.stage_findings import Chosen, StageFindings


def numbers_of(stages: Sequence[StageFindings], chosen: Chosen) -> int:
    """How many numbers of findings a text says: a merge is one."""
    access = [each for each, _ in chosen if is_access(each) and each.polarity == "negative"]
    return len(access) + sum(_numbers_of(each) for each in stages)


def _numbers_of(told: StageFindings) -> int:
    known = {each.indicator for each in told.all if each.kind is told.lead}
    conditions = sum(CONDITION_OF.get(each.indicator, "") in known for each in told.conditional)
    groups = (*told.shortcomings, *told.isolated, *told.good, *told.zeros)
    sayings = -(-len(told.other) // MOST)
    own = len(groups) + len(told.conditional) + conditions + bool(told.assessment)
    return own + len(told.beside) + sayings
