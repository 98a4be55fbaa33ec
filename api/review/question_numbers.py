"""The questions of a report, each with the number that its observer sees on the phone."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from api.checklists.publishing import PublishProblem, newest_definition
from mobile_forms.functions.values import TooSlow, limited
from mobile_forms.judgement import KNOWN, Judge
from mobile_forms.numbering import SILENT, question_numbers
from schemas.checklist import Definition, Question
from schemas.published import Rules
from schemas.report import Report, ReportVersion

JUDGING_SECONDS = 0.5
Numbered = dict[str, tuple[int | None, Question]]


def definition_of(session: Session, report: Report) -> Definition | None:
    """What the report's checklist asks: as it was judged, else the newest; None of an unknown."""
    if report.rules_id is not None:
        rules = session.get_one(Rules, (report.mission_id, report.rules_id))
        return Definition.model_validate(rules.definition)
    try:
        return newest_definition(session, report.checklist)
    except PublishProblem:
        return None


def not_asked(definition: Definition, answers: Mapping[str, Any]) -> frozenset[str]:
    """The questions that other answers made needless; none where that takes too long."""
    try:
        with limited(JUDGING_SECONDS):
            return Judge(definition).not_asked(answers)
    except TooSlow:
        return frozenset()


def asked_questions(definition: Definition | None, answers: Mapping[str, Any] | None) -> Numbered:
    """The questions that people are asked, by name, each with its number; without one where the
    ``answers`` made it needless, or are not those of one report."""
    if definition is None:
        return {}
    numbers = (
        {} if answers is None else question_numbers(definition, not_asked(definition, answers))
    )
    return {
        each.name: (numbers.get(each.name), each)
        for each in definition.questions
        if each.type not in SILENT and not each.name.endswith(KNOWN)
    }


def questions_in(session: Session, report: Report) -> Numbered:
    """The questions of a report, by the answers of its newest version."""
    version = session.get_one(ReportVersion, (report.mission_id, report.id, report.version))
    return asked_questions(definition_of(session, report), version.answers)
