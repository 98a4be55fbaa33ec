"""A recommendation's text by language. What is there stands in one language, as it was written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0034'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('recommendation', sa.Column(
        'texts', postgresql.JSONB(none_as_null=True), nullable=False, server_default='{}'))
