"""The pictures and lists that forms need."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from api.database.policies import secure_mission_table

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('form_file',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('type', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('md5', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'version_id'], ['checklist_version.mission_id', 'checklist_version.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'version_id', 'name')
    )
    for statement in secure_mission_table('form_file'):
        op.execute(statement)
