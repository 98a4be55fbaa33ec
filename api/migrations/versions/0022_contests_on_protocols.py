"""A protocol is of a contest; a contest has constituencies, and a place in the round's order.

No report is changed: those that came before are sealed, and a background task says which contest
each is of. The one constituency that a contest had becomes the first of its list, and is noted for
the sealer as if the application had written it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table
from api.database.write_triggers import note_standing, watchers_by_statement

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

TAKE_OVER = """
INSERT INTO contest_area (mission_id, contest_id, area_id)
SELECT mission_id, id, area_id FROM contest
WHERE mission_id = :mission AND area_id IS NOT NULL"""


def upgrade() -> None:
    op.add_column('contest', sa.Column('position', sa.Integer(), nullable=True))
    op.add_column(
        'round_place',
        sa.Column('contests', postgresql.JSONB(none_as_null=True), nullable=True),
    )
    op.create_table(
        'contest_area',
        sa.Column('mission_id', sa.Uuid(), nullable=False),
        sa.Column('contest_id', sa.Uuid(), nullable=False),
        sa.Column('area_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ['mission_id', 'area_id'], ['area.mission_id', 'area.id'], ondelete='RESTRICT'
        ),
        sa.ForeignKeyConstraint(
            ['mission_id', 'contest_id'], ['contest.mission_id', 'contest.id'],
            ondelete='RESTRICT',
        ),
        sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('mission_id', 'contest_id', 'area_id'),
    )
    for statement in secure_mission_table('contest_area'):
        op.execute(statement)
    op.add_column('report', sa.Column('contest_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(
        None, 'report', 'contest', ['mission_id', 'contest_id'], ['mission_id', 'id'],
        ondelete='RESTRICT',
    )
    op.create_index(
        'report_by_contest', 'report', ['mission_id', 'contest_id', 'sequence'],
        postgresql_where='contest_id IS NOT NULL',
    )
    bind = op.get_bind()
    for (mission,) in bind.execute(sa.text("SELECT mission_id FROM mission_slug")).all():
        bind.execute(sa.text(f"SELECT set_config('app.mission_id', '{mission}', true)"))
        bind.execute(sa.text(TAKE_OVER), {'mission': mission})
        bind.exec_driver_sql(note_standing('contest_area', 'contest_area'))
    bind.execute(sa.text("SELECT set_config('app.mission_id', '', true)"))
    for statement in watchers_by_statement('contest_area'):
        op.execute(statement)
