"""The ledger of a statement: every number it says, entered once, said as often as needed."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from analytics.numbers import Beside, Estimate, Number, ObservedCount, Unit, about, domain_of
from analytics.statements.blocks import Bound
from analytics.statements.findings import Finding
from analytics.survey.difference_tests import DifferenceTest
from analytics.wording import ENGLISH, FORMATS, Format, Measure, bound_shown, say, say_difference


class Ledger:
    """Numbers by their id, as they will be frozen. A mark (``F5``) belongs to one id."""

    def __init__(self, language: str) -> None:
        self.style: Format = FORMATS.get(language, ENGLISH)
        self.numbers: dict[str, dict[str, Any]] = {}
        self._marks: dict[str, str] = {}

    def finding(self, finding: Finding) -> Bound:
        """The number of a finding as it is said: ``12% ±2``, ``23 of 164``."""
        query = {**finding.query, **_out_of(finding.number)}
        return self.number(finding.code, finding.number, query, finding=finding.code)

    def number(
        self,
        number_id: str,
        number: Number,
        query: Mapping[str, Any],
        *,
        measure: Measure = "process",
        letter: str = "F",
        finding: str | None = None,
    ) -> Bound:
        """Enter an estimate or a count, and say it."""
        said = say(number, measure=measure, style=self.style)
        entry = {"text": said.text, "measure": said.kind, "speaks": measure, **as_data(number)}
        self.numbers[number_id] = {**entry, "query": dict(query)}
        return Bound(
            number_id=number_id,
            mark=self.mark(number_id, letter),
            text=said.text,
            value=said.value,
            margin=said.margin or said.out_of,
            measure=said.kind,
            finding=finding,
            query={**query, **_out_of(number)},
        )

    def basis(self, finding: Finding) -> Bound:
        """What an estimate rests on, ``116 of 981``, under the mark of its finding."""
        seen, n = _out_of(finding.number)["seen"], _out_of(finding.number)["n"]
        text = self._ratio(seen, n) if seen is not None else self.style.whole(n)
        return self.restated(self.finding(finding), text)

    def otherwise(self, finding: Finding) -> Bound:
        """The same counted in the other unit, ``27 of 72`` observations where the finding's number
        is of stations."""
        query = {"measure": "counted otherwise", "finding": finding.code}
        return self.number(f"{finding.code}/other", finding.other, query, letter="B")

    def answered(self, finding: Finding) -> Bound:
        """At how many stations, or in how many observations, a finding's question was answered."""
        bound = self.finding(finding)
        return self.restated(bound, self.style.whole(finding.n))

    def bound_of(self, finding: Finding) -> Bound:
        """The upper bound of an irregularity that was not seen: ``0.3%``."""
        number = finding.number
        if not isinstance(number, Estimate):
            raise TypeError(f"{finding.code}: a count has no bound")
        high = 1 - number.low if finding.polarity == "positive" else number.high
        text = self.style.decimals(bound_shown(100 * high), 1) + self.style.percent
        return self.restated(self.finding(finding), text)

    def fact(
        self,
        number_id: str,
        value: float,
        query: Mapping[str, Any],
        *,
        text: str = "",
        letter: str = "M",
        unit: Unit | None = None,
    ) -> Bound:
        """Enter a plain figure: observers sent, stations drawn, a seed. ``unit`` is what it counts,
        where that is a unit of numbers."""
        said = text or self.style.whole(int(value))
        self.numbers[number_id] = {
            "text": said,
            "measure": "fact",
            "value": value,
            "query": dict(query),
            **({"unit": unit} if unit else {}),
        }
        return Bound(
            number_id=number_id,
            mark=self.mark(number_id, letter),
            text=said,
            value=said,
            measure="fact",
            query=dict(query),
        )

    def difference(
        self, number_id: str, compared: DifferenceTest, query: Mapping[str, Any]
    ) -> Bound:
        """Enter the difference of two estimates: the one number from which "higher than" follows.

        Raises TypeError for anything else, such as two numbers that nobody may compare.
        """
        if not isinstance(compared, DifferenceTest):
            raise TypeError(f"{number_id}: nothing was tested, so nothing is higher or lower")
        found = compared.difference
        value, interval = say_difference(found.value, found.low, found.high, style=self.style)
        tested = {**query, "verdict": compared.verdict, "tests": compared.tests}
        self.numbers[number_id] = {
            "text": f"{value} {interval}",
            "measure": "difference",
            "type": "difference",
            **vars(found),
            "query": tested,
        }
        return Bound(
            number_id=number_id,
            mark=self.mark(number_id, "D"),
            text=f"{value} {interval}",
            value=value,
            margin=interval,
            measure="difference",
            query=tested,
        )

    def part(
        self,
        number_id: str,
        part: int,
        whole: int,
        query: Mapping[str, Any],
        letter: str = "M",
        unit: Unit | None = None,
    ) -> Bound:
        """Enter a part of a whole: ``988 of 1,000`` reports, or of what else ``unit`` says."""
        text = self._ratio(part, whole)
        bound = self.fact(
            number_id,
            part,
            {**query, "seen": part, "n": whole},
            text=text,
            letter=letter,
            unit=unit,
        )
        self.numbers[number_id]["of"] = whole
        return bound

    def merge(
        self, number_id: str, text: str, value: float, members: Sequence[Finding], measure: str
    ) -> Bound:
        """Enter one number that is said of several findings. It is stale when any of them is."""
        codes = [each.code for each in members]
        query = {"measure": measure, "members": codes}
        bound = self.fact(number_id, value, query, text=text, letter="F")
        self.numbers[number_id]["members"] = codes
        return bound

    def mark(self, number_id: str, letter: str) -> str:
        """The mark printed beside a number: a letter and a running figure."""
        if number_id not in self._marks:
            taken = sum(mark.startswith(letter) for mark in self._marks.values())
            self._marks[number_id] = f"{letter}{taken + 1}"
        return self._marks[number_id]

    def _ratio(self, part: int, whole: int) -> str:
        return f"{self.style.whole(part)} {self.style.of} {self.style.whole(whole)}"

    def bound_again(self, number_id: str) -> Bound:
        """A plain figure that was entered before. Raises KeyError where it was not."""
        entry = self.numbers[number_id]
        return Bound(
            number_id=number_id,
            mark=self.mark(number_id, "M"),
            text=entry["text"],
            value=entry["text"],
            measure="fact",
            query=entry["query"],
        )

    def restated(self, bound: Bound, text: str) -> Bound:
        """The same number in other words: a part of it, or written out."""
        return bound.model_copy(
            update={"text": text, "value": text, "margin": "", "measure": "fact"}
        )


