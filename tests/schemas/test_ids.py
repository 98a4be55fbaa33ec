"""Ids are UUIDv7 and go up in the order in which they are made."""

from datetime import UTC, datetime
from itertools import pairwise

from schemas.columns import id_at, new_id


def test_ids_keep_the_order_in_which_they_are_made_also_within_a_millisecond() -> None:
    before = id_at(datetime.now(UTC))
    made = [new_id() for _ in range(2000)]
    ordered = sum(one < other for one, other in pairwise(made))
    assert ordered > 1900  # a clock may stand still for a moment
    assert before <= made[0]
    assert {each.version for each in made} == {7}
    assert {each.variant for each in made} == {"specified in RFC 4122"}
    assert len({*made}) == len(made)
