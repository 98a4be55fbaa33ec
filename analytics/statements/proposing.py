"""What the rules propose for a text: each finding by its own rule, then what there is room for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from analytics.statements.choices import Choice, Place, Proposal, Rule, basis_of, decided, placed
from analytics.statements.concluding import Plan, plan_conclusions
from analytics.statements.finding_sorts import is_bound, is_grave
from analytics.statements.findings import Finding, gravest_first, speaks_of_all, without_folded
from analytics.statements.merging import Group
from analytics.statements.narrowing import behind_in_standard, good_twice, said_by_an_estimate
from analytics.statements.numbers_said import NOTHING_BESIDES, Besides, numbers_of
from analytics.statements.ordering import order_key
from analytics.statements.stage_findings import (
    BEFORE,
    STAGES,
    Chosen,
    StageFindings,
    stage_findings,
    stands_beside,
)
from schemas.mission import Kind

MOST_OF_A_STAGE = 8
"""Findings in the text of one stage; a merge counts as one."""
MOST_FINDINGS = 20
"""Findings from which on the text says no count of the other kind beside an estimate."""
MOST_GOOD = 2
"""Good findings in the one sentence of a stage that says what went well."""
MOST_CONDITIONAL = 2
MOST_NUMBERS = {False: 45, True: 25}
"""Numbers in a whole text: of a mission, of a citizen group or of one stage."""


def propose(
    findings: Sequence[Finding],
    choices: Sequence[Choice] = (),
    own: Kind | None = None,
    besides: Besides = NOTHING_BESIDES,
) -> tuple[Proposal, ...]:
    """Where the rules put each finding, in the order given. ``own`` is the mission's kind,
    ``besides`` what the text says beside its findings.

    What a person chose or left out stands, except that a grave finding that was seen is never left
    to the annex (:func:`is_bound`); the rules fill the room that is left.
    """
    proposed = _Proposed(gravest_first(findings), choices, own, besides)
    return tuple(proposed.proposal(each) for each in findings)


def selected(
    findings: Sequence[Finding],
    choices: Sequence[Choice] = (),
    own: Kind | None = None,
    besides: Besides = NOTHING_BESIDES,
) -> Iterator[tuple[Finding, Place]]:
    """The findings of the text with their place. Before anybody chose one they are what the rules
    propose; from then on what people chose, and what is always said (:func:`is_bound`)."""
    only_chosen = any(each.chosen for each in choices)
    return iter(_Proposed(findings, choices, own, besides, only_chosen).chosen())


def numbers_proposed(
    findings: Sequence[Finding], own: Kind | None = None, besides: Besides = NOTHING_BESIDES
) -> int:
    """In how many numbers a text says what the rules propose, before anybody chose."""
    chosen = tuple(selected(gravest_first(findings), own=own, besides=besides))
    return numbers_of(stages_told(findings, chosen, own), chosen, besides)


def stages_told(
    findings: Sequence[Finding],
    chosen: Chosen,
    own: Kind | None,
    choices: Sequence[Choice] = (),
) -> tuple[StageFindings, ...]:
    """The stages of which something was found, in time order, each with what was chosen of it."""
    told = (stage_findings(each, findings, chosen, own, choices) for each in (BEFORE, *STAGES))
    return tuple(each for each in told if each)


@dataclass
class _Proposed:
    """The proposal as it is made: by their own rules, then with the room that there is."""

    findings: Sequence[Finding]
    choices: Sequence[Choice]
    own: Kind | None
    besides: Besides
    only_chosen: bool = False
    rules: dict[str, Rule] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {
            each.code
            for kind in Kind
            for each in without_folded(one for one in self.findings if one.kind is kind)
        }
        estimated = {_thing(each) for each in self.findings if speaks_of_all(each.number)}
        for each in self.findings:
            counted_too = not speaks_of_all(each.number) and _thing(each) in estimated
            folded = each.code not in kept or (counted_too and not is_grave(each))
            self.rules[each.code], self.places[each.code] = placed(each, folded=folded)
        self._decided = decided(self.choices)
        self._name_patterns()
        self._leave_access_that_went_well()
        self._leave_the_other_kind()
        self._narrow()
        self._leave_good_beside_its_fault()
        for told in self._stages():
            self._keep_to_a_stage(told)
        self._put_beside()
        self._keep_to_the_whole()
        self._keep_to_the_conclusions()

    def proposal(self, finding: Finding) -> Proposal:
        """A finding's rule, with its basis, and place."""
        rule, place = self.rules[finding.code], self.places[finding.code]
        return Proposal(finding.code, rule, basis_of(rule, said=place != "annex"), place)

    def chosen(self) -> tuple[tuple[Finding, Place], ...]:
        """The findings of the text with their place."""
        placed_at = ((each, self._place(each)) for each in self.findings)
        return tuple((each, place) for each, place in placed_at if place != "annex")

    def _place(self, finding: Finding) -> Place:
        choice = self._decided.get(finding.code)
        place = self.places[finding.code]
        if choice is None:
            return "annex" if self.only_chosen and not is_bound(finding) else place
        if choice.chosen:
            high = choice.significance in ("significant", "pattern")
            return "conclusions" if high else "stage"
        return "stage" if self.rules[finding.code] == "S1" else "annex"

    def _stages(self) -> tuple[StageFindings, ...]:
        return stages_told(self.findings, self.chosen(), self.own, self.choices)

    def _leave(self, finding: Finding, rule: Rule) -> None:
        self.rules[finding.code], self.places[finding.code] = rule, "annex"

    def _is_open(self, finding: Finding) -> bool:
        """Whether the rules decide on a finding: no person has, and it may be left out."""
        return not is_bound(finding) and finding.code not in self._decided

    def _name_patterns(self) -> None:
        for each in self.findings:
            choice = self._decided.get(each.code)
            pattern = choice is not None and choice.significance == "pattern"
            if pattern and each.severity >= 2 and self.rules[each.code] in ("S2", "edge"):
                self.rules[each.code], self.places[each.code] = "S2", "stage"

    def _leave_access_that_went_well(self) -> None:
        access = [each for each in self.findings if self.rules[each.code] == "S8"]
        if any(each.polarity == "negative" for each in access):
            for each in access:
                if each.polarity == "positive":
                    self._leave(each, "S8")

    def _leave_the_other_kind(self) -> None:
        """C1: of the other kind's counts the text says what is grave; one more stands beside."""
        for told in self._stages():
            for each in told.all:
                proposed = self.places[each.code] != "annex"
                if proposed and self._is_open(each) and each.kind is not told.lead:
                    self._leave(each, "C1")

    def _narrow(self) -> None:
        for told in self._stages():
            for each in said_by_an_estimate(
                told, {code for code in self.places if self._is_in(code)}
            ):
                if each.code not in self._decided:
                    self._leave(each, "same")
        self._leave_open(good_twice(self._stages()), "twice")
        for told in self._stages():
            self._leave_open(behind_in_standard(told), "standard")

    def _is_in(self, code: str) -> bool:
        return self.places[code] != "annex"

    def _leave_open(self, findings: Iterable[Finding], rule: Rule) -> None:
        for each in findings:
            if self._is_open(each):
                self._leave(each, rule)

    def _leave_good_beside_its_fault(self) -> None:
        """What is said to have gone wrong, or would be if there were room, is not said to have
        gone well too."""
        told = {
            _thing(each)
            for each in self.findings
            if each.polarity == "negative"
            if self._place(each) != "annex" or self.rules[each.code] in ("edge", "standard")
        }
        for each in self.findings:
            good = self.rules[each.code] == "S4" and self.places[each.code] != "annex"
            if good and _thing(each) in told and self._is_open(each):
                self._leave(each, "fault")

    def _keep_to_a_stage(self, told: StageFindings) -> None:
        said = [told.assessment, *told.isolated, *told.good[:1], *told.zeros[:1]]
        room = max(MOST_OF_A_STAGE - len([each for each in said if each]), 1)
        groups = sorted(told.shortcomings, key=lambda each: order_key(each.first))
        for group in (*groups[room:], *told.good[1:], *told.zeros[1:]):
            self._leave_group(group)
        for group in told.good[:1]:
            self._leave_group(Group(group.findings[MOST_GOOD:]))
            if len(group.findings) == 1:
                self._leave_group(group, "S4")
        for each in told.conditional[MOST_CONDITIONAL:]:
            self._leave_group(Group((each,)))

    def _leave_group(self, group: Group, rule: Rule = "room") -> None:
        self._leave_open(group.findings, rule)

    def _put_beside(self) -> None:
        """C1: beside the first shortcoming of a stage that stands alone, while there is room."""
        for told in self._stages():
            if told.beside or len(self.chosen()) >= MOST_FINDINGS:
                continue
            for group in told.shortcomings:
                alone = {group.first.indicator} if len(group.findings) == 1 else set()
                found = [
                    each
                    for each in told.all
                    if self.rules[each.code] == "C1" and stands_beside(each, alone)
                ]
                if found:
                    self.rules[found[0].code], self.places[found[0].code] = "C1", "stage"
                    break

    def _keep_to_the_whole(self) -> None:
        """Leave what ranks last until the numbers are few enough: counts beside an estimate, then
        shortcomings and what was asked of some, but not the first of a stage."""
        told = self._stages()
        here = [each for each in told if each.stage != BEFORE]
        most = MOST_NUMBERS[self.own is not Kind.INTERNATIONAL or len(here) < 2]
        while numbers_of(told, self.chosen(), self.besides) > most:
            last = next(self._last(told), None)
            if last is None:
                return
            self._leave_group(last)
            told = self._stages()

    def _last(self, told: Sequence[StageFindings]) -> Iterator[Group]:
        """What may be left, the last first."""
        groups = [Group((each,)) for stage in told for each in stage.beside.values()]
        groups += sorted(
            (
                group
                for stage in told
                for group in (
                    *stage.shortcomings[1:],
                    *(Group((each,)) for each in stage.conditional),
                )
            ),
            key=lambda each: order_key(each.first),
            reverse=True,
        )
        yield from (each for each in groups if any(map(self._is_open, each.findings)))

    def _keep_to_the_conclusions(self) -> None:
        chosen = self.chosen()
        plan = plan_of(self._stages(), chosen, self.choices, self.besides)
        said = {each.code for each in plan.findings}
        for each, place in chosen:
            if place == "conclusions" and each.code not in said:
                self.places[each.code] = "stage"


def plan_of(
    stages: Sequence[StageFindings],
    chosen: Chosen,
    choices: Sequence[Choice],
    besides: Besides = NOTHING_BESIDES,
) -> Plan:
    """What the conclusions of a text say beside what they say of the quick count."""
    room = len(besides.conclusions), besides.paragraphs
    return plan_conclusions(stages, chosen, chosen_first(choices), room)


def chosen_first(choices: Sequence[Choice]) -> frozenset[str]:
    """The codes of what a person called significant, or a pattern: the conclusions say it first."""
    high = ("significant", "pattern")
    return frozenset(each.code for each in choices if each.chosen and each.significance in high)


def _thing(finding: Finding) -> tuple[str, str, Kind]:
    """What a finding is of, in whatever checklist it was asked."""
    return finding.stage, finding.indicator, finding.kind
