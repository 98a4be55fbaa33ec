"""Files and figures of sources; findings that a person adds. Sources that are there have no code."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table
from api.database.write_triggers import watcher, watchers_by_statement

revision = '0031'
down_revision = '0033'
branch_labels = None
depends_on = None

BY_ROW = ('source_figure', 'added_finding')
BY_STATEMENT = ('source_file',)


def upgrade() -> None:
    op.add_column('source', sa.Column('code', sa.String(), nullable=True))
    op.add_column('source', sa.Column('kind', sa.String(), nullable=False, server_default=''))
    op.create_unique_constraint('source_mission_id_code_key', 'source', ['mission_id', 'code'])
    op.create_table('source_file',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'source_id'], ['source.mission_id', 'source.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'source_id')
    )
    op.create_table('source_figure',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('place', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'source_id'], ['source.mission_id', 'source.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id'),
    sa.UniqueConstraint('mission_id', 'source_id', 'name')
    )
    op.create_table('added_finding',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('severity', sa.Integer(), nullable=False),
    sa.Column('standards', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('words', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('basis', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'round_id'], ['round.mission_id', 'round.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id'),
    sa.UniqueConstraint('mission_id', 'round_id', 'code')
    )
    for table in (*BY_ROW, *BY_STATEMENT):
        for statement in secure_mission_table(table):
            op.execute(statement)
    for table in BY_ROW:
        op.execute(watcher(table))
    for table in BY_STATEMENT:
        for statement in watchers_by_statement(table):
            op.execute(statement)
