"""A sealed row has the clock of its own transaction, and snapshots that had another are sealed.

Earlier versions wrote a statement's snapshot under the reading of the clock that it was counted
at. Where that reading had been sealed already, no seal took the snapshot. Each of these is given
a reading of now, and so the next seal takes it, if the audit entry of its draft vouches for it
and its numbers are those of its hash. One that was altered meanwhile stays as it is, and the
doctor names it.
"""

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

from analytics.statements.snapshot import canonical
from api.audit.unit_of_work import audit_entry
from api.database.clock_triggers import clock_triggers
from schemas.audit import AuditEntry

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

ACT = 'seal.repair'
UNSEALED = """
SELECT s.id, s.sequence, s.numbers, s.sha256, a.salt, a.digest
FROM snapshot s
JOIN statement t ON t.mission_id = s.mission_id AND t.snapshot_id = s.id
JOIN audit_entry a ON a.mission_id = t.mission_id AND a.subject = t.id::text
  AND a.act = 'statement.draft'
WHERE s.mission_id = :mission
  AND s.sequence <= (SELECT max(l.upto) FROM seal l WHERE l.mission_id = s.mission_id)
  AND NOT EXISTS (SELECT FROM sealed_row r WHERE r.mission_id = s.mission_id
    AND r.source = 'snapshot' AND r.row_key = s.id::text)
ORDER BY s.id"""
TICK = """
UPDATE mission_clock SET seq = seq + 1 WHERE mission_id = :mission RETURNING seq"""
MOVE = """
UPDATE snapshot SET as_of = sequence, sequence = :sequence
WHERE mission_id = :mission AND id = :id"""


def upgrade() -> None:
    op.add_column('snapshot', sa.Column('as_of', sa.BigInteger(), nullable=True))
    for statement in clock_triggers():
        op.execute(statement)
    bind = op.get_bind()
    for (mission,) in bind.execute(sa.text("SELECT mission_id FROM mission_slug")).all():
        bind.execute(sa.text(f"SELECT set_config('app.mission_id', '{mission}', true)"))
        _seal_what_was_left_out(bind, mission)
    bind.execute(sa.text("SELECT set_config('app.mission_id', '', true)"))


def _seal_what_was_left_out(bind: sa.Connection, mission: Any) -> None:
    rows = bind.execute(sa.text(UNSEALED), {'mission': mission}).all()
    vouched = {row.id: row.sha256 for row in rows if _is_vouched_for(row)}
    if not vouched:
        return
    sequence = bind.execute(sa.text(TICK), {'mission': mission}).scalar_one()
    for each in vouched:
        values = {'mission': mission, 'id': each, 'sequence': sequence}
        bind.execute(sa.text(MOVE), values)
    content = '\n'.join(f'{each} {sha256}' for each, sha256 in vouched.items())
    note = (
        f'{len(vouched)} snapshots that an earlier version wrote under a clock already sealed; '
        'they are as the audit entries of their drafts say, and sealed from now on.'
    )
    entry = audit_entry(mission, sequence, ACT, 'snapshot', content.encode(), note=note)
    bind.execute(sa.insert(AuditEntry), entry.model_dump())


def _is_vouched_for(row: Any) -> bool:
    """Whether it is what the entry of its draft was made for, and its numbers are unaltered."""
    drafted = hashlib.sha256(bytes(row.salt) + row.sha256.encode()).digest()
    counted = hashlib.sha256(canonical(row.numbers)).hexdigest()
    return drafted == bytes(row.digest) and counted == row.sha256
