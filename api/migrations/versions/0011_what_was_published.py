"""What a mission published, and the copy that the authority was given."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table
from api.database.write_triggers import watcher

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('publication',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('languages', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_in', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('announces', sa.Boolean(), nullable=False),
    sa.Column('statement_id', sa.Uuid(), nullable=True),
    sa.Column('corrects', sa.Uuid(), nullable=True),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('authority', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('copied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('copied_how', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'corrects'], ['publication.mission_id', 'publication.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id', 'statement_id'], ['statement.mission_id', 'statement.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id'),
    sa.UniqueConstraint('mission_id', 'number')
    )
    for statement in secure_mission_table('publication'):
        op.execute(statement)
    op.execute(watcher('publication'))
