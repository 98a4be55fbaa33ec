"""The text that was composed with a snapshot that was counted anew, until it is accepted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('statement', sa.Column('proposed', postgresql.JSONB(none_as_null=True), nullable=True))
