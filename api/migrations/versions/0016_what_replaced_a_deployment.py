"""What replaced a deployment is looked for by that: few are replaced, among half a million."""

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'deployment_by_replaced', 'deployment', ['mission_id', 'replaces_id'],
        postgresql_where='replaces_id IS NOT NULL',
    )
