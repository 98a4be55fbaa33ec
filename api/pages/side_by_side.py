"""Numbers of two kinds of observers, or of two missions, side by side with their difference."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.charts import Axis, axis_for, dot_and_interval, squares
from analytics.numbers import Estimate, Number, counted
from analytics.survey.difference_tests import Comparison, DifferenceTest
from analytics.wording import WordedNumber, say, say_difference
from api.pages.page import PageRequest
from api.pages.rows import with_domain
from api.statements.comparison import MissionsCompared, kinds_of_samples, missions_compared
from schemas.checklist import Indicator
from schemas.words import N_

VERDICTS = {
    "higher": ("↑", N_("Higher")),
    "lower": ("↓", N_("Lower")),
    "not_different": ("≈", N_("Not significantly different")),
}
KINDS = {"domestic": N_("Domestic observers"), "international": N_("International observers")}
WHY_NOT = {
    "not_a_sample": N_("stations were not drawn by lot"),
    "by_hour": N_("by the hour observations are counted"),
    "response": N_("too little of the sample reported"),
    "nobody_answered": N_("nobody of the sample answered"),
    "few": N_("fewer than 30 stations answered"),
    "frames": N_("the samples are of two frames"),
    "question": N_("the question was another"),
    "kind": N_("other observers"),
    "levels": N_("the intervals are of two levels"),
    "no_error": N_("every station was counted"),
}


@dataclass(frozen=True)
class ComparedNumber:
    """A number and its picture: an interval for an estimate, squares for a count."""

    picture: str
    said: WordedNumber


@dataclass(frozen=True)
class ComparedRow:
    """Two sides and their difference; without ``sign`` nothing was tested, and ``says`` why."""

    words: str
    severity: int
    first: ComparedNumber
    second: ComparedNumber
    value: str
    interval: str
    sign: str
    says: str
    differs: bool


@dataclass(frozen=True)
class SideBySide:
    """Comparisons shown together; ``title``, ``day`` and whose observers are of an earlier
    mission."""

    title: str
    day: str
    whose: str
    heads: tuple[str, str]
    rows: tuple[ComparedRow, ...]
    axis_end: int

    @property
    def tests(self) -> int:
        """How many were tested."""
        return sum(bool(row.sign) for row in self.rows)

    @property
    def different(self) -> int:
        """In how many the test found a difference."""
        return sum(row.differs for row in self.rows)

    @property
    def counts(self) -> bool:
        """Whether squares are among the pictures."""
        return any("count" in (row.first.said.kind, row.second.said.kind) for row in self.rows)


async def kinds_side_by_side(page: PageRequest, checklist: str) -> list[SideBySide]:
    """Domestic against international; nothing where the round has not a sample of each."""
    compared = await page.ask(kinds_of_samples, checklist)
    found = [(each.indicator, each.comparison) for each in compared]
    heads = page.say(N_("Domestic")), page.say(N_("International"))
    return [_table(page, ("", "", ""), heads, found)] if found else []


async def missions_side_by_side(page: PageRequest, checklist: str) -> list[SideBySide]:
    """This mission against each earlier one that it inherited, the latest polling first."""
    found = await page.ask(missions_compared, checklist)
    by_round: dict[tuple[str, ...], list[MissionsCompared]] = {}
    for each in found:
        of = each.earlier
        by_round.setdefault((of.of_mission, of.round, of.kind), []).append(each)
    return [_of_round(page, rows) for rows in by_round.values()]


def _of_round(page: PageRequest, rows: Sequence[MissionsCompared]) -> SideBySide:
    earlier = rows[0].earlier
    heads = page.say(N_("This mission")), page.say(N_("Earlier mission"))
    found = [(each.indicator, each.comparison) for each in rows]
    about = earlier.title, earlier.polling_day, page.say(KINDS[earlier.kind])
    return _table(page, about, heads, found)


def _table(
    page: PageRequest,
    about: tuple[str, str, str],
    heads: tuple[str, str],
    found: Sequence[tuple[Indicator, Comparison]],
) -> SideBySide:
    """Rows on one axis: what differs first, then what was tested, most severe first."""
    numbers = [number for _, each in found for number in (each.first, each.second)]
    axis = axis_for(each for each in numbers if isinstance(each, Estimate))
    rows = [_compared_row(page, *each, axis) for each in found]
    rows.sort(key=lambda row: (not row.differs, not row.sign, -row.severity, row.words))
    return SideBySide(*about, heads, tuple(rows), round(100 * axis.end))


def _compared_row(
    page: PageRequest, indicator: Indicator, found: Comparison, axis: Axis
) -> ComparedRow:
    words = with_domain(indicator, page.language)
    sides = _side(page, found.first, words, axis), _side(page, found.second, words, axis)
    if not isinstance(found, DifferenceTest):
        why = page.say(WHY_NOT[found.why])
        return ComparedRow(words, indicator.severity, *sides, "", "", "", why, differs=False)
    tested, (sign, says) = found.difference, VERDICTS[found.verdict]
    value, interval = say_difference(tested.value, tested.low, tested.high, style=page.style)
    return ComparedRow(
        words,
        indicator.severity,
        *sides,
        value,
        interval,
        sign,
        page.say(says),
        differs=found.verdict != "not_different",
    )


def _side(page: PageRequest, number: Number, words: str, axis: Axis) -> ComparedNumber:
    said = say(number, style=page.style)
    if isinstance(number, Estimate) and said.kind == "estimate":
        return ComparedNumber(dot_and_interval(number, axis=axis, label=words), said)
    return ComparedNumber(squares(counted(number), label=words), said)
