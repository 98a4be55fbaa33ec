"""A mission chooses what the polling station is called in each language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0032'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('mission', sa.Column(
        'station_noun', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
        nullable=False, server_default='{}'))
