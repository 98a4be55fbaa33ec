"""A statement's text is rows of blocks with versions and comments; what its release needs.

Drafts that stand are carried over: each of their blocks becomes a row. What was released is left as
it is.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table
from api.database.write_triggers import note_standing, watcher, watchers_by_statement

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

CARRY_OVER = """
INSERT INTO statement_block (mission_id, statement_id, id, position, section, version, contents,
  hidden, reason, changed_by, changed_at)
SELECT s.mission_id, s.id, 'b' || e.at, e.at, coalesce(e.section, ''), 1,
  jsonb_build_object(s.language, e.block || jsonb_build_object('id', 'b' || e.at,
    'section', coalesce(e.section, ''), 'origin', coalesce(e.block ->> 'origin', 'composed'))),
  '', '', s.drafted_by, s.drafted_at
FROM statement s CROSS JOIN LATERAL (
  SELECT b.block, b.at, (SELECT h.block ->> 'section'
    FROM jsonb_array_elements(s.blocks) WITH ORDINALITY h(block, at)
    WHERE h.at <= b.at AND coalesce(h.block ->> 'section', '') <> ''
    ORDER BY h.at DESC LIMIT 1) AS section
  FROM jsonb_array_elements(s.blocks) WITH ORDINALITY b(block, at)) e
WHERE s.state <> 'released'"""


def upgrade() -> None:
    op.create_table('statement_block',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('statement_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('contents', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('hidden', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'statement_id'], ['statement.mission_id', 'statement.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'statement_id', 'id')
    )
    op.create_table('statement_block_version',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('statement_id', sa.Uuid(), nullable=False),
    sa.Column('block_id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('contents', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('hidden', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'statement_id', 'block_id'], ['statement_block.mission_id', 'statement_block.statement_id', 'statement_block.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id'),
    sa.UniqueConstraint('mission_id', 'statement_id', 'block_id', 'version')
    )
    op.create_table('statement_comment',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('statement_id', sa.Uuid(), nullable=False),
    sa.Column('block_id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_by', sa.Uuid(), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolution', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'statement_id', 'block_id'], ['statement_block.mission_id', 'statement_block.statement_id', 'statement_block.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_index('statement_comment_by_statement', 'statement_comment', ['mission_id', 'statement_id'])
    for name, empty in (('languages', '[]'), ('approvals', '[]'), ('owners', '{}'), ('readers', '{}')):
        op.add_column('statement', sa.Column(
            name, postgresql.JSONB(none_as_null=True), nullable=False, server_default=empty))
    for name in ('correction', 'published'):
        op.add_column('statement', sa.Column(name, postgresql.JSONB(none_as_null=True), nullable=True))
    for name in ('embargo_zone', 'published_sha256'):
        op.add_column('statement', sa.Column(name, sa.String(), nullable=False, server_default=''))
    for name in ('review_by', 'proposed_id', 'corrects'):
        op.add_column('statement', sa.Column(name, sa.Uuid(), nullable=True))
    op.add_column('statement', sa.Column('review_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('statement', sa.Column('joint', sa.Boolean(), nullable=False, server_default='false'))
    op.create_foreign_key(None, 'statement', 'snapshot', ['mission_id', 'proposed_id'], ['mission_id', 'id'], ondelete='RESTRICT')
    op.create_foreign_key(None, 'statement', 'statement', ['mission_id', 'corrects'], ['mission_id', 'id'], ondelete='RESTRICT')
    carry_over()
    for table in ('statement_block', 'statement_block_version', 'statement_comment'):
        for statement in secure_mission_table(table):
            op.execute(statement)
    for table in ('statement_block', 'statement_block_version'):
        for statement in watchers_by_statement(table):
            op.execute(statement)
    op.execute(watcher('statement_comment'))


def carry_over() -> None:
    """The blocks of drafts as rows, noted for the sealer as if the application wrote them."""
    for (mission,) in op.get_bind().exec_driver_sql("SELECT mission_id FROM mission_slug").all():
        op.execute(f"SELECT set_config('app.mission_id', '{mission}', true)")
        op.execute(CARRY_OVER)
        op.execute(note_standing('statement_block', 'statement_block'))
    op.execute("SELECT set_config('app.mission_id', '', true)")
