"""A mission has a sign and a colour, which its documents show."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('mission', sa.Column(
        'appearance', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
        nullable=False, server_default='{}'))
