"""Second typing of a protocol: another person types the figures from the photograph, unseen.

Where both say the same the figures stand. Where they do not, the answer tells which differ, with
both values: a third look decides, by a correction of the report. Nothing that was typed first is
changed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.observation.contradictions import CONTESTANT, ROW_VOTES, compared, said
from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.problems import CONFLICT, INVALID, Problem
from api.review.acts import record_act
from api.review.holds import must_not_be_held_by_another
from schemas.checklist import VOTES, Definition, Question, Texts
from schemas.columns import now
from schemas.desk import DeskAct, SecondTyping
from schemas.published import Rules
from schemas.report import COUNTED, LARGEST_COUNT, Report, ReportVersion
from schemas.rights import Right
from schemas.words import N_

KIND = "report.typing"
FIGURES = frozenset({"integer", "decimal"})
NO_PROTOCOL = N_("This report is no protocol: it has no figures to type a second time.")
NOT_COUNTED = N_("This report does not count. Settle that first.")
NEWER = N_("Another version of this report has come in. Read it first.")
SAME_PERSON = N_("You typed these figures first. Another person types them a second time.")
ALREADY = N_("Another person has typed the same figures already.")
AGAIN = N_("you have typed it once: say why again.")
NO_FIGURES = N_("type the figures.")
NO_FIGURE = N_("This is no figure of the protocol.")
NO_COUNT = N_("A figure is needed, or nothing where the protocol has none.")
NO_ROWS = N_("A list of contestants with their votes is needed.")
A_NUL = N_("a NUL cannot be kept.")


class TypingIn(BaseModel):
    """The figures as another person read them, by question, null where the protocol has none; the
    number of the version that they are held against."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, Any] = Field(max_length=2000)
    reason: str = Field(default="", max_length=2000)
    number: int | None = None


@dataclass(frozen=True)
class Difference:
    """A figure that was typed differently; ``contestant`` where it is of a line of votes."""

    question: str
    label: Texts
    contestant: str | None
    first: Any
    second: Any


@dataclass(frozen=True)
class Typed:
    """What came of a second typing; without differences the figures stand."""

    act: UUID
    report: UUID
    number: int
    differs: tuple[Difference, ...]

    @property
    def stays(self) -> bool:
        """Whether it still waits for somebody."""
        return bool(self.differs)

    def as_sent(self) -> dict[str, Any]:
        """As the API answers it."""
        return {
            "act": self.act,
            "report": self.report,
            "number": self.number,
            "equal": not self.differs,
            "differs": [each.__dict__ for each in self.differs],
        }


def figures_of(definition: Definition) -> tuple[Question, ...]:
    """The figures of a protocol, in the order of the form; the votes are one question."""
    return tuple(
        each for each in compared(definition) if each.name == VOTES or each.type in FIGURES
    )


def type_again(work: Work, who: Principal, report: UUID, given: TypingIn) -> Typed:
    """Record what another person typed from the photograph. LookupError where ``who`` sees no such
    report. Problems: 422 naming what is no figure; 409 where it is no protocol, does not count, has
    a newer version, was typed by the same person first, or typed alike already."""
    who.must(Right.DECIDE_REPORTS)
    if not given.answers:
        raise Problem(INVALID, NO_FIGURES, "answers")
    found = _report(work, who, report)
    must_not_be_held_by_another(work, who, found.id)
    definition = _definition(work, found)
    if found.status not in COUNTED:
        raise Problem(CONFLICT, NOT_COUNTED, "status")
    if given.number not in (None, found.version):
        raise Problem(CONFLICT, NEWER, "number")
    version = work.session.get(ReportVersion, (work.mission_id, found.id, found.version))
    assert version is not None
    if version.author_id == who.holder_id:
        raise Problem(CONFLICT, SAME_PERSON)
    _refuse_again(work, who, found, given.reason)
    answers = _readable(definition, given.answers)
    differs = differences(definition, version.answers, answers)
    typing = SecondTyping(
        mission_id=work.mission_id,
        report_id=found.id,
        number=found.version,
        answers=answers,
        differs=list(dict.fromkeys(each.question for each in differs)),
        member_id=who.holder_id,
        at=now(),
        reason=given.reason.strip(),
    )
    work.session.add(typing)
    act = record_act(work, KIND, found.id, {"typing": str(typing.id)})
    content = orjson.dumps([found.version, answers], option=orjson.OPT_SORT_KEYS)
    work.log(KIND, found.id, content, note=given.reason.strip())
    return Typed(act, found.id, found.version, differs)


