"""What is held is put out of the garbage collector's sight, and goes all the same when let go."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from api.figures import lasting
from api.figures.breakdowns import agreements, ranking, rates_in
from api.figures.figures import dispositions, to_call
from api.figures.lasting import Lasting
from api.figures.rates import rates_by_area
from api.figures.role_tables import coverage_table
from api.results.quick_count import quick_counts
from tests.benchmarks.large import filled


@pytest.fixture(autouse=True)
def seen_again() -> Iterator[None]:
    gc.collect()
    yield
    gc.unfreeze()


def test_a_mission_that_is_let_go_goes_though_the_collector_never_looks() -> None:
    gc.disable()
    try:
        watch = filled(400, 60)
        coverage_table(watch, everything=True)
        dispositions(watch)
        to_call(watch, 5)
        quick_counts(watch)
        rates_by_area(watch, "voting")
        rates_in(watch, "voting", "hour")
        agreements(watch, "voting")
        ranking(watch, "voting")
        gone = weakref.ref(watch)
        del watch
        assert gone() is None
    finally:
        gc.enable()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every look at everything counts as a long one."""
    monkeypatch.setattr(lasting, "LONG_SECONDS", 0.0)
    gc.unfreeze()
    held = Lasting()
    held.start()
    yield
    held.stop()


@pytest.mark.usefixtures("looked")
def test_what_a_long_look_found_in_use_is_not_looked_at_again() -> None:
    gc.collect(1)
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert gc.get_freeze_count()


@pytest.mark.usefixtures("looked")
def test_what_is_garbage_by_then_is_collected_first() -> None:
    class Circle:
        def __init__(self) -> None:
            self.itself = self

    circle = Circle()
    gone = weakref.ref(circle)
    del circle
    gc.collect()
    assert gone() is None


def test_a_short_look_puts_nothing_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "LONG_SECONDS", 60.0)
    gc.unfreeze()
    held = Lasting()
    held.start()
    gc.collect()
    held.stop()
    assert gc.get_freeze_count() == 0


def test_the_collector_looks_seldom_while_missions_are_served_and_as_ever_afterwards() -> None:
    held = Lasting()
    held.start()
    try:
        assert gc.get_threshold()[0] >= 10 * lasting.USUAL[0]
    finally:
        held.stop()
    assert gc.get_threshold() == lasting.USUAL
