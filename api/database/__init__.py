"""The database: opened, migrated, and who may do what in it.

Whoever opens a connection reads JSON in one way, also by the driver alone.
"""

from psycopg.types.json import set_json_loads

from api.database.stored_json import read_json

set_json_loads(read_json)
