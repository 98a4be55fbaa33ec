"""What a correction waits for, and the visits of a deployment.

No row is changed: a report that came before names nothing that it waits for, and a visit keeps no
deployment that nobody knew when it began.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('report', sa.Column('replaces_id', sa.Uuid(), nullable=True))
    op.create_index(
        'report_that_waits', 'report', ['mission_id', 'replaces_id'],
        postgresql_where='replaces_id IS NOT NULL',
    )
    op.create_index(
        'visit_by_deployment', 'visit', ['mission_id', 'deployment_id'],
        postgresql_where='deployment_id IS NOT NULL',
    )
