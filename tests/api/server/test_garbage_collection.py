"""Full collections leave out what a process is made of."""

import gc
from collections.abc import Iterator

import pytest

from api.server.garbage_collection import leave_out_what_is_loaded


@pytest.fixture
def as_before() -> Iterator[None]:
    """The collector of this process as it was, afterwards."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.mark.usefixtures("as_before")
def test_what_is_loaded_is_looked_at_no_more() -> None:
    before = len(gc.get_objects())
    leave_out_what_is_loaded()
    assert len(gc.get_objects()) < before / 10
