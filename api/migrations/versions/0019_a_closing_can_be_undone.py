"""A closing can be undone for a day: what it ended is known by its moment."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from api.database.policies import CLOSING_FUNCTIONS, CLOSING_SIGNATURES, callable_by_application

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('mission', sa.Column(
        'closed_from', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    for statement in callable_by_application(CLOSING_FUNCTIONS, CLOSING_SIGNATURES):
        op.execute(statement)
