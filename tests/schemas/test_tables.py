"""Every table of a mission begins its keys with the mission."""

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from schemas.tables import GLOBAL_TABLES, metadata

MISSION_TABLES = [each for each in metadata.sorted_tables if each.name not in GLOBAL_TABLES]


@pytest.mark.parametrize("table", MISSION_TABLES, ids=lambda each: each.name)
def test_a_table_of_a_mission_begins_its_primary_key_with_it(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "mission_id"


@pytest.mark.parametrize("table", MISSION_TABLES, ids=lambda each: each.name)
def test_every_unique_constraint_of_a_mission_begins_with_it(table: Table) -> None:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert next(iter(constraint.columns)).name == "mission_id"


@pytest.mark.parametrize("table", MISSION_TABLES, ids=lambda each: each.name)
def test_a_reference_never_leaves_its_mission(table: Table) -> None:
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            assert constraint.column_keys[0] == "mission_id"
            assert constraint.ondelete == "RESTRICT"


def test_the_global_tables_hold_no_answers_and_no_names() -> None:
    columns = {c.name for name in GLOBAL_TABLES for c in metadata.tables[name].columns}
    assert columns == {
        "slug",
        "mission_id",
        "token_hash",
        "role",
        "purpose",
        "holder_id",
        "created_at",
        "expires_at",
        "used_at",
        "revoked_at",
        "opened_at",
        "seen_at",
        "label",
        "id",
        "target",
        "number",
        "at",
        "digest",
        "until",
    }
