"""What is withheld cannot be worked out from what is shown."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from api.figures.irregularities import LEAST_STATIONS, Cell, withheld

TABLE = st.lists(
    st.integers(0, 40).flatmap(
        lambda stations: st.integers(0, stations).map(
            lambda seen: Cell(stations, ((seen, stations),))
        )
    ),
    max_size=12,
)


def other_solution(cells: Sequence[Cell], hidden: frozenset[int], at: int) -> bool:
    """Whether a hidden row could have another numerator, the totals being what they are."""
    others = [cells[index] for index in hidden if index != at and cells[index].stations]
    seen, of = cells[at].parts[0]
    room_up = sum(each.parts[0][0] for each in others)
    room_down = sum(each.parts[0][1] - each.parts[0][0] for each in others)
    return (seen < of and room_up > 0) or (seen > 0 and room_down > 0)


@given(TABLE)
def test_no_hidden_numerator_can_be_solved_from_the_total(cells: list[Cell]) -> None:
    hidden = withheld(cells)
    total = sum(each.parts[0][0] for each in cells), sum(each.stations for each in cells)
    if len(hidden) == len(cells) and (total[0] in (0, total[1]) or total[1] < LEAST_STATIONS):
        return  # the total alone says it, whatever is withheld
    for index in hidden:
        if cells[index].stations and len(hidden) < len(cells):
            assert other_solution(cells, hidden, index)


@given(TABLE)
def test_no_row_on_few_stations_is_shown(cells: list[Cell]) -> None:
    shown = set(range(len(cells))) - withheld(cells)
    assert all(cells[index].stations >= LEAST_STATIONS for index in shown)


@given(TABLE)
def test_what_is_hidden_together_rests_on_enough_stations_or_all_is_hidden(
    cells: list[Cell],
) -> None:
    hidden = withheld(cells)
    stations = [cells[index].stations for index in hidden if cells[index].stations]
    if stations and len(hidden) < len(cells):
        assert len(stations) > 1
        assert sum(stations) >= LEAST_STATIONS


def test_one_small_row_takes_the_smallest_other_with_it() -> None:
    cells = [Cell(30, ((7, 30),)), Cell(4, ((1, 4),)), Cell(12, ((3, 12),)), Cell(25, ((5, 25),))]
    assert withheld(cells) == {1, 2}


def test_where_every_row_is_large_nothing_is_withheld() -> None:
    assert withheld([Cell(10, ((0, 10),)), Cell(11, ((11, 11),))]) == frozenset()


def test_hidden_rows_that_all_saw_nothing_take_one_with_them_that_did() -> None:
    cells = [Cell(6, ((0, 6),)), Cell(7, ((0, 7),)), Cell(20, ((4, 20),)), Cell(30, ((9, 30),))]
    assert withheld(cells) == {0, 1, 2}
