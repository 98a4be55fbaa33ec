"""A number that moved is said anew in what a person wrote, in the form and language it stood in."""

from typing import Any

from analytics.statements.blocks import Bound, Paragraph, PlainText
from analytics.statements.markdown import References
from api.statements.blocks import BlockNow
from api.statements.moves import bound_anew, moves_between

MERGED = "merge/voting/alike-1"


def said(text: str, number_id: str = MERGED) -> Bound:
    return Bound(number_id=number_id, mark="F1", text=text, value=text, measure="fact", query={})


def frozen(text: str) -> dict[str, Any]:
    members = ["voting/VO-GROUP/domestic/sample", "voting/VO-SECR/domestic/sample"]
    return {MERGED: {"text": text, "value": 0.1, "members": members, "query": {}}}


def written(*bounds: Bound) -> dict[str, Any]:
    text = [piece for bound in bounds for piece in (PlainText(text="At "), bound)]
    return Paragraph(id="p1", section="voting", origin="person", text=tuple(text)).model_dump()


def test_several_findings_in_one_number_move_with_the_smallest_of_them_too() -> None:
    block = BlockNow("p1", 1, "voting", 1, {"en": written(said("10% (no more than 12%)"))})
    was, now = frozen("10% (no more than 12%)"), frozen("9–10%")
    (move,) = moves_between(was, now, [block])
    assert (move.was, move.now, move.printed) == ("10% (no more than 12%)", "9–10%", True)
    assert moves_between(was, was, [block]) == []


def test_a_number_is_said_anew_in_the_form_and_the_language_it_stood_in() -> None:
    numbers = frozen("9–10%")
    stood = written(said("10\u202f% (au plus 12\u202f%)"), said("600"))
    fresh = [said("590"), said("9–10\u202f%"), said("1", "other")]
    found = bound_anew(stood, [MERGED], References(numbers, "fr"), fresh)
    assert [each["text"] for each in found["text"] if each["type"] == "bound"] == [
        "9–10\u202f%",
        "590",
    ]
    usual = bound_anew(stood, [MERGED], References(numbers, "fr"))
    assert [each["text"] for each in usual["text"]][1] == "9–10%"
