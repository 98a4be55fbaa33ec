"""A device may count its signatures to 2^32 - 1."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column('passkey', 'sign_count', type_=sa.BigInteger())
