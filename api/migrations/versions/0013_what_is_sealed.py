"""Places, plans, samples, results, photos, forms and ways in are sealed too, and what stands."""

from alembic import op

from api.database.policies import SEALING_FUNCTIONS, SEALING_SIGNATURES, callable_by_application
from api.database.write_triggers import (
    BY_STATEMENT,
    PASSING,
    ROW_FUNCTION,
    STATEMENT_FUNCTION,
    note_standing,
    watcher,
    watchers_by_statement,
)

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE unsealed_write ALTER COLUMN row_key TYPE text[] USING ARRAY[row_key]")
    op.execute("ALTER TABLE unsealed_write RENAME COLUMN row_key TO row_keys")
    for statement in (ROW_FUNCTION, STATEMENT_FUNCTION, *callable_by_application(SEALING_FUNCTIONS, SEALING_SIGNATURES), *map(watcher, PASSING)):
        op.execute(statement)
    for table in BY_STATEMENT:
        for statement in watchers_by_statement(table):
            op.execute(statement)
    note_what_stands()


def note_what_stands() -> None:
    """Rows older than their trigger are sealed as they are found, like a mission's first ones."""
    for (mission,) in op.get_bind().exec_driver_sql("SELECT mission_id FROM mission_slug").all():
        op.execute(f"SELECT set_config('app.mission_id', '{mission}', true)")
        for table in (*PASSING, *BY_STATEMENT):
            op.execute(note_standing(table, table))
    op.execute("SELECT set_config('app.mission_id', '', true)")
