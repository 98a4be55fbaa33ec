"""A mission's clock in SQL: entering the mission, taking the clock, telling of changes."""

CHANNEL = "indelible_reports"
"""Notified with the mission's id after reports of it were kept."""


ENTER = "SELECT set_config('app.mission_id', %s, true)"


TICK = "UPDATE mission_clock SET seq = seq + %s WHERE mission_id = %s RETURNING seq"


NOTIFY = "SELECT pg_notify(%s, %s)"
