"""The two checklists of the library: what they ask, what raises what, in three languages."""

import io

import openpyxl
import pytest

from schemas.checklist import Definition
from schemas.codes import Status, status_of
from tests.mobile_forms.spreadsheets import LIBRARY, judge_of, library, read_problems

BOTH = pytest.mark.parametrize("name", ["voting", "counting"])
RAISED = {
    "voting": """
        AC-OBS access_given=restricted:2 access_given=denied:2 removed=internationals:2
        AC-AGENT agents_hindered=yes:2 removed=agents:2
        AC-CIT citizens_hindered=yes:2 removed=citizens:2
        VO-UNAUTH unauthorised=present:1 unauthorised=interfering:2
        VO-ACCESS entrance=helped:1 entrance=no:1
        VO-ASREF help_refused=yes:2
        VO-ASSIST one_helps_many=yes:2
        VO-ID id_checked=sometimes:2 id_checked=never:2
        VO-INK ink_used=sometimes:2 ink_used=never:2
        VO-ROLL turned_away=yes:2
        VO-INEL ineligible_voted=yes:2
        VO-SIG same_signatures=yes:3
        VO-PROXY proxy_voting=yes:2
        VO-SHORT ballots_ran_out=yes:2
        VO-TECH device_failed=yes:2
        VO-SUSP suspended=yes:2
        OP-SEC booths_secret=sometimes:2 booths_secret=never:2
        VO-OPEN marked_outside=yes:2
        VO-GROUP group_voting=yes:2
        VO-PHOTO ballot_photographed=yes:2
        VO-CROWD crowded=yes:1
        VO-CAMP campaigning=yes:1
        VO-INTIM intimidation=yes:3
        VO-VIOL violence=yes:3
        VO-BUY vote_buying=yes:3
        VO-STUFF stuffing=yes:3
        VO-CAROUSEL carousel=yes:3
        DR-REFUSE complaint_accepted=no:2
    """,
    "counting": """
        AC-OBS access_given=restricted:2 access_given=denied:2 removed=internationals:2
        AC-AGENT agents_hindered=yes:2 removed=agents:2
        AC-CIT removed=citizens:2
        VO-UNAUTH unauthorised=present:1 unauthorised=interfering:2
        VO-INTIM intimidation=yes:3
        VO-VIOL violence=yes:3
        VO-STUFF stuffing=yes:3
        CL-EARLY closed_early=yes:2
        CL-QUEUE queue_voted=no:2
        OP-QUORUM quorum=no:1
        CO-UNUSED unused_cancelled=no:2
        CO-SEAL seals_intact=no:3
        CO-TRANSP visible=no:2
        CO-INVALID validity_consistent=no:2
        CO-DELAY delayed=yes:2
        CO-ARITH registered:2 received:2 issued:2 signatures:2 in_box:2 valid:2
        CO-FALS falsified=yes:3
        CO-PRESIGN presigned=yes:3
        CO-NOPOST posted=no:2
        CO-NOCOPY copy_given=no:2
        CO-TRANSMIT transmitted=no:2
    """,
}


def raised(definition: Definition) -> list[list[str]]:
    return [
        [
            indicator.code,
            *(
                f"{source.question}={option}:{severity}"
                for source in indicator.sources
                for option, severity in source.options.items()
            ),
            *(
                f"{source.question}:{source.severity}"
                for source in indicator.sources
                if source.when
            ),
        ]
        for indicator in definition.indicators
    ]


@BOTH
def test_the_checklist_has_nothing_to_mend(name: str) -> None:
    assert read_problems((LIBRARY / f"{name}.xlsx").read_bytes()) == []


@BOTH
def test_each_irregularity_is_raised_by_these_options_as_grave_as_this(name: str) -> None:
    assert raised(library(name).definition) == [
        line.split() for line in RAISED[name].strip().splitlines()
    ]


