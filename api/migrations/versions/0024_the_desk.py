"""The desk: acts that can be taken back, who works on what, verified answers, conflicts decided,
second typing, questions and messages to observers, events of incidents.

No row is changed: what came before was called without a time to call again, and had no contacts
but its own.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from api.database.policies import secure_mission_table
from api.database.write_triggers import watcher, watchers_by_statement

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

BY_ROW = (
    'desk_act', 'conflict_resolution', 'second_typing', 'observer_question', 'message',
    'incident_event',
)
BY_STATEMENT = ('verified_answer', 'message_delivery')
UNSEALED = ('desk_hold',)


def upgrade() -> None:
    op.create_table('desk_act',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('before', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_table('desk_hold',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('queue', sa.String(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'item')
    )
    op.create_table('verified_answer',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'report_id'], ['report.mission_id', 'report.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'report_id', 'question')
    )
    op.create_table('conflict_resolution',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('conflict', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('answers', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('reasons', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_index('conflict_resolution_by_conflict', 'conflict_resolution', ['mission_id', 'conflict'])
    op.create_table('second_typing',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('answers', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('differs', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'report_id'], ['report.mission_id', 'report.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_index('second_typing_by_report', 'second_typing', ['mission_id', 'report_id'])
    op.create_table('observer_question',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('observer_id', sa.Uuid(), nullable=False),
    sa.Column('question', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('answer_text', sa.String(), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['mission_id', 'observer_id'], ['observer.mission_id', 'observer.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id', 'report_id'], ['report.mission_id', 'report.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_index('observer_question_by_observer', 'observer_question', ['mission_id', 'observer_id'])
    op.create_index('observer_question_by_report', 'observer_question', ['mission_id', 'report_id'])
    op.create_table('message',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('audience', postgresql.JSONB(none_as_null=True), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_table('message_delivery',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.Column('observer_id', sa.Uuid(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'message_id'], ['message.mission_id', 'message.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id', 'observer_id'], ['observer.mission_id', 'observer.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'message_id', 'observer_id')
    )
    op.create_index('message_delivery_by_observer', 'message_delivery', ['mission_id', 'observer_id'])
    op.create_table('incident_event',
    sa.Column('mission_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=True),
    sa.Column('whom_id', sa.Uuid(), nullable=True),
    sa.Column('linked_id', sa.Uuid(), nullable=True),
    sa.Column('evidence', sa.String(), nullable=True),
    sa.Column('visible_to', postgresql.JSONB(none_as_null=True), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['mission_id', 'linked_id'], ['report.mission_id', 'report.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id', 'report_id'], ['report.mission_id', 'report.id'], ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['mission_id'], ['mission.mission_id'], ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('mission_id', 'id')
    )
    op.create_index('incident_event_by_report', 'incident_event', ['mission_id', 'report_id', 'sequence'])
    for table in (*BY_ROW, *BY_STATEMENT, *UNSEALED):
        for statement in secure_mission_table(table):
            op.execute(statement)
    for table in BY_ROW:
        op.execute(watcher(table))
    for table in BY_STATEMENT:
        for statement in watchers_by_statement(table):
            op.execute(statement)
    op.add_column('report_version', sa.Column(
        'accepted', postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column('call', sa.Column(
        'whom', sa.String(), nullable=False, server_default='observer'))
    op.add_column('call', sa.Column('next_at', sa.DateTime(timezone=True), nullable=True))
    for column in ('coordinator', 'coordinator_telephone', 'deputy', 'deputy_telephone'):
        op.add_column('identity', sa.Column(
            column, sa.String(), nullable=False, server_default=''))
