"""An index of the audit log by what was acted on: the desk shows an item's history as it is opened."""

from alembic import op

revision = '0027'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'audit_entry_by_subject', 'audit_entry', ['mission_id', 'subject', 'sequence']
    )
