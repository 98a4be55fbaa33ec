"""What a report says, read: notable answers first, the silent ones told apart."""

from typing import Any

from api.review.report_contents import Answered, ReportContents, contents_of
from schemas.checklist import Choice, Definition, Question
from tests.api.small import definition

DENIED = "(/data/sealed = 'no')"


def _question(name: str, kind: str = "text", **more: Any) -> Question:
    shape = {"name": name, "type": kind, "path": f"/data/{name}", "label": {"en": name}}
    return Question.model_validate(shape | more)


def _form() -> Definition:
    """The small checklist, with a question that is asked only where the box was not sealed."""
    voting = definition("1")
    options = (Choice(name="yes", label={"en": "Yes"}),)
    return voting.model_copy(
        update={
            "questions": (
                *voting.questions,
                _question("why", relevant=DENIED, section="box"),
                _question("seen", "select_one", choices=options, section="box"),
            )
        }
    )


def _read(answers: dict[str, Any], status: str = "fine", severity: int = 0) -> ReportContents:
    code = {"indicator": "box-not-sealed", "status": status, "severity": severity}
    return contents_of(_form(), answers, [code])


def _states(contents: ReportContents) -> dict[str, Answered]:
    return {
        each.question.name: each.state for section in contents.sections for each in section.answers
    }


def test_not_observed_not_answered_and_not_asked_are_told_apart() -> None:
    contents = _read({"sealed": "yes", "seen": "not_observed"})
    assert _states(contents) == {
        "queue": Answered.NOT_ANSWERED,
        "sealed": Answered.ANSWERED,
        "comment": Answered.NOT_ANSWERED,
        "photo": Answered.NOT_ANSWERED,
        "why": Answered.NOT_ASKED,
        "seen": Answered.NOT_OBSERVED,
    }
    assert contents.counts[Answered.NOT_ANSWERED] == 3


def test_a_question_that_was_asked_and_left_open_is_not_answered() -> None:
    assert _states(_read({"sealed": "no"}))["why"] is Answered.NOT_ANSWERED


def test_what_is_irregular_is_notable_and_stands_in_no_section() -> None:
    contents = _read({"sealed": "no", "sealed__known": "told"}, "irregular_told", 2)
    (notable,) = contents.notable
    assert (notable.severity, notable.told) == (2, True)
    assert [(each.question.name, each.value) for each in notable.answers] == [("sealed", "no")]
    assert "sealed" not in _states(contents)
    assert (contents.asked, contents.noted) == (6, 1)


def test_how_an_answer_is_known_stands_beside_it() -> None:
    contents = _read({"sealed": "no", "sealed__known": "saw"})
    told = {
        each.question.name: each.told for section in contents.sections for each in section.answers
    }
    assert told["sealed"] is False
    assert "sealed__known" not in told


def test_words_are_remarks_and_questions_keep_the_order_of_the_form() -> None:
    contents = _read({"comment": "The second booth stood by the window.", "nothing": 1})
    assert [each.question.name for each in contents.remarks] == ["comment"]
    assert contents.others == {"nothing": 1}
    assert [section.name for section in contents.sections] == [None, "box"]
    numbers = [each.number for section in contents.sections for each in section.answers]
    asked = [each for each in numbers if each is not None]
    assert asked == list(range(1, len(asked) + 1))


def test_questions_are_counted_as_on_the_phone_where_only_what_is_asked_has_a_number() -> None:
    def numbers(sealed: str) -> dict[str, int | None]:
        sections = _read({"sealed": sealed}).sections
        return {each.question.name: each.number for one in sections for each in one.answers}

    assert (numbers("no")["why"], numbers("no")["seen"]) == (5, 6)
    assert (numbers("yes")["why"], numbers("yes")["seen"]) == (None, 5)
