"""What is voted on has a name in each language: an election, a contest, who stands in it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('election', 'contest', 'contestant'):
        op.add_column(table, sa.Column(
            'names', postgresql.JSONB(none_as_null=True), nullable=False, server_default='{}'))
