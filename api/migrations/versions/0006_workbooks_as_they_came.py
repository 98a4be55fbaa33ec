"""The workbooks that checklists were compiled from."""

import sqlalchemy as sa
from alembic import op

from api.database.policies import secure_mission_table

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('workbook',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('rules_id', sa.Uuid(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'rules_id'], ['rules.mission_id', 'rules.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'rules_id')
    )
    for statement in secure_mission_table('workbook'):
        op.execute(statement)
