"""A statement has a place of issue, a version, and the log of the authority's copy."""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('statement', sa.Column('version', sa.Integer(), nullable=True))
    for name in ('issued_in', 'authority', 'copied_how'):
        op.add_column('statement', sa.Column(name, sa.String(), nullable=False, server_default=''))
    op.add_column('statement', sa.Column('copied_at', sa.DateTime(timezone=True), nullable=True))
