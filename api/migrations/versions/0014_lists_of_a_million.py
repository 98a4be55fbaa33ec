"""Reports listed in the order they came in, whichever are asked for, though there are a million."""

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

INDEXES = (
    ('report_by_sequence', ['mission_id', 'sequence'], None),
    ('report_by_checklist', ['mission_id', 'checklist', 'sequence'], None),
    ('report_by_observer', ['mission_id', 'observer_id', 'sequence'], None),
    ('report_beside', ['mission_id', 'status', 'sequence'], "status <> 'received'"),
)


def upgrade() -> None:
    for name, columns, where in INDEXES:
        op.create_index(name, 'report', columns, postgresql_where=where)
    op.create_index('audit_entry_by_sequence', 'audit_entry', ['mission_id', 'sequence'])
