"""Of every table it is decided, and written down, whether it is sealed and how."""

import re
from pathlib import Path

from api.audit.canonical import CLOCKED, SOURCES
from api.database.write_triggers import BY_STATEMENT, LATER_BY_STATEMENT, PASSING, WATCHED
from schemas.tables import metadata

TOLD = Path(__file__).parents[3] / "docs" / "seals.md"
ROWS = {
    name: (how, why)
    for name, how, why in re.findall(
        r"^\| (\w+) \| (row|statement|clock|no) \| (.*?) ?\|$", TOLD.read_text("utf-8"), re.M
    )
}


def test_of_every_table_it_is_told_whether_it_is_sealed_and_how() -> None:
    sealed = {
        **dict.fromkeys(metadata.tables, "no"),
        **dict.fromkeys((source.table for source in CLOCKED), "clock"),
        **dict.fromkeys(WATCHED, "row"),
        **dict.fromkeys((*BY_STATEMENT, *LATER_BY_STATEMENT), "statement"),
    }
    assert {name: how for name, (how, _) in ROWS.items()} == sealed


def test_what_is_not_sealed_says_why() -> None:
    assert [name for name, (how, why) in ROWS.items() if how == "no" and not why] == []


def test_every_column_that_is_left_out_is_told_and_is_one_of_its_table() -> None:
    for name, columns in PASSING.items():
        assert {*columns} <= {*metadata.tables[name].columns.keys()}
        assert {*re.findall(r"`(\w+)`", ROWS[name][1])} == {*columns}


def test_no_table_is_sealed_twice() -> None:
    tables = [source.table for source in SOURCES]
    assert len(tables) == len({*tables})
