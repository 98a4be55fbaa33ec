"""Checks of a report for people: what has to hold in words, the figures read, how far it is off.

The formula that an author wrote says when something is wrong; people read what should be so:
“Ballots in the box equals Valid votes plus Invalid ballots”. What only asks whether figures are
there is left out. Where a formula cannot be read out the author's own explanation stands alone.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.review.envelope_words import FLAGS, MEMBERS
from mobile_forms.formula_tree import (
    BINDING,
    COMPARING,
    Both,
    Call,
    Literal,
    Name,
    NoTree,
    Tree,
    joined,
    opposite,
    parse,
    parts,
)
from schemas.checklist import Check, Definition, Question, Texts
from schemas.words import N_

SIGNS = {
    "+": N_("{left} plus {right}"),
    "-": N_("{left} minus {right}"),
    "*": N_("{left} times {right}"),
    "div": N_("{left} divided by {right}"),
    "=": N_("{left} equals {right}"),
    "!=": N_("{left} is not {right}"),
    "<": N_("{left} is less than {right}"),
    "<=": N_("{left} is at most {right}"),
    ">": N_("{left} is more than {right}"),
    ">=": N_("{left} is at least {right}"),
    "and": N_("{left}, and {right}"),
    "or": N_("{left}, or {right}"),
}
CALLS = {
    "sum": N_("the sum of {what}"),
    "count": N_("the number of {what}"),
    "not": N_("it is not so that {what}"),
}
WHERE = N_("where {condition}: {rule}")
ANSWERED, UNANSWERED = N_("{what} is answered"), N_("{what} is not answered")
SAYS = N_("{question} is “{answer}”")
AS_CALCULATED = N_("It is what the phone calculates: the server comes to another figure.")
MOMENTS = ("arrived_at", "departed_at", "finalised_at")
COUNTS = ("count", "count-non-empty", "string-length")

Say = Callable[[str], str]
Read = Callable[[Texts], str]
When = Callable[[datetime], str]


@dataclass(frozen=True)
class CheckShown:
    """One check of a report. ``rule`` says what has to hold, ``inputs`` the figures by the
    question's text; ``holds`` is None where a figure is missing."""

    name: str
    explanation: str
    rule: str
    inputs: tuple[tuple[str, str], ...]
    holds: bool | None
    difference: float | None = None
    tolerance: float = 0.0


