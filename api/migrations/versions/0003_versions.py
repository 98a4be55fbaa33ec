"""Versions of a report that phones made; drafts and retired versions of a checklist."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from api.database.policies import secure_mission_table

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('edit',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'report_id'], ['report.mission_id', 'report.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'instance_id')
    )
    op.create_index('edit_by_report', 'edit', ['mission_id', 'report_id', 'number'], unique=False)
    op.add_column('checklist_version', sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('rules', sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='published'))
    for statement in secure_mission_table("edit"):
        op.execute(statement)
