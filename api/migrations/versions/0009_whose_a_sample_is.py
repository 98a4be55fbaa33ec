"""Whom a sample was drawn for, and what earlier missions found."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table
from api.database.write_triggers import watcher

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sample', sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    op.create_table('earlier_indicator',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('of_mission', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('round', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('polling_day', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('checklist', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('version', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('indicator', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('phrase', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('sources', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('part', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('number', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('why_count', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('response', sa.Float(), nullable=True),
    sa.Column('draw', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id'),
    sa.UniqueConstraint('mission_id', 'of_mission', 'round', 'checklist', 'indicator', 'kind', 'part')
    )
    for statement in secure_mission_table('earlier_indicator'):
        op.execute(statement)
    op.execute(watcher('earlier_indicator'))
