"""Areas of any depth: one level at a time, each area in exactly one group of it."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from api.figures.rates import level
from schemas.place import Area


def tree(*parents: int | None) -> list[Area]:
    """Areas named by number, each with the number of the one that it lies in."""
    ids = [uuid4() for _ in parents]
    return [
        Area(
            mission_id=UUID(int=1),
            id=ids[n],
            code=str(n),
            name=str(n),
            level="area",
            parent_id=None if above is None else ids[above],
        )
        for n, above in enumerate(parents)
    ]


def test_what_lies_in_a_region_counts_in_it_however_deep() -> None:
    assert level(tree(None, 0, 1, None, 3)) == (0, 0, 0, 3, 3)


def test_where_one_area_holds_all_others_its_parts_are_the_level() -> None:
    areas = tree(None, 0, 0, 1)
    assert level(areas) == (0, 1, 2, 1)


def test_within_an_area_its_parts_stand_and_nothing_outside_does() -> None:
    areas = tree(None, None, 0, 2, 0, 1)
    assert level(areas, areas[0]) == (0, -1, 2, 2, 4, -1)


def test_flat_areas_each_stand_for_themselves() -> None:
    assert level(tree(None, None, None)) == (0, 1, 2)
    assert level(tree(None)) == (0,)
    assert level([]) == ()


@given(st.lists(st.integers(0, 20), max_size=20))
def test_every_area_is_in_one_group_that_it_lies_in(above: list[int]) -> None:
    parents = [None if n == 0 or each >= n else each for n, each in enumerate(above)]
    areas = tree(*parents)
    for number, group in enumerate(level(areas)):
        at: int | None = number
        while at is not None and at != group:
            at = parents[at]
        assert at == group
