"""Which findings a person chose for the statement, with earlier versions. No row is changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table
from api.database.write_triggers import watcher

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

TABLES = ('finding_choice', 'finding_choice_version')


def upgrade() -> None:
    op.create_table('finding_choice',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.Column('significance', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('merged', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('words', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('number', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'round_id'], ['round.mission_id', 'round.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id'),
    sa.UniqueConstraint('mission_id', 'round_id', 'code')
    )
    op.create_table('finding_choice_version',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('choice_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('contents', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'choice_id'], ['finding_choice.mission_id', 'finding_choice.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id'),
    sa.UniqueConstraint('mission_id', 'choice_id', 'version')
    )
    for table in TABLES:
        for statement in secure_mission_table(table):
            op.execute(statement)
        op.execute(watcher(table))