def as_data(number: Number) -> dict[str, Any]:
    """A number as JSON can hold it; an ObservedCount has no interval to hold."""
    if isinstance(number, Estimate):
        return {
            "value": number.value,
            "se": number.se,
            "low": number.low,
            "high": number.high,
            "level": number.level,
            "n": number.n,
            "df": number.df,
            "method": number.method,
            "missing": number.missing,
            "seen": number.seen,
            "population": number.population,
            "design": number.design,
            "of": number.drawn,
            "type": "estimate",
            **about(number),
        }
    return {
        "n": number.seen,
        "seen": number.seen,
        "of": number.of,
        "stations": number.stations,
        "missing": number.missing,
        "type": "count",
        **about(number),
    }


def from_data(data: Mapping[str, Any]) -> Number:
    """A number as it was before :func:`as_data`; its design effect was not kept.

    One that was frozen before numbers had a unit: a count was of observations, an estimate of
    stations, or of votes where it speaks of these.
    """
    beside = Beside(**{name: data.get(name) or 0 for name in BESIDE})
    if data.get("type") == "count":
        return ObservedCount(
            *(data["seen"], data["of"], data["stations"], data["missing"]),
            unit=data.get("unit", "observation"),
            domain=domain_of(data),
            beside=beside,
        )
    return Estimate(
        value=data["value"],
        se=data["se"],
        low=data["low"],
        high=data["high"],
        level=data["level"],
        n=data["n"],
        df=data["df"],
        deff=None,
        method=data["method"],
        missing=data["missing"],
        seen=data["seen"],
        population=data["population"],
        design=data["design"],
        unit=data.get("unit") or ("vote" if data.get("speaks") == "votes" else "station"),
        domain=domain_of(data),
        beside=beside,
        drawn=data.get("of"),
    )


BESIDE = tuple(each.name for each in fields(Beside))


def _out_of(number: Number) -> dict[str, Any]:
    if isinstance(number, Estimate):
        return {"seen": number.seen, "n": number.n}
    return {"seen": number.seen, "n": number.of}