async def last_typing(session: AsyncSession, report: Report) -> SecondTyping | None:
    """How a report's newest version was typed again last; None where nobody has."""
    query = (
        select(SecondTyping)
        .where(
            SecondTyping.mission_id == report.mission_id,
            SecondTyping.report_id == report.id,
            SecondTyping.number == report.version,
        )
        .order_by(col(SecondTyping.at).desc())
    )
    found: SecondTyping | None = (await session.execute(query.limit(1))).scalar_one_or_none()
    return found


def undo_typing(work: Work, act: DeskAct) -> dict[str, Any]:
    """The typing taken away: nobody has typed it then."""
    typing = work.session.get(SecondTyping, (work.mission_id, UUID(act.before["typing"])))
    if typing is not None:
        work.session.delete(typing)
    return {"report": UUID(act.subject)}


def differences(
    definition: Definition, first: Mapping[str, Any], second: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """The figures that two typings do not have alike, one by one; a figure left out is none."""
    found = []
    for question in figures_of(definition):
        one, other = (said(question, each.get(question.name)) for each in (first, second))
        if question.name != VOTES:
            lines = [(None, one, other)] if one != other else []
        else:
            one, other = one or {}, other or {}
            names = dict.fromkeys([*one, *other])
            lines = [
                (name, one.get(name), other.get(name))
                for name in names
                if one.get(name) != other.get(name)
            ]
        found += [Difference(question.name, question.label, *line) for line in lines]
    return tuple(found)


def _report(work: Work, who: Principal, report: UUID) -> Report:
    query = visible_reports(who).where(col(Report.id) == report)
    found: Report | None = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise LookupError(str(report))
    return found


def _definition(work: Work, report: Report) -> Definition:
    rules = report.rules_id and work.session.get(Rules, (work.mission_id, report.rules_id))
    definition = Definition.model_validate(rules.definition) if rules else None
    if definition is None or not definition.is_protocol or not figures_of(definition):
        raise Problem(CONFLICT, NO_PROTOCOL)
    return definition


def _refuse_again(work: Work, who: Principal, report: Report, reason: str) -> None:
    if "\0" in reason:
        raise Problem(INVALID, A_NUL, "reason")
    query = select(SecondTyping).where(
        SecondTyping.mission_id == work.mission_id,
        SecondTyping.report_id == report.id,
        SecondTyping.number == report.version,
    )
    typed: Sequence[SecondTyping] = work.session.exec(query).all()
    if any(not each.differs for each in typed):
        raise Problem(CONFLICT, ALREADY)
    if any(each.member_id == who.holder_id for each in typed) and not reason.strip():
        raise Problem(INVALID, AGAIN, "reason")


def _readable(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The figures, each of a question of the protocol and a count, or none."""
    questions = {each.name: each for each in figures_of(definition)}
    for name, value in answers.items():
        field = f"answers.{name[:200]}"
        if name not in questions:
            raise Problem(INVALID, NO_FIGURE, field)
        if name == VOTES:
            _refuse_rows(value, field)
        elif not _is_figure(value, questions[name]):
            raise Problem(INVALID, NO_COUNT, field)
    return {name: value for name, value in answers.items() if value is not None}


def _refuse_rows(rows: Any, field: str) -> None:
    if rows is None:
        return
    if not isinstance(rows, list) or len(rows) > 2000:
        raise Problem(INVALID, NO_ROWS, field)
    for at, row in enumerate(rows):
        known = isinstance(row, dict) and row.keys() <= {CONTESTANT, ROW_VOTES}
        if not known or not isinstance(row.get(CONTESTANT), str) or "\0" in row[CONTESTANT]:
            raise Problem(INVALID, NO_ROWS, f"{field}[{at}]")
        if not _is_figure(row.get(ROW_VOTES), None):
            raise Problem(INVALID, NO_COUNT, f"{field}[{at}].{ROW_VOTES}")


def _is_figure(value: Any, question: Question | None) -> bool:
    """Whether it is none, or a figure of the question's type that can be kept."""
    if value is None:
        return True
    kinds = (int, float) if question and question.type == "decimal" else (int,)
    if isinstance(value, bool) or not isinstance(value, kinds):
        return False
    return isfinite(value) and abs(value) <= LARGEST_COUNT
