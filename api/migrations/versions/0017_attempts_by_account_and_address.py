"""Attempts are counted by account and by address together: one row a target, no count of all."""

import sqlalchemy as sa
from alembic import op

from api.database.policies import ATTEMPT_FUNCTIONS, ATTEMPT_SIGNATURES, callable_by_application

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('DELETE FROM attempt')
    op.add_column('attempt', sa.Column('number', sa.Integer(), nullable=False, server_default='1'))
    op.create_unique_constraint('attempt_target_key', 'attempt', ['target'])
    op.execute('DROP FUNCTION attempt(bytea, integer, integer, integer)')
    op.execute('DROP FUNCTION forget_attempts(bytea)')
    for statement in callable_by_application(ATTEMPT_FUNCTIONS, ATTEMPT_SIGNATURES):
        op.execute(statement)
