"""What a lead shared with partners."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('share',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('upto', sa.BigInteger(), nullable=False),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shared_by', sa.Uuid(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('what', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.Column('coverage', postgresql.JSONB(none_as_null=True), nullable=True),
    sa.Column('irregularities', postgresql.JSONB(none_as_null=True), nullable=True),
    sa.Column('findings', postgresql.JSONB(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'number')
    )
    op.create_table('shared_report',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('share_number', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('content', postgresql.JSONB(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['mission_id', 'report_id'], ['report.mission_id', 'report.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id', 'share_number'], ['share.mission_id', 'share.number'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'report_id', 'share_number')
    )
    op.create_index('shared_report_by_share', 'shared_report', ['mission_id', 'share_number', 'report_id'], unique=False)
    for table in ('share', 'shared_report'):
        for statement in secure_mission_table(table):
            op.execute(statement)
