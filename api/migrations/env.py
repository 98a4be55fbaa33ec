"""Alembic's environment: runs on the connection it is given, as the owner of the tables."""

from alembic import context
from sqlalchemy import text

from api.database.roles import OWNER
from schemas.tables import metadata

connection = context.config.attributes["connection"]
connection.execute(text(f"SET ROLE {OWNER}"))
connection.commit()
context.configure(connection=connection, target_metadata=metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
