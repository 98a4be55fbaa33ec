"""A text composed anew meets what people kept: nothing is said twice, nothing is lost."""

from analytics.statements.blocks import Bound, Origin, Paragraph, PlainText
from api.statements.blocks import BlockNow
from api.statements.matching import matched


def block(name: str, *numbers: str, origin: Origin = "composed", section: str = "c") -> BlockNow:
    bounds = [
        Bound(number_id=each, mark="", text="9%", value="9%", measure="fact", query={})
        for each in numbers
    ]
    text = (PlainText(text=name), *bounds)
    made = Paragraph(id=name, section=section, origin=origin, text=text)
    return BlockNow(name, 1, section, 1, {"en": made.model_dump(mode="json")})


def words(found: list[BlockNow]) -> dict[str, str]:
    """By id what the block was composed as."""
    return {each.id: each.contents["en"]["id"] for each in found}


def test_what_a_person_wrote_meets_the_block_of_its_findings_though_the_order_changed() -> None:
    standing = [block("c-1", "access"), block("c-2", "secrecy", origin="person")]
    fresh = [block("c-1", "secrecy"), block("c-2", "access"), block("c-3", "posting")]
    found = words(matched(standing, fresh, {}, {}))
    assert found == {"c-2": "c-1", "c-1": "c-2", "c-3": "c-3"}


def test_a_block_that_came_before_it_takes_no_id_that_a_person_s_words_have() -> None:
    standing = [block("c-1", "secrecy", origin="person"), block("c-2", "posting")]
    fresh = [block("c-1", "votes"), block("c-2", "secrecy"), block("c-3", "posting")]
    found = words(matched(standing, fresh, {}, {}))
    assert found == {"c-2": "c-1", "c-1": "c-2", "c-3": "c-3"}


def test_findings_said_in_one_number_are_known_again_in_another() -> None:
    standing = [block("c-1", "m-1", origin="accepted"), block("c-2", "c")]
    fresh = [block("c-1", "c"), block("c-2", "m-2")]
    was = {"m-1": {"members": ["a", "b"]}}
    now = {"m-2": {"members": ["b", "d"]}}
    assert words(matched(standing, fresh, was, now)) == {"c-1": "c-2", "c-2": "c-1"}


def test_a_person_s_words_of_what_is_not_found_any_more_cover_nothing() -> None:
    standing = [block("c-1", "gone", origin="person")]
    found = words(matched(standing, [block("c-1", "access")], {}, {}))
    assert found == {"c-1-2": "c-1"}


def test_words_without_numbers_keep_the_place_that_waits_for_them() -> None:
    standing = [block("assessment", origin="person"), block("p1", origin="person")]
    fresh = [block("assessment", origin="person"), block("c-1", "access")]
    assert words(matched(standing, fresh, {}, {})) == {"assessment": "assessment", "c-1": "c-1"}
