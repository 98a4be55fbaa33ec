"""Why a warning of a statement's lint may stand: reasons are added, none is changed."""

import sqlalchemy as sa
from alembic import op

from api.database.policies import secure_mission_table
from api.database.write_triggers import watcher

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lint_reason',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('statement_id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('block', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('kept_by', sa.Uuid(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'statement_id'], ['statement.mission_id', 'statement.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_index('lint_reason_by_statement', 'lint_reason', ['mission_id', 'statement_id'])
    for statement in secure_mission_table('lint_reason'):
        op.execute(statement)
    op.execute(watcher('lint_reason'))
