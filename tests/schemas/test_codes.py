"""One byte says what a report says of one irregularity."""

from hypothesis import given
from hypothesis import strategies as some

from schemas.codes import STRENGTH, Severity, Status, pack, severity_of, status_of


@given(some.sampled_from(Status), some.sampled_from(Severity))
def test_a_code_is_one_byte_and_gives_back_what_went_in(status: Status, grave: Severity) -> None:
    code = pack(status, grave)
    assert 0 <= code <= 255
    assert (status_of(code), severity_of(code)) == (status, grave)


def test_what_was_seen_is_stronger_than_what_was_told_and_that_than_fine() -> None:
    assert [int(status) for status in STRENGTH] == [2, 3, 1, 4, 5, 6, 0]
