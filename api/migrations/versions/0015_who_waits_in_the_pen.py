"""Reports that are held are found by who sent them: each page of people counts them."""

from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'report_held', 'report', ['mission_id', 'observer_id'], postgresql_where="status = 'held'"
    )
