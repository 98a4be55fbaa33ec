"""Checklists: the questions that phones carry, and the rules that judge the answers."""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Texts = dict[str, str]
"""A text per language code, such as ``{"en": "Was …", "ar": "…"}``."""

QuestionType = Literal[
    "integer",
    "decimal",
    "text",
    "select_one",
    "select_multiple",
    "date",
    "time",
    "datetime",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "audio",
    "video",
    "file",
    "calculate",
    "hidden",
    "repeat",
]
FILE_TYPES = frozenset({"image", "audio", "video", "file"})
"""Types of questions whose answer is the name of a file that comes after the report."""
CASES = frozenset({"incident", "access_denied", "complaint"})
"""Checklists that are sent only where something happened. Their reports are counted; a share of
them would be of nothing, and what somebody was told is a claim (dop:12, dop:15)."""
Unobserved = Literal["refused", "closed", "unsafe"]
"""Why a station could not be observed: observers were not let in; it did not open, or moved away;
it was not safe to be there."""
STATED_BEFORE: dict[str, dict[str, dict[str, Unobserved]]] = {
    "access_denied": {"access": {"denied": "refused", "sent_out": "refused"}}
}
"""What options say of a station in checklists that were published before options could say it
themselves: by checklist, question and option."""
ACCESS_CODES = frozenset({"AC-OBS", "TR-ACCESS"})
"""The indicators that a refused entry answers, where the checklist does not say which."""
STAGE_QUESTION = "stage"
"""The question of a case that names the stage during which it happened."""
Stage = Literal["opening", "voting", "closing", "counting", "tabulation", "pre_election", "all"]


WHERE_ASKED: Texts = {
    "en": "where it was asked",
    "fr": "où la question a été posée",
    "ar": "التي طُرح فيها السؤال",
    "es": "donde se preguntó",
    "pt": "onde foi perguntado",
}
"""The domain of an indicator with a condition, in rules that were published without naming it."""
AWAY_FROM_STATIONS = frozenset({"tabulation", "pre_election"})
"""Stages that are not observed at polling stations."""


_PATH = re.compile(r"/data/(?!context\b)\w")


def depends_on_answers(expression: str | None) -> bool:
    """Whether a condition (XPath) reads the answer to a question: what is in the group ``context``
    is known and not asked."""
    return bool(expression and _PATH.search(expression))


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _given(nothing: Any = None) -> Any:
    """A field that is left out of what is stored where it says nothing, so that a definition
    without it stays, byte for byte, what it was."""
    return Field(default={} if nothing is None else nothing, exclude_if=lambda value: not value)


class Choice(_Shape):
    """One option of a select question, with what it means where it is an irregularity."""

    name: str
    label: Texts
    irregularity: str | None = None
    severity: int = 0
    standards: tuple[str, ...] = ()
    station_is: Unobserved | None = None
    """What choosing it says of the station: that it could not be observed, and why."""


class Question(_Shape):
    """One question. ``path`` is its XPath in the instance, ``repeat`` the repeat it stands in.

    A repeat is itself a question of type ``repeat``. Expressions (``relevant``,
    ``constraint``) are XPath with ``${name}`` already resolved to paths.
    """

    name: str
    type: QuestionType
    path: str
    label: Texts
    repeat: str | None = None
    required: bool = False
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Texts = {}
    calculation: str | None = None
    """What the server calculates again; None where phones alone can."""
    choices: tuple[Choice, ...] = ()
    section: str | None = None
    file: str | None = None
    """The form's own list that the choices stand in; they are read from it when it is published."""


class Source(_Shape):
    """One question that raises an indicator: by chosen options, or by an expression."""

    question: str
    options: dict[str, int] = {}
    """Choice name → severity, where an option is the irregularity."""
    when: str | None = None
    """XPath that is true where the answer is irregular."""
    judged_when: str | None = None
    """XPath that must be true for ``when`` to be judged at all; else the question is unanswered."""
    severity: int = 0


