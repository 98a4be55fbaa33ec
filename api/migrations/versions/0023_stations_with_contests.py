"""The stations whose contests somebody named are found by an index: few have any."""

from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'round_place_with_contests', 'round_place', ['mission_id', 'round_id'],
        postgresql_where='contests IS NOT NULL',
    )
