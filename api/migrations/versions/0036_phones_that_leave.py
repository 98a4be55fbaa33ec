"""A phone can be wiped from the desk and says when it left; missions say when phones forget."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('mission', sa.Column(
        'phones_forget_hours', sa.Integer(), nullable=True))
    op.add_column('phone', sa.Column('wipe_asked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('phone', sa.Column('left_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('phone', sa.Column(
        'lost', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
        nullable=False, server_default='{}'))