class Indicator(_Shape):
    """One irregularity in one checklist version: what raises it, how it is said."""

    code: str
    stage: Stage
    severity: int
    standards: tuple[str, ...]
    phrase: Texts
    """The sentence part where it is seen, such as "the ballot box was not sealed"."""
    positive_phrase: Texts
    """The sentence part where it was looked for and not seen: "the ballot box was sealed"."""
    noun: Texts = _given()
    """What was seen, without a verb or an article: "ballot boxes without seals"."""
    noun_with_article: Texts = _given()
    """The same as a list of what was seen says it in a language whose nouns do not stand bare:
    "des scellés brisés", "كسر الأختام"."""
    label: Texts = _given()
    """Its short name in a table or a chart: "Ballot box not sealed"."""
    rel: Texts = _given()
    """A clause for the places where it was seen: "where the ballot box was not sealed". Where its
    own question is asked stands in ``among``."""
    unread: tuple[str, ...] = _given(())
    """The languages in which no native speaker has read these words."""
    sources: tuple[Source, ...]
    access: bool | None = None
    """Whether it is of the observers' own access, so that a refused entry answers it; None where
    the checklist does not say."""

    @property
    def of_access(self) -> bool:
        """Whether a refused entry answers it: what the checklist says, else by its code."""
        return self.code in ACCESS_CODES if self.access is None else self.access

    among: Texts = {}
    """Where its questions are asked, of one that is asked under a condition on other answers:
    "where a complaint was made". Empty: everywhere."""
    among_all: bool = False
    """Not asked means fine: the share is of all."""
    ranked: bool = True
    """Whether it has a place in an order and in conclusions; not where nobody said of what part
    it speaks."""

    def asked_as(self) -> list[dict[str, Any]]:
        """What raises it: two missions asked the same where this is the same."""
        return sorted(
            (
                {
                    "question": each.question,
                    "options": sorted(each.options),
                    "when": each.when,
                    "judged_when": each.judged_when,
                    **({"among": "all"} if self.among_all else {}),
                }
                for each in self.sources
            ),
            key=lambda each: (str(each["question"]), str(each["when"])),
        )


class Check(_Shape):
    """A consistency rule. ``inputs`` are the questions it reads, for display."""

    name: str
    flag_when: str
    explanation: Texts
    inputs: tuple[str, ...]
    formula: str
    """The expression as its author wrote it, with ``${name}``."""
    difference: str | None = None
    """XPath giving the signed difference to show, where the check has one."""
    tolerance: float = 0


class Policy(_Shape):
    """How reports of this checklist are expected and brought together."""

    two_teams: Literal["agree", "independent"] = "independent"
    """Two teams at one place must say the same, or each counts by itself."""
    repeat_visits: Literal["cluster", "assigned"] = "cluster"
    """Read no more: of a visit the newest report counts, and a station has one voice. It stands
    in definitions that were published with it."""
    expected: int | None = None
    """How many reports are due from a team whose plan names none; None for none."""
    expected_per: Literal["visit", "day"] = "visit"
    """What a plan's number of reports is of: one visit, or each polling day."""
    per: Literal["visit", "observation", "contest"] = "visit"
    """Of what one report counts: of a visit, of each observation during a visit (told apart by
    when it was finished), or of each contest in a visit. Cases are always observations."""
    sms_prefix: str | None = None


KNOWN = "__known"
"""A question's follow-up: did the observer see it (``saw``), or was told of it (``told``)?"""
VOTES = "contestant_votes"
"""The question of a protocol, asked once for each contestant."""


class Definition(_Shape):
    """All that the server needs of a compiled checklist version to judge a report."""

    name: str
    version: str
    title: Texts
    languages: tuple[str, ...]
    stage: Stage
    questions: tuple[Question, ...]
    indicators: tuple[Indicator, ...]
    checks: tuple[Check, ...]
    policy: Policy = Policy()

    def stations_unobserved(self) -> dict[str, dict[str, Unobserved]]:
        """By question what each option says of a station that could not be observed."""
        stated = {
            question.name: {
                each.name: each.station_is for each in question.choices if each.station_is
            }
            for question in self.questions
        }
        stated = {name: options for name, options in stated.items() if options}
        if stated:
            return stated
        asked = {each.name for each in self.questions}
        before = STATED_BEFORE.get(self.name, {})
        return {name: dict(options) for name, options in before.items() if name in asked}

    @property
    def is_protocol(self) -> bool:
        """Whether a report of it is of one contest: it counts per contest, or carries votes."""
        return self.policy.per == "contest" or any(each.name == VOTES for each in self.questions)

    @property
    def unit(self) -> Literal["station", "observation"]:
        """What its counts are of: stations, or the observations themselves where a visit has
        several, and where no polling station is observed."""
        away = self.policy.per == "observation" or self.stage in AWAY_FROM_STATIONS
        return "observation" if away else "station"

    def in_domains(self) -> tuple[Indicator, ...]:
        """The indicators as figures know them. One that is asked under a condition on other
        answers, and was published without ``among``, speaks of "where it was asked" and is not
        ranked."""
        conditional = {each.name for each in self.questions if depends_on_answers(each.relevant)}

        def unnamed(each: Indicator) -> bool:
            said = each.among or each.among_all or not each.sources
            return not said and all(one.question in conditional for one in each.sources)

        return tuple(
            each.model_copy(update={"among": WHERE_ASKED, "ranked": False})
            if unnamed(each)
            else each
            for each in self.indicators
        )
