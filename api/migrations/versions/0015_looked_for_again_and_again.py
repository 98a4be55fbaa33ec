"""Indexes of what is often looked for among a million reports.

Those of somebody that are held, and those that earlier rules have judged."""

from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('report_by_rules', 'report', ['mission_id', 'rules_id'])
    op.create_index(
        'report_held', 'report', ['mission_id', 'observer_id'], postgresql_where="status = 'held'"
    )
