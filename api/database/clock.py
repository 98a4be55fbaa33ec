"""A mission's clock in SQL: entering the mission, taking its clock, telling of changes."""

CHANNEL = "indelible_reports"
"""Notified with a mission's id at each commit that changed something in it."""

ENTER = "SELECT set_config('app.mission_id', %s, true)"
"""From here to the end of the transaction the rows of one mission are seen."""

TICK = "UPDATE mission_clock SET seq = seq + %s WHERE mission_id = %s RETURNING seq"
"""Moves the clock on by so many steps. Its row stays locked until the commit, so the order of
readings is the order of commits."""

STATE = "SELECT state FROM mission"

NOTIFY = "SELECT pg_notify(%s, %s)"
"""Tells the listeners of a channel at the commit."""
