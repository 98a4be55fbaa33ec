"""An XML instance as phones send it: read into a report, or refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mobile_forms.answers import Blank
from mobile_forms.instance import InstanceError, answers_of, read_instance
from tests.mobile_forms.spreadsheets import judge_of, library

ID = "0190b0a0-0000-7000-8000-000000000001"
SENT = f"""<?xml version="1.0"?><!-- from a phone -->
<data id="counting" version="1" xmlns:orx="http://openrosa.org/xforms">
  <context><station>0012</station><arrived_at>2027-03-14T08:00:00+02:00</arrived_at></context>
  <closing><access_given>freely</access_given><closed_early/></closing>
  <figures><valid> 290 </valid><!-- a --><invalid>10</invalid><surprise>x</surprise></figures>
  <votes_for><contestant_votes><contestant>1</contestant><votes>200</votes></contestant_votes>
  <contestant_votes><contestant>2</contestant><votes/></contestant_votes></votes_for>
  <orx:meta><orx:instanceID>uuid:{ID}</orx:instanceID>
  <orx:deprecatedID>uuid:before</orx:deprecatedID></orx:meta></data>""".encode()


def wrapped(inside: str) -> bytes:
    meta = f"<meta><instanceID>uuid:{ID}</instanceID></meta>"
    return f'<data id="a"><q>{inside}</q>{meta}</data>'.encode()


def test_an_instance_names_its_form_its_ids_and_its_envelope() -> None:
    instance = read_instance(SENT)
    assert (instance.form_id, instance.version) == ("counting", "1")
    assert (instance.instance_id, instance.deprecated_id) == (ID, "before")
    assert instance.context == {"station": "0012", "arrived_at": "2027-03-14T08:00:00+02:00"}


def test_groups_are_flat_repeats_are_lists_and_nothing_is_lost() -> None:
    answers = answers_of(read_instance(SENT), library("counting").definition)
    assert answers == {
        "access_given": "freely",
        "valid": "290",
        "invalid": "10",
        "surprise": "x",
        "contestant_votes": [{"contestant": "1", "votes": "200"}, {"contestant": "2"}],
    }
    judged = judge_of("counting").judge(answers, {})
    assert judged.answers["valid"] == 290
    assert [(each.field, each.code) for each in judged.reasons] == [
        ("surprise", "unknown_question")
    ]


def test_a_name_that_stands_twice_becomes_a_list_with_and_without_a_checklist() -> None:
    twice = read_instance(SENT.replace(b"<invalid>10</invalid>", b"<valid>291</valid>"))
    assert answers_of(twice, None)["votes"] == "200"
    assert answers_of(twice, None)["contestant"] == ["1", "2"]
    answers = answers_of(twice, library("counting").definition)
    (reason, _) = judge_of("counting").judge(answers, {}).reasons
    assert (answers["valid"], reason.code) == (["290", "291"], "wrong_type")


REFUSED = {
    "nothing": (b"", "unparsable"),
    "no XML": (b"captive portal", "unparsable"),
    "cut off": (SENT[:-30], "unparsable"),
    "an undeclared prefix": (wrapped("<x:a/>"), "unparsable"),
    "NUL": (wrapped("&#0;"), "unparsable"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="utf-99"?><data/>', "unparsable"),
    "a document type": (b"<!DOCTYPE data><data id='a'/>", "doctype"),
    "an entity bomb": (
        b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d id="a">&b;</d>',
        "doctype",
    ),
    "an external entity": (
        b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><d id="a">&a;</d>',
        "doctype",
    ),
    "depth": (wrapped("<a>" * 200_000 + "</a>" * 200_000)[:1_000_000], "too_deep"),
    "attributes": (wrapped("<a " + " ".join(f"a{n}='1'" for n in range(70)) + "/>"), "too_wide"),
    "elements": (wrapped("<a/>" * 20_001), "too_wide"),
    "bytes": (wrapped("a" * 1024 * 1024), "too_large"),
    "no form": (b"<data/>", "not_an_instance"),
    "no id": (b"<data id='a'/>", "not_an_instance"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_instance_is_refused_by_a_code(what: str) -> None:
    data, code = REFUSED[what]
    with pytest.raises(InstanceError) as found:
        read_instance(data)
    assert found.value.code == code


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: wrapped(text)))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_instance(data)
    except InstanceError as refused:
        code = refused.code
    else:
        code = "read"
    assert code in {"read", "unparsable", "not_an_instance", "doctype"}


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
                min_size=1).map(str.strip).filter(bool)  # fmt: skip


@given(st.fixed_dictionaries({}, optional={
    "access_given": st.sampled_from(["freely", "denied"]), "valid": st.integers(0, 999),
    "remarks": TEXTS, "contestant_votes": st.lists(
        st.fixed_dictionaries({"contestant": TEXTS, "votes": st.integers(0, 99)}), min_size=1),
}))  # fmt: skip
def test_answers_written_into_an_instance_are_read_back(answers: dict[str, object]) -> None:
    definition = library("counting").definition
    filled = Blank.of(definition).filled(answers)
    filled.set("id", "counting")
    etree.SubElement(etree.SubElement(filled, "meta"), "instanceID").text = ID
    instance = read_instance(etree.tostring(filled))
    read = judge_of("counting")._reader.read(answers_of(instance, definition))
    assert (read.answers, read.reasons) == (answers, [])