@BOTH
def test_every_irregular_option_raises_its_code_and_no_other(name: str) -> None:
    definition, judge = library(name).definition, judge_of(name)
    for place, indicator in enumerate(definition.indicators):
        for source in indicator.sources:
            for option in source.options:
                answers = {source.question: option, "complaint_made": "yes"}
                known = {key: value for key, value in answers.items() if key in judge._questions}
                codes = judge.judge(known, {}).codes
                irregular = [status_of(code) is Status.IRREGULAR for code in codes]
                assert [at for at, each in enumerate(irregular) if each] == [place]


@BOTH
def test_every_sentence_stands_in_every_language(name: str) -> None:
    definition = library(name).definition
    languages = {"en", "fr", "ar", "es", "pt"}
    assert set(definition.languages) == set(definition.title) == languages
    for indicator in definition.indicators:
        assert set(indicator.phrase) == set(indicator.positive_phrase) == languages
        assert indicator.phrase["en"] != indicator.positive_phrase["en"]
    for question in definition.questions:
        assert set(question.label) == languages
        assert all(set(choice.label) == languages for choice in question.choices)
    assert all(set(check.explanation) == languages for check in definition.checks)


@BOTH
def test_an_irregular_question_can_be_left_as_not_observed_or_is_plain_to_see(name: str) -> None:
    plain = {"access_given", "ballots_ran_out", "suspended"}
    for question in library(name).definition.questions:
        if any(choice.irregularity for choice in question.choices):
            names = {choice.name for choice in question.choices}
            assert "not_observed" in names or question.name in plain


@BOTH
def test_it_asks_about_what_every_stage_asks(name: str) -> None:
    questions = {each.name: each for each in library(name).definition.questions}
    assert [each.name for each in questions["rating"].choices] == [
        "very_good",
        "good",
        "bad",
        "very_bad",
    ]
    assert questions["remarks"].type == "text"
    assert questions["position"].path == "/data/context/position"
    assert "image" in {each.type for each in questions.values()}


def test_more_voters_than_stand_on_the_roll_are_flagged_and_fewer_or_unknown_ones_are_not() -> None:
    judge = judge_of("voting")
    for registered, voted, flags in ((612, 700, 1), (612, 612, 0), (612, None, 0), (None, 700, 0)):
        said = {"access_given": "freely", "registered": registered, "voted_so_far": voted}
        answers = {name: value for name, value in said.items() if value is not None}
        assert len(judge.judge(answers, {}).flags) == flags


def test_voting_asks_about_forty_questions_in_six_to_eight_sections() -> None:
    asked = [
        each
        for each in library("voting").definition.questions
        if each.section != "context" and not each.name.endswith("__known")
    ]
    assert 38 <= len(asked) <= 52
    assert 6 <= len({each.section for each in asked}) <= 8


@BOTH
def test_nobody_and_somebody_cannot_both_have_been_removed(name: str) -> None:
    def broken(*chosen: str) -> bool:
        judged = judge_of(name).judge({"removed": list(chosen)}, {})
        return "constraint:removed" in {flag["name"] for flag in judged.flags}

    assert broken("nobody", "agents")
    assert broken("journalists", "not_observed")
    assert not broken("agents", "journalists")
    assert not broken("nobody")


def test_where_the_observer_was_not_let_in_nothing_inside_is_counted() -> None:
    judge = judge_of("voting")
    codes = judge.judge({"access_given": "denied", "group_voting": "no"}, {}).codes
    said = dict(zip([each.code for each in judge.definition.indicators], codes, strict=True))
    assert status_of(said["AC-OBS"]) is Status.IRREGULAR
    assert status_of(said["VO-GROUP"]) is Status.NOT_RELEVANT
    assert status_of(said["VO-CAMP"]) is Status.UNANSWERED


@BOTH
def test_the_workbook_is_made_to_be_read_by_people(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO((LIBRARY / f"{name}.xlsx").read_bytes()))
    assert "review" in str([cell.value for row in book["notes"] for cell in row])
    for sheet in ("survey", "choices", "indicators", "settings"):
        assert book[sheet].freeze_panes
        assert book[sheet]["A1"].font.bold
