"""A mission says whether its phones keep what they hold under a passphrase."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('mission', sa.Column(
        'phones_passphrase', sa.Boolean(), nullable=False, server_default='false'))
