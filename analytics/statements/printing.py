"""Numbers of findings as they stand in running text: counts in words, shares, ranges, limits."""

import re
from dataclasses import dataclass

from analytics.numbers import Estimate, Unit, counted
from analytics.statements.asked import domain_of_some
from analytics.statements.blocks import Bound, Part, Piece, PlainText, Sentence, isolated, joined
from analytics.statements.findings import Finding, share_of, speaks_of_all
from analytics.statements.ledger import Ledger
from analytics.statements.merging import (
    Group,
    more_than,
    printed,
    shared_upper_end,
    upper_limit,
)
from analytics.statements.speech import Speech
from schemas.station_noun import Gender

_REFERENCE = re.compile(r"\{(?:finding|estimate|number):([^{}]+)\}")
UNITS = {"opening": "opening", "counting": "count", "tabulation": "centre"}
"""What a station is called in counts of a stage, where that is not the station itself."""
WITH_IN = frozenset({"opening", "count", "observation"})
"""Units that take "in" where stations and centres take "at"."""
ENOUGH_OF_SOME = 100
"""Under this many answers, what was asked of some is told as x of n."""


@dataclass(frozen=True)
class Printer:
    """Prints numbers of findings in one language, and enters them in the ledger."""

    speech: Speech
    ledger: Ledger

    def share(self, finding: Finding) -> Bound:
        """An estimate with its margin or interval."""
        return self.ledger.finding(finding)

    def seen(self, finding: Finding) -> Bound:
        """At how many it was so, in words where it is fewer than ten: of the stations of a share,
        else of the unit of the count."""
        seen = counted(finding.number).seen
        unit = self.unit(finding) if said_as_count(finding) else "station-obs"
        gender = self.gender(unit)
        return self.ledger.restated(self.ledger.finding(finding), self.speech.number(seen, gender))

    def answered(self, finding: Finding) -> Bound:
        """At how many it was answered."""
        return self.ledger.answered(finding)

    def of(self, finding: Finding) -> Sentence:
        """What a number is of: “of polling stations”, “of the 126 counts where …”."""
        rel = self._rel(finding)
        if not said_as_count(finding):
            return self.speech.say("of.station.rel" if rel else "of.station", **rel)
        return self.count_of(finding)

    def count_of(self, finding: Finding) -> Sentence:
        """What a count is of, with how many answered."""
        rel, name = self._rel(finding), f"of.{self.unit(finding)}"
        return self.speech.say(f"{name}.rel" if rel else name, N=self.answered(finding), **rel)

    def _rel(self, finding: Finding) -> dict[str, Part]:
        domain = domain_of_some(finding)
        return {"rel": domain.says(self.speech.language)} if domain else {}

    def asked_of_one(self, finding: Finding) -> bool:
        """Whether one place alone answered: no number stands before a plural."""
        return counted(finding.number).of == 1

    def range_of_counts(self, group: Group, name: str) -> tuple[Bound, Sentence]:
        """One number for several counts: from the fewest to the most, and what they are of, by the
        smallest number of answers rounded down."""
        seen = sorted(counted(each.number).seen for each in group.findings)
        text = self.speech.counts(seen[0], seen[-1], self.gender(self.unit(group.first)))
        least = more_than(group.findings)
        measure = "range of counts, answers at least"
        merged = self.ledger.merge(name, text, seen[-1], group.findings, measure)
        self.ledger.numbers[name]["n"] = least
        rel, unit = self._rel(group.first), f"more.{self.unit(group.first)}"
        n = self.ledger.restated(merged, self.speech.style.whole(least))
        return merged, self.speech.say(f"{unit}.rel" if rel else unit, n=n, **rel)

    def referred(self, text: str) -> Sentence:
        """A sentence that a person wrote, its references to numbers filled: ``{estimate:CODE}``.
        A reference to no number of the statement stays as it was written."""
        pieces: list[Piece] = []
        for position, each in enumerate(_REFERENCE.split(text)):
            if position % 2 and each in self.ledger.numbers:
                pieces += isolated(self.ledger.bound_again(each), self.speech.language)
            elif each:
                words = f"{{number:{each}}}" if position % 2 else each
                pieces.append(PlainText(text=words))
        return joined(pieces)

    def unit(self, finding: Finding) -> str:
        """The name of the unit in a sentence: of what was asked of some, the station's own."""
        unit = unit_of(finding)
        asked_of_some = domain_of_some(finding) is not None
        return "station-obs" if asked_of_some and not self.speech.has(f"of.{unit}.rel") else unit

    def prep(self, finding: Finding) -> tuple[str, ...]:
        """The variant of a template for units that take "in"."""
        return ("in",) if self.unit(finding) in WITH_IN else ()

    def gender(self, unit: str) -> Gender:
        """The gender of what is counted."""
        if unit == "station-obs":
            return self.speech.station.gender
        feminine = unit in ("opening", "observation") or (
            unit == "count" and self.speech.language in ("pt", "ar")
        )
        return "f" if feminine else "m"

    def range(self, group: Group, name: str) -> Bound:
        """One number for several findings: a range, or one value with the largest upper end."""
        values = [printed(each) for each in group.findings]
        low, high = min(values), max(values)
        text = self.speech.range(low, high)
        top = shared_upper_end(group.findings) if group.rule == "M1" else None
        if top is not None and top > high:
            style = self.speech.style
            text = f"{text} ({style.at_most.format(high=f'{top}{style.percent}')})"
        return self.ledger.merge(
            name, text, high / 100, group.findings, "range of the printed shares"
        )

    def none_seen(self, group: Group, name: str) -> dict[str, Part]:
        """How many answered what was not seen, at least, and the largest upper limit: at which
        level of confidence, the first time a statement says one."""
        style, findings = self.speech.style, group.findings
        limit = upper_limit(findings) if group.rule == "M3" else 0.0
        text = style.decimals(limit, 1) + style.percent
        said = any("/none-" in each and of["value"] for each, of in self.ledger.numbers.items())
        merged = self.ledger.merge(
            name, text, limit / 100, findings, "answers at least, largest upper limit"
        )
        level, least = 0.95, more_than(findings)
        self.ledger.numbers[name]["n"] = least
        at = self.ledger.fact(
            "level",
            level,
            {"measure": "level of the intervals"},
            text=f"{100 * level:g}{style.percent}",
        )
        return {
            "n": self.ledger.restated(merged, style.whole(least)),
            "u": merged,
            "sure": self.speech.say("sure.again") if said else self.speech.say("sure", level=at),
        }


def said_as_count(finding: Finding) -> bool:
    """Whether a finding is told as x of n: a count, an estimate from few answers, or of some."""
    number = finding.number
    if not speaks_of_all(number):
        return True
    return domain_of_some(finding) is not None and counted(number).of < ENOUGH_OF_SOME


def under_one_percent(finding: Finding) -> bool:
    """Whether an estimate was seen and rounds to nothing."""
    share = share_of(finding.number)
    return isinstance(finding.number, Estimate) and share > 0 and round(100 * share) == 0


def unit_of(finding: Finding) -> str:
    """The name of the unit that a count of a finding is of, by its number and stage."""
    unit: Unit = finding.number.unit
    return "observation" if unit == "observation" else UNITS.get(finding.stage, "station-obs")
