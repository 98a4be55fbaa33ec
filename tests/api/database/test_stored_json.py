"""JSON of the database: read as it was written, and never so that it cannot be written again."""

import json
from math import isfinite

import orjson
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from api.database.blocking import work_engine
from api.database.sessions import make_pool, open_engine
from api.database.stored_json import read_json
from tests.conftest import Database

WHOLE = st.integers(-(2**63), 2**64 - 1)


def any_json(numbers: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        st.none() | st.booleans() | numbers | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )


@given(any_json(WHOLE | st.floats(allow_nan=False)))
def test_json_is_read_as_it_was_written(value: object) -> None:
    written = json.dumps(value)
    assert repr(read_json(written)) == repr(read_json(written.encode())) == repr(value)


@given(any_json(st.integers(-(10**400), 10**400)))
def test_whatever_is_read_can_be_written_out_again(value: object) -> None:
    assert orjson.loads(orjson.dumps(read_json(json.dumps(value)))) is not ...


@pytest.mark.parametrize(
    "digits", ["1" + "0" * 300, "-" + "9" * 300, str(2**64), str(-(2**63) - 1)]
)
def test_a_number_of_more_than_64_bits_is_read_as_the_nearest_double(digits: str) -> None:
    (read,) = read_json(f"[{digits}]")
    assert (type(read), read) == (float, float(digits))


@pytest.mark.parametrize("digits", ["1" + "0" * 400, "-" + "9" * 5000, "1" * 400 + ".5"])
def test_a_number_that_no_double_holds_is_read_as_its_text(digits: str) -> None:
    assert not isfinite(float(digits))
    assert read_json(f'[{digits}, "beside", 7, 0.5]') == [digits, "beside", 7, 0.5]


@pytest.mark.parametrize("depth", [32, 150, 900])
def test_what_is_nested_deep_is_read(depth: int) -> None:
    value = read_json("[" * depth + "]" * depth)
    for _ in range(depth - 1):
        (value,) = value
    assert value == []


async def test_every_connection_reads_so(database: Database) -> None:
    """The engine of the pages, the pool of intake, that of commands, and a plain connection."""
    asked = f"SELECT '[{10**300}, {10**400}, 7]'::jsonb"
    told = [1e300, str(10**400), 7]
    engine = open_engine(database.app_url)
    async with engine.connect() as connection:
        assert (await connection.execute(text(asked))).scalar() == told
    await engine.dispose()
    async with make_pool(database.app_url) as pool, pool.connection() as plain:
        assert await (await plain.execute(asked)).fetchone() == (told,)
    with work_engine(database.app_url) as office, office.connect() as working:
        assert working.execute(text(asked)).scalar() == told
    with psycopg.connect(database.app_url) as alone:
        assert alone.execute(asked).fetchone() == (told,)