@dataclass(frozen=True)
class CheckWords:
    """Reads checks out in one language: ``say`` translates the interface's texts, ``read`` takes
    the text of a checklist in that language. ``when`` writes a moment as
    the page does."""

    definition: Definition
    say: Say
    read: Read
    when: When | None = None
    _questions: dict[str, Question] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        questions = {each.name: each for each in self.definition.questions}
        object.__setattr__(self, "_questions", questions)

    def of_report(
        self, answers: Mapping[str, Any], flags: Sequence[Mapping[str, Any]]
    ) -> list[CheckShown]:
        """The checks of the checklist as this report's answers have them: those that do not hold
        first, then by the order of the checklist; and other rules that its answers broke."""
        flagged = {each["name"]: each for each in flags}
        known = [self._check(each, answers, flagged.get(each.name)) for each in self._checks()]
        others = [
            self._flag(name, flag)
            for name, flag in flagged.items()
            if name not in {each.name for each in known}
        ]
        return sorted([*known, *others], key=lambda each: each.holds is not False)

    def rule(self, check: Check) -> str:
        """What has to hold, in words; empty where the formula cannot be read out."""
        return self._rule(check.formula)

    def _checks(self) -> Sequence[Check]:
        return self.definition.checks

    def _check(
        self, check: Check, answers: Mapping[str, Any], flag: Mapping[str, Any] | None
    ) -> CheckShown:
        needed = set(check.inputs) - _optional(check.formula)
        missing = any(self._answer(name, answers) is None for name in needed)
        return CheckShown(
            check.name,
            self.read(check.explanation),
            self.rule(check),
            self._inputs({name: self._answer(name, answers) for name in check.inputs}),
            False if flag else None if missing else True,
            flag["difference"] if flag else None,
            check.tolerance,
        )

    def _flag(self, name: str, flag: Mapping[str, Any]) -> CheckShown:
        """A constraint that an answer broke, a figure that was calculated otherwise, or what intake
        found of the report."""
        sort, _, of = name.partition(":")
        question = self._questions.get(of)
        given = flag.get("inputs")
        inputs = self._inputs(given if isinstance(given, Mapping) else {})
        if question is None:
            return CheckShown(name, self.say(FLAGS.get(sort, "")), "", inputs, False)
        if sort == "calculation":
            return CheckShown(name, self.say(AS_CALCULATED), "", inputs, False)
        explanation = self.read(question.constraint_message)
        return CheckShown(name, explanation, self._rule(flag["formula"], of, True), inputs, False)

    def _inputs(self, given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        return tuple((self._label(name), self._value(name, value)) for name, value in given.items())

    def _answer(self, name: str, answers: Mapping[str, Any]) -> Any:
        """An answer; of a question in a repeat those of all rows."""
        question = self._questions.get(name)
        if question is None or question.repeat is None:
            return answers.get(name)
        rows = answers.get(question.repeat)
        return rows if isinstance(rows, list) and rows else None

    def _value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if self.when and name in MOMENTS and isinstance(value, str):
            with suppress(ValueError, OverflowError):
                return self.when(datetime.fromisoformat(value))
        if isinstance(value, list):
            return ", ".join(_row(each) if isinstance(each, dict) else str(each) for each in value)
        question = self._questions.get(name)
        labels = {each.name: each.label for each in question.choices} if question else {}
        if isinstance(value, str) and value in labels:
            return self.read(labels[value])
        return (
            f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
        )

    def _rule(self, formula: str, of: str = "", holds: bool = False) -> str:
        """A condition in words: what ``formula`` says where it is what ``holds``, else what has to
        be so that it does not."""
        try:
            tree = parse(formula)
            if holds:
                return self._first_capital(self._words(tree, of))
            asked = [each for each in parts(tree, "and") if not _only_asks(each)]
            if not asked:
                return ""
            *where, last = asked
            rule = self._words(opposite(last), of)
            if where:
                condition = self._words(joined(tuple(where), "and"), of)
                rule = self.say(WHERE).format(condition=condition, rule=rule)
            return self._first_capital(rule)
        except NoTree:
            return ""

    @staticmethod
    def _first_capital(words: str) -> str:
        return words[:1].upper() + words[1:]

    def _words(self, tree: Tree, of: str) -> str:
        if isinstance(tree, Name):
            return f"“{self._label(tree.name or of)}”"
        if isinstance(tree, Literal):
            return f"“{tree.value}”" if tree.text else tree.value
        if isinstance(tree, Call):
            return self._call(tree, of)
        asks = self._answered(tree, of) or self._option(tree)
        if asks:
            return asks
        if tree.sign not in SIGNS:
            raise NoTree(tree.sign)
        left, right = self._part(tree, tree.left, of), self._part(tree, tree.right, of)
        return self.say(SIGNS[tree.sign]).format(left=left, right=right)

    def _part(self, tree: Both, part: Tree, of: str) -> str:
        """One side of an operator, in brackets where it would be read with what stands beside."""
        words = self._words(part, of)
        if not isinstance(part, Both) or part.sign not in BINDING:
            return words
        own, around = BINDING[part.sign], BINDING[tree.sign]
        apart = own < around or (own == around and part is tree.right)
        mixed = {part.sign, tree.sign} == {"and", "or"}
        return f"({words})" if apart or mixed else words

    def _call(self, tree: Call, of: str) -> str:
        given = tree.given
        if tree.function in ("coalesce", "number", "int") and given:
            return self._words(given[0], of)
        if tree.function == "selected" and len(given) == 2:
            return self._option(Both("=", *given)) or self._nothing(tree)
        if tree.function in CALLS and len(given) == 1:
            return self.say(CALLS[tree.function]).format(what=self._words(given[0], of))
        return self._nothing(tree)

    @staticmethod
    def _nothing(tree: Call) -> str:
        raise NoTree(tree.function)

    def _answered(self, tree: Both, of: str) -> str:
        """``${x} != ''`` in words; empty of anything else."""
        if tree.sign not in ("=", "!=") or tree.right != Literal("", text=True):
            return ""
        words = ANSWERED if tree.sign == "!=" else UNANSWERED
        return self.say(words).format(what=self._words(tree.left, of))

    def _option(self, tree: Both) -> str:
        """A question held against one of its options, in words; empty of anything else."""
        left, right = tree.left, tree.right
        if tree.sign not in ("=", "!=") or not isinstance(left, Name):
            return ""
        question = self._questions.get(left.name)
        labels = {each.name: each.label for each in question.choices} if question else {}
        if not isinstance(right, Literal) or right.value not in labels:
            return ""
        if tree.sign == "!=":
            asked = self._words(left, "")
            answer = f"“{self.read(labels[right.value])}”"
            unlike = SIGNS["!="]
            return self.say(unlike).format(left=asked, right=answer)
        answer = self.read(labels[right.value])
        return self.say(SAYS).format(question=self._words(left, ""), answer=answer)

    def _label(self, name: str) -> str:
        question = self._questions.get(name)
        if question is None:
            return self.say(MEMBERS.get(name, name))
        return self.read(question.label) or name


def _only_asks(tree: Tree) -> bool:
    """Whether a condition only asks that figures are there."""
    if isinstance(tree, Both) and tree.sign in ("and", "or"):
        return all(_only_asks(each) for each in parts(tree, tree.sign))
    if not isinstance(tree, Both) or tree.sign not in COMPARING:
        return False
    if tree.right == Literal("", text=True):
        return tree.sign == "!="
    counts = [
        isinstance(each, Call) and each.function in COUNTS for each in (tree.left, tree.right)
    ]
    figures = [isinstance(each, Literal) for each in (tree.left, tree.right)]
    return any(counts) and all(one or other for one, other in zip(counts, figures, strict=True))


def _optional(formula: str) -> set[str]:
    """The questions that a formula takes as 0 where they are not answered."""

    def within(tree: Tree) -> set[str]:
        if isinstance(tree, Both):
            return within(tree.left) | within(tree.right)
        if not isinstance(tree, Call):
            return set()
        if tree.function == "coalesce":
            return {each.name for each in tree.given if isinstance(each, Name)}
        return set().union(*map(within, tree.given))

    try:
        return within(parse(formula))
    except NoTree:
        return set()


def _row(row: Mapping[str, Any]) -> str:
    return " ".join(str(each) for each in row.values() if each is not None)
