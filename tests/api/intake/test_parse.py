"""Reading JSON strictly."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.intake.parse import DEPTH, has_more_lines, lines, read_report
from api.problems import Problem

REFUSED = {
    b'{"id": 1': ("unparsable", "body"),
    b"": ("unparsable", "body"),
    b'{"answers": {"q1": NaN}}': ("not_a_number", "answers.q1"),
    b'{"answers": {"q1": [1, -Infinity]}}': ("not_a_number", "answers.q1.1"),
    b'{"answers": {"q1": 1, "q1": 2}}': ("duplicate_key", "answers.q1"),
    b'{"answers": {"q1": "a\\u0000b"}}': ("forbidden_character", "answers.q1"),
    b'{"answers": {"q\\u0000": 1}}': ("forbidden_character", "answers.q\\u0000"),
    b'{"answers": {"q1": "\\ud83d"}}': ("forbidden_character", "answers.q1"),
    b'{"answers": {"\\uDE00": 1}}': ("forbidden_character", "answers.\\ude00"),
    b'{"answers": {"q1": "\xe9"}}': ("wrong_encoding", "body"),
    '{"id": 1}'.encode("utf-16"): ("wrong_encoding", "body"),
    b"\xef\xbb\xbf{}": ("unparsable", "body"),
    b"[" * 200_000: ("too_deep", "body"),
    b'{"answers":' + b"[" * 60 + b"]" * 60 + b"}": ("too_deep", "answers"),
}


@pytest.mark.parametrize("raw", REFUSED, ids=[code for code, _ in REFUSED.values()])
def test_what_no_json_may_hold_is_refused_with_its_field(raw: bytes) -> None:
    with pytest.raises(Problem) as caught:
        read_report(raw)
    code, field = REFUSED[raw]
    assert (caught.value.kind.code, caught.value.field) == (code, field)
    assert caught.value.kind.status == 422


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(json_values, st.booleans())
def test_whatever_json_can_say_is_read_as_it_was_said(value: object, ascii_only: bool) -> None:
    assert read_report(json.dumps(value, ensure_ascii=ascii_only).encode())[0] == value


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_read_or_refused_but_never_break_the_reader(raw: bytes) -> None:
    with suppress(Problem):
        read_report(raw)


@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30, "9" * 5000, "1e999", "-1e999"])
def test_a_number_too_large_is_kept_as_text_for_the_judge_to_refuse(number: str) -> None:
    assert read_report(f'{{"q": {number}}}'.encode())[0] == {"q": number}


@pytest.mark.parametrize("number", ["1e19", "1e300", "-1e308", "9" * 30, "9" * 5000, "1e999"])
def test_the_fields_of_numbers_too_large_are_named(number: str) -> None:
    body = (
        f'{{"device": {{"sequence": {number}}}, "station": {number}, "answers":'
        f' {{"queue": {number}, "fine": 7, "rows": [{{}}, {{"votes": {number}}}]}}}}'
    )
    _, fields = read_report(body.encode())
    assert sorted(fields) == ["device.sequence", "queue", "rows[1].votes", "station"]


@pytest.mark.parametrize("number", ["9223372036854775807", "1e18", "5e-324", "-0.0", "1.5"])
def test_a_number_that_fits_is_nobodys_fault(number: str) -> None:
    assert read_report(f'{{"answers": {{"q": {number}}}}}'.encode())[1] == ()


@pytest.mark.parametrize("levels", [DEPTH + 2, 60, 500])
def test_nesting_beyond_the_limit_is_refused_however_it_is_mixed(levels: int) -> None:
    raw = b'[{"a":' * (levels // 2) + b"0" + b"}]" * (levels // 2)
    with pytest.raises(Problem) as caught:
        read_report(raw)
    assert caught.value.kind.code == "too_deep"


def test_nesting_up_to_the_limit_is_read() -> None:
    raw = b"[" * DEPTH + b"]" * DEPTH
    assert read_report(raw) is not None


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read_report(b'"\\ud83d\\ude00"')[0] == "\N{GRINNING FACE}"


def test_an_outbox_keeps_the_bytes_of_each_line() -> None:
    outbox = b'{"a": 1} \r\n\n  \n{"b":2}'
    assert list(lines(outbox)) == [b'{"a": 1} ', b'{"b":2}']


def test_a_line_is_found_whatever_stands_around_it() -> None:
    outbox = b" \n\r\n\t{}\n\n  [1] \r\n\x0b\n7"
    assert list(lines(outbox)) == [b"\t{}", b"  [1] ", b"\x0b", b"7"]
    assert [has_more_lines(outbox, most) for most in (0, 3, 4)] == [True, True, False]
    assert not has_more_lines(b" \n\r\n", 0)
