"""The mission's title, its country and its organisations have a name in each language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (
        ('mission', 'titles'), ('mission', 'country_names'), ('organisation', 'names')
    ):
        op.add_column(table, sa.Column(
            column, postgresql.JSONB(none_as_null=True), nullable=False, server_default='{}'))
